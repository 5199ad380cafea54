"""What a batch changed in the archive, or would change: posts added, changed and absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from archive.domain.capture import KnownPost
from archive.domain.ids import PublicId
from archive.domain.records import PostKind, PostRecord
from archive.services.differences import Difference, Text, difference
from archive.services.ingest.planned import Names
from archive.services.ingest.publish import find_batch
from archive.store.changes import (
    RevisionLine,
    absent_posts,
    added_revisions,
    changed_revisions,
    count_absent,
    revision_lines,
)

_POSTS_A_PAGE = {"added": 50, "changed": 20, "absent": 50}


class ChangeKind(StrEnum):
    """What a list of a batch's changes holds."""

    CHANGED = "changed"
    ABSENT = "absent"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPost:
    """A post that a batch added, changed or lacks."""

    thread: PublicId | None  # None: neither thread nor post are in the archive yet
    thread_title: str
    post: PublicId | None
    kind: PostKind
    author: str | None
    text: str  # of the newest revision
    before: tuple[int, datetime] | None = None  # number and time of the revision before
    difference: Difference | None = None  # of a changed one; None where the text before is not at hand
    file: str | None = None  # that lacks it
    names: Names | None = None  # where its author is another


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """A part of one of the three lists."""

    kind: ChangeKind
    counts: dict[ChangeKind, int]
    posts: Sequence[ChangedPost]
    further: int | None  # what to ask for as `after` to see the rest


def changes_page(session: Session, batch_id: int, *, kind: ChangeKind | None, after: int) -> ChangesPage:
    """Posts that a batch added, changed or lacks; where no kind is asked for, of the first that there are any of.

    :raises NoSuchBatchError: if there is none.
    """
    sheet = find_batch(session, batch_id).sheet
    counts = {
        ChangeKind.CHANGED: sheet.changed,
        ChangeKind.ABSENT: count_absent(session, batch_id),
        ChangeKind.ADDED: sheet.added,
    }
    if kind is None:
        kind = next((kind for kind, count in counts.items() if count), ChangeKind.CHANGED)
    most = _POSTS_A_PAGE[kind]
    read = {ChangeKind.ADDED: _added, ChangeKind.CHANGED: _changed, ChangeKind.ABSENT: _absent}[kind]
    found = read(session, batch_id, after, most + 1)
    further = found[most - 1][0] if len(found) > most else None
    return ChangesPage(kind=kind, counts=counts, posts=[post for _, post in found[:most]], further=further)


def changed_post(before: RevisionLine, after: Text, names: Names | None) -> ChangedPost:
    """A post whose text or author is another than it was."""
    return _post(
        before,
        text=after.text,
        before=(before.number, before.captured_at),
        difference=difference(_text(before), after),
        names=names,
    )


def posts_in_archive(session: Session, revision_ids: Sequence[int]) -> dict[int, ChangedPost]:
    """Posts by the number of a revision."""
    return {id_: _post(line) for id_, line in revision_lines(session, revision_ids).items()}


def new_post(record: PostRecord, title: str, names: Names | None) -> ChangedPost:
    """A post that changes within what is read: what it was before is nowhere yet."""
    return ChangedPost(
        thread=None,
        thread_title=title,
        post=None,
        kind=record.kind,
        author=record.byline,
        text=record.text,
        names=names,
    )


def missing_post(post: KnownPost, title: str) -> ChangedPost:
    """A post that came within what is read, and that a later part of it lacks."""
    return ChangedPost(thread=None, thread_title=title, post=None, kind=post.kind, author=post.byline, text="")


_Numbered = list[tuple[int, ChangedPost]]  # each with what its list is ordered by


def _added(session: Session, batch_id: int, after: int, limit: int) -> _Numbered:
    ids = added_revisions(session, batch_id, after=after, limit=limit)
    lines = revision_lines(session, ids)
    return [(id_, _post(lines[id_])) for id_ in ids]


def _changed(session: Session, batch_id: int, after: int, limit: int) -> _Numbered:
    rows = changed_revisions(session, batch_id, after=after, limit=limit)
    lines = revision_lines(session, [id_ for row in rows for id_ in (row.revision_id, row.before_id)])
    return [
        (row.revision_id, changed_post(lines[row.before_id], _text(lines[row.revision_id]), _names(row)))
        for row in rows
    ]


def _absent(session: Session, batch_id: int, after: int, limit: int) -> _Numbered:
    rows = absent_posts(session, batch_id, after=after, limit=limit)
    lines = revision_lines(session, [row.revision_id for row in rows])
    return [(row.post_id, _post(lines[row.revision_id], file=row.name)) for row in rows]


def _names(row: Any) -> Names | None:
    return None if row.new_byline is None else (row.old_byline, row.new_byline)


def _text(line: RevisionLine) -> Text:
    return Text(line.title, line.text, line.markup, line.state)


def _post(
    line: RevisionLine,
    *,
    text: str | None = None,
    before: tuple[int, datetime] | None = None,
    difference: Difference | None = None,
    file: str | None = None,
    names: Names | None = None,
) -> ChangedPost:
    return ChangedPost(
        thread=line.thread,
        thread_title=line.thread_title,
        post=line.post,
        kind=line.kind,
        author=line.byline,
        text=line.text if text is None else text,
        before=before,
        difference=difference,
        file=file,
        names=names,
    )
