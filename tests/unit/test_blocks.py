"""Files in compressed blocks: read in any place, with ordinary tools, and never wrongly."""

import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.ids import Sha256
from archive.store import blocks
from archive.store.blocks import BytesDamagedError, open_blocks, write_blocks
from imports.packed import zstd

BLOCK = 1_000  # bytes
NAME = Sha256("0" * 64)
TEXT = bytes(random.Random(3).choices(b"etaoin shrdlu\n", k=BLOCK * 12 + 345))
TABLE = 8 + 13 * 8 + 9  # bytes


@pytest.fixture(autouse=True, scope="module")
def _small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", BLOCK)
        yield


def written(*pieces: bytes) -> bytes:
    """The pieces as a file in blocks."""
    file = BytesIO()
    with ThreadPoolExecutor(2) as threads:
        assert b"".join(write_blocks(pieces, file, threads)) == b"".join(pieces)
    return file.getvalue()


def read(raw: bytes) -> bytes:
    return open_blocks(BytesIO(raw), NAME).read()


@pytest.fixture(scope="module")
def raw() -> bytes:
    return written(TEXT)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK * 3, len(TEXT)])
def test_what_was_written_is_read_also_by_ordinary_tools(size: int) -> None:
    content = TEXT[:size]
    raw = written(*(content[at : at + 333] for at in range(0, size, 333)))
    assert read(raw) == zstd.decompress(raw) == content
    if program := shutil.which("zstd"):
        told = subprocess.run([program, "-dc"], input=raw, capture_output=True, check=True).stdout
        assert sha256(told).digest() == sha256(content).digest()


def test_the_end_of_the_file_is_a_table_as_published(raw: bytes) -> None:
    count, flags, magic = struct.unpack("<IBI", raw[-9:])
    assert (count, flags, magic) == (13, 0, 0x8F92EAB1)
    assert struct.unpack("<II", raw[-TABLE : 8 - TABLE]) == (0x184D2A5E, TABLE - 8)
    entries = [*struct.iter_unpack("<II", raw[8 - TABLE : -9])]
    assert [unpacked for _, unpacked in entries] == [BLOCK] * 12 + [345]
    assert sum(packed for packed, _ in entries) == len(raw) - TABLE


@given(data=st.data())
def test_any_place_is_read_as_in_a_plain_file(raw: bytes, data: st.DataObject) -> None:
    plain, file = BytesIO(TEXT), open_blocks(BytesIO(raw), NAME)
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(TEXT) + BLOCK))
        size = data.draw(st.integers(0, BLOCK * 3))
        assert file.seek(place) == plain.seek(place)
        assert file.read(size) == plain.read(size)
        assert file.readline(size) == plain.readline(size)
        assert file.tell() == plain.tell()
    assert file.seek(-5, 2) == plain.seek(-5, 2)
    assert file.read() == plain.read()


def test_one_place_costs_one_block_or_two(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[int] = []
    unpack = blocks._Blocks._unpack
    monkeypatch.setattr(blocks, "_BUFFER_BYTES", 100)
    monkeypatch.setattr(blocks._Blocks, "_unpack", lambda self, number: unpacked.append(number) or unpack(self, number))
    file = open_blocks(BytesIO(raw), NAME)
    file.seek(BLOCK * 8 + 10)
    assert file.read(50) == TEXT[BLOCK * 8 + 10 :][:50]
    file.seek(BLOCK * 8 + 500)
    assert file.read(BLOCK) == TEXT[BLOCK * 8 + 500 :][:BLOCK]
    assert unpacked == [8, 9]


@given(place=st.integers(0), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found_or_changes_nothing(raw: bytes, place: int, bit: int) -> None:
    damaged = bytearray(raw)
    damaged[place % len(raw)] ^= 1 << bit
    with suppress(BytesDamagedError):
        assert read(bytes(damaged)) == TEXT


def test_every_flipped_bit_in_the_table_is_found(raw: bytes) -> None:
    for place in range(len(raw) - TABLE, len(raw)):
        for bit in range(8):
            damaged = bytearray(raw)
            damaged[place] ^= 1 << bit
            with pytest.raises(BytesDamagedError):
                read(bytes(damaged))


def test_a_damaged_block_is_named_and_the_others_are_read(raw: bytes) -> None:
    damaged = bytearray(raw)
    damaged[(len(raw) - TABLE) * 4 // 13] ^= 0xFF
    file = open_blocks(BytesIO(bytes(damaged)), NAME)
    assert file.read(BLOCK * 2) == TEXT[: BLOCK * 2]
    with pytest.raises(BytesDamagedError, match=r"bytes [34],000 to [45],000 cannot be unpacked") as caught:
        file.read()
    assert NAME in str(caught.value)
    file.seek(BLOCK * 6)
    assert file.read() == TEXT[BLOCK * 6 :]


def test_a_file_that_is_cut_off_or_longer_is_damaged(raw: bytes) -> None:
    for other in (b"", raw[:5], raw[:-1], raw[:-TABLE], raw[1:], raw + b"\0", raw + raw, TEXT):
        with pytest.raises(BytesDamagedError):
            read(other)


def test_blocks_that_claim_to_be_huge_are_not_unpacked() -> None:
    block = zstd.compress(bytes(64 * 1024 * 1024))
    table = struct.pack("<II", len(block), 64 * 1024 * 1024) + struct.pack("<IBI", 1, 0, 0x8F92EAB1)
    with pytest.raises(BytesDamagedError):
        read(block + struct.pack("<II", 0x184D2A5E, len(table)) + table)


def test_a_block_that_holds_more_than_the_table_says_is_damaged() -> None:
    block = zstd.compress(bytes(64 * 1024 * 1024))
    table = struct.pack("<II", len(block), 10) + struct.pack("<IBI", 1, 0, 0x8F92EAB1)
    with pytest.raises(BytesDamagedError):
        read(block + struct.pack("<II", 0x184D2A5E, len(table)) + table)
