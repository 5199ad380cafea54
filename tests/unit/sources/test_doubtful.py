"""Which two works may be one, and which are surely two."""

import pytest

from archive.domain.sources import doubtful_pairs


def work(title: str, family: str = "") -> dict[str, object]:
    return {"title": title, **({"author": [{"family": family}]} if family else {})}


@pytest.mark.parametrize(
    ("why", "one", "other"),
    [
        ("no author", work("Salt and the Crown", "Ellwood"), work("The Salt and the Crown")),
        ("no author", work("Salt and the Crown"), work("Salt & the Crown")),
        ("names of their authors", work("Memoirs", "Khrushchev"), work("Memoirs", "Kruschev")),
        ("begins the other", work("Rubicon", "Holland"), work("Rubicon: The Last Years", "Holland")),
        ("few letters", work("The Salt and the Crown", "Ellwood"), work("Salt und the Crown", "Ellwood")),
        (
            "own life",
            {"genre": "memoir", "author": [{"family": "Molotov"}]},
            {"genre": "autobiography", "author": [{"family": "Molotov"}]},
        ),
    ],
)
def test_works_that_may_be_one_are_named_with_the_reason(
    why: str, one: dict[str, object], other: dict[str, object]
) -> None:
    (pair,) = doubtful_pairs([("b", one), ("a", other)])
    assert (pair.a, pair.b) == ("a", "b")
    assert why in pair.why
    assert pair.why.endswith(".")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (work("Salt and the Crown", "Ellwood"), work("Salt and the Crown", "Brandt")),
        (work("Stalin: Paradoxes of Power", "Kotkin"), work("Stalin: Waiting for Hitler", "Kotkin")),
        (work("A History of Salt, Volume 1", "Ellwood"), work("A History of Salt, Volume 2", "Ellwood")),
        (work("Salt II", "Ellwood"), work("Salt III", "Ellwood")),
        (work("Alive"), work("Alive", "Read")),
        (work("Salt"), work("Pepper")),
        ({"URL": "https://example.org/a"}, {"URL": "https://example.org/b"}),
    ],
)
def test_works_that_are_two_are_not_proposed(one: dict[str, object], other: dict[str, object]) -> None:
    assert list(doubtful_pairs([("a", one), ("b", other)])) == []


def test_a_pair_is_proposed_once() -> None:
    works = [
        ("a", work("Salt and the Crown", "Ellwood")),
        ("b", work("Salt and the Crown")),
        ("c", work("Pepper", "Brandt")),
    ]
    assert len(list(doubtful_pairs(works))) == 1
