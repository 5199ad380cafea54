"""Every import ends in a balance sheet whose sums match its input, whatever the input is."""

import io
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.domain.batch import Balance
from archive.services.ingest import chunks
from archive.services.ingest.pages import batch_page
from archive.store.batches import RemarkKind
from tests.integration.conftest import Archive, Content
from tests.integration.seven_zips import seven_zipped
from tests.integration.written import BELLS_FILE, DYKES_FILE, SALT_FILE, lines, thread, zipped

Counts = Callable[[Balance], dict[str, int]]
ENCRYPTED = Path(__file__).parents[1] / "fixtures" / "imports" / "seven_zip" / "encrypted.7z"
SHARED = Path(__file__).parents[3] / "shared" / "data"

PROGRAM = b"\x7fELF" + bytes(range(256)) * 4
NOISE = random.Random(7).randbytes(5000)
BAD_LINES = (
    lines(DYKES_FILE) + '{"text": \n[1, 2]\n{"other": 1}\n{"text": 3}\n\n' + lines(SALT_FILE) + '{"text": "no"}\n'
)


def zipped_twice_under_one_name() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", DYKES_FILE)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", SALT_FILE)
    return file.getvalue()


def encrypted() -> bytes:
    raw = bytearray(zipped({"a.txt": DYKES_FILE, "b.txt": SALT_FILE}))
    first, listed = raw.index(b"PK\x03\x04"), raw.index(b"PK\x01\x02")
    raw[first + 6] |= 1
    raw[listed + 8] |= 1
    return bytes(raw)


def linked() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", DYKES_FILE)
    return file.getvalue()


def bomb() -> bytes:
    return zipped({"zeros.txt": bytes(80 * 1024 * 1024), "a.txt": DYKES_FILE})


def damaged() -> bytes:
    raw = bytearray(zipped({"a.txt": DYKES_FILE}, method=zipfile.ZIP_STORED))
    raw[raw.index(b"water")] ^= 1
    return bytes(raw)


