"""Mails and the threads in which they belong, whichever file brought what they answer."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import CollectionSlug, PostKey, PublicId, ThreadKey, numbered_post_address, thread_address
from archive.domain.placement import kind_below, kind_of_mail_below_nothing
from archive.domain.records import Edge, PostKind
from archive.store.bulk import update_rows
from archive.store.collections import Collection
from archive.store.parts import parts
from archive.store.threads import Post, Thread
from archive.store.titles import UNTITLED

_AT_ONCE = 1_000  # rows
_Above = aliased(Post)
_OF_MAILS = (Edge.REFERENCES, Edge.CUT)


class Waiting(NamedTuple):
    """Mails that hang from nothing since what they answer is not there for them: as much of them as they share."""

    thread_id: int
    awaits: PublicId
    public: bool
    source_thread_id: int | None  # the thread that their files name, where that is another


class Held(NamedTuple):
    """A post that is here, as far as it matters to one that answers it."""

    id: int
    thread_id: int
    public: bool


class Step(NamedTuple):
    """What a post that is here says of what stands above it, whatever people decided."""

    key: PostKey
    above: PublicId | None
    thread_id: int  # in which it is where it stands below nothing


class Key(NamedTuple):
    """The key of a thread, and its collection."""

    collection_id: int
    collection: CollectionSlug
    key: ThreadKey
    own: bool = False  # whether a person began it

    @property
    def address(self) -> PublicId:
        """The address of the thread."""
        return thread_address(self.collection, self.key, own=self.own)


class Kind(NamedTuple):
    """What a post is, and what its source says."""

    id: int
    said: PostKind
    is_: PostKind
    public: bool
    thread_id: int


def waiting_mails(session: Session, thread_ids: Sequence[int]) -> "dict[Waiting, array[int]]":
    """The mails of some threads that wait: the numbers of those that share as much, in order."""
    columns = (Post.id, Post.thread_id, Post.awaits, Post.public, Post.source_thread_id)
    waits = Post.awaits.is_not(None), Post.parent_id.is_(None), Post.edge == Edge.REFERENCES
    query = select(*columns).where(Post.thread_id.in_(thread_ids), *waits).order_by(Post.id)
    rows: Iterable[Any] = session.execute(query.execution_options(yield_per=_AT_ONCE))
    waiting: dict[Waiting, array[int]] = {}
    for id_, *shared in rows:
        waiting.setdefault(Waiting(*shared), array("i")).append(id_)
    return waiting


def posts_at(session: Session, addresses: Sequence[PublicId]) -> dict[PublicId, Held]:
    """Those of the posts that are here, public or not."""
    found: dict[PublicId, Held] = {}
    for part in parts(addresses):
        query = select(Post.public_id, Post.id, Post.thread_id, Post.public).where(Post.public_id.in_(part))
        found.update({row[0]: Held(*row[1:]) for row in session.execute(query)})
    return found


def waiting_for(session: Session, addresses: Iterable[PublicId]) -> Iterator[tuple[int, PublicId]]:
    """Yield the threads of mails that wait for posts at these addresses, each with the address."""
    for part in parts(sorted(addresses)):
        query = select(Post.thread_id, Post.awaits).where(Post.awaits.in_(part), Post.edge == Edge.REFERENCES)
        yield from ((row.thread_id, row.awaits) for row in session.execute(query))


def steps_up(session: Session, addresses: Sequence[PublicId], *, public: bool) -> dict[PublicId, Step]:
    """What those of the posts say that are here.

    :param public: whether only public ones count.
    """
    columns = (Post.public_id, Post.source_key, Post.edge, Post.source_edge, Post.thread_id, Post.source_thread_id)
    above = (Post.awaits, Post.source_parent, _Above.public_id.label("parent"))
    found: dict[PublicId, Step] = {}
    for part in parts(addresses):
        query = select(*columns, *above).outerjoin(_Above, _Above.id == Post.parent_id).where(Post.public_id.in_(part))
        rows = session.execute(query.where(Post.public) if public else query)
        found.update({row.public_id: _step(row) for row in rows})
    return found


def _step(row: Any) -> Step:
    said = row.source_thread_id or row.thread_id
    if row.edge is Edge.PERSON:
        return Step(row.source_key, row.source_parent if row.source_edge is Edge.REFERENCES else None, said)
    if row.edge is Edge.REFERENCES:
        return Step(row.source_key, row.awaits or row.parent, said)
    return Step(row.source_key, None, row.thread_id if row.edge is Edge.CUT else said)


def thread_keys(session: Session, thread_ids: Iterable[int]) -> dict[int, Key]:
    """By the number of a thread, its key."""
    found: dict[int, Key] = {}
    for part in parts(sorted({*thread_ids})):
        query = select(Thread.id, Collection.id, Collection.slug, Thread.source_key, Thread.own)
        rows = session.execute(query.join(Collection, Collection.id == Thread.collection_id).where(Thread.id.in_(part)))
        found.update({row[0]: Key(*row[1:]) for row in rows})
    return found


def thread_of_key(session: Session, key: Key, *, now: datetime) -> int:
    """The thread of that key, made where it is missing; its title follows from what comes into it."""
    known = session.scalar(select(Thread.id).where(Thread.public_id == key.address))
    return add_thread(session, key, title=UNTITLED, now=now) if known is None else known


def add_thread(session: Session, key: Key, *, title: str, now: datetime) -> int:
    """A new thread, in which there is nothing yet."""
    last: int = session.scalar(select(func.max(Thread.id))) or 0
    thread = Thread(
        id=last + 1,
        public_id=key.address,
        collection_id=key.collection_id,
        source_key=key.key,
        own=key.own,
        namesake=None,
        title=title,
        version=1,
        changed_at=now,
        public=False,
        answers=0,
        replies=0,
        sourced=0,
        decided=0,
        began_at=None,
        unsettled=False,
    )
    session.add(thread)
    session.flush()
    return thread.id


def hang(session: Session, parents: Iterable[tuple[int, int]]) -> None:
    """Hang posts under those that they were waiting for: each with its parent."""
    left = iter(parents)
    while some := [*islice(left, _AT_ONCE)]:
        update_rows(session, Post, [{"id": id_, "parent_id": above, "awaits": None} for id_, above in some])


def wrong_kinds(session: Session, thread_ids: Sequence[int]) -> Iterator[Kind]:
    """Yield those mails, and what people put under mails, that are another kind than follows from where they hang.

    Files see parts of threads: in the whole, what begins a thread is its question, and what hangs under that an answer.
    """
    is_first = (Post.source_key == Thread.source_key).label("is_first")
    columns = (Post.id, _said(Post).label("said"), Post.kind, Post.public, Post.thread_id, Post.edge, Post.awaits)
    above = (Post.parent_id, _is_question(_Above).label("below_question"))
    query = (
        select(*columns, *above, is_first, Thread.source_key, Collection.slug)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Collection, Collection.id == Thread.collection_id)
        .outerjoin(_Above, _Above.id == Post.parent_id)
        .where(Post.thread_id.in_(thread_ids), Post.edge.in_((*_OF_MAILS, Edge.PERSON)))
    )
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        is_ = _kind(row)
        if is_ is not row.kind:
            yield Kind(row.id, PostKind(row.said), is_, row.public, row.thread_id)


def _said(post: Any) -> Any:
    """SQL: what its source says that a post is."""
    return func.coalesce(post.source_kind, post.kind)


def _is_question(post: Any) -> Any:
    """SQL: whether a post is a question, by the rule of `_kind` where it is a mail: it may not be settled yet."""
    says_so = post.edge.not_in(_OF_MAILS)
    waits = (post.edge == Edge.CUT) | post.awaits.is_not(None)
    return case(
        (says_so, post.kind == PostKind.QUESTION),
        (waits, post.parent_id.is_(None) & (post.source_key == Thread.source_key)),
        else_=post.parent_id.is_(None) & (_said(post) == PostKind.QUESTION),
    )


def _kind(row: Any) -> PostKind:
    said = PostKind(row.said)
    if row.parent_id is not None:
        above = PostKind.QUESTION if row.below_question else PostKind.REPLY
        return kind_below(said, edge=row.edge, parent_said=above, parent_is=above)
    awaits_first = None if row.awaits is None else row.awaits == numbered_post_address(row.slug, row.source_key)
    return kind_of_mail_below_nothing(said, row.kind, edge=row.edge, is_first=row.is_first, awaits_first=awaits_first)
