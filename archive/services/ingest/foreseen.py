"""How many threads a dry run would leave, once the mails of several files have found together."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from archive.domain.ids import PostKey, PublicId
from archive.domain.records import Edge
from archive.store.capture_rows import Rows
from archive.store.joining import posts_at, waiting_for
from archive.store.mentions import mentioned_above

_Node = int | PublicId  # a thread, or the address of a mail, here or missing


class Foreseen:
    """Threads and mails that belong together by what was read so far."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._new: set[PublicId] = set()  # addresses of posts that were read
        self._awaited: set[PublicId] = set()
        self._told: dict[PublicId, tuple[PostKey, PublicId]] = {}  # by mail, what stood above it: the first by its key
        self._same: dict[_Node, _Node] = {}  # nearer to what stands for all that belong together

    def take(self, rows: Rows) -> None:
        """Take in what a chunk would write."""
        for row in rows.posts:
            self._new.add(row["public_id"])
            if row["edge"] is Edge.REFERENCES:
                self._join(row["public_id"], row["thread_id"])
                if row["awaits"]:
                    self._awaited.add(row["awaits"])
                    self._join(row["public_id"], row["awaits"])
        for mention in rows.mentions:
            told = mention["above_key"], mention["above"]
            self._told[mention["address"]] = min(told, self._told.get(mention["address"], told))

    def count(self, threads: Iterable[int]) -> int:
        """How many of these are left."""
        for thread_id, address in waiting_for(self._session, self._new):
            self._join(thread_id, address)
        missing = self._awaited - self._new
        while missing:
            here = posts_at(self._session, sorted(missing))
            for address, post in here.items():
                self._join(address, post.thread_id)
            missing = {*self._above(missing - here.keys())} - self._new
        return len({self._find(thread) for thread in threads})

    def _above(self, missing: Collection[PublicId]) -> Iterable[PublicId]:
        told: Mapping[PublicId, Any] = mentioned_above(self._session, sorted(missing), public=False)
        for address in missing:
            known = [(key, above) for above, key in (told[address],)] if address in told else []
            known += [self._told[address]] if address in self._told else []
            if known and self._join(address, min(known)[1]):
                yield min(known)[1]

    def _join(self, one: _Node, other: _Node) -> bool:
        """Whether they did not belong together yet."""
        one, other = self._find(one), self._find(other)
        if one != other:
            self._same[one] = other
        return one != other

    def _find(self, node: _Node) -> _Node:
        path = []
        while node in self._same:
            path.append(node)
            node = self._same[node]
        self._same |= dict.fromkeys(path, node)
        return node
