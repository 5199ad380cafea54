"""What the archive holds of the threads and posts that an import brings, read in bulk."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive.domain.batch import BatchState
from archive.domain.capture import KnownParent, KnownPost, KnownThread
from archive.domain.ids import CollectionSlug, PublicId, author_address
from archive.store.batches import Batch, BatchInput
from archive.store.namings import names_given
from archive.store.parts import parts
from archive.store.sealed import SealedName
from archive.store.threads import Author, Post, Revision, Sighting, Thread


def _wanted(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """That the column holds one of the values given for `wanted`: taken as they are, where `in_` examines each."""
    return column.in_(bindparam("wanted", expanding=True))


_PARENTS = select(Post.public_id, Post.id, Post.thread_id, Post.source_thread_id, Post.kind, Post.source_kind).where(
    _wanted(Post.public_id)
)
_THREADS = select(Thread.id, Thread.source_key, Thread.public_id, Thread.namesake)
# What sources have in these threads, wherever a person put it; and the threads into which a person brought posts.
_SAID_IN = _wanted(Post.thread_id) & Post.source_thread_id.is_(None) | _wanted(Post.source_thread_id)
_WITH_GUESTS = select(Post.thread_id).where(_wanted(Post.thread_id), Post.source_thread_id.is_not(None)).distinct()


def load_known(session: Session, public_ids: Iterable[PublicId], *, batch_id: int) -> dict[PublicId, KnownThread]:
    """What the archive holds of these threads and their namesakes, published or not, while a batch is under way.

    The first of some namesakes comes before the others, and these in the order in which they came.
    """
    known: dict[PublicId, KnownThread] = {}
    for part in parts(list(public_ids)):
        query = _THREADS.where(or_(_wanted(Thread.public_id), _wanted(Thread.namesake))).order_by(Thread.id)
        threads = {row.id: KnownThread(*row) for row in session.execute(query, {"wanted": part})}
        for _, post, places in _load_posts(session, _SAID_IN, list(threads), batch_id):
            thread = threads[post.said_thread_id]
            thread.posts[post.key] = post
            thread.shown.update(dict.fromkeys(places, post))
        for thread_id in session.scalars(_WITH_GUESTS, {"wanted": list(threads)}):
            threads[thread_id].has_guests = True
        known.update({thread.public_id: thread for thread in threads.values()})
    return known


def load_threads(session: Session, public_ids: Iterable[PublicId]) -> dict[PublicId, KnownThread]:
    """The threads of these addresses, without their posts."""
    known: dict[PublicId, KnownThread] = {}
    for part in parts(list(public_ids)):
        query = _THREADS.where(_wanted(Thread.public_id))
        known.update({row.public_id: KnownThread(*row) for row in session.execute(query, {"wanted": part})})
    return known


def load_numbered(session: Session, public_ids: Iterable[PublicId], *, batch_id: int) -> dict[PublicId, KnownPost]:
    """What the archive holds of these posts, published or not, while a batch is under way."""
    known: dict[PublicId, KnownPost] = {}
    for part in parts(list(public_ids)):
        for row, post, _ in _load_posts(session, _wanted(Post.public_id), part, batch_id):
            known[row.public_id] = post
    return known


def load_parents(session: Session, public_ids: Iterable[PublicId]) -> dict[PublicId, KnownParent]:
    """What has to be known of these posts so that others can hang under them, published or not."""
    known: dict[PublicId, KnownParent] = {}
    for part in parts(list(public_ids)):
        for public_id, id_, thread_id, said_in, kind, said_kind in session.execute(_PARENTS, {"wanted": part}):
            known[public_id] = KnownParent(id_, thread_id, said_in or thread_id, said_kind or kind, kind)
    return known


def load_dates(session: Session, public_ids: Iterable[PublicId]) -> dict[PublicId, datetime]:
    """The dates of those of these posts that have one, whatever became of the batches that brought them."""
    known: dict[PublicId, datetime] = {}
    query = select(Post.public_id, Post.posted_at).where(_wanted(Post.public_id))
    for part in parts(list(public_ids)):
        known.update({row[0]: row[1] for row in session.execute(query, {"wanted": part}) if row[1] is not None})
    return known


def load_authors(session: Session, collection: CollectionSlug, names: Iterable[str]) -> dict[str, int]:
    """The ids of those of the names that are known in the collection."""
    known: dict[str, int] = {}
    for part in parts([author_address(collection, name) for name in names]):
        query = select(Author.name, Author.id).where(_wanted(Author.public_id))
        known.update({row.name: row.id for row in session.execute(query, {"wanted": part})})
    return known


def readings_before(session: Session, readings: Iterable[int], *, batch_id: int) -> set[int]:
    """Those of the readings that another batch has read, which was not rolled back."""
    inputs = _live_inputs(session, readings)
    return {reading for reading, found in inputs.items() if any(batch != batch_id for batch, _ in found)}


def _load_posts(
    session: Session, which: ColumnElement[bool], wanted: Sequence[Any], batch_id: int
) -> Iterator[tuple[Any, KnownPost, list[tuple[int, int]]]]:
    """Yield each post once, with its row and where it was seen, when all its revisions are read."""
    revisions = session.execute(_REVISIONS.where(which), {"wanted": wanted}).all()
    if not revisions:
        return
    places = _places(session, revisions, which, wanted)
    inputs = _live_inputs(session, {reading for seen in places.values() for reading, _ in seen})
    names = names_given(session, (row.id for row in revisions))
    for id_, rows in groupby(revisions, key=attrgetter("id")):
        of_post = list(rows)
        post = _with_revisions(_known_post(of_post[0]), of_post, places, inputs, batch_id)
        if id_ in names:
            _name(post, names[id_], {reading for row in of_post for reading in _live(places[row.revision_id], inputs)})
        yield of_post[0], post, [place for row in of_post for place in places[row.revision_id]]


def _with_revisions(
    post: KnownPost,
    rows: Sequence[Any],
    places: dict[int, list[tuple[int, int]]],
    inputs: dict[int, list[tuple[int, int]]],
    batch_id: int,
) -> KnownPost:
    for row in rows:
        seen = places[row.revision_id]
        batches = {batch for reading, offset in seen for batch, done in inputs.get(reading, ()) if offset < done}
        if batches:
            post.live.add(row.revision_id)
        if batches or not post.live:  # the newest live one; where none is live, the newest
            post.fingerprint, post.markup, post.revision_id = row.fingerprint, row.markup, row.revision_id
            post.is_earlier = row.earlier
        post.last_number = max(post.last_number, row.number)
        if row.number == 1:
            post.namer = row.reading_id
        post.seen.update({(reading, row.fingerprint): row.revision_id for reading, _ in seen})
        post.in_batch = post.in_batch or batch_id in batches
    return post


def _live(places: Iterable[tuple[int, int]], inputs: dict[int, list[tuple[int, int]]]) -> set[int]:
    """The readings among the places that a batch holds which was not rolled back."""
    return {reading for reading, offset in places if any(offset < done for _, done in inputs.get(reading, ()))}


def _name(post: KnownPost, names: dict[int, str | None], live: set[int]) -> None:
    """Let a post have the newest live name; where none is live, the one that it has. What the first reading says
    stands for all that have no row.
    """
    post.names = names
    named = {reading if reading in names else post.namer for reading in live}
    if named:
        post.byline = None
        for reading in sorted(named):
            post.call(names[reading], reading)


_REVISIONS = (
    select(
        Post.id,
        Post.public_id,
        Post.thread_id,
        Post.source_key,
        Post.kind,
        Post.source_thread_id,
        Post.source_kind,
        case((SealedName.post_id.is_not(None), SealedName.byline), else_=Post.byline).label("byline"),
        case((SealedName.post_id.is_not(None), SealedName.author_id), else_=Post.author_id).label("author_id"),
        Post.parent_id,
        Post.position,
        Post.depth,
        Post.posted_at,
        Post.awaits,
        Post.edge,
        Revision.id.label("revision_id"),
        Revision.number,
        Revision.earlier,
        Revision.fingerprint,
        Revision.markup,
        Revision.reading_id,
        Revision.offset,
    )
    .join(Revision, Revision.post_id == Post.id)
    .outerjoin(SealedName, SealedName.post_id == Post.id)
    .order_by(Post.id, Revision.earlier.desc(), Revision.number)  # the newest last
)


def _known_post(row: Any) -> KnownPost:
    return KnownPost(
        id=row.id,
        thread_id=row.thread_id,
        key=row.source_key,
        said_thread_id=row.source_thread_id or row.thread_id,
        kind=row.source_kind or row.kind,
        stands_as=row.kind,
        byline=row.byline,
        fingerprint=row.fingerprint,
        markup=row.markup,
        revision_id=row.revision_id,
        is_earlier=row.earlier,
        last_number=0,
        seen={},
        live=set(),
        in_batch=False,
        parent_id=row.parent_id,
        position=row.position,
        depth=row.depth,
        posted_at=row.posted_at,
        awaits=row.awaits,
        edge=row.edge,
        author_id=row.author_id,
    )


def _places(
    session: Session, revisions: Sequence[Any], which: ColumnElement[bool], wanted: Sequence[Any]
) -> dict[int, list[tuple[int, int]]]:
    """By revision, the readings in which it was seen, and where in each."""
    places: dict[int, list[tuple[int, int]]] = {row.revision_id: [(row.reading_id, row.offset)] for row in revisions}
    query = (
        select(Sighting.revision_id, Sighting.reading_id, Sighting.offset)
        .join(Revision, Revision.id == Sighting.revision_id)
        .join(Post, Post.id == Revision.post_id)
        .where(which)
    )
    for sighting in session.execute(query, {"wanted": wanted}):
        places[sighting.revision_id].append((sighting.reading_id, sighting.offset))
    return places


def _live_inputs(session: Session, readings: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """By reading, the batches that were not rolled back and how many bytes of it they have read in."""
    inputs: dict[int, list[tuple[int, int]]] = {}
    for part in parts(sorted(readings)):
        query = (
            select(BatchInput.reading_id, BatchInput.batch_id, BatchInput.done_bytes)
            .join(Batch, Batch.id == BatchInput.batch_id)
            .where(BatchInput.reading_id.in_(part), Batch.state != BatchState.ROLLED_BACK)
        )
        for row in session.execute(query):
            inputs.setdefault(row.reading_id, []).append((row.batch_id, row.done_bytes))
    return inputs
