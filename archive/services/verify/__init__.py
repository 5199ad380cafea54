"""Checking the archive: originals against their hashes, texts against their fingerprints, everything that was decided
against the ledger, and the ledger against itself.
"""

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from archive.domain.ledger import find_faults as find_ledger_faults
from archive.domain.one_line import one_line
from archive.services.verify.accounts import account_faults
from archive.services.verify.batches import batch_faults
from archive.services.verify.bulks import bulk_faults
from archive.services.verify.codebook import codebook_faults
from archive.services.verify.collections import collection_faults
from archive.services.verify.evidence import evidence_faults
from archive.services.verify.findings import finding_faults
from archive.services.verify.ledger import first_unreadable
from archive.services.verify.openly import open_faults
from archive.services.verify.order import order_faults
from archive.services.verify.originals import original_faults
from archive.services.verify.placements import placement_faults
from archive.services.verify.posts import post_faults
from archive.services.verify.practice import practice_faults
from archive.services.verify.rules import rules_faults
from archive.services.verify.sources import source_faults
from archive.services.verify.tags import tag_faults
from archive.services.verify.takedowns import takedown_faults
from archive.services.verify.training import training_faults
from archive.services.verify.votes import vote_faults
from archive.store.ledger import read_entries, read_head
from archive.store.vault import Vault

Say = Callable[[str], None]


def find_faults(session: Session, vault: Vault, *, say: Say) -> Iterator[str]:
    """Yield a sentence for everything that is wrong, naming its place; tells `say` what was looked at.

    Names come from whoever sent the files: what does not print in them is shown as an escape.
    """
    yield from map(one_line, _faults(session, vault, lambda sentence: say(one_line(sentence))))


def _faults(session: Session, vault: Vault, say: Say) -> Iterator[str]:
    yield from original_faults(session, vault, say)
    try:
        yield from post_faults(session, say)
        yield from batch_faults(session)
        yield from account_faults(session)
        yield from practice_faults(session)
        yield from tag_faults(session)
        yield from vote_faults(session)
        yield from bulk_faults(session)
        yield from rules_faults(session)
        yield from collection_faults(session)
        yield from finding_faults(session)
        yield from evidence_faults(session)
        yield from open_faults(session)
        yield from placement_faults(session)
        yield from source_faults(session)
        yield from takedown_faults(session, say)
        yield from order_faults(session)
        yield from training_faults(session)
        yield from codebook_faults(session)
        yield from find_ledger_faults(read_entries(session), read_head(session))
    except (ValueError, TypeError, LookupError) as error:  # a time, say, that is none, or a word that there is not
        yield first_unreadable(session) or f"Database: a value in it cannot be read: {error}."
    say(f"Ledger entries looked at: {read_head(session).number:,}.")
