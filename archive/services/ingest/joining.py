"""Mails of several files: each hangs under the mail that it answers, and stands in the thread of that.

What a file says of threads is only as far as it sees. So where a mail belongs is judged anew when others come, or are
published: under what it answers, if that is here; else in the thread of what stood above that, as mentions tell. A mail
that readers see is judged by what they see, so that no draft moves it.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PostKey, PublicId, ThreadKey
from archive.services.ingest.lineage import Lineage, Root
from archive.store.joining import (
    Held,
    Kind,
    Waiting,
    hang,
    posts_at,
    thread_keys,
    thread_of_key,
    waiting_mails,
    wrong_kinds,
)
from archive.store.moving import carry_each, set_kind
from archive.store.unsettled import standing_of


class Home(NamedTuple):
    """Where a mail belongs: under a post that is here, or under nothing, in a thread."""

    parent_id: int | None
    thread_id: int


class Joined(NamedTuple):
    """The threads between which mails were carried, and those of them of which readers saw one."""

    threads: set[int]
    public: set[int]


def join(session: Session, thread_ids: Sequence[int]) -> Joined:
    """Hang the mails of some threads that wait where they belong, and carry what hangs below them along."""
    waiting = waiting_mails(session, thread_ids)
    if not waiting:
        return Joined(set(), set())
    answered = posts_at(session, sorted({mails.awaits for mails in waiting}))
    above = {mails: held for mails in waiting if (held := answered.get(mails.awaits)) and _may_hang(mails.public, held)}
    begins = _beginnings(session, [mails for mails in waiting if mails not in above])
    trees = _Trees(session, waiting, above)
    homes = {mails: trees.home(mails, begins) for mails in waiting}
    leaving = {mails: home for mails, home in homes.items() if home != mails.thread_id}
    goers = trees.below(leaving)
    hang(session, ((post_id, held.id) for mails, held in above.items() for post_id in waiting[mails]))
    carry_each(session, goers)
    concerned = [(thread_id, mails.public) for mails, home in leaving.items() for thread_id in (mails.thread_id, home)]
    return Joined({thread_id for thread_id, _ in concerned}, {thread_id for thread_id, public in concerned if public})


def settle_kinds(session: Session, thread_ids: Sequence[int]) -> Sequence[Kind]:
    """Have mails, and what people put under them, be what follows from where they hang; those that were not."""
    wrong = [*wrong_kinds(session, thread_ids)]
    for said, is_ in sorted({(post.said, post.is_) for post in wrong}):
        set_kind(session, [post.id for post in wrong if (post.said, post.is_) == (said, is_)], said=said, is_=is_)
    return wrong


def home_of_mail(session: Session, above: PublicId, *, public: bool, said_thread_id: int) -> Home:
    """Where a mail belongs that answers the one at an address, with all that has come by now.

    :param public: whether readers see the mail.
    :param said_thread_id: where it belongs if nothing tells more.
    """
    held = posts_at(session, [above]).get(above)
    if held and _may_hang(public, held):
        return Home(held.id, held.thread_id)
    root = Lineage(session, public=public).roots([above])[above]
    return Home(None, _Threads(session, [said_thread_id]).of(root, said_thread_id))


def own_thread_of_mail(session: Session, key: PostKey, thread_id: int) -> int:
    """The thread that begins with a mail above which a circle was cut in a thread."""
    return _Threads(session, [thread_id]).of(Root(None, key), thread_id)


def _may_hang(public: bool, above: Held) -> bool:
    return above.public or not public


def _beginnings(session: Session, waiting: Sequence[Waiting]) -> dict[Waiting, int]:
    """Of mails of which nothing that they answer is there for them, the thread in which they belong."""
    threads, homes = _Threads(session, [mails.thread_id for mails in waiting]), {}
    for public in (False, True):
        judged = [mails for mails in waiting if mails.public is public]
        roots = Lineage(session, public=public).roots(mails.awaits for mails in judged)
        for mails in judged:
            root = roots[mails.awaits] or Root(mails.source_thread_id, None)
            homes[mails] = threads.of(root, mails.thread_id)
    return homes


class _Threads:
    """Threads by what begins them, looked up once."""

    def __init__(self, session: Session, thread_ids: Sequence[int]) -> None:
        """Of mails that stand in these threads now."""
        self._session, self._keys = session, thread_keys(session, thread_ids)
        self._known = {key: thread_id for thread_id, key in self._keys.items()}

    def of(self, root: Root | None, here: int) -> int:
        """The thread that begins so; the one in which the mail stands, where nothing tells of it."""
        if root is None or root.key is None:
            return root.thread_id if root and root.thread_id else here
        key = self._keys[here]._replace(key=ThreadKey(root.key), own=False)
        if key not in self._known:
            self._known[key] = thread_of_key(self._session, key, now=now())
        return self._known[key]


class _Trees:
    """What hangs below mails that wait, and below which of them those hang that others answer: numbers, for there may
    be a million.
    """

    def __init__(
        self, session: Session, waiting: "Mapping[Waiting, array[int]]", above: Mapping[Waiting, Held]
    ) -> None:
        self._session, self._above = session, above
        self._mails = [*waiting]
        both = sorted(post_id << 32 | number for number, ids in enumerate(waiting.values()) for post_id in ids)
        self._ids = array("i", (post_id >> 32 for post_id in both))
        self._which = array("i", (post_id & 2**32 - 1 for post_id in both))
        answered = {held.id for held in above.values()}
        self._tops: dict[int, Waiting] = {}  # of those that are answered, and hang below mails that wait
        threads = {mails.thread_id for mails in waiting} if answered else set()
        for post_id, mails in self._walk(threads):
            if post_id in answered:
                self._tops[post_id] = mails

    def below(self, leaving: Mapping[Waiting, int]) -> Iterator[tuple[int, int]]:
        """Mails that leave and all that hangs below them, each with the thread into which it comes."""
        ids, homes = array("i"), array("i")
        for post_id, mails in self._walk({mails.thread_id for mails in leaving}):
            if mails in leaving:
                ids.append(post_id)
                homes.append(leaving[mails])
        return zip(ids, homes, strict=True)

    def home(self, mails: Waiting, begins: Mapping[Waiting, int]) -> int:
        """The thread that mails come into: of those that answer one another in a circle, the first of theirs."""
        way: dict[Waiting, None] = {}
        here: Waiting | None = mails
        while here is not None:
            if here in begins:
                return begins[here]
            if here in way:
                return min(each.thread_id for each in [*way][[*way].index(here) :])
            way[here] = None
            held = self._above[here]
            here = self._tops.get(held.id)
        return held.thread_id

    def _walk(self, thread_ids: Iterable[int]) -> Iterator[tuple[int, Waiting]]:
        """Yield what hangs below mails that wait, with what these share, and themselves."""
        for _, standing in standing_of(self._session, sorted(thread_ids)):
            top: Waiting | None = None
            for _, place in standing.tree.places():
                if place.depth == 0:
                    top = self._of(place.id)
                if top is not None:
                    yield place.id, top

    def _of(self, post_id: int) -> Waiting | None:
        at = bisect_left(self._ids, post_id)
        return self._mails[self._which[at]] if at < len(self._ids) and self._ids[at] == post_id else None
