"""Receiving: bytes are kept first, whatever then becomes of them, and a disk that gives way is told in words."""

import errno
import io
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from archive.domain.batch import Balance
from archive.services.ingest.delivery import ReceivingStoppedError
from archive.services.ingest.inputs import NamedFile, NoSuchFileError
from archive.services.ingest.receive import (
    CollectionNameError,
    NothingReceivedError,
    receive_files,
    receive_paths,
    slug_of,
)
from archive.store.batches import RemarkKind, list_remarks
from archive.store.collections import list_collections
from imports.formats import UnknownFormatError
from tests.integration.conftest import BY, COLLECTION, Archive
from tests.integration.written import DYKES_FILE, SALT_FILE, thread, zipped

Counts = Callable[[Balance], dict[str, int]]


def no_access() -> BinaryIO:
    raise PermissionError(errno.EACCES, "Permission denied")


def test_a_file_that_cannot_be_opened_stops_nothing(archive: Archive, counts: Counts) -> None:
    files = [NamedFile("a.txt", lambda: io.BytesIO(DYKES_FILE.encode())), NamedFile("b.txt", no_access)]
    batch = receive_files(archive.session, archive.vault, files, collection=COLLECTION, by=BY)
    imported = archive.read_in(batch)
    assert counts(imported.balance) == {"added": 3, "quarantined": 1}
    assert imported.balance.adds_up


def test_a_full_disk_is_told_in_words_and_leaves_nothing(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("archive.store.vault._sync", full)
        with pytest.raises(ReceivingStoppedError, match="No space left on device"):
            archive.receive({"a.txt": DYKES_FILE})
    assert [path for path in archive.vault.folder.rglob("*") if path.is_file()] == []
    assert archive.import_({"a.txt": DYKES_FILE}).balance.added == 3


def test_what_a_crash_left_behind_is_swept_a_day_later(archive: Archive) -> None:
    incoming = archive.vault.folder / "incoming"
    incoming.mkdir(parents=True)
    old, fresh = incoming / "old", incoming / "fresh"
    old.write_bytes(b"half a fi")
    fresh.write_bytes(b"still arriv")
    os.utime(old, (0, 0))
    archive.import_({"a.txt": DYKES_FILE})
    assert [path.name for path in incoming.iterdir()] == ["fresh"]


def test_originals_are_kept_under_their_hashes_and_read_only(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE})
    (sha256,) = archive.vault.hashes()
    path = archive.vault.in_blocks(sha256)
    assert path.stat().st_mode & 0o777 == 0o440
    assert path.parent.name == sha256[:2]


@pytest.mark.database("sqlite")
def test_receiving_the_same_again_heals_a_damaged_copy(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE})
    (sha256,) = archive.vault.hashes()
    path = archive.vault.in_blocks(sha256)
    path.chmod(0o600)
    path.write_text(DYKES_FILE.replace("levy", "gift"))
    archive.import_({"a.txt": DYKES_FILE}, collection="other")
    with archive.vault.open(sha256) as file:
        assert file.read() == DYKES_FILE.encode()
    assert path.stat().st_mode & 0o777 == 0o440
    assert {row.text for row in archive.posts() if "gift" in row.text} == set()


@pytest.mark.database("sqlite")
def test_many_archives_do_not_need_many_open_files(archive: Archive) -> None:
    paths = archive.write({f"{number}.zip": zipped({"a.txt": thread(f"Question {number}?")}) for number in range(60)})
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 30, most))  # noqa: PTH208 - not a tree
    try:
        assert archive.import_paths(paths).balance.added == 60
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))


