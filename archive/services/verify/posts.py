"""Posts and their texts: against their fingerprints, their originals' sizes, and the rule of what is public."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import case, func, select, union_all
from sqlalchemy.orm import Session, aliased

from archive.domain.capture import author_name, fingerprint
from archive.domain.ids import (
    CollectionSlug,
    PostKey,
    PublicId,
    ThreadKey,
    author_address,
    numbered_post_address,
    post_address,
    thread_address,
)
from archive.domain.records import KeyBasis, PostKind
from archive.store.collections import Collection
from archive.store.namings import Naming
from archive.store.originals import Original, Reading
from archive.store.publishing import WRONG_FLAGS
from archive.store.sealed import SealedName, SealedText
from archive.store.searching.indexing import WRONG_INDEX
from archive.store.threads import Author, Post, Revision, RevisionText, Sighting, Thread

_AT_ONCE = 1000
_Said = aliased(Thread)  # the thread that its source names, where a person moved a post, or what it hangs under
_IS_SEALED, _IS_NAMELESS = SealedText.revision_id.is_not(None), SealedName.post_id.is_not(None)
_REVISIONS = (
    select(
        Revision.id,
        Revision.number,
        Revision.state,
        Revision.fingerprint,
        Revision.thread_id,
        Post.public_id,
        Post.thread_id.label("post_thread"),
        RevisionText.revision_id.label("text_id"),
        # What was taken down is as it was received where it is sealed.
        case((_IS_SEALED, SealedText.title), else_=RevisionText.title).label("title"),
        case((_IS_SEALED, SealedText.text), else_=RevisionText.text).label("text"),
        _IS_SEALED.label("sealed"),
    )
    .join(Post, Post.id == Revision.post_id)
    .outerjoin(SealedText, SealedText.revision_id == Revision.id)
    .outerjoin(RevisionText, RevisionText.revision_id == Revision.id)
    .order_by(Revision.id)
)
_POSTS = (
    select(
        Post.public_id,
        Post.source_key,
        Post.key_basis,
        Post.kind,
        Post.source_kind,
        case((_IS_NAMELESS, SealedName.byline), else_=Post.byline).label("byline"),
        Author.name.label("author"),
        Author.public_id.label("author_address"),
        Thread.source_key.label("thread_key"),
        Thread.own,
        func.coalesce(_Said.source_key, Thread.source_key).label("said_thread_key"),
        Thread.public_id.label("thread"),
        Collection.slug,
    )
    .join(Thread, Thread.id == Post.thread_id)
    .outerjoin(_Said, _Said.id == Post.source_thread_id)
    .join(Collection, Collection.id == Thread.collection_id)
    .outerjoin(SealedName, SealedName.post_id == Post.id)
    .outerjoin(Author, Author.id == case((_IS_NAMELESS, SealedName.author_id), else_=Post.author_id))
    .order_by(Post.id)
)


def post_faults(session: Session, say: Callable[[str], None]) -> Iterator[str]:
    """Yield what is wrong with posts, their texts, and what is shown of them."""
    for what, table in (("post", Post), ("revision", Revision), ("author", Author)):
        yield from _gaps(session, what, table)
    yield from _posts(session)
    yield from _namings(session)
    looked_at = 0
    for row in session.execute(_REVISIONS.execution_options(yield_per=_AT_ONCE)):
        looked_at += 1
        yield from (f"Post {row.public_id}, text {row.number}: {fault}" for fault in _text_faults(row))
    yield from _stretches(session)
    for statement, sentence in WRONG_FLAGS:
        for (place,) in session.execute(statement.execution_options(yield_per=_AT_ONCE)):
            yield sentence.format(place)
    if session.get_bind().dialect.name == "sqlite":
        for (place,) in session.execute(WRONG_INDEX.execution_options(yield_per=_AT_ONCE)):
            yield f"Post {place}: a search finds a text of it that is not shown, or does not find the one that is."
    say(f"Texts looked at: {looked_at:,}.")


def _gaps(session: Session, what: str, table: type[Post | Revision | Author]) -> Iterator[str]:
    """Numbers are given without gaps and nothing is ever deleted: a number that is missing was."""
    after = func.lag(table.id, 1, 0).over(order_by=table.id)
    numbered = select(table.id.label("id"), after.label("before")).subquery()
    gaps = (
        select(numbered.c.id, numbered.c.before).where(numbered.c.id != numbered.c.before + 1).order_by(numbered.c.id)
    )
    for id_, before in session.execute(gaps.execution_options(yield_per=_AT_ONCE)):
        yield f"Table “{what}”: after number {before} comes {id_}; what lay between is missing."


def _posts(session: Session) -> Iterator[str]:
    for row in session.execute(_POSTS.execution_options(yield_per=_AT_ONCE)):
        if row.author != author_name(row.byline):
            yield f"Post {row.public_id}: its by-line is {row.byline!r}, and its author {row.author!r}."
        if row.author is not None and row.author_address != author_address(row.slug, row.author):
            yield f"Post {row.public_id}: the address of its author {row.author!r} is not the one that follows from it."
        if row.thread != thread_address(row.slug, row.thread_key, own=row.own):
            yield f"Thread {row.thread}: its address is not the one that follows from its key."
        if row.public_id not in _addresses(row.slug, row.said_thread_key, row.source_key):
            yield f"Post {row.public_id}: its address is not the one that follows from its key."
        if row.key_basis is KeyBasis.POSITION and (row.source_kind or row.kind) is not PostKind.QUESTION:
            named = row.source_key.rpartition("#")[0]
            if row.byline != named:
                yield f"Post {row.public_id}: its by-line is {row.byline!r}, and was {named!r} when it was received."


def _namings(session: Session) -> Iterator[str]:
    query = select(Post.public_id, Naming.byline, Author.name).join(Post, Post.id == Naming.post_id)
    query = query.outerjoin(Author, Author.id == Naming.author_id).order_by(Naming.post_id, Naming.reading_id)
    for address, byline, author in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        if author != author_name(byline):
            yield f"Post {address}: a capture gives the by-line {byline!r}, and its author is {author!r}."


def _addresses(slug: CollectionSlug, thread_key: ThreadKey, key: PostKey) -> tuple[PublicId, PublicId]:
    return post_address(slug, thread_key, key), numbered_post_address(slug, key)


def _text_faults(row: Any) -> Iterator[str]:
    if row.text_id is None:
        yield "it is missing."
    elif row.sealed and row.text is None:
        pass  # purged: what stands in its place is looked at with the takedowns
    elif fingerprint(row.title, row.text, row.state) != row.fingerprint:
        yield "it is not the one that was received: its fingerprint is another."
    if row.thread_id != row.post_thread:
        yield "it is said to be of another thread than its post."


def _stretches(session: Session) -> Iterator[str]:
    """Places in originals that lie outside of them, or that two texts of one reading claim."""
    claims = union_all(
        select(Revision.id.label("revision"), Revision.reading_id, Revision.offset, Revision.length),
        select(Sighting.revision_id, Sighting.reading_id, Sighting.offset, Sighting.length),
    ).subquery()
    end = claims.c.offset + claims.c.length
    before = func.max(end).over(
        partition_by=claims.c.reading_id,
        order_by=(claims.c.offset, claims.c.length, claims.c.revision),
        rows=(None, -1),
    )
    claimed = select(claims, before.label("before")).subquery()
    query = (
        select(Post.public_id, Revision.number, Original.sha256, Original.size, claimed)
        .join(Revision, Revision.id == claimed.c.revision)
        .join(Post, Post.id == Revision.post_id)
        .join(Reading, Reading.id == claimed.c.reading_id)
        .join(Original, Original.sha256 == Reading.original)
        .where(
            (claimed.c.offset < 0)
            | (claimed.c.length < 0)
            | (claimed.c.offset + claimed.c.length > Original.size)
            | (claimed.c.offset < claimed.c.before)
        )
        .order_by(claimed.c.revision, claimed.c.reading_id)
    )
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        inside = row.offset >= 0 and row.length >= 0 and row.offset + row.length <= row.size
        wrong = "another text is said to stand there too" if inside else f"that has {row.size:,} bytes"
        yield (
            f"Post {row.public_id}, text {row.number}: it is said to be the {row.length:,} bytes at {row.offset:,} "
            f"of original {row.sha256}; {wrong}."
        )
