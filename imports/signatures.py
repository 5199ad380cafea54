"""What a file is by its first bytes.

Source: the registries of the formats themselves; collected in `file`'s magic database.
"""

from itertools import product
from typing import NamedTuple


class Signature(NamedTuple):
    """Bytes at a fixed place that tell a format."""

    offset: int
    magic: bytes
    title: str  # with its article
    is_archive: bool  # whether it holds others, or another


ZIP, SEVEN_ZIP = "a zip archive", "a 7z archive"
GZIP, ZSTANDARD, BZIP2, XZ = "a gzip file", "a Zstandard file", "a bzip2 file", "an xz file"
_BZIP2_LEVELS = (b"BZh%d" % level for level in range(1, 10))
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")  # the first block, or the end of a file without any

SIGNATURES = (
    Signature(0, b"PK\x03\x04", ZIP, True),
    Signature(0, b"PK\x05\x06", ZIP, True),  # without any member
    Signature(0, b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP, True),
    Signature(0, b"Rar!\x1a\x07", "a RAR archive", True),
    Signature(0, b"\x1f\x8b", GZIP, True),
    Signature(0, b"\x28\xb5\x2f\xfd", ZSTANDARD, True),
    *(Signature(0, bytes([0x50 + kind]) + b"\x2a\x4d\x18", ZSTANDARD, True) for kind in range(16)),  # skippable frames
    *(Signature(0, level + block, BZIP2, True) for level, block in product(_BZIP2_LEVELS, _BZIP2_BLOCKS)),
    Signature(0, b"\xfd7zXZ\x00", XZ, True),
    Signature(257, b"ustar", "a tar archive", True),
    Signature(0, b"\x7fELF", "a program", False),
    Signature(0, b"MZ\x90\x00", "a program", False),
    Signature(0, b"%PDF-", "a PDF document", False),
    Signature(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document", False),
    Signature(0, b"SQLite format 3\x00", "an SQLite database", False),
    Signature(0, b"\x89PNG\r\n", "a picture", False),
    Signature(0, b"\xff\xd8\xff", "a picture", False),
    Signature(0, b"GIF8", "a picture", False),
)
SIGNATURE_BYTES = max(signature.offset + len(signature.magic) for signature in SIGNATURES)


def find_signature(head: bytes) -> Signature | None:
    """The signature that the beginning of a file bears, if any."""
    for signature in SIGNATURES:
        if head.startswith(signature.magic, signature.offset):
            return signature
    return None
