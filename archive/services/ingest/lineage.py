"""Where the thread of a mail begins, by what is known of the mails above it, which may be missing.

The rule by which `imports.mail_threads` reads one file, for a whole collection: a mail that is here says itself what it
answers. Of one that is missing, mentions tell what stood above it. The highest that is known begins the thread.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.orm import Session

from archive.domain.ids import PostKey, PublicId
from archive.store.joining import Step, steps_up
from archive.store.mentions import keys_of_mentioned, mentioned_above


class Root(NamedTuple):
    """Where a thread begins: with a post of the thread of that number, or with a missing mail of that key."""

    thread_id: int | None
    key: PostKey | None


class Lineage:
    """What stands above mails: as far as readers may know, or as far as anybody does."""

    def __init__(self, session: Session, *, public: bool) -> None:
        self._session, self._public = session, public
        self._above: dict[PublicId, PublicId | None] = {}
        self._here: dict[PublicId, Step] = {}
        self._keys: dict[PublicId, PostKey] = {}
        self._roots: dict[PublicId, Root | None] = {}

    def roots(self, addresses: Iterable[PublicId]) -> dict[PublicId, Root | None]:
        """By the address of a mail, here or missing, where its thread begins; None where nothing tells of it."""
        asked = list(addresses)
        self._climb(asked)
        return {address: self._root(address) for address in asked}

    def _climb(self, addresses: Iterable[PublicId]) -> None:
        """Look up what stands above mails, and above that, to the top."""
        new = {*addresses} - self._above.keys()
        tops: set[PublicId] = set()
        while new:
            here = steps_up(self._session, sorted(new), public=self._public)
            told = mentioned_above(self._session, sorted(new - here.keys()), public=self._public)
            self._here |= here
            self._above |= dict.fromkeys(new) | {address: step.above for address, step in here.items()}
            self._above |= {address: above for address, (above, _) in told.items()}
            self._keys |= {address: step.key for address, step in here.items()} | dict(told.values())
            tops |= {address for address in new if self._above[address] is None} - self._keys.keys()
            new = {above for address in new if (above := self._above[address]) is not None} - self._above.keys()
        self._keys |= keys_of_mentioned(self._session, sorted(tops))

    def _root(self, address: PublicId) -> Root | None:
        path: dict[PublicId, None] = {}
        here = address
        while here not in self._roots and here not in path:
            path[here] = None
            above = self._above[here]
            if above is None:
                break
            here = above
        if here in self._roots:
            root = self._roots[here]
        elif self._above[here] is None:
            root = self._top(here)
        else:
            root = self._first_of_circle([*path][[*path].index(here) :])
        self._roots |= dict.fromkeys(path, root)
        return root

    def _top(self, address: PublicId) -> Root | None:
        if step := self._here.get(address):
            return Root(step.thread_id, None)
        return Root(None, self._keys[address]) if address in self._keys else None

    def _first_of_circle(self, addresses: list[PublicId]) -> Root | None:
        keys = [self._keys[address] for address in addresses if address in self._keys]
        return Root(None, min(keys)) if keys else None
