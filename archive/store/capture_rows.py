"""Bulk writing of what an import brings: rows for what is new, and what follows from them.

Ids are counted here, not by the database: one import at a time writes these tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from archive.store.bulk import insert_rows, table_of, update_rows
from archive.store.changes import Absence, Change
from archive.store.gaps import Gap
from archive.store.mentions import Mention
from archive.store.namings import Naming
from archive.store.threads import Author, Post, Revision, RevisionText, Sighting, Thread


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
    gaps: list[dict[str, Any]] = field(default_factory=list)
    titles: list[dict[str, Any]] = field(default_factory=list)  # of drafts whose question has come
    mentions: list[dict[str, Any]] = field(default_factory=list)
    namings: list[dict[str, Any]] = field(default_factory=list)  # of posts that were there


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
    """Write a chunk."""
    for table, new in (
        (Thread, rows.threads),
        (Author, rows.authors),
        (Post, rows.posts),
        (Revision, rows.revisions),
        (RevisionText, rows.texts),
        (Naming, rows.namings),
    ):
        insert_rows(session, table, new)
    # What a reading shows stays true: a batch that reads the same way again sees the same.
    insert_rows(session, Sighting, rows.sightings, otherwise=" ON CONFLICT DO NOTHING")
    # A repair that was taken back and is made again brings the same once more.
    insert_rows(session, Change, rows.changes, otherwise=" ON CONFLICT DO NOTHING")
    insert_rows(session, Absence, rows.absences, otherwise=_IN_THE_LAST)
    insert_rows(session, Gap, rows.gaps, otherwise=_THE_MOST)
    insert_rows(session, Mention, rows.mentions, otherwise=" ON CONFLICT DO NOTHING")
    write_places(session, rows.places)
    if rows.titles:
        threads = table_of(Thread)
        query = update(threads).where(threads.c.id == bindparam("thread_id"), ~threads.c.public)
        session.connection().execute(query.values(title=bindparam("new_title")), rows.titles)


_THE_MOST = """ ON CONFLICT (reading_id, thread_id, parent)
    DO UPDATE SET posts = CASE WHEN excluded.posts > gap.posts THEN excluded.posts ELSE gap.posts END"""
_IN_THE_LAST = " ON CONFLICT (batch_id, post_id) DO UPDATE SET reading_id = excluded.reading_id"


def write_places(session: Session, places: Sequence[dict[str, Any]]) -> None:
    """Move posts within their threads: id, position and depth of each."""
    update_rows(session, Post, places)