CASES: dict[str, tuple[Callable[[], dict[str, Content]], dict[str, int]]] = {
    "a thread": (lambda: {"a.txt": DYKES_FILE}, {"added": 3}),
    "a thread with a mark at its front": (lambda: {"a.txt": b"\xef\xbb\xbf" + DYKES_FILE.encode()}, {"added": 3}),
    "a thread in UTF-16": (lambda: {"a.txt": DYKES_FILE.encode("utf-16")}, {"added": 3}),
    "an empty file": (lambda: {"a.txt": b""}, {"skipped": 1}),
    "blanks": (lambda: {"a.txt": b" \n\r\n\t"}, {"skipped": 1}),
    "a program": (lambda: {"a.bin": PROGRAM}, {"quarantined": 1}),
    "noise": (lambda: {"a.bin": NOISE}, {"quarantined": 1}),
    "no thread": (lambda: {"a.txt": "Only a remark.\n"}, {"quarantined": 1}),
    "lines of which some are bad": (lambda: {"a.jsonl": BAD_LINES}, {"added": 6, "quarantined": 5}),
    "lines without an end": (lambda: {"a.jsonl": lines(DYKES_FILE).rstrip("\n")}, {"added": 3}),
    "a post that is too large": (
        lambda: {"a.txt": thread("How long is too long?", [("weaver_of_ghent2", "a " * 600_000)])},
        {"added": 1, "quarantined": 1},
    ),
    "a zip archive": (lambda: {"a.zip": zipped({"a.txt": DYKES_FILE, "b.txt": SALT_FILE})}, {"added": 6}),
    "an empty zip archive": (lambda: {"a.zip": zipped({})}, {"skipped": 1}),
    "a zip archive with hidden members": (
        lambda: {"a.zip": zipped({".hidden": b"x", "__MACOSX/._a.txt": b"x", "folder/": b"", "a.txt": DYKES_FILE})},
        {"added": 3, "skipped": 3},
    ),
    "a zip archive with a link": (lambda: {"a.zip": linked()}, {"added": 3, "skipped": 1}),
    "a zip archive with an encrypted member": (lambda: {"a.zip": encrypted()}, {"added": 3, "quarantined": 1}),
    "a zip archive with two members of one name": (
        lambda: {"a.zip": zipped_twice_under_one_name()},
        {"added": 3, "quarantined": 1},
    ),
    "a zip archive with an archive in it": (
        lambda: {"a.zip": zipped({"b.zip": zipped({"a.txt": SALT_FILE}), "a.txt": DYKES_FILE})},
        {"added": 3, "quarantined": 1},
    ),
    "a damaged zip archive": (lambda: {"a.zip": damaged()}, {"quarantined": 1}),
    "half a zip archive": (lambda: {"a.zip": zipped({"a.txt": DYKES_FILE})[:200]}, {"quarantined": 1}),
    "a bomb": (lambda: {"a.zip": bomb()}, {"added": 3, "quarantined": 1}),
    "a 7z archive": (lambda: {"a.7z": seven_zipped({"a.txt": DYKES_FILE, "b.txt": SALT_FILE})}, {"added": 6}),
    "an empty 7z archive": (lambda: {"a.7z": seven_zipped({})}, {"skipped": 1}),
    "a 7z archive with hidden members and a link": (
        lambda: {
            "a.7z": seven_zipped(
                {
                    ".hidden": b"x",
                    "__MACOSX/._a.txt": b"x",
                    "folder/": b"",
                    "link": b"/etc/passwd",
                    "a.txt": DYKES_FILE,
                },
                attributes={"link": 0xA1FF8000},
            )
        },
        {"added": 3, "skipped": 4},
    ),
    "a 7z archive with two members of one name": (
        lambda: {"a.7z": seven_zipped([("a.txt", DYKES_FILE), ("a.txt", SALT_FILE), ("b.txt", BELLS_FILE)])},
        {"added": 5, "quarantined": 1},
    ),
    "a 7z archive with an archive in it": (
        lambda: {"a.7z": seven_zipped({"b.7z": seven_zipped({"a.txt": SALT_FILE}), "a.txt": DYKES_FILE})},
        {"added": 3, "quarantined": 1},
    ),
    "an encrypted 7z archive": (
        lambda: {"a.7z": ENCRYPTED.read_bytes(), "a.txt": DYKES_FILE},
        {"added": 3, "quarantined": 3},
    ),
    "half a 7z archive": (lambda: {"a.7z": seven_zipped({"a.txt": DYKES_FILE})[:200]}, {"quarantined": 1}),
    "a bomb in a 7z archive": (
        lambda: {"a.7z": seven_zipped({"a.txt": DYKES_FILE, "zeros.txt": bytes(80 * 1024 * 1024)})},
        {"added": 3, "quarantined": 1},
    ),
    "the same thread everywhere": (
        lambda: {"a.txt": DYKES_FILE, "b.jsonl": lines(DYKES_FILE), "c.zip": zipped({"a.txt": DYKES_FILE})},
        {"added": 3, "duplicate": 6},
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.database("sqlite")
def test_the_sheet_adds_up_and_the_preview_foretold_it(archive: Archive, counts: Counts, case: str) -> None:
    make, expected = CASES[case]
    files = make()
    preview = archive.preview(files).balance
    balance = archive.import_(files).balance
    assert balance.adds_up
    assert counts(balance) == expected
    assert preview == balance
    assert balance.read == balance.questions + balance.answers + balance.replies + balance.quarantined + balance.skipped


@pytest.mark.parametrize("case", CASES)
@pytest.mark.database("sqlite")
def test_importing_again_adds_nothing(archive: Archive, case: str) -> None:
    files = CASES[case][0]()
    first = archive.import_(files).balance
    preview = archive.preview(files).balance
    again = archive.import_(files).balance
    assert (again.added, again.changed) == (0, 0)
    assert again.unchanged == first.added
    assert (again.duplicate, again.quarantined, again.skipped) == (first.duplicate, first.quarantined, first.skipped)
    assert (again.threads, again.questions, again.answers) == (first.threads, first.questions, first.answers)
    assert preview == again


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("posts", [1, 2, 4, 7])
def test_the_size_of_chunks_does_not_change_the_sheet(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch, posts: int
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", posts)
    files: dict[str, Content] = {
        "a.jsonl": lines(DYKES_FILE, SALT_FILE, DYKES_FILE, BELLS_FILE) + BAD_LINES,
        "b.txt": SALT_FILE,
    }
    expected = {"added": 8, "duplicate": 12, "quarantined": 5}
    preview = archive.preview(files).balance
    imported = archive.import_(files)
    assert counts(imported.balance) == expected
    assert preview == imported.balance
    assert imported.balance.threads == 3
    again = archive.import_(files).balance
    assert counts(again) == {"unchanged": 8, "duplicate": 12, "quarantined": 5}
    assert again.threads == 3


def test_what_is_set_aside_is_listed_with_its_place_and_reason(archive: Archive) -> None:
    imported = archive.import_({"a.jsonl": BAD_LINES, "b.bin": PROGRAM, "c.txt": b""})
    page = batch_page(archive.session, imported.batch)
    kinds = (RemarkKind.QUARANTINED, RemarkKind.SKIPPED)
    aside = [row for kind in kinds if kind in page.remarks for row in page.remarks[kind].remarks]
    assert len(aside) == imported.balance.quarantined + imported.balance.skipped == 7
    assert sum(row.length for row in aside) == imported.balance.bytes_set_aside
    assert all(row.text.endswith(".") for row in aside)
    first = aside[0]
    raw = BAD_LINES.encode()
    assert raw[first.offset : first.offset + first.length] == b'{"text": \n'


def test_a_folder_is_read_by_name_without_what_is_hidden(archive: Archive, counts: Counts) -> None:
    archive.write({"box/b/c.txt": SALT_FILE, "box/a.txt": DYKES_FILE, "box/.hidden": "x", "box/.git/config": "x"})
    (archive.folder / "box" / "link.txt").symlink_to(archive.folder / "box" / "a.txt")
    imported = archive.import_paths([archive.folder / "box"])
    assert counts(imported.balance) == {"added": 6, "skipped": 3}


def test_an_empty_folder_balances_at_nothing(archive: Archive, counts: Counts) -> None:
    (archive.folder / "empty").mkdir()
    imported = archive.import_paths([archive.folder / "empty"])
    assert counts(imported.balance) == {}
    assert imported.balance.read == imported.balance.bytes_received == 0


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("case", ["a thread", "lines of which some are bad", "a zip archive with hidden members"])
def test_what_was_received_is_in_the_vault_byte_by_byte(archive: Archive, case: str) -> None:
    files = CASES[case][0]()
    archive.import_(files)
    received = {content.encode() if isinstance(content, str) else content for content in files.values()}
    members = {DYKES_FILE.encode()} if "zip" in case else set()
    kept: list[bytes] = []
    for sha256 in archive.vault.hashes():
        with archive.vault.open(sha256) as file:
            kept.append(file.read())
    assert sorted(kept) == sorted(received | members)


@pytest.mark.database("sqlite")
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
@pytest.mark.parametrize("folder", ["hostile/rawtext", "hostile/unicode", "hostile/json", "hostile/threads"])
def test_hostile_files_balance(archive: Archive, folder: str) -> None:
    preview = archive.preview({}) if not (SHARED / folder).is_dir() else None
    assert preview is None
    imported = archive.import_paths([SHARED / folder])
    assert imported.balance.adds_up
    assert imported.balance.read


@pytest.mark.parametrize(
    "content", [zipped({"a.txt": DYKES_FILE})[:200], zipped({})], ids=["half a zip", "an empty zip"]
)
def test_the_bytes_of_an_archive_that_gives_nothing_are_set_aside(archive: Archive, content: bytes) -> None:
    sheet = archive.import_({"a.zip": content}).balance
    assert (sheet.bytes_received, sheet.bytes_set_aside) == (len(content), len(content))
    assert archive.preview({"a.zip": content}).balance == sheet
