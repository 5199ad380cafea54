"""Files that are compressed as a whole: kept as they came, and read as what is in them."""

import bz2
import gzip
import json
import lzma
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.domain.batch import Balance
from archive.domain.ids import Sha256
from archive.services.ingest import delivery
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.preview import preview_batch, preview_paths
from archive.services.ingest.receive import receive_files, receive_paths
from archive.services.verify import find_faults
from archive.store.batches import RemarkKind, list_inputs, list_remarks
from archive.store.originals import Original
from imports.packed import zstd
from tests.integration.conftest import BY, COLLECTION, Archive
from tests.integration.written import DYKES_FILE, SALT_FILE, lines, with_large_window

Counts = Callable[[Balance], dict[str, int]]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".zst": zstd.compress,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
}
RAW = DYKES_FILE.encode()


def hash_of(raw: bytes) -> Sha256:
    return Sha256(sha256(raw).hexdigest())


@pytest.mark.parametrize("suffix", PACKERS)
def test_posts_point_into_what_was_unpacked(archive: Archive, suffix: str) -> None:
    packed = PACKERS[suffix](RAW)
    imported = archive.import_({f"dykes.txt{suffix}": packed})
    assert imported.balance.added == 3
    assert imported.balance.bytes_received == len(RAW)
    member, container = (archive.session.get_one(Original, hash_of(raw)) for raw in (RAW, packed))
    assert (member.container, member.member, member.size) == (container.sha256, "dykes.txt", len(RAW))
    assert member.name.endswith(f"dykes.txt{suffix} › dykes.txt")
    assert (container.container, container.size) == (None, len(packed))
    assert set(archive.vault.hashes()) == {container.sha256, member.sha256}
    assert archive.vault.as_it_came(container.sha256).read_bytes() == packed
    for post in archive.posts():
        with archive.vault.open(post.original) as file:
            file.seek(post.offset)
            assert file.read(post.length) in RAW
    assert list(find_faults(archive.session, archive.vault, say=lambda _: None)) == []


def test_the_bytes_tell_that_a_file_is_compressed_and_not_its_name(archive: Archive, counts: Counts) -> None:
    files = {"a.txt": gzip.compress(RAW), "b.zst": SALT_FILE}
    assert counts(archive.import_(files).balance) == {"added": 6}
    assert archive.session.get_one(Original, hash_of(RAW)).member == "a.txt"


def test_the_same_again_changes_nothing(archive: Archive, counts: Counts) -> None:
    archive.import_({"a.txt.gz": gzip.compress(RAW)})
    assert counts(archive.import_({"a.txt.gz": gzip.compress(RAW)}).balance) == {"unchanged": 3}
    assert counts(archive.import_({"other.xz": lzma.compress(RAW)}).balance) == {"unchanged": 3}
    assert counts(archive.import_({"a.txt": RAW}).balance) == {"unchanged": 3}


def test_two_names_of_one_compressed_file_are_two_files(archive: Archive) -> None:
    batch = archive.receive({"a.txt.gz": gzip.compress(RAW, mtime=0), "b.txt.gz": gzip.compress(RAW, mtime=0)})
    names = [input_.name.rpartition("/")[2] for input_ in list_inputs(archive.session, batch)]
    assert names == ["a.txt.gz › a.txt", "b.txt.gz › b.txt"]
    assert archive.read_in(batch).balance.duplicate == 3


@pytest.mark.parametrize("suffix", PACKERS)
def test_of_a_file_that_was_cut_off_nothing_is_taken_and_its_bytes_are_kept(
    archive: Archive, counts: Counts, suffix: str
) -> None:
    cut = PACKERS[suffix](lines(*[DYKES_FILE, SALT_FILE] * 50).encode())[:-3]
    imported = archive.import_({f"a{suffix}": cut, "b.txt": SALT_FILE})
    assert counts(imported.balance) == {"added": 3, "quarantined": 1}
    (remark,) = list_remarks(archive.session, imported.batch, kind=RemarkKind.QUARANTINED)
    assert remark.name.endswith(f"a{suffix}")
    assert "cut off" in remark.text
    assert archive.session.get_one(Original, hash_of(cut)).container is None
    assert archive.vault.as_it_came(hash_of(cut)).read_bytes() == cut


def test_a_bomb_is_set_aside_and_the_others_are_read(archive: Archive, counts: Counts) -> None:
    balance = archive.import_({"bomb.zst": zstd.compress(bytes(80 * 1024 * 1024)), "a.txt": DYKES_FILE}).balance
    assert counts(balance) == {"added": 3, "quarantined": 1}


