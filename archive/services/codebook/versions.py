"""Versions of the codebook: reading them, and saving a new one with its ledger entry in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.codebook import MAX_REASON, Codebook, Fault, WordingError, as_stored, find_faults, from_stored
from archive.domain.codebook_changes import Change, changes, levels_redefined
from archive.domain.shipped_codebook import SHIPPED, SHIPPED_VERSION
from archive.domain.source_quality import Level
from archive.domain.word_diff import compare, shortened
from archive.errors import ArchiveError
from archive.services.browse import NotFoundError
from archive.services.differences import Difference
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.codebook import (
    CodebookVersion,
    as_recorded,
    current_number,
    find_version,
    hold_codebook,
    list_versions,
)
from archive.store.users import User

SUBJECT = "codebook"
EDIT = "edit codebook"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version in the list of all."""

    number: int
    at: datetime | None  # None: the program came with it
    by: str | None
    reason: str
    revisit: frozenset[Level]  # levels of which earlier tags are to be looked at again

    @property
    def is_shipped(self) -> bool:
        """Whether the program came with it."""
        return self.at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(VersionLine):
    """A version with its words."""

    wording: Codebook


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One thing that two versions say differently, word by word."""

    change: Change
    difference: Difference


class CodebookConflictError(ArchiveError):
    """Somebody else saved a version since the form was made."""

    def __init__(self, theirs: Version) -> None:
        self.theirs = theirs
        when = f" on {theirs.at:%-d %B %Y at %H:%M} UTC" if theirs.at else ""
        super().__init__(
            f"{theirs.by} saved version {theirs.number} of the codebook{when}, after your page was made. "
            "Nothing was overwritten, and nothing that you typed is lost: it has not been stored yet."
        )


_SHIPPED = VersionLine(
    number=SHIPPED_VERSION, at=None, by=None, reason="The codebook that the program comes with.", revisit=frozenset()
)


def current(session: Session) -> Version:
    """The newest version."""
    return version(session, current_number(session))


def version(session: Session, number: int) -> Version:
    """One version.

    :raises NotFoundError: if there is none of that number.
    """
    found = None if number == SHIPPED_VERSION else find_version(session, number)
    if found is not None:
        row, by = found
        return Version(
            number=row.number,
            at=row.at,
            by=by,
            reason=row.reason,
            revisit=frozenset(map(Level, row.revisit)),
            wording=from_stored(row.wording),
        )
    if number != SHIPPED_VERSION:
        raise NotFoundError("version of the codebook")
    return Version(number=number, at=None, by=None, reason=_SHIPPED.reason, revisit=_SHIPPED.revisit, wording=SHIPPED)


def versions(session: Session) -> Sequence[VersionLine]:
    """All versions, newest first."""
    edited = [
        VersionLine(
            number=row.number, at=row.at, by=row.by, reason=row.reason, revisit=frozenset(map(Level, row.revisit))
        )
        for row in list_versions(session)
    ]
    return [*edited, _SHIPPED]


def differences(old: Codebook, new: Codebook) -> Sequence[ChangeShown]:
    """What a version says otherwise than another one, word by word."""
    return [
        ChangeShown(change, Difference(shortened(compare(change.old or "", change.new or "")), None, None))
        for change in changes(old, new)
    ]


def find_edit_faults(before: Codebook, wording: Codebook, reason: str) -> Sequence[Fault]:
    """Everything that keeps an edit from being saved."""
    found = list(find_faults(wording))
    if not reason.strip():
        found.append(Fault("reason", "Say what you changed, and why: readers see it beside the version."))
    elif len(reason) > MAX_REASON:
        found.append(
            Fault("reason", f"What you changed has at most {MAX_REASON:,} characters, and this has {len(reason):,}.")
        )
    if not found and not changes(before, wording):
        found.append(Fault("", "Nothing is changed: every word is as it stands now."))
    return found


def save(session: Session, *, based_on: int, wording: Codebook, reason: str, redefines: bool, by: User) -> Version:
    """Have a new wording be the codebook. `based_on` is the version that its form was made from.

    :param redefines: whether tags of the levels whose definition is another one now are to be looked at again; not so
        where only a slip of the pen was mended.
    :raises CodebookConflictError: if somebody else saved a version since; nothing is overwritten.
    :raises WordingError: if something is missing, too long, or nothing is changed.
    """
    with writing(session):
        hold_codebook(session)
        before = current(session)
        if before.number != based_on:
            raise CodebookConflictError(before)
        faults = find_edit_faults(before.wording, wording, reason)
        if faults:
            raise WordingError(faults)
        redefined = levels_redefined(changes(before.wording, wording)) if redefines else frozenset()
        edit = CodebookVersion(
            number=before.number + 1,
            at=now(),
            by_id=by.id,
            reason=reason.strip(),
            wording=as_stored(wording),
            revisit=[level.value for level in Level if level in redefined],
        )
        session.add(edit)
        session.flush()
        record(session, by=Actor.of(by), act=EDIT, subject=SUBJECT, detail=as_recorded(edit))
    return version(session, before.number + 1)
