"""Files that are compressed as a whole: hostile, damaged and cut off ones among them."""

import bz2
import gzip
import io
import lzma
import os
import random
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports import packed
from imports.containers import MemberError, UnreadableFile, list_members
from imports.limits import LARGE_WINDOW_BYTES
from imports.packed import is_packed, name_unpacked, unpack, zstd

TEXT = b"Why?\n\nby ann_1\nbob_2\n\nSo, and " + bytes(random.Random(3).choices(b"etaoin shrdlu\n", k=2_000)) + b"\n"
MIB = 1024 * 1024


def _zstandard(content: bytes) -> bytes:
    return zstd.compress(content, options={zstd.CompressionParameter.checksum_flag: 1})


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "Zstandard": _zstandard,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
each_packing = pytest.mark.parametrize("name", PACKERS)


def _unpacked(raw: bytes, **how: int) -> bytes:
    return b"".join(unpack(io.BytesIO(raw), name="a", **how))


def _refusal(raw: bytes, **how: int) -> str:
    with pytest.raises(MemberError) as caught:
        _unpacked(raw, **how)
    return caught.value.reason


def _frame(content: bytes, *, window: int) -> bytes:
    """A Zstandard frame with one raw block that asks for a window of so many bytes."""
    power = window.bit_length() - 1
    eighths = (window - (1 << power)) * 8 >> power
    block = (len(content) << 3 | 1).to_bytes(3, "little") + content
    return b"\x28\xb5\x2f\xfd\0" + bytes([(power - 10) << 3 | eighths]) + block


def _skipped(content: bytes, *, kind: int = 0) -> bytes:
    """A Zstandard frame that is to be skipped."""
    return bytes([0x50 + kind]) + b"\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content


@each_packing
@pytest.mark.parametrize("content", [b"", b"a", TEXT, TEXT * 2_000], ids=["nothing", "a letter", "text", "4 MiB"])
def test_what_was_compressed_comes_out(name: str, content: bytes) -> None:
    raw = PACKERS[name](content)
    assert is_packed(raw[:300])
    assert _unpacked(raw) == content


@each_packing
def test_no_piece_is_large_however_much_comes_out(name: str) -> None:
    raw = PACKERS[name](TEXT * 2_000)
    assert max(len(piece) for piece in unpack(io.BytesIO(raw), name="a")) < MIB


@each_packing
def test_several_streams_are_one(name: str) -> None:
    pack = PACKERS[name]
    assert _unpacked(pack(TEXT) + pack(b"") + pack(b"more\n") * 100) == TEXT + b"more\n" * 100


@each_packing
def test_zeros_after_the_end_say_nothing(name: str) -> None:
    raw = PACKERS[name](TEXT)
    assert _unpacked(raw + bytes(40_000)) == TEXT
    assert _unpacked(raw + bytes(512) + raw) == TEXT * 2


@each_packing
def test_anything_else_after_the_end_is_refused_and_not_dropped(name: str) -> None:
    raw = PACKERS[name](TEXT)
    others = [pack(TEXT) for other, pack in PACKERS.items() if other != name]
    for rest in (b"x", b"\0\0and so on", TEXT, *others):
        assert _refusal(raw + rest) == f"After the end of the {name} stream stands something else."


@each_packing
def test_a_file_that_was_cut_off_is_refused_wherever_that_was(name: str) -> None:
    raw = PACKERS[name](TEXT)
    for end in range(18, len(raw)):
        assert _refusal(raw[:end]) == f"The file is cut off: it ends in the middle of a {name} stream."
    for end in range(18):
        assert _refusal(raw[:end])


@each_packing
def test_a_second_stream_that_was_cut_off_is_refused(name: str) -> None:
    raw = PACKERS[name](TEXT)
    assert "cut off" in _refusal(raw + raw[:-1])
    for end in range(1, 18):
        assert _refusal(raw + raw[:end])


@each_packing
def test_damage_is_refused_with_its_name(name: str) -> None:
    raw = bytearray(PACKERS[name](TEXT))
    middle = len(raw) // 2
    raw[middle : middle + 8] = bytes(byte ^ 0xFF for byte in raw[middle : middle + 8])
    assert _refusal(bytes(raw)).startswith(f"The {name} stream is damaged: ")


