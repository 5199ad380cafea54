"""What a file is by its first bytes.

Source: the registries of the formats themselves; collected in `file`'s magic database.
"""

from typing import NamedTuple


class Signature(NamedTuple):
    """Bytes at a fixed place that tell a format."""

    offset: int
    magic: bytes
    title: str  # with its article
    is_archive: bool


SIGNATURES = (
    Signature(0, b"PK\x03\x04", "a zip archive", True),
    Signature(0, b"PK\x05\x06", "a zip archive", True),  # without any member
    Signature(0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", True),
    Signature(0, b"Rar!\x1a\x07", "a RAR archive", True),
    Signature(0, b"\x1f\x8b", "a gzip file", True),
    Signature(0, b"\x28\xb5\x2f\xfd", "a Zstandard file", True),
    Signature(0, b"BZh", "a bzip2 file", True),
    Signature(0, b"\xfd7zXZ\x00", "an xz file", True),
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
ZIP_MAGIC = tuple(signature.magic for signature in SIGNATURES if signature.title == "a zip archive")
SIGNATURE_BYTES = max(signature.offset + len(signature.magic) for signature in SIGNATURES)


def find_signature(head: bytes) -> Signature | None:
    """The signature that the beginning of a file bears, if any."""
    for signature in SIGNATURES:
        if head.startswith(signature.magic, signature.offset):
            return signature
    return None
