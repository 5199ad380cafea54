"""What one of the databases could not hold stops no import: each such thing is met where it comes in."""

import random

import pytest
from sqlalchemy.exc import DataError

from archive.domain.records import LineReading
from archive.services.ingest.correct import correct
from archive.services.ingest.publish import find_batch
from archive.services.ingest.run import ImportStoppedError
from archive.services.search import search
from archive.store.batches import RemarkKind, list_remarks
from tests.integration.conftest import BY, Archive
from tests.integration.written import BELLS_FILE, DYKES_FILE, SALT_FILE, lines, thread

RARE = "".join(random.Random(1).choices([chr(code) for code in range(0x20000, 0x2A000)], k=900))


def counting(letters: int, first: int, number: int) -> str:
    """Letters that no other number has, so that each word is another."""
    return "".join(chr(first + number // letters**place % letters) for place in range(3))


GROWING = {
    "Hebrew": " ".join("\ufb2c" * 90 + counting(22, 0x5D0, number) for number in range(2100)),
    "Devanagari": " ".join("\u0958" * 80 + counting(30, 0x915, number) for number in range(2400)),
    "rare": " ".join(chr(0x20000 + n % 40000) + chr(0x20000 + n * 7 % 39997) for n in range(66_000)),
}


def test_a_nul_in_the_name_of_a_field_is_shown_as_an_escape(archive: Archive) -> None:
    odd = lines(SALT_FILE).replace('{"text"', '{"a\\u0000b": 1, "text"')
    imported = archive.import_({"a.jsonl": lines(DYKES_FILE) + odd})
    assert imported.balance.added == 6
    (note,) = list_remarks(archive.session, imported.batch, kind=RemarkKind.NOTE)
    assert r"“a\x00b”" in note.text


@pytest.mark.parametrize("script", GROWING)
def test_letters_that_grow_when_they_are_normalised_are_imported(archive: Archive, script: str) -> None:
    text = thread("Who wrote this?", [("bob_the_scribe", f"Beginning {GROWING[script]}")])
    assert archive.import_({"a.txt": text, "b.txt": SALT_FILE}, public=True).balance.added == 5
    assert search(archive.session, "beginning").total == 1


def long_name(archive: Archive, name: str) -> int:
    """A batch in which a line of that length was said to be a name."""
    file = f"{DYKES_FILE}\n{name}\n\nMore words of somebody here.\n"
    batch = archive.receive({"a.txt": file, "b.txt": BELLS_FILE})
    correct(archive.session, batch, {(0, file.encode().index(f"\n{name}".encode()) + 1): LineReading.NAME}, by=BY)
    return batch


def test_a_line_that_is_too_long_for_a_name_is_set_aside_with_a_reason(archive: Archive) -> None:
    imported = archive.read_in(long_name(archive, "a" * 1500))
    assert imported.balance.adds_up
    assert imported.balance.quarantined == 1
    (remark,) = list_remarks(archive.session, imported.batch, kind=RemarkKind.QUARANTINED)
    assert "was said to be a name, and has 1,500 characters" in remark.text


def test_a_long_name_of_rare_characters_is_kept(archive: Archive) -> None:
    archive.read_in(long_name(archive, RARE))
    assert RARE in {row.byline for row in archive.posts()}


def test_what_a_database_refuses_all_the_same_is_written_down(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DataError("INSERT", {}, ValueError("value too long for type character varying(9)\nDETAIL: a whole post"))

    batch = archive.receive({"a.txt": DYKES_FILE})
    with monkeypatch.context() as patch:
        patch.setattr("archive.services.ingest.entering.write_rows", refuse)
        with pytest.raises(ImportStoppedError, match="value too long"):
            archive.read_in(batch)
    assert find_batch(archive.session, batch).failure == "value too long for type character varying(9)."
    assert archive.read_in(batch).balance.added == 3
