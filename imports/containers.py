"""What holds files: folders, and zip archives, whose members are read and never written to disk by name.

Files that are compressed as a whole: `imports.packed`. 7z archives: `imports.seven_zip`.

Format: PKWARE APPNOTE 6.3.10. An archive's own figures are not believed: what comes out is counted.
"""

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from archive.errors import ArchiveError
from imports.limits import (
    MAX_ZIP_DIRECTORY_BYTES,
    MAX_ZIP_ENTRIES,
    ZIP_CHUNK_BYTES,
    ZIP_RATIO,
    ZIP_RATIO_FREE_BYTES,
)
from imports.maildir import reason_to_skip_in_maildir
from imports.signatures import SIGNATURE_BYTES, find_signature

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # the others unpack without a bound on memory
_ENCRYPTED = 0x1  # a bit of a member's flags
_HIDDEN = re.compile(r"\.[^.]|__MACOSX$")  # the second is where macOS puts what only it reads
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class ContainerError(ArchiveError):
    """An archive cannot be opened, or lists more than is allowed."""


class MemberError(ArchiveError):
    """A member of an archive, or a compressed file, cannot be read to its end."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{reason} ({name})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedFile:
    """A file or member left out on purpose."""

    name: str
    reason: str  # a sentence for the archivist
    size: int = 0  # bytes that were received of it; 0 for a member, whose bytes are counted with its archive


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableFile:
    """A file or member that cannot be read."""

    name: str
    reason: str  # a sentence for the archivist
    size: int = 0  # bytes that were received of it; 0 for a member, whose bytes are counted with its archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in an archive, which is open as long as its members are listed."""

    name: str  # as printed in the archive; never a path to write to
    chunks: Callable[[], Iterator[bytes]]  # at most ZIP_CHUNK_BYTES at a time; raises MemberError


def find_files(path: Path) -> Iterator[Path | SkippedFile | UnreadableFile]:
    """Yield the files below a folder by name, or the path itself when it is a file.

    Hidden files, links, devices and what is no mail of a Maildir are left out, each with its reason. Links are not
    followed but for `path` itself, which somebody named.
    """
    if not path.is_dir():
        yield path
        return
    waiting = [_Folder(path)]
    while waiting:
        folder = waiting[-1]
        if folder.reason is not None:
            yield UnreadableFile(name=str(folder.path), reason=folder.reason)
        if not folder.names:
            waiting.pop()
            continue
        entry = folder.path / folder.names.pop()
        if reason := _reason_to_skip(entry):
            yield SkippedFile(name=str(entry), reason=reason)
        elif entry.is_dir():
            waiting.append(_Folder(entry))
        else:
            yield entry


class _Folder:
    """What is left to look at of a folder: names, of which there may be a million."""

    def __init__(self, path: Path) -> None:
        self.path, self.names = path, list[str]()
        self.reason: str | None = None  # why it cannot be looked at
        try:
            self.names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - a path each takes four times as much
        except OSError as error:
            self.reason = f"The folder cannot be read: {error.strerror}."


def list_members(file: BinaryIO) -> Iterator[Member | SkippedFile | UnreadableFile]:
    """Yield the members of a zip archive in its own order; those that cannot be read, with the reason.

    :param file: the archive; it can seek, and stays open while members are read.
    :raises ContainerError: if the archive cannot be opened or lists too many members.
    """
    archive = _CountedZip(file)
    for info in archive.entries:
        name = info.filename
        if reason := _reason_to_skip_member(info):
            yield SkippedFile(name=name, reason=reason)
        elif reason := archive.reason_to_refuse(info):
            yield UnreadableFile(name=name, reason=reason)
        else:
            yield Member(name=name, chunks=partial(archive.chunks, info))