@given(name=st.sampled_from(sorted(PACKERS)), place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found_or_changes_nothing(name: str, place: int, bit: int) -> None:
    raw = bytearray(PACKERS[name](TEXT))
    raw[place % len(raw)] ^= 1 << bit
    try:
        unpacked = _unpacked(bytes(raw))
    except MemberError:
        return
    assert unpacked == TEXT


@given(head=st.sampled_from([pack(b"")[:size] for pack in PACKERS.values() for size in (6, 10)]), tail=st.binary())
def test_nothing_but_a_refusal_comes_of_any_bytes(head: bytes, tail: bytes) -> None:
    with suppress(MemberError):
        _unpacked(head + tail)


def test_frames_to_skip_are_skipped() -> None:
    raw = _zstandard(TEXT)
    assert is_packed(_skipped(b"index"))
    assert _unpacked(_skipped(b"index") + raw + _skipped(bytes(100_000), kind=15) + raw + _skipped(b"")) == TEXT * 2


def test_a_window_over_128_mib_is_refused_with_the_option_that_allows_it() -> None:
    assert _unpacked(_frame(TEXT, window=128 * MIB)) == TEXT
    for window, told in ((128 * MIB + 16 * MIB, "144"), (256 * MIB, "256"), (2048 * MIB, "2,048")):
        raw = _frame(TEXT, window=window)
        reason = _refusal(raw)
        assert f"a window of {told} MiB" in reason
        assert "128 MiB are allowed" in reason
        assert "“footnote import --large-window”" in reason
        assert _unpacked(raw, largest_window=LARGE_WINDOW_BYTES) == TEXT


def test_a_window_over_2_gib_is_refused_whatever_is_allowed() -> None:
    reason = _refusal(_frame(TEXT, window=2304 * MIB), largest_window=LARGE_WINDOW_BYTES)
    assert "2,304 MiB" in reason
    assert "--large-window" not in reason


def test_the_window_of_a_later_frame_counts_too() -> None:
    assert "a window of 256 MiB" in _refusal(_zstandard(TEXT) + _skipped(b"x") + _frame(TEXT, window=256 * MIB))


def test_a_frame_in_one_segment_asks_for_a_window_of_its_size() -> None:
    size = (200 * MIB).to_bytes(8, "little")
    assert "a window of 200 MiB" in _refusal(b"\x28\xb5\x2f\xfd\xe0" + size + bytes(20))
    with_dictionary = b"\x28\xb5\x2f\xfd\xe3" + b"\x07\0\0\0" + size + bytes(20)
    assert "a window of 200 MiB" in _refusal(with_dictionary)


def test_xz_that_needs_much_memory_is_refused_as_that() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 512 * MIB}]
    head = lzma.compress(b"", format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32)[:12]  # the header of a stream
    properties = lzma._encode_filter_properties(filters[0])  # type: ignore[attr-defined]
    block = bytes([2, 0, 0x21, len(properties)]) + properties
    block += bytes(8 - len(block))
    raw = head + block + zlib.crc32(block).to_bytes(4, "little") + bytes(20)
    assert _refusal(raw) == "The xz file asks for more than 256 MiB of memory."


