"""The import folder: an operator lays files there, for archivists to pick. Nothing outside of it can be reached."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from archive.errors import ArchiveError
from archive.services.ingest.inputs import Left, NamedFile, printable
from imports.containers import find_files

MOST_ENTRIES = 500
MOST_NAMES = 10_000  # that one look at the folder takes in, with all that is in its folders
_MOST_COUNTED, _LEAST_COUNTED = 2_000, 20  # names in one of its folders

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


@dataclass(frozen=True, slots=True)
class FolderPage:
    """What can be picked."""

    entries: Sequence[FolderEntry]
    more: bool  # whether there is more than that


def list_folder(folder: Path | None) -> FolderPage:
    """What can be picked, by name. Links and hidden files cannot, nor anything that is neither file nor folder.

    However much lies there, no more than some thousand names are looked at: each view of the form does.
    """
    entries: list[FolderEntry] = []
    paths = dict(islice(_named(folder), MOST_NAMES + 1))
    listed = [path for _, path in sorted(paths.items())[:MOST_ENTRIES]]
    each = max(_LEAST_COUNTED, min(_MOST_COUNTED, MOST_NAMES // max(1, len(listed))))
    for path in listed:
        with suppress(FileNotFoundError):  # it was taken away meanwhile
            entries.append(_entry(path, most=each))
    return FolderPage(entries=entries, more=len(paths) > len(listed))


def size_of(folder: Path | None, names: Iterable[str], *, most: int = _MOST_COUNTED) -> int:
    """How many bytes lie under the names.

    :param most: names that are looked at in each folder.
    :raises NotInFolderError: if one of them is not in the folder.
    """
    size = 0
    for path in _picked(folder, names):
        try:
            size += _entry(path, most=most).size
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
    wanted = dict.fromkeys(names)
    paths = {name: path for name, path in _named(folder) if name in wanted}
    for name in wanted:
        if name not in paths:
            raise NotInFolderError(name)
        yield paths[name]


def _named(folder: Path | None) -> Iterator[tuple[str, Path]]:
    """What lies in the folder, by its printable name: what is asked for is looked up here, and not on the disk."""
    if folder is None:
        return
    with suppress(OSError):  # it was taken away, or is closed to us
        for entry in _visible(folder):
            yield printable(Path(entry.name)), folder / entry.name


def _visible(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Files and folders, without what is hidden or a link."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and (
                entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)
            ):
                yield entry


def _entry(path: Path, *, most: int) -> FolderEntry:
    here = path.lstat()
    counted = _count(path, most) if path.is_dir() else _Count(files=1, size=here.st_size)
    return FolderEntry(
        name=printable(Path(path.name)),
        is_folder=path.is_dir(),
        files=counted.files,
        more=counted.more,
        size=counted.size,
        modified=datetime.fromtimestamp(here.st_mtime, UTC),
    )


@dataclass(slots=True)
class _Count:
    """What lies in a folder, as far as it was looked at."""

    files: int = 0
    size: int = 0  # bytes
    more: bool = False


def _count(folder: Path, most: int) -> _Count:
    """Count files in a folder and below it, looking at so many names."""
    counted, waiting, names = _Count(), [folder], 0
    while waiting:
        with suppress(OSError):  # what is taken away meanwhile, or is closed to us, is not counted
            for entry in _visible(waiting.pop()):
                names += 1
                if names > most:
                    counted.more = True
                    return counted
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    counted.files, counted.size = counted.files + 1, counted.size + _stat_size(entry)
    return counted


def _stat_size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0
