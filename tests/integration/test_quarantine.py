"""What could not be read: repaired and read again, dismissed for a reason, taken back, and imported again."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest

from archive.domain.batch import Balance, BatchStateError
from archive.domain.quarantine import Dismissal, DismissalError
from archive.domain.records import PostKind
from archive.services.ingest.publish import find_batch, roll_back
from archive.services.ingest.receive import receive_paths
from archive.services.ingest.run import run_batch
from archive.services.originals import original_page
from archive.services.quarantine.dismiss import dismiss, take_back, take_back_act
from archive.services.quarantine.items import ItemSettledError, NoSuchItemError
from archive.services.quarantine.reading import StillUnreadableError
from archive.services.quarantine.repair import Repaired, repair
from archive.services.quarantine.units import NotMendableError, UnitText, unit_of
from archive.services.verify import find_faults
from archive.store.batches import Remark, RemarkKind, list_inputs, list_remarks
from archive.store.import_lock import ImportRunningError, import_lock
from archive.store.ledger import read_entries
from tests.integration.conftest import BY, Archive, Content, Imported

Counts = Callable[[Balance], dict[str, int]]

SUBMISSION = {
    "id": "aa1",
    "author": "clio_reads7",
    "title": "Who paid for the dykes of Holland before 1500?",
    "selftext": "",
    "subreddit": "history",
    "created_utc": 1_400_000_000,
}


def comment(name: str, parent: str, body: str) -> str:
    return json.dumps(
        {
            "id": name,
            "link_id": "t3_aa1",
            "parent_id": parent,
            "author": "annalist_1204",
            "body": body,
            "subreddit": "history",
            "created_utc": 1_400_000_100,
        }
    )


def dump(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


WHOLE = comment("c1", "t3_aa1", "The water boards did, out of a levy on every holder of land.")
REPLY = comment("c2", "t1_c1", "Do their account books survive?")
BROKEN = WHOLE.replace('"author": ', '"author" ')
DUMP = dump(json.dumps(SUBMISSION), BROKEN, REPLY)


def quarantined(archive: Archive, batch: int) -> list[int]:
    return [remark.number for remark in list_remarks(archive.session, batch, kind=RemarkKind.QUARANTINED)]


def sheet(archive: Archive, batch: int) -> Balance:
    archive.session.rollback()
    found = find_batch(archive.session, batch).sheet
    assert found.adds_up, found
    return found


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return [*find_faults(archive.session, archive.vault, say=lambda _: None)]


def mend(archive: Archive, batch: int, number: int, text: str) -> Repaired:
    return repair(archive.session, archive.vault, batch, number, text=text, by=BY)


def unit(archive: Archive, batch: int, number: int) -> UnitText:
    return unit_of(archive.session, archive.vault, archive.session.get_one(Remark, (batch, number)))


def broken(archive: Archive, files: dict[str, Content] | None = None, *, public: bool = False) -> tuple[Imported, int]:
    """A batch with one stretch in quarantine, and its number."""
    imported = archive.import_(files or {"dump.ndjson": DUMP}, public=public)
    (number,) = quarantined(archive, imported.batch)
    return imported, number


def test_a_repaired_line_becomes_a_post_of_its_batch_and_takes_its_place_in_the_thread(
    archive: Archive, counts: Counts
) -> None:
    imported, number = broken(archive)
    assert unit(archive, imported.batch, number).text == BROKEN
    done = mend(archive, imported.batch, number, WHOLE)
    assert counts(done.moved) == {"added": 1, "quarantined": -1}
    assert not done.public
    after = sheet(archive, imported.batch)
    assert counts(after) == {"added": 3}
    assert after.read == imported.balance.read == 3
    assert after.bytes_set_aside == len(BROKEN) + 1
    assert after.bytes_received == len(DUMP) + len(WHOLE) + 1
    question, answer, reply = sorted(archive.posts(), key=lambda row: row.position)
    assert (question.kind, answer.kind, reply.kind) == (PostKind.QUESTION, PostKind.ANSWER, PostKind.REPLY)
    assert (answer.depth, reply.depth) == (1, 2)
    assert faults(archive) == []
