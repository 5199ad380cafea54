"""The order of a thread: parents before children, children in the order in which they are given.

No recursion: threads nest ten thousand deep. A post whose parent is not there hangs from
the root, so that every post is reached.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from archive.domain.ids import PostKey
from archive.domain.records import KeyBasis

_NO_DATE = datetime.max.replace(tzinfo=UTC)


class Node(NamedTuple):
    """A post, as far as order is concerned."""

    id: int
    parent_id: int | None


class Place(NamedTuple):
    """Where a post stands in its thread."""

    id: int
    position: int  # from 0
    depth: int  # 0 for a root


def sibling_rank(posted_at: datetime | None, key: PostKey, basis: KeyBasis = KeyBasis.SOURCE) -> tuple[datetime, str]:
    """By which posts are given: as posted, whatever the order in which they came, where their source numbers them.

    Others rank alike: they stay in the order in which they came.
    """
    return (posted_at or _NO_DATE, key) if basis is KeyBasis.SOURCE else (_NO_DATE, "")


def below(nodes: Sequence[Node], top: int) -> list[int]:
    """A post and everything that hangs below it, each once, also in a circle."""
    children: dict[int | None, list[int]] = {}
    for node in nodes:
        children.setdefault(node.parent_id, []).append(node.id)
    found, waiting = {top: None}, [top]
    while waiting:
        new = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(dict.fromkeys(new))
        waiting.extend(new)
    return [*found]


def circles(nodes: Sequence[Node]) -> Iterator[Sequence[int]]:
    """Yield the posts of each circle, in which everyone answers the next and the last one the first."""
    parent_of = {node.id: node.parent_id for node in nodes}
    finished: set[int] = set()
    for node in nodes:
        path: dict[int, int] = {}  # in the order walked
        at: int | None = node.id
        while at is not None and at in parent_of and at not in finished and at not in path:
            path[at] = len(path)
            at = parent_of[at]
        if at in path:
            yield [*path][path[at] :]
        finished.update(path)


def places(nodes: Sequence[Node]) -> Iterator[Place]:
    """Yield every node once, in reading order. A cycle is entered at its first node in the input's order."""
    ids = {node.id for node in nodes}
    children: dict[int | None, list[int]] = {}
    for node in nodes:
        parent = node.parent_id if node.parent_id in ids and node.parent_id != node.id else None
        children.setdefault(parent, []).append(node.id)
    seen: set[int] = set()
    position = 0
    for start in [*children.get(None, ()), *(node.id for node in nodes)]:
        stack = [(start, 0)]
        while stack:
            id_, depth = stack.pop()
            if id_ in seen:
                continue
            seen.add(id_)
            yield Place(id_, position, depth)
            position += 1
            stack.extend((child, depth + 1) for child in reversed(children.get(id_, ())))
