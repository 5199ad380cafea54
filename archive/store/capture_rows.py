"""Bulk writing of what an import brings: rows for what is new, and what follows from them.

Ids are counted here, not by the database: one import at a time writes these tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from archive.domain.ids import PostKey, PublicId
from archive.store.bulk import insert_rows, table_of, update_rows
from archive.store.changes import Absence, Change
from archive.store.moving import follow_parents
from archive.store.threads import Author, Post, Revision, RevisionText, Sighting, Thread

UNTITLED = "Untitled"  # what lists print for a thread of which neither title nor subject was received


@dataclass(slots=True)
class Rows:
    """What one chunk adds."""

    threads: list[dict[str, Any]] = field(default_factory=list)
    authors: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    revisions: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    sightings: list[dict[str, Any]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)  # posts whose place in their thread moved
    changes: list[dict[str, Any]] = field(default_factory=list)  # of posts that were there
    absences: list[dict[str, Any]] = field(default_factory=list)
    titles: list[dict[str, Any]] = field(default_factory=list)  # of drafts whose question has come


@dataclass(slots=True)
class NextIds:
    """The ids that the next rows get."""

    thread: int
    author: int
    post: int
    revision: int


def next_ids(session: Session) -> NextIds:
    """The first free id of each table."""

    def free(table: type[Thread | Author | Post | Revision]) -> int:
        return (session.scalar(select(func.max(table.id))) or 0) + 1

    return NextIds(thread=free(Thread), author=free(Author), post=free(Post), revision=free(Revision))


def write_rows(session: Session, rows: Rows) -> None:
    """Write a chunk, and make its texts searchable."""
    for table, new in (
        (Thread, rows.threads),
        (Author, rows.authors),
        (Post, rows.posts),
        (Revision, rows.revisions),
        (RevisionText, rows.texts),
    ):
        insert_rows(session, table, new)
    if rows.texts and session.get_bind().dialect.name == "sqlite":
        _index_texts(session, rows.texts[0]["revision_id"], rows.texts[-1]["revision_id"])
    # What a reading shows stays true: a batch that reads the same way again sees the same.
    insert_rows(session, Sighting, rows.sightings, otherwise=" ON CONFLICT DO NOTHING")
    # A repair that was taken back and is made again brings the same once more.
    insert_rows(session, Change, rows.changes, otherwise=" ON CONFLICT DO NOTHING")
    insert_rows(session, Absence, rows.absences, otherwise=_IN_THE_LAST)
    write_places(session, rows.places)
    if rows.titles:
        threads = table_of(Thread)
        query = update(threads).where(threads.c.id == bindparam("thread_id"), ~threads.c.public)
        session.connection().execute(query.values(title=bindparam("new_title")), rows.titles)


_IN_THE_LAST = " ON CONFLICT (batch_id, post_id) DO UPDATE SET reading_id = excluded.reading_id"


def write_places(session: Session, places: Sequence[dict[str, Any]]) -> None:
    """Move posts within their threads: id, position and depth of each."""
    update_rows(session, Post, places)


def link_awaited(session: Session, posts: Sequence[dict[str, Any]]) -> tuple[set[int], set[int]]:
    """Hang posts below those of the new ones that they were waiting for; the ids of their threads, and of those
    between which some were carried because a person had moved what they were waiting for.
    """
    if not posts:
        return set(), set()
    linked = session.execute(text(_LINK), {"first": posts[0]["id"], "last": posts[-1]["id"]}).all()
    return {row.thread_id for row in linked}, follow_parents(session, sorted(row.id for row in linked))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A post that is said to answer one in another thread than the thread it is said to be in."""

    key: PostKey
    parent_key: PostKey
    thread: PublicId


def contradictions(session: Session, posts: Sequence[dict[str, Any]]) -> Sequence[Contradiction]:
    """Those in which one of the new posts has a part, once the others are linked."""
    if not posts:
        return []
    found = session.execute(text(_CONTRADICTIONS), {"first": posts[0]["id"], "last": posts[-1]["id"]})
    return [Contradiction(*row) for row in found]


_CONTRADICTIONS = """
    SELECT post.source_key, parent.source_key, thread.public_id
    FROM post JOIN post AS parent ON parent.public_id = post.awaits JOIN thread ON thread.id = post.thread_id
    WHERE post.awaits IS NOT NULL AND post.id BETWEEN :first AND :last
    UNION
    SELECT post.source_key, parent.source_key, thread.public_id
    FROM post AS parent JOIN post ON post.awaits = parent.public_id JOIN thread ON thread.id = post.thread_id
    WHERE post.awaits IS NOT NULL AND parent.id BETWEEN :first AND :last
    ORDER BY 1, 2
"""
# A parent in another thread stays away: a source that says so contradicts itself.
_LINK = """
    UPDATE post SET awaits = NULL,
        parent_id = (SELECT parent.id FROM post AS parent WHERE parent.public_id = post.awaits)
    WHERE awaits IN (SELECT public_id FROM post AS came WHERE came.id BETWEEN :first AND :last)
    AND coalesce(source_thread_id, thread_id) = (
        SELECT coalesce(parent.source_thread_id, parent.thread_id) FROM post AS parent
        WHERE parent.public_id = post.awaits)
    RETURNING id, thread_id
"""


def _index_texts(session: Session, first: int, last: int) -> None:
    session.execute(
        text(
            "INSERT INTO revision_fts(rowid, title, text) "
            "SELECT revision_id, title, text FROM revision_words WHERE revision_id BETWEEN :first AND :last"
        ),
        {"first": first, "last": last},
    )
