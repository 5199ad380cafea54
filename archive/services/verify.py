"""Checking the archive: originals against their hashes, tags and ledger against each other."""

import json
from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.ids import Sha256
from archive.domain.ledger import find_faults as find_ledger_faults
from archive.errors import ArchiveError
from archive.services.ingest.inputs import Originals
from archive.store.ledger import read_entries, read_head
from archive.store.originals import Original
from archive.store.tags import Tag, TagAct
from archive.store.threads import Post
from archive.store.vault import Vault, hash_pieces, pieces_of

_TAG_ACTS = frozenset(act.value for act in TagAct)


def find_faults(session: Session, vault: Vault, *, say: Callable[[str], None]) -> Iterator[str]:
    """Yield a sentence for everything that is wrong, naming its place; tells `say` what was looked at."""
    yield from _originals(session, vault, say)
    yield from _tags(session)
    yield from find_ledger_faults(read_entries(session), read_head(session))
    say(f"{read_head(session).number:,} ledger entries looked at.")


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
    say(f"{known:,} originals looked at.")


def _tags(session: Session) -> Iterator[str]:
    """Tags whose level in the tables is not the one that the ledger holds."""
    written: dict[int, object] = {}
    for entry in read_entries(session):
        if entry.act in _TAG_ACTS:
            detail = json.loads(entry.detail)
            written[detail["tag"]] = detail["level"]
    for id_, level, public_id in session.execute(
        select(Tag.id, Tag.level, Post.public_id).join(Post, Post.id == Tag.post_id).order_by(Tag.id)
    ):
        if id_ not in written:
            yield f"Tag {id_} of post {public_id}: the ledger does not know of it."
        elif written[id_] != level:
            yield f"Tag {id_} of post {public_id}: it says {level}, and the ledger says {written[id_]}."
    for public_id, level, tag_level in session.execute(
        select(Post.public_id, Post.level, Tag.level)
        .join(Tag, Tag.id == Post.tag_id)
        .where(Post.level.is_distinct_from(Tag.level))
        .order_by(Post.id)
    ):
        yield f"Post {public_id}: its page says {level or 'no level'}, and its tag says {tag_level or 'no level'}."