def test_a_compressed_file_is_unpacked_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[str] = []
    unpack = delivery.unpack
    monkeypatch.setattr(
        delivery, "unpack", lambda file, name, **how: times.append(name) or unpack(file, name=name, **how)
    )
    archive.import_({"a.jsonl.zst": zstd.compress(lines(DYKES_FILE, SALT_FILE).encode())})
    assert len(times) == 1


def test_a_preview_of_compressed_files_keeps_nothing_and_says_what_comes(archive: Archive) -> None:
    files = {f"a{suffix}": pack(RAW) for suffix, pack in PACKERS.items()}
    preview = archive.preview(files)
    assert list(archive.vault.hashes()) == []
    assert preview.balance == archive.import_(files).balance


def test_a_large_window_needs_the_option_when_it_is_received_and_previewed(archive: Archive, counts: Counts) -> None:
    paths = archive.write({"a.zst": with_large_window(RAW)})
    refused = receive_paths(archive.session, archive.vault, paths, collection=COLLECTION, by=BY)
    (remark,) = list_remarks(archive.session, refused)
    assert "“footnote import --large-window”" in remark.text
    assert counts(archive.read_in(refused).balance) == {"quarantined": 1}
    assert counts(preview_paths(archive.session, paths, collection=COLLECTION).balance) == {"quarantined": 1}
    allowed = preview_paths(archive.session, paths, collection=COLLECTION, large_window=True)
    assert counts(allowed.balance) == {"added": 3}
    batch = receive_paths(archive.session, archive.vault, paths, collection=COLLECTION, by=BY, large_window=True)
    assert counts(archive.read_in(batch).balance) == {"added": 3}


def test_what_was_received_with_a_large_window_is_read_and_shown_without_the_option(archive: Archive) -> None:
    paths = archive.write({"a.zst": with_large_window(RAW)})
    batch = receive_paths(archive.session, archive.vault, paths, collection=COLLECTION, by=BY, large_window=True)
    assert preview_batch(archive.session, archive.vault, batch).balance.added == 3
    assert archive.read_in(batch).balance.added == 3
    with archive.vault.open(hash_of(RAW)) as file:
        assert file.read() == RAW


def test_an_upload_cannot_ask_for_a_large_window_unless_the_server_has_room(archive: Archive, counts: Counts) -> None:
    (path,) = archive.write({"a.zst": with_large_window(RAW)})
    upload = NamedFile("a.zst", lambda: path.open("rb"))
    batch = receive_files(archive.session, archive.vault, [upload], collection=COLLECTION, by=BY)
    assert counts(archive.read_in(batch).balance) == {"quarantined": 1}
    (remark,) = list_remarks(archive.session, batch)
    assert "FOOTNOTE_LARGE_WINDOW=on" in remark.text
    with_room = receive_files(archive.session, archive.vault, [upload], collection="Roomy", by=BY, large_window=True)
    assert counts(archive.read_in(with_room).balance) == {"added": 3}


@pytest.mark.database("sqlite")
def test_the_command_says_why_a_large_window_is_refused_and_how_to_allow_it(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FOOTNOTE_DATABASE_URL", raising=False)
    (path,) = archive.write({"a\x07\r.zst": with_large_window(RAW)})
    for how in ([], ["--dry-run"]):
        refused = import_(path, *how)
        assert refused.exit_code == 3
        assert "a window of 2,048 MiB" in refused.stderr
        assert "“footnote import --large-window”" in refused.stderr
        assert not {"\x07", "\r"} & {*refused.stderr}
    for how in (["--dry-run"], []):
        allowed = import_(path, "--large-window", *how)
        assert allowed.exit_code == 0
        assert json.loads(allowed.stdout)["added"] == 3


def import_(path: Path, *how: str) -> Result:
    return CliRunner().invoke(main, ["import", str(path), "--json", *how])


@pytest.mark.database("sqlite")
def test_a_dump_of_reddit_is_unpacked_with_the_option_only(archive: Archive) -> None:
    shared = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    dump = shared / "threads" / "reddit_pushshift" / "RC_2005-12.zst"
    if not dump.exists():
        pytest.skip("the shared data are not here")
    (refused,) = preview_paths(archive.session, [dump], collection=COLLECTION).remarks
    assert "a window of 2,048 MiB" in refused.text
    batch = receive_paths(archive.session, archive.vault, [dump], collection=COLLECTION, by=BY, large_window=True)
    (input_,) = list_inputs(archive.session, batch)
    assert input_.name.endswith("RC_2005-12.zst › RC_2005-12")
    assert input_.size == 671_841
    with archive.vault.open(input_.original) as file:
        assert all(isinstance(json.loads(line)["body"], str) for line in file)