def test_wrong_names_are_refused_before_anything_is_kept(archive: Archive) -> None:
    paths = archive.write({"a.txt": DYKES_FILE})
    for name in ("", " ", "---", "x" * 81, "\ufdfa" * 40):
        with pytest.raises(CollectionNameError):
            receive_paths(archive.session, archive.vault, paths, collection=name, by=BY)
    with pytest.raises(UnknownFormatError):
        receive_paths(archive.session, archive.vault, paths, collection="x", format_name="word", by=BY)
    with pytest.raises(NoSuchFileError, match="no such file"):
        receive_paths(archive.session, archive.vault, [archive.folder / "none.txt"], collection="x", by=BY)
    with pytest.raises(NothingReceivedError):
        receive_files(archive.session, archive.vault, [], collection="x", by=BY)
    assert list(archive.vault.hashes()) == []
    assert list(list_collections(archive.session)) == []


def test_a_collection_is_known_by_its_address(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE}, collection=" Curious Histories! ")
    archive.import_({"b.txt": SALT_FILE}, collection="curious-histories")
    (collection,) = list_collections(archive.session)
    assert (collection.slug, collection.name) == ("curious-histories", "Curious Histories!")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("name", "slug"), [("AskHistorians", "askhistorians"), ("r/Ask_H", "r-ask-h"), ("Élan", "élan"), ("歴史", "歴史")]
)
def test_addresses_of_collections_are_lower_case_words(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_the_same_delivery_that_was_not_begun_is_the_same_batch(archive: Archive) -> None:
    batch = archive.receive({"a.txt": DYKES_FILE})
    assert archive.receive({"a.txt": DYKES_FILE}) == batch
    assert archive.receive({"a.txt": DYKES_FILE}, collection="other") != batch
    archive.read_in(batch)
    assert archive.receive({"a.txt": DYKES_FILE}) != batch


def test_the_same_paths_are_the_same_delivery_however_they_are_spelled(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write({"mill/a.txt": DYKES_FILE, "mill/.hidden": "x", "b.zip": zipped({"b.txt": SALT_FILE})})
    archive.write({"apart/b.zip": zipped({"b.txt": SALT_FILE})})

    def receive(*paths: str | Path) -> int:
        return receive_paths(archive.session, archive.vault, [*map(Path, paths)], collection=COLLECTION, by=BY)

    monkeypatch.chdir(archive.folder)
    first = receive("mill", "b.zip")
    assert receive(archive.folder / "mill", "./mill/../b.zip") == first
    monkeypatch.chdir(archive.folder / "mill")
    assert receive(".", "../b.zip") == first
    assert receive("a.txt", "../b.zip") != first  # without what is hidden
    assert receive(".", "../mill/../b.zip", archive.folder / "b.zip") != first
    assert receive("a.txt", archive.folder / "b.zip") != receive("../mill/a.txt", "a.txt")
    beside, apart = receive("../b.zip", "../b.zip"), receive("../b.zip", "../apart/b.zip")
    assert beside != apart  # where a file looks into those beside it, that makes a difference


def test_what_is_left_out_tells_one_delivery_from_another(archive: Archive) -> None:
    folder = archive.folder / "desk"
    archive.write({"desk/a.txt": DYKES_FILE})
    first = receive_paths(archive.session, archive.vault, [folder], collection=COLLECTION, by=BY)
    archive.write({"desk/broken.zip": b"PK\x03\x04 broken", "desk/.hidden": "x"})
    second = receive_paths(archive.session, archive.vault, [folder], collection=COLLECTION, by=BY)
    assert second != first
    assert receive_paths(archive.session, archive.vault, [folder], collection=COLLECTION, by=BY) == second
    left = {(remark.kind, Path(remark.name).name) for remark in list_remarks(archive.session, second)}
    assert left == {(RemarkKind.QUARANTINED, "broken.zip"), (RemarkKind.SKIPPED, ".hidden")}


def test_the_archive_that_a_file_came_in_tells_one_delivery_from_another(archive: Archive) -> None:
    first = archive.receive({"a.zip": zipped({"a.txt": DYKES_FILE})})
    second = archive.receive({"a.zip": zipped({"a.txt": DYKES_FILE}) + b"\0"})
    assert second != first
    assert len([*archive.vault.hashes()]) == 3  # the archives, and what is in both of them
