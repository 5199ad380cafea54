"""Mails of several files: each hangs under the mail that it answers, and stands in the thread of that.

What a file says of threads is only as far as it sees. So where a mail belongs is judged anew when others come, or are
published: under what it answers, if that is here; else in the thread of what stood above that, as mentions tell. A mail
that readers see is judged by what they see, so that no draft moves it.
"""

from collections.abc import Iterator, Sequence
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
    waiting = {mail.id: mail for mail in waiting_mails(session, thread_ids)}
    if not waiting:
        return Joined(set(), set())
    answered = posts_at(session, sorted({mail.awaits for mail in waiting.values()}))
    above = {
        mail.id: held
        for mail in waiting.values()
        if (held := answered.get(mail.awaits)) and _may_hang(mail.public, held)
    }
    homes = _beginnings(session, [mail for mail in waiting.values() if mail.id not in above])
    trees = _Trees(session, waiting, above)
    for mail in waiting.values():
        homes[mail.id] = trees.home(mail, homes)
    hang(session, {post_id: held.id for post_id, held in above.items()})
    leaving = [mail for mail in waiting.values() if homes[mail.id] != mail.thread_id]
    carry_each(session, {post_id: homes[mail.id] for mail in leaving for post_id in trees.below(mail)})
    concerned = [(thread_id, mail.public) for mail in leaving for thread_id in (mail.thread_id, homes[mail.id])]
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


def _beginnings(session: Session, waiting: Sequence[Waiting]) -> dict[int, int]:
    """By mail of which nothing that it answers is there for it, the thread in which it belongs."""
    threads, homes = _Threads(session, [mail.thread_id for mail in waiting]), {}
    for public in (False, True):
        judged = [mail for mail in waiting if mail.public is public]
        roots = Lineage(session, public=public).roots(mail.awaits for mail in judged)
        for mail in judged:
            root = roots[mail.awaits] or Root(mail.source_thread_id, None)
            homes[mail.id] = threads.of(root, mail.thread_id)
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
    """What hangs below mails that wait, and below which of them those hang that others answer."""

    def __init__(self, session: Session, waiting: dict[int, Waiting], above: dict[int, Held]) -> None:
        self._waiting, self._above = waiting, above
        self._below: dict[int, list[int]] = {post_id: [] for post_id in waiting}
        self._top: dict[int, int] = {}  # of those that are answered
        answered = {held.id for held in above.values()}
        for _, standing in standing_of(session, sorted({mail.thread_id for mail in waiting.values()})):
            top = 0
            for _, place in standing.tree.places():
                top = place.id if place.depth == 0 else top
                if top in self._below:
                    self._below[top].append(place.id)
                if place.id in answered:
                    self._top[place.id] = top

    def below(self, mail: Waiting) -> Sequence[int]:
        """A mail and all that hangs below it."""
        return self._below[mail.id]

    def home(self, mail: Waiting, begins: dict[int, int]) -> int:
        """The thread that a mail comes into: of mails that answer one another in a circle, the first of theirs."""
        way: dict[int, None] = {}
        for post_id in self._way_up(mail.id):
            if post_id in begins:
                return begins[post_id]
            if post_id in way:
                return min(self._waiting[each].thread_id for each in [*way][[*way].index(post_id) :])
            way[post_id] = None
        held = self._above[post_id]
        return held.thread_id

    def _way_up(self, post_id: int) -> Iterator[int]:
        """Yield mails that wait, each below the next, without an end in a circle."""
        here: int | None = post_id
        while here is not None:
            yield here
            held = self._above.get(here)
            top = self._top.get(held.id) if held else None
            here = top if top in self._waiting else None
