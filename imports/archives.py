"""The archives that can be opened, as a table, and which of them a file is, by its bytes."""

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from imports import containers, seven_zip
from imports.containers import Member, SkippedFile, UnreadableFile
from imports.signatures import SEVEN_ZIP, ZIP, find_signature

Lister = Callable[[BinaryIO], Iterator[Member | SkippedFile | UnreadableFile]]  # see `imports.containers.list_members`

_LISTERS: Mapping[str, Lister] = {ZIP: containers.list_members, SEVEN_ZIP: seven_zip.list_members}


def find_lister(head: bytes) -> Lister | None:
    """What lists the members of a file, where it is an archive that can be opened."""
    signature = find_signature(head)
    return None if signature is None else _LISTERS.get(signature.title)
