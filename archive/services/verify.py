"""Checking the archive: originals against their hashes, tags and ledger against each other."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.ids import Sha256
from archive.domain.ledger import find_faults as find_ledger_faults
from archive.errors import ArchiveError
from archive.services.ingest.inputs import Originals
from archive.store.ledger import LedgerEntry, read_entries, read_head
from archive.store.originals import Original
from archive.store.tags import Tag, TagAct, as_recorded
from archive.store.threads import Post, Revision
from archive.store.users import User
from archive.store.vault import Vault, hash_pieces, pieces_of

_TAG_ACTS = frozenset(act.value for act in TagAct)
_DECISIONS = (
    select(Tag, Revision, Post.public_id, User.name)
    .join(Revision, Revision.id == Tag.revision_id)
    .join(Post, Post.id == Tag.post_id)
    .join(User, User.id == Tag.moderator_id)
    .order_by(Tag.id)
)


def find_faults(session: Session, vault: Vault, *, say: Callable[[str], None]) -> Iterator[str]:
    """Yield a sentence for everything that is wrong, naming its place; tells `say` what was looked at."""
    yield from _originals(session, vault, say)
    try:
        yield from _tags(session)
        yield from find_ledger_faults(read_entries(session), read_head(session))
    except (ValueError, TypeError):  # a time, say, that is none
        yield _first_unreadable(session)
    say(f"Ledger entries looked at: {read_head(session).number:,}.")


def _originals(session: Session, vault: Vault, say: Callable[[str], None]) -> Iterator[str]:
    originals, known = Originals(session, vault), 0
    rows = session.execute(select(Original.sha256, Original.name, Original.size).order_by(Original.sha256)).all()
    for row in rows:
        known += 1
        try:
            with originals.open(row.sha256) as file:
                found = hash_pieces(pieces_of(file))
        except (ArchiveError, OSError) as error:
            yield f"Original {row.sha256} ({row.name}): {error}"
            continue
        if found.sha256 != row.sha256:
            yield (
                f"Original {row.sha256} ({row.name}): its bytes are not those that were received; "
                f"they hash to {found.sha256}, {found.size:,} bytes instead of {row.size:,}."
            )
    hashes = {row.sha256 for row in rows}
    for sha256 in vault.hashes():
        if Sha256(sha256) not in hashes:
            say(f"File {sha256} lies in the vault, and no batch names it; it may be from an import that was cut off.")
    say(f"Originals looked at: {known:,}.")


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A decision on an answer, as the ledger tells it."""

    subject: str
    actor: str
    act: str
    detail: dict[str, object]


def _tags(session: Session) -> Iterator[str]:
    """Decisions, and what answers show, where they are not what the ledger holds."""
    recorded, in_force = _recorded_decisions(session)
    for tag, revision, post, moderator in session.execute(_DECISIONS.execution_options(yield_per=1000)):
        entry = recorded.pop(tag.id, None)
        if entry is None:
            yield f"Tag {tag.id} of post {post}: the ledger does not know of it."
            continue
        stands = {**as_recorded(tag, revision), "post": f"post {post}", "moderator": moderator, "act": tag.act}
        told = {**entry.detail, "post": entry.subject, "moderator": entry.actor, "act": entry.act}
        for name in [name for name in told if told[name] != stands.get(name)]:
            yield f"Tag {tag.id} of post {post}: its {name} is {stands.get(name)}, and the ledger says {told[name]}."
    for tag_id, entry in recorded.items():
        yield f"Tag {tag_id} of {entry.subject}: the ledger holds it, and the table of tags does not."
    yield from _shown(session, in_force)


def _shown(session: Session, in_force: dict[str, tuple[object, object]]) -> Iterator[str]:
    marked = (
        select(Post.public_id, Post.tag_id, Post.level, Revision.public)
        .outerjoin(Tag, Tag.id == Post.tag_id)
        .outerjoin(Revision, Revision.id == Tag.revision_id)
        .where(Post.tag_id.is_not(None) | Post.level.is_not(None))
    )
    for public_id, tag_id, level, public in session.execute(marked.order_by(Post.id)):
        told = in_force.pop(f"post {public_id}", (None, None))
        if public is False:  # the text that was judged was withdrawn, and its tag with it
            told = told[0], None
        if (tag_id, level) != told:
            yield (
                f"Post {public_id}: it shows {level or 'no level'} by tag {tag_id}, "
                f"and the ledger says {told[1] or 'no level'} by tag {told[0]}."
            )
    for subject, told in in_force.items():
        yield f"P{subject[1:]}: it shows no tag, and the ledger says {told[1] or 'no level'} by tag {told[0]}."


def _recorded_decisions(session: Session) -> tuple[dict[object, _Recorded], dict[str, tuple[object, object]]]:
    """By tag, what the ledger tells of it; and by post, its newest tag and level."""
    recorded: dict[object, _Recorded] = {}
    in_force: dict[str, tuple[object, object]] = {}
    for entry in read_entries(session):
        if entry.act in _TAG_ACTS:
            detail = _parsed(entry.detail)
            recorded[detail.get("tag")] = _Recorded(entry.subject, entry.actor, entry.act, detail)
            in_force[entry.subject] = detail.get("tag"), detail.get("level")
    return recorded, in_force


def _parsed(detail: str) -> dict[str, object]:
    """What an entry tells; nothing where it was made unreadable, which its hash will show."""
    try:
        parsed = json.loads(detail)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _first_unreadable(session: Session) -> str:
    """The first entry that cannot even be read."""
    for number in session.scalars(select(LedgerEntry.number).order_by(LedgerEntry.number)).all():
        try:
            session.execute(select(LedgerEntry.__table__).where(LedgerEntry.number == number)).one()
        except (ValueError, TypeError) as error:
            return f"Ledger entry {number}: it cannot be read: {error}."
    return "Ledger: an entry cannot be read."