@each_packing
def test_a_bomb_is_refused_after_64_mib_and_little_memory(name: str) -> None:
    pack = PACKERS[name]
    raw = pack(b"\n" * 16 * MIB) * 6
    tracemalloc.start()
    sizes: list[int] = []
    with pytest.raises(MemberError, match="200 times"):
        sizes.extend(len(piece) for piece in unpack(io.BytesIO(raw), name="a"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 63 * MIB < sum(sizes) <= 64 * MIB
    assert peak < 16 * MIB  # of which xz holds 8 as its window


def test_a_file_of_empty_streams_is_refused_early() -> None:
    assert "hold next to nothing" in _refusal(zstd.compress(b"") * 12_000)
    assert "hold next to nothing" in _refusal(_skipped(b"") * 12_000)
    assert len(_unpacked(zstd.compress(b"a" * 64) * 12_000)) == 64 * 12_000


def _tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    return file.getvalue()


def _zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", content)
    return file.getvalue()


@each_packing
def test_archives_within_are_not_opened(name: str) -> None:
    pack = PACKERS[name]
    within = {"a tar archive": _tarred(), "a zip archive": _zipped(TEXT), "a gzip file": gzip.compress(TEXT)}
    for title, content in within.items():
        assert _refusal(pack(content)) == f"What is compressed is {title}; archives within archives are not opened."
    assert "a Zstandard file" in _refusal(pack(_skipped(b"index") + _zstandard(TEXT)))


def test_an_archive_that_comes_out_byte_by_byte_is_not_opened_either() -> None:
    assert "a tar archive" in _refusal(b"".join(gzip.compress(bytes([byte])) for byte in _tarred()[:600]))


@each_packing
def test_a_compressed_file_in_a_zip_is_not_opened(name: str) -> None:
    (refused,) = list_members(io.BytesIO(_zipped(PACKERS[name](TEXT))))
    assert isinstance(refused, UnreadableFile)
    assert "archives within archives are not opened" in refused.reason


@pytest.mark.parametrize("head", [b"BZh is not bzip2", b"BZh9", b"(\xb5/", b"P*M is text", TEXT, b""])
def test_what_only_looks_like_it_is_not_unpacked(head: bytes) -> None:
    assert not is_packed(head)


@pytest.mark.parametrize(
    ("name", "pack", "unpacked"),
    [
        ("/dumps/RC_2005-12.zst", _zstandard, "RC_2005-12"),
        ("posts.jsonl.GZ", gzip.compress, "posts.jsonl"),
        ("posts.jsonl", gzip.compress, "posts.jsonl"),  # its name does not say how it is packed
        ("posts.xz", gzip.compress, "posts.xz"),  # or not the truth
        ("letters.tgz", gzip.compress, "letters.tar"),
        ("a.b.bz2", bz2.compress, "a.b"),
        ("a.xz", lzma.compress, "a"),
        (".gz", gzip.compress, ".gz"),
    ],
)
def test_what_is_in_it_is_called_as_the_file_without_its_suffix(
    name: str, pack: Callable[[bytes], bytes], unpacked: str
) -> None:
    assert name_unpacked(name, pack(TEXT)) == unpacked


def test_a_file_that_cannot_be_read_on_is_refused_with_the_cause() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with pytest.raises(MemberError, match="cannot be read: Input/output error"):
        list(unpack(Failing(_zstandard(os.urandom(50_000))), name="a"))


_MEASURE = """
import sys
from pathlib import Path
from archive.services.ingest.delivery import keep_whole, take_in
from archive.services.ingest.inputs import NamedFile
from archive.store.vault import Vault, hash_pieces, pieces_of

def peak():  # KiB; the system's own figure takes over that of the process that started this one
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))

before, path = peak(), Path(sys.argv[1])
vault = Vault(path.parent / "vault")
(member,) = take_in(vault, [NamedFile("a", lambda: path.open("rb"))], whole=keep_whole).files
with vault.open(member.kept.sha256) as file:
    assert hash_pieces(pieces_of(file)) == member.kept
print(member.kept.size // 2**20, (peak() - before) // 1024)
"""


@pytest.mark.parametrize(("name", "mib"), [("Zstandard", 120), ("gzip", 80), ("xz", 40), ("bzip2", 20)])
def test_memory_does_not_grow_with_the_file(name: str, mib: int, tmp_path: Path) -> None:
    path = tmp_path / "packed"
    text = random.Random(5).randbytes(2 * MIB).hex().encode()  # 4 MiB
    if name == "Zstandard":
        with zstd.open(path, "wb", level=1) as file:
            for _ in range(mib // 4):
                file.write(text)
    else:
        pack = {"gzip": lambda raw: gzip.compress(raw, 1), "xz": lambda raw: lzma.compress(raw, preset=0)}
        path.write_bytes(pack.get(name, PACKERS[name])(text) * (mib // 4))
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE, path],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(packed.__file__).parents[1],
    )
    size, grown = map(int, run.stdout.split())
    assert size == mib
    assert grown < 48
