"""The order of a thread, and the circles that no thread may have."""

import tracemalloc
from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from archive.domain.thread_tree import Node, Tree, circles, places

_ids = st.integers(0, 30)


def test_a_chain_of_ten_thousand_is_read_without_recursion() -> None:
    nodes = [Node(number, number - 1 if number else None) for number in range(10_000)]
    found = list(places(nodes[::-1]))
    assert [place.depth for place in found] == list(range(10_000))


def test_a_circle_is_found_once_and_its_tail_is_no_part_of_it() -> None:
    nodes = [Node(1, 2), Node(2, 3), Node(3, 1), Node(4, 1), Node(5, 4), Node(6, None)]
    assert [sorted(circle) for circle in circles(nodes)] == [[1, 2, 3]]


def test_a_post_that_answers_itself_is_a_circle_of_one() -> None:
    assert [*circles([Node(1, 1), Node(2, 1)])] == [[1]]


@given(st.dictionaries(_ids, st.none() | _ids))
def test_every_post_is_reached_once_and_cutting_the_circles_leaves_none(parents: dict[int, int | None]) -> None:
    nodes = [Node(id_, parent) for id_, parent in parents.items()]
    assert sorted(place.id for place in places(nodes)) == sorted(parents)
    cut = {circle[0] for circle in circles(nodes)}
    assert not [*circles([Node(node.id, None if node.id in cut else node.parent_id) for node in nodes])]


def test_a_tree_holds_a_post_in_some_dozens_of_bytes() -> None:
    nodes = (Node(number, number // 2 or None) for number in range(1, 50_001))
    tracemalloc.start()
    tree = Tree(nodes)
    held, _ = tracemalloc.get_traced_memory()
    deque(tree.places(), maxlen=0)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / 50_000 < 50
    assert most / 50_000 < 150
