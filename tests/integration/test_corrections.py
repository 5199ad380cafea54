"""Doubtful lines: shown in the preview with both readings, flipped there, and remembered."""

import json
from collections.abc import Callable

import pytest

from archive.domain.batch import Balance
from archive.domain.records import LineReading
from archive.services.ingest.correct import correct
from archive.services.ingest.pages import batch_page
from archive.services.ingest.preview import DoubtSketch, Preview, preview_batch
from archive.services.ingest.publish import NoSuchBatchError, roll_back
from archive.store.ledger import read_entries
from tests.integration.conftest import BY, Archive, Content
from tests.integration.written import ANNALIST, DYKES, DYKES_FILE, RUSTICUS, lines, thread, zipped

Counts = Callable[[Balance], dict[str, int]]

# “Groenlo” may be an author or a paragraph of one word.
DOUBTFUL = thread(
    DYKES,
    [
        (ANNALIST, "The water boards did, out of a levy on every holder of land."),
        (RUSTICUS, "Which town was the last to pay? I will tell you its name.\n\nGroenlo\n\nThat was in 1498."),
    ],
)
FORMS: dict[str, Callable[[], dict[str, Content]]] = {
    "a file": lambda: {"a.txt": DOUBTFUL},
    "a line of JSON": lambda: {"a.jsonl": lines(DYKES_FILE.replace(DYKES, "Who paid?"), DOUBTFUL)},
    "a member of an archive": lambda: {"a.zip": zipped({"x.txt": "no thread", "a.txt": DOUBTFUL})},
}


def the_doubt(preview: Preview) -> DoubtSketch:
    (doubt,) = [doubt for doubt in preview.doubts if doubt.text == "Groenlo"]
    return doubt


def flip(archive: Archive, batch: int, doubt: DoubtSketch) -> LineReading:
    other = LineReading.TEXT if doubt.reading is LineReading.NAME else LineReading.NAME
    correct(archive.session, batch, {(doubt.input, doubt.offset): other}, by=BY)
    return other


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("form", FORMS)
def test_a_doubtful_line_is_shown_in_its_place(archive: Archive, form: str) -> None:
    batch = archive.receive(FORMS[form]())
    doubt = the_doubt(preview_batch(archive.session, archive.vault, batch))
    assert "its name." in doubt.before.replace("\\n", " ")
    assert "That was in 1498." in doubt.after.replace("\\n\\n", " ")
    assert 0.5 <= doubt.confidence < 1
    assert doubt.reasons
    assert not doubt.corrected


@pytest.mark.parametrize("form", FORMS)
def test_what_was_flipped_is_imported_so_and_again_so(archive: Archive, counts: Counts, form: str) -> None:
    files = FORMS[form]()
    batch = archive.receive(files)
    before = preview_batch(archive.session, archive.vault, batch)
    other = flip(archive, batch, the_doubt(before))
    after = preview_batch(archive.session, archive.vault, batch)
    assert (the_doubt(after).reading, the_doubt(after).corrected) == (other, True)
    more = after.balance.answers - before.balance.answers
    assert more == (1 if other is LineReading.NAME else -1)
    imported = archive.read_in(batch)
    assert imported.balance == after.balance
    assert ("Groenlo" in {row.byline for row in archive.posts()}) == (other is LineReading.NAME)
    assert sum(row.corrections for row in batch_page(archive.session, batch).inputs) == 1
    preview = archive.preview(files).balance
    again = archive.import_(files).balance
    assert again == preview
    assert (again.added, again.changed, again.unchanged) == (0, 0, imported.balance.added)


def test_a_rolled_back_batch_leaves_its_corrections(archive: Archive) -> None:
    batch = archive.receive({"a.txt": DOUBTFUL})
    other = flip(archive, batch, the_doubt(preview_batch(archive.session, archive.vault, batch)))
    archive.read_in(batch)
    roll_back(archive.session, batch, reason="", by=BY)
    again = archive.receive({"b.txt": DOUBTFUL})
    assert the_doubt(preview_batch(archive.session, archive.vault, again)).reading is other


def test_a_line_can_be_flipped_back(archive: Archive) -> None:
    batch = archive.receive({"a.txt": DOUBTFUL})
    first = the_doubt(preview_batch(archive.session, archive.vault, batch))
    flip(archive, batch, first)
    flip(archive, batch, the_doubt(preview_batch(archive.session, archive.vault, batch)))
    assert the_doubt(preview_batch(archive.session, archive.vault, batch)).reading is first.reading


def test_a_correction_stands_in_the_ledger_once(archive: Archive) -> None:
    batch = archive.receive({"a.txt": DYKES_FILE.replace(DYKES, "Who paid?"), "b.txt": DOUBTFUL})
    doubt = the_doubt(preview_batch(archive.session, archive.vault, batch))
    other = flip(archive, batch, doubt)
    correct(archive.session, batch, {(doubt.input, doubt.offset): other}, by=BY)
    entries = [entry for entry in read_entries(archive.session, subject=f"batch {batch}") if entry.act == "correct"]
    (told,) = [json.loads(entry.detail) for entry in entries]
    assert told == {"lines": [{"input": 1, "offset": doubt.offset, "reading": other.value}]}


def test_what_the_ledger_cannot_hold_is_not_corrected(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    batch = archive.receive({"a.txt": DOUBTFUL})
    doubt = the_doubt(preview_batch(archive.session, archive.vault, batch))
    with monkeypatch.context() as patch:
        patch.setattr("archive.services.ledger.append", fail)
        with pytest.raises(OSError, match="No space left"):
            flip(archive, batch, doubt)
    archive.session.expire_all()
    assert not the_doubt(preview_batch(archive.session, archive.vault, batch)).corrected


def test_corrections_of_a_batch_that_there_is_not_are_refused(archive: Archive) -> None:
    with pytest.raises(NoSuchBatchError):
        correct(archive.session, 77, {}, by=BY)


def test_a_preview_writes_nothing(archive: Archive) -> None:
    batch = archive.receive({"a.txt": DOUBTFUL})
    preview_batch(archive.session, archive.vault, batch)
    assert archive.posts() == []
    assert not archive.session.dirty
    assert not archive.session.new


@pytest.mark.database("sqlite")
def test_many_doubts_in_a_well_packed_archive_are_no_bomb(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imports.containers.ZIP_RATIO_FREE_BYTES", 10_000)
    texts = [DOUBTFUL.replace(DYKES, f"Who paid for dyke {number}?") for number in range(120)]
    files: dict[str, Content] = {"a.zip": zipped({"a.jsonl": lines(*texts)})}
    batch = archive.receive(files)
    preview = preview_batch(archive.session, archive.vault, batch)
    assert preview.doubtful >= 120
    assert preview.balance.quarantined == 0
    assert archive.preview(files).balance == preview.balance == archive.read_in(batch).balance
