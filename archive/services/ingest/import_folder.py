"""The import folder: an operator lays files there, for archivists to pick. Nothing outside of it can be reached."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from archive.errors import ArchiveError
from archive.services.ingest.inputs import Left, NamedFile, printable
from imports.containers import find_files

MOST_ENTRIES = 500
_MOST_COUNTED = 2_000  # files of a folder

Report = Callable[[int], None]  # bytes that were read; it may raise to end the reading


class NotInFolderError(ArchiveError):
    """What was picked does not lie in the import folder, or no longer."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"“{name[:200]}” does not lie in the import folder. Load the page again to see what does.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderEntry:
    """A file, or a folder with all that is in it."""

    name: str
    is_folder: bool
    files: int
    more: bool  # whether there are files that were not counted
    size: int  # bytes
    modified: datetime


def list_folder(folder: Path | None) -> Sequence[FolderEntry]:
    """What can be picked, by name. Links and hidden files cannot, nor anything that is neither file nor folder."""
    entries: list[FolderEntry] = []
    for _, path in sorted(_paths(folder).items())[:MOST_ENTRIES]:
        with suppress(FileNotFoundError):  # it was taken away meanwhile
            entries.append(_entry(path))
    return entries


def size_of(folder: Path | None, names: Iterable[str]) -> int:
    """How many bytes lie under the names.

    :raises NotInFolderError: if one of them is not in the folder.
    """
    size = 0
    for path in _picked(folder, names):
        try:
            size += _entry(path).size
        except FileNotFoundError:  # it was taken away meanwhile
            raise NotInFolderError(path.name) from None
    return size


def find_picked(folder: Path | None, names: Iterable[str], report: Report) -> Iterator[NamedFile | Left]:
    """Yield the files under the names, called by their way from the folder, and what is left out.

    :raises NotInFolderError: if one of them is not in the folder.
    """
    for path in _picked(folder, names):
        for found in find_files(path):
            if isinstance(found, Path):
                yield NamedFile(printable(found.relative_to(path.parent)), partial(open_watched, found, report))
            else:
                yield replace(found, name=printable(Path(found.name).relative_to(path.parent)))


def open_watched(path: Path, report: Report) -> BinaryIO:
    """A file whose reading is told; a link is not followed."""
    return cast("BinaryIO", _Watched(path, report))


class _Watched(io.FileIO):
    def __init__(self, path: Path, report: Report) -> None:
        super().__init__(path, opener=_open)
        self._report = report

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(-1 if size is None else size) or b""
        self._report(len(piece))
        return piece


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


def _picked(folder: Path | None, names: Iterable[str]) -> Iterator[Path]:
    paths = _paths(folder)
    for name in names:
        if name not in paths:
            raise NotInFolderError(name)
        yield paths[name]


def _paths(folder: Path | None) -> dict[str, Path]:
    """What lies in the folder, by its printable name: what is asked for is looked up here, and not on the disk."""
    if folder is None:
        return {}
    try:
        with os.scandir(folder) as entries:
            return {
                printable(Path(entry.name)): folder / entry.name
                for entry in entries
                if not entry.name.startswith(".")
                and (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False))
            }
    except OSError:  # it was taken away, or is closed to us
        return {}


def _entry(path: Path) -> FolderEntry:
    files, size, more = 0, 0, False
    for found in find_files(path):
        if files == _MOST_COUNTED:
            more = True
            break
        if isinstance(found, Path):
            files, size = files + 1, size + _stat_size(found)
    return FolderEntry(
        name=printable(Path(path.name)),
        is_folder=path.is_dir(),
        files=files,
        more=more,
        size=size,
        modified=datetime.fromtimestamp(path.lstat().st_mtime, UTC),
    )


def _stat_size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0
