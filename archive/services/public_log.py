"""What pages show of the public log: decisions, the newest first, and where each of them stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug
from archive.domain.second_opinions import basis_words
from archive.services.browse import NotFoundError
from archive.store.public_log import (
    LogEntry,
    LogRow,
    Wanted,
    collections_in_log,
    find_log_row,
    log_rows,
    names_in_log,
)
from archive.store.tags import Tag

A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Some lines of the log."""

    rows: Sequence[LogRow]
    older: int | None  # what to ask for as `before` to see further ones


def log_page(session: Session, wanted: Wanted, *, before: int | None) -> LogPage:
    """Lines of the log, the newest first, behind one of them where it is named.

    :raises NotFoundError: if there is no such line.
    """
    behind = None if before is None else session.get(LogEntry, before)
    if before is not None and behind is None:
        raise NotFoundError("entry of the log")
    rows = log_rows(session, wanted, before=behind, limit=A_PAGE + 1)
    return LogPage(rows=rows[:A_PAGE], older=rows[A_PAGE - 1].entry.id if len(rows) > A_PAGE else None)


def log_row(session: Session, number: int) -> LogRow:
    """One line of the log.

    :raises NotFoundError: if there is none, or its text was withdrawn.
    """
    row = find_log_row(session, number)
    if row is None:
        raise NotFoundError("entry of the log")
    return row


def basis_of(tag: Tag) -> str:
    """What a decision rests on, in words."""
    return basis_words(tag.basis, agreeing=len(tag.rests_on), votes=tag.votes)


def collections(session: Session) -> Sequence[tuple[CollectionSlug, str]]:
    """The collections of which the log tells: their addresses and names."""
    return collections_in_log(session)


def deciders(session: Session) -> Sequence[str]:
    """Who decided something, by name."""
    return names_in_log(session)
