"""Originals are kept in blocks: any post's bytes are soon at hand, and what goes wrong on the way leaves nothing."""

import bz2
import gzip
import lzma
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from archive.domain.batch import Balance
from archive.services.ingest.delivery import ReceivingStoppedError
from archive.services.ingest.run import ImportStoppedError, run_batch
from archive.services.originals import original_page
from archive.store import blocks
from archive.store.batches import Batch
from archive.store.vault import Receiver
from imports.packed import zstd
from tests.integration.conftest import BY, Archive, Content
from tests.integration.seven_zips import seven_zipped
from tests.integration.written import DYKES_FILE, SALT_FILE, lines, thread, zipped

Counts = Callable[[Balance], dict[str, int]]
MIB = 1024 * 1024
MANY = "".join(
    lines(thread(f"Who kept the books of parish {number}?", [("clerk_of_delft1", f"The clerk of {number} did. " * 9)]))
    for number in range(400)
)
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "a.jsonl": lambda raw: raw,
    "a.zst": zstd.compress,
    "a.gz": gzip.compress,
    "a.xz": lzma.compress,
    "a.bz2": bz2.compress,
    "a.zip": lambda raw: zipped({"a.jsonl": raw}),
    "a.7z": lambda raw: seven_zipped({"a.jsonl": raw}),
}


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> int:
    """The bytes of a block, made few."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 2_000)
    return 2_000


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """As if the disk were full when a file reaches that many bytes."""
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))


def incoming(archive: Archive) -> list[Path]:
    return [*(archive.vault.folder / "incoming").iterdir()]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("name", PACKINGS)
def test_the_bytes_of_a_post_at_the_end_of_a_large_file_cost_a_few_blocks(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    archive.import_({name: PACKINGS[name](MANY.encode())}, public=True)
    unpacked: list[int] = []
    unpack = blocks._Blocks._unpack
    monkeypatch.setattr(blocks._Blocks, "_unpack", lambda self, number: unpacked.append(number) or unpack(self, number))
    monkeypatch.setattr("archive.services.originals._COUNT_LINES_TO", 0)
    post = archive.posts()[-1]
    page = original_page(archive.session, archive.vault, post.public_id, revision=None, drafts=False, around=False)
    assert "The clerk of 399 did." in page.stretch
    assert page.offset > 100_000
    assert 0 < len(unpacked) < 4
    assert min(unpacked) > 50


def test_one_name_is_one_content_whatever_it_came_in(archive: Archive) -> None:
    archive.import_({name: pack(MANY.encode()) for name, pack in PACKINGS.items()})
    held = [path for path in archive.files() if path.suffix == ".zst"]
    assert [path.stem for path in held] == [sha256(MANY.encode()).hexdigest()]
    assert zstd.decompress(held[0].read_bytes()) == MANY.encode()
    assert len(archive.files()) == len(PACKINGS)  # and those that came packed, as they came
    assert incoming(archive) == []


@pytest.mark.parametrize("content", [b"", DYKES_FILE.encode()[:-9]], ids=["empty", "cut off"])
@pytest.mark.parametrize("name", PACKINGS)
def test_empty_files_and_cut_off_ones_are_kept_like_others(archive: Archive, name: str, content: bytes) -> None:
    archive.import_({name: PACKINGS[name](content)})
    with archive.vault.open(sha256(content).hexdigest()) as file:
        assert file.read() == content


BOMBS: dict[str, tuple[Callable[[], Content], int]] = {
    "compressed": (lambda: zstd.compress(bytes(80 * MIB)), 1),
    "in a 7z archive": (
        lambda: seven_zipped({"a.txt": DYKES_FILE, "b.txt": bytes(80 * MIB), "c.txt": SALT_FILE}, solid=False),
        3,
    ),
    "in a zip archive": (lambda: zipped({"a.txt": DYKES_FILE, "b.txt": bytes(80 * MIB), "c.txt": SALT_FILE}), 3),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_refused_bomb_leaves_nothing_behind(archive: Archive, counts: Counts, bomb: str) -> None:
    make, files = BOMBS[bomb]
    balance = archive.import_({"bomb": make()}).balance
    assert counts(balance)["quarantined"] == 1
    assert len(archive.files()) == files
    assert incoming(archive) == []


def test_a_member_that_breaks_off_is_removed_before_the_next_is_kept(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imports.containers.ZIP_RATIO_FREE_BYTES", 2 * MIB)
    most: list[int] = []
    keep = Receiver.keep
    monkeypatch.setattr(
        Receiver, "keep", lambda self, pieces: most.append(len(incoming(archive))) or keep(self, pieces)
    )
    archive.import_({"a.zip": zipped({f"{number}.txt": bytes(3 * MIB) for number in range(8)})})
    assert most == [1] * 8  # the archive itself


@pytest.mark.parametrize("name", PACKINGS)
def test_a_disk_that_fills_up_while_a_file_is_kept_is_told_and_leaves_nothing(archive: Archive, name: str) -> None:
    noise = lines(*(thread(f"What is {sha256(bytes([number])).hexdigest()}?") for number in range(200)))
    paths = archive.write({name: PACKINGS[name](noise.encode())})
    with no_file_above(7_000), pytest.raises(ReceivingStoppedError, match="File too large"):
        archive.import_paths(paths)
    assert archive.files() == incoming(archive) == []
    assert archive.import_paths(paths).balance.added == 200


@pytest.mark.usefixtures("small_blocks")
def test_damage_that_is_met_while_reading_stops_the_import_until_the_file_is_received_again(archive: Archive) -> None:
    batch = archive.receive({"a.jsonl": MANY})
    (path,) = archive.files()
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.chmod(0o600)
    path.write_bytes(bytes(raw))
    with pytest.raises(ImportStoppedError, match=rf"The bytes of original {path.stem} are damaged: bytes [\d,]+ to"):
        run_batch(archive.session, archive.vault, batch, by=BY)
    archive.session.expire_all()
    assert "are damaged" in (archive.session.get_one(Batch, batch).failure or "")
    assert archive.receive({"a.jsonl": MANY}) == batch
    assert archive.read_in(batch).balance.added == 800
