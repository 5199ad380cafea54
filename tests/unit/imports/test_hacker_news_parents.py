"""What hangs from what on Hacker News."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports import hacker_news_parents
from imports.hacker_news_parents import MAX_ID, Parents


def _parents(*pairs: tuple[int, int]) -> Parents:
    parents = Parents()
    for item, parent in pairs:
        parents.add(item, parent)
    return parents


def test_the_root_is_the_first_that_has_no_parent() -> None:
    parents = _parents((3, 2), (2, 1), (MAX_ID, 3))
    assert [parents.root(item) for item in (1, 2, 3, MAX_ID, 99)] == [1, 1, 1, 1, 99]


def test_a_circle_belongs_to_its_least_id_wherever_it_is_entered() -> None:
    pairs = [(5, 4), (4, 6), (6, 5), (7, 6), (8, 7)]
    for start in (4, 5, 6, 7, 8):
        parents = _parents(*pairs)
        assert [parents.root(item) for item in (start, 4, 5, 6, 7, 8)] == [4] * 6


def test_a_chain_of_ten_thousand_is_climbed() -> None:
    parents = _parents(*((item, item - 1) for item in range(2, 100_001)))
    assert {parents.root(item) for item in range(1, 100_001, 7)} | {parents.root(100_000)} == {1}


def test_what_does_not_fit_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hacker_news_parents, "MAX_PARENT_BLOCKS", 1)
    parents = _parents((3, 2), (1000, 3), (4, 3))
    assert (parents.knows(1000), parents.root(1000), parents.root(4)) == (False, 1000, 2)


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12))), st.randoms())
def test_the_order_in_which_parents_are_learnt_does_not_matter(pairs: list[tuple[int, int]], random: object) -> None:
    parents, others = _parents(*pairs), _parents(*sorted(pairs, key=lambda _: random.random()))  # type: ignore[attr-defined]
    assert [parents.root(item) for item in range(1, 13)] == [others.root(item) for item in range(12, 0, -1)][::-1]