class _CountedZip:
    """A zip archive that counts what comes out of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._packed = file.seek(0, 2)  # bytes
        self._unpacked: dict[int, int] = {}  # bytes, of each member that was read and not refused
        self._read = 0  # bytes, of all of these
        self._refused = 0  # bytes that came out of the others before they were refused
        try:
            self._zip = zipfile.ZipFile(cast("BinaryIO", _BoundedReads(file)))
        except _DAMAGE as error:
            raise ContainerError(f"The zip archive cannot be opened: {error}.") from error
        self.entries = self._zip.infolist()
        if len(self.entries) > MAX_ZIP_ENTRIES:
            raise ContainerError(f"The zip archive lists more than {MAX_ZIP_ENTRIES:,} members.")

    def reason_to_refuse(self, info: zipfile.ZipInfo) -> str | None:
        """Why a member cannot be read, as far as its beginning tells."""
        if info.flag_bits & _ENCRYPTED:
            return "The member is encrypted."
        if info.compress_type not in _METHODS:
            return f"The member is packed by a method that is not read here ({info.compress_type})."
        try:
            with self._zip.open(info) as member:
                words = archive_words(member.read(SIGNATURE_BYTES))
        except _DAMAGE as error:
            return f"The member is damaged: {error}."
        return f"The member is {words}" if words else None

    def chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the unpacked bytes of a member.

        :raises MemberError: if it is damaged, or unpacks to more than is allowed.
        """
        is_new = info.header_offset not in self._unpacked  # what was read before may be read again
        if is_new:
            self._refuse_if_spent(info)
        self._read -= self._unpacked.get(info.header_offset, 0)
        self._unpacked[info.header_offset] = 0
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(ZIP_CHUNK_BYTES):
                    self._unpacked[info.header_offset] += len(chunk)
                    self._read += len(chunk)
                    if self._is_bomb(info):
                        self._forget(info)  # the others are not refused for it, as long as the archive is in proportion
                        raise MemberError(info.filename, f"The member unpacks to more than {ZIP_RATIO} times its size.")
                    if is_new:
                        self._refuse_if_spent(info)
                    yield chunk
        except _DAMAGE as error:
            raise MemberError(info.filename, f"The member is damaged: {error}.") from error

    def _refuse_if_spent(self, info: zipfile.ZipInfo) -> None:
        """Stop where an archive full of bombs has taken what all its members together may take."""
        if self._read + self._refused > ZIP_RATIO_FREE_BYTES + self._packed * ZIP_RATIO:
            self._forget(info)
            raise MemberError(
                info.filename,
                f"The archive has unpacked to more than {ZIP_RATIO} times its size, and no more of it is read.",
            )

    def _forget(self, info: zipfile.ZipInfo) -> None:
        unpacked = self._unpacked.pop(info.header_offset, 0)
        self._read -= unpacked
        self._refused += unpacked

    def _is_bomb(self, info: zipfile.ZipInfo) -> bool:
        """Whether a member, or all that was read so far, is out of proportion to what was packed."""
        unpacked = self._unpacked[info.header_offset]
        return is_bomb(unpacked, info.compress_size) or is_bomb(self._read, self._packed)


class _BoundedReads:
    """A file that refuses to read an archive's list of members when it is too large to hold."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            size = MAX_ZIP_DIRECTORY_BYTES
        if size > MAX_ZIP_DIRECTORY_BYTES:
            raise ContainerError(f"The zip archive’s list of members is longer than {MAX_ZIP_DIRECTORY_BYTES:,} bytes.")
        return self._file.read(size)


def archive_words(head: bytes) -> str | None:
    """What a member is by its first bytes, if it is an archive, and that it is not opened."""
    signature = find_signature(head)
    if signature is None or not signature.is_archive:
        return None
    return f"{signature.title}; archives within archives are not opened."


def is_hidden(name: str) -> bool:
    """Whether a member, or a folder that it is in, is hidden."""
    return any(_HIDDEN.match(part) for part in PurePosixPath(name).parts)


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether so many bytes came out of so few that something is wrong."""
    return unpacked > ZIP_RATIO_FREE_BYTES and unpacked > packed * ZIP_RATIO


def _reason_to_skip(path: Path) -> str | None:
    if _HIDDEN.match(path.name):
        return "It is hidden."
    if path.is_symlink():
        return "It is a link, and links are not followed."
    if not path.is_dir() and not path.is_file():
        return "It is neither a file nor a folder."
    return reason_to_skip_in_maildir(path)


def _reason_to_skip_member(info: zipfile.ZipInfo) -> str | None:
    if info.is_dir():
        return "It is a folder."
    if stat.S_ISLNK(info.external_attr >> 16):  # the upper half is the mode of a Unix file
        return "It is a link, and links are not followed."
    return "It is hidden." if is_hidden(info.filename) else None
