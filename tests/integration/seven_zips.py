"""7z archives that tests write for themselves, sound ones and others. Format: “7zFormat.txt” of the LZMA SDK."""

import bz2
import lzma
import struct
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

Packed = tuple[bytes, bytes, bytes]  # the method's number, its properties, and what it made


def lzma2(content: bytes) -> Packed:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    return b"\x21", bytes([16]), lzma.compress(content, format=lzma.FORMAT_RAW, filters=filters)


def lzma1(content: bytes) -> Packed:
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}]
    properties = bytes([93]) + struct.pack("<I", 1 << 20)
    return b"\x03\x01\x01", properties, lzma.compress(content, format=lzma.FORMAT_RAW, filters=filters)


def bzip2(content: bytes) -> Packed:
    return b"\x04\x02\x02", b"", bz2.compress(content)


def copy(content: bytes) -> Packed:
    return b"\0", b"", content


METHODS = {"LZMA2": lzma2, "LZMA": lzma1, "bzip2": bzip2, "no packing": copy}


def seven_zipped(
    members: Mapping[str, str | bytes] | Sequence[tuple[str, str | bytes]],
    *,
    method: str = "LZMA2",
    solid: bool = True,
    packed_list: bool = True,
    attributes: Mapping[str, int] | None = None,
) -> bytes:
    """A 7z archive of members by their names; names that end in a slash are folders."""
    given = members.items() if isinstance(members, Mapping) else members
    files = [(name, content.encode() if isinstance(content, str) else content) for name, content in given]
    full = [content for _, content in files if content]
    groups = [full] if solid and full else [[content] for content in full]
    folders = [(METHODS[method](b"".join(group)), group) for group in groups]
    body = b"".join(packed for (_, _, packed), _ in folders)
    header = b"\x01" + (b"\x04" + _streams(folders) if folders else b"") + _files(files, attributes or {}) + b"\0"
    if packed_list:
        packed = lzma1(header)
        encoded = b"\x17" + _streams([(packed, [header])], start=len(body), divided=False)
        body, header = body + packed[2], encoded
    return with_list(body, header)


def with_list(body: bytes, header: bytes) -> bytes:
    """An archive of packed bytes and their list."""
    start = struct.pack("<QQI", len(body), len(header), crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", crc32(start)) + start + body + header


def number(value: int) -> bytes:
    return bytes([value]) if value < 0x80 else b"\xff" + struct.pack("<Q", value)


def folder_of(method: bytes, properties: bytes = b"") -> bytes:
    """How a folder of one coder is listed."""
    flags = len(method) | (0x20 if properties else 0)
    return number(1) + bytes([flags]) + method + (number(len(properties)) + properties if properties else b"")


def _streams(folders: Sequence[tuple[Packed, Sequence[bytes]]], *, start: int = 0, divided: bool = True) -> bytes:
    sizes = b"".join(number(len(packed)) for (_, _, packed), _ in folders)
    places = b"\x06" + number(start) + number(len(folders)) + b"\x09" + sizes + b"\0"
    coders = b"".join(folder_of(method, properties) for (method, properties, _), _ in folders)
    unpacked = b"".join(number(sum(map(len, contents))) for _, contents in folders)
    checksums = b"" if divided else b"\x0a\x01" + _checksums(contents for _, contents in folders)
    kinds = b"\x07\x0b" + number(len(folders)) + b"\0" + coders + b"\x0c" + unpacked + checksums + b"\0"
    if not divided:
        return places + kinds + b"\0"
    counts = b"\x0d" + b"".join(number(len(contents)) for _, contents in folders)
    parts = b"\x09" + b"".join(number(len(content)) for _, contents in folders for content in contents[:-1])
    return places + kinds + b"\x08" + counts + parts + b"\x0a\x01" + _checksums(c for _, c in folders) + b"\0\0"


def _checksums(folders: Iterable[Sequence[bytes]]) -> bytes:
    return b"".join(struct.pack("<I", crc32(content)) for contents in folders for content in contents)


def _files(files: Sequence[tuple[str, bytes]], attributes: Mapping[str, int]) -> bytes:
    empty = [not content for _, content in files]
    parts = b""
    if any(empty):
        real = [not name.endswith("/") for name, content in files if not content]
        parts += _part(0x0E, _bits(empty)) + _part(0x0F, _bits(real))
    names = b"".join(name.rstrip("/").encode("utf-16-le", "surrogatepass") + b"\0\0" for name, _ in files)
    parts += _part(0x19, bytes(3)) + _part(0x11, b"\0" + names)  # the former fills up
    if attributes:
        said = b"".join(struct.pack("<I", attributes[name]) for name, _ in files if name in attributes)
        parts += _part(0x15, b"\0" + _bits([name in attributes for name, _ in files]) + b"\0" + said)
    return b"\x05" + number(len(files)) + parts + b"\0"


def _part(mark: int, raw: bytes) -> bytes:
    return bytes([mark]) + number(len(raw)) + raw


def _bits(flags: Sequence[bool]) -> bytes:
    raw = bytearray((len(flags) + 7) // 8)
    for place, flag in enumerate(flags):
        raw[place // 8] |= flag << (7 - place % 8)
    return bytes(raw)
