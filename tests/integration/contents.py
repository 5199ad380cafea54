"""What an archive holds, to be compared with what another one holds.

Left out is what says when, in which order and in how many pieces it was written: ids of rows, times,
hashes of the ledger, versions of threads.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from archive.store.batches import Batch, BatchInput, Remark
from archive.store.changes import Absence, Change
from archive.store.collections import Collection
from archive.store.gaps import Gap
from archive.store.ledger import LedgerEntry
from archive.store.namings import Naming
from archive.store.originals import Original, Reading
from archive.store.pages import select_posts
from archive.store.placements import Placement
from archive.store.quarantine import Resolution
from archive.store.threads import Author, Post, Revision, RevisionText, Sighting, Thread

Contents = dict[str, list[tuple[Any, ...]]]  # by the noun, its rows in a total order

_Parent = aliased(Post)
_Before = aliased(Revision)
_READING = (Reading.original, Reading.format, Reading.markup, Reading.corrections)

_ROWS: dict[str, Select[Any]] = {
    "originals": select(Original.sha256, Original.size, Original.name, Original.container, Original.member),
    "threads": select(
        Collection.slug,
        Thread.public_id,
        Thread.source_key,
        Thread.namesake,
        Thread.unsettled,
        Thread.title,
        Thread.public,
        Thread.answers,
        Thread.replies,
    ).join(Collection, Collection.id == Thread.collection_id),
    "authors": select(Collection.slug, Author.public_id, Author.name).join(
        Collection, Collection.id == Author.collection_id
    ),
    "posts": select(
        Post.public_id,
        Thread.public_id.label("thread"),
        Post.source_key,
        Post.key_basis,
        _Parent.public_id.label("parent"),
        Post.awaits,
        Post.edge,
        Post.kind,
        Author.name.label("author"),
        Post.byline,
        Post.position,
        Post.depth,
        Post.posted_at,
        Post.public,
        Post.level,
        Post.tag_version,
    )
    .join(Thread, Thread.id == Post.thread_id)
    .outerjoin(_Parent, _Parent.id == Post.parent_id)
    .outerjoin(Author, Author.id == Post.author_id),
    "revisions": select(
        Post.public_id,
        Revision.number,
        RevisionText.title,
        RevisionText.text,
        RevisionText.words,
        Revision.markup,
        Revision.state,
        Revision.facts,
        Revision.fingerprint,
        Revision.offset,
        Revision.length,
        Revision.public,
        Revision.is_current,
        *_READING,
    )
    .join(Post, Post.id == Revision.post_id)
    .join(Reading, Reading.id == Revision.reading_id)
    .join(RevisionText, RevisionText.revision_id == Revision.id),
    "sightings": select(Post.public_id, Revision.number, Sighting.offset, Sighting.length, *_READING)
    .join(Revision, Revision.id == Sighting.revision_id)
    .join(Post, Post.id == Revision.post_id)
    .join(Reading, Reading.id == Sighting.reading_id),
    "batches": select(
        Batch.inputs_digest, Collection.slug, Batch.state, Batch.format, Batch.markup, Batch.balance, Batch.failure
    ).join(Collection, Collection.id == Batch.collection_id),
    "inputs": select(
        Batch.inputs_digest,
        BatchInput.position,
        BatchInput.name,
        BatchInput.size,
        BatchInput.done_bytes,
        BatchInput.done,
        BatchInput.repairs,
        *_READING,
    )
    .join(Batch, Batch.id == BatchInput.batch_id)
    .outerjoin(Reading, Reading.id == BatchInput.reading_id),
    "remarks": select(
        Batch.inputs_digest,
        Remark.number,
        Remark.kind,
        Remark.original,
        Remark.name,
        Remark.offset,
        Remark.length,
        Remark.text,
        Remark.detail,
    ).join(Batch, Batch.id == Remark.batch_id),
    "placements": select(
        Post.public_id,
        Placement.act,
        Placement.outcome,
        _Parent.public_id.label("parent"),
        Thread.public_id.label("thread"),
        Placement.title,
        Placement.was,
    )
    .join(Post, Post.id == Placement.post_id)
    .join(Thread, Thread.id == Placement.thread_id)
    .outerjoin(_Parent, _Parent.id == Placement.parent_id),
    "resolutions": select(
        Batch.inputs_digest,
        Resolution.number,
        Resolution.outcome,
        Resolution.reason,
        Resolution.words,
        Resolution.moved,
    ).join(Batch, Batch.id == Resolution.batch_id),
    "namings": select(Post.public_id, Naming.byline, Author.name.label("author"), *_READING)
    .join(Post, Post.id == Naming.post_id)
    .join(Reading, Reading.id == Naming.reading_id)
    .outerjoin(Author, Author.id == Naming.author_id),
    "changes": select(
        Batch.inputs_digest,
        Post.public_id,
        Revision.number,
        _Before.number.label("before"),
        Change.old_byline,
        Change.new_byline,
    )
    .join(Change, Change.batch_id == Batch.id)
    .join(Revision, Revision.id == Change.revision_id)
    .join(Post, Post.id == Revision.post_id)
    .outerjoin(_Before, _Before.id == Change.before_id),
    "gaps": select(Thread.public_id, Gap.parent, Gap.posts, *_READING)
    .join(Thread, Thread.id == Gap.thread_id)
    .join(Reading, Reading.id == Gap.reading_id),
    "absences": select(Batch.inputs_digest, Post.public_id, *_READING)
    .join(Absence, Absence.batch_id == Batch.id)
    .join(Post, Post.id == Absence.post_id)
    .join(Reading, Reading.id == Absence.reading_id),
    "ledger": select(LedgerEntry.number, LedgerEntry.actor, LedgerEntry.act),
}


def contents(session: Session) -> Contents:
    """Everything that the archive holds, public or not."""
    return {noun: _in_order(session.execute(query).all()) for noun, query in _ROWS.items()}


def public_contents(session: Session) -> Contents:
    """What readers are shown."""
    posts = select_posts(drafts=False).subquery().c
    threads = select(Thread.public_id, Thread.title, Thread.answers, Thread.replies).where(Thread.public)
    columns = (posts.public_id, posts.author, posts.depth, posts.text, posts.revision_number, posts.level)
    return {
        "threads": _in_order(session.execute(threads).all()),
        "posts": _in_order(session.execute(select(*columns)).all()),
    }


def _in_order(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Sorted here: databases collate differently, and some columns hold nothing or JSON."""
    return sorted((tuple(row) for row in rows), key=repr)
