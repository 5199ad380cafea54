"""The order of a thread: parents before children, children in the order in which they are given.

No recursion: threads nest ten thousand deep. A post whose parent is not there hangs from
the root, so that every post is reached.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from archive.domain.ids import PostKey
from archive.domain.records import KeyBasis

_NO_DATE = datetime.max.replace(tzinfo=UTC)
_NONE = -1  # no post has this number
_WHOLE = "i"  # how arrays hold numbers: in four bytes
_RANK_BITS = 32  # behind the number of a post, its rank
_RANK = 2**_RANK_BITS - 1


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


def circles(nodes: Iterable[Node]) -> Iterator[Sequence[int]]:
    """The posts of each circle, in which everyone answers the next and the last one the first."""
    return Tree(nodes).circles()


def places(nodes: Iterable[Node]) -> Iterator[Place]:
    """Every node once, in reading order. A cycle is entered at its first node in the input's order."""
    return (place for _, place in Tree(nodes).places())


class Tree:
    """A thread as numbers alone, of which a million posts take 16 MB: as many objects took 600."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        """Of nodes in the order of siblings."""
        self._ids, parents = array(_WHOLE), array(_WHOLE)
        for id_, parent_id in nodes:
            self._ids.append(id_)
            parents.append(_NONE if parent_id is None else parent_id)
        ranked = sorted(id_ << _RANK_BITS | rank for rank, id_ in enumerate(self._ids))
        self._by_id = array(_WHOLE, (both & _RANK for both in ranked))
        self._sorted = array(_WHOLE, (both >> _RANK_BITS for both in ranked))
        del ranked
        self._above = array(_WHOLE, map(self._rank_of, parents))

    def circles(self) -> Iterator[Sequence[int]]:
        """Yield the posts of each circle, in which everyone answers the next and the last one the first."""
        finished = bytearray(len(self._ids))
        for start in range(len(self._ids)):
            path: dict[int, int] = {}  # in the order walked
            at = start
            while at != _NONE and not finished[at] and at not in path:
                path[at] = len(path)
                at = self._above[at]
            if at in path:
                yield [self._ids[rank] for rank in [*path][path[at] :]]
            for rank in path:
                finished[rank] = 1

    def cut(self, id_: int) -> None:
        """Let a post hang from nothing."""
        self._above[self._rank_of(id_)] = _NONE

    def below(self, tops: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield some posts and everything that hangs below them, each once, also in a circle, with that of the posts
        below which it is met first.
        """
        first, following = self._children()
        seen = bytearray(len(self._ids))
        for top in tops:
            waiting = [self._rank_of(top)]
            while waiting:
                rank = waiting.pop()
                if rank == _NONE or seen[rank]:
                    continue
                seen[rank] = 1
                yield self._ids[rank], top
                child = first[rank]
                while child != _NONE:
                    waiting.append(child)
                    child = following[child]

    def places(self) -> Iterator[tuple[int, Place]]:
        """Yield every node once, in reading order, with its number in the input's order, from 0. A cycle is entered at
        its first node in that order.
        """
        for position, (rank, depth) in enumerate(self._walk()):
            yield rank, Place(self._ids[rank], position, depth)

    def _walk(self) -> Iterator[tuple[int, int]]:
        first, following = self._children()
        seen = bytearray(len(self._ids))
        for root in chain((rank for rank, above in enumerate(self._above) if above in (_NONE, rank)), range(len(seen))):
            line = [(root, 0)]
            while line:
                rank, depth = line.pop()
                if depth and following[rank] != _NONE:
                    line.append((following[rank], depth))
                if seen[rank]:
                    continue
                seen[rank] = 1
                yield rank, depth
                if first[rank] != _NONE:
                    line.append((first[rank], depth + 1))

    def _children(self) -> "tuple[array[int], array[int]]":
        """By rank, a post's first child, and the next child of its own parent."""
        first, following = (array(_WHOLE, [_NONE]) * len(self._ids) for _ in range(2))
        for rank in reversed(range(len(self._ids))):
            above = self._above[rank]
            if above not in (_NONE, rank):
                following[rank], first[above] = first[above], rank
        return first, following

    def _rank_of(self, id_: int) -> int:
        place = bisect_left(self._sorted, id_)
        found = place < len(self._sorted) and self._sorted[place] == id_
        return self._by_id[place] if found else _NONE
