"""What an import is given, found and opened: files, folders, uploads."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archive.domain.batch import Balance
from archive.domain.ids import Sha256
from archive.errors import ArchiveError
from archive.store.batches import RemarkKind
from imports.containers import SkippedFile, UnreadableFile, find_files
from imports.formats import companions_wanted

INSIDE = " › "  # between the name of an archive and that of its member
_FOLDER = re.compile(rf".*(?:/|{INSIDE})", re.DOTALL)  # of a name, as far as it goes

Open = Callable[[], BinaryIO]
Left = SkippedFile | UnreadableFile


class NoSuchFileError(ArchiveError):
    """A path that was named does not exist or cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path} cannot be read: {reason}.")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that was named, or found in a folder that was."""

    name: str
    open: Open
    path: Path | None = None  # where it stays, if it does


def find_named(paths: Iterable[Path]) -> Iterator[NamedFile | Left]:
    """Yield the files that the paths name, and what is left out below them.

    :raises NoSuchFileError: if a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise NoSuchFileError(path, "there is no such file or folder")
        for found in find_files(path):
            if isinstance(found, Path):
                yield NamedFile(printable(found), partial(open_path, found), found)
            else:
                yield replace(found, name=printable(Path(found.name)))


def tell_by_what_was_named(paths: Iterable[Path]) -> Callable[[str], str]:
    """What gives the names of found files without what hangs on how their paths are spelled: each by the number of the
    folder that was named, or that holds the file that was.
    """
    numbers: dict[Path, int] = {}
    told: dict[str, int] = {}  # by what names begin with
    for path in paths:
        folder = path if path.is_dir() else path.parent
        begins = "" if folder == Path() else printable(folder).removesuffix("/") + "/"
        told[begins] = numbers.setdefault(folder.resolve(), len(numbers))
    longest_first = sorted(told, key=len, reverse=True)

    def tell(name: str) -> str:
        found = next((begins for begins in longest_first if name.startswith(begins)), None)
        return name if found is None else f"{told[found]}/{name.removeprefix(found)}"

    return tell


def open_path(path: Path) -> BinaryIO:
    """The bytes of a file."""
    return path.open("rb")


def open_named(named: Iterable[NamedFile | Left]) -> Iterator[tuple[NamedFile, BinaryIO] | Left]:
    """Yield each file with its bytes, which the caller closes, or why it cannot be opened."""
    for item in named:
        if isinstance(item, Left):
            yield item
            continue
        try:
            file = item.open()
        except OSError as error:
            yield UnreadableFile(name=item.name, reason=f"The file cannot be read: {error.strerror or error}.")
        else:
            yield item, file


def leave_out(balance: Balance, item: Left) -> RemarkKind:
    """Count what is not read, and as what it is remarked upon."""
    balance.read += 1
    balance.bytes_received += item.size
    balance.bytes_set_aside += item.size
    kind = kind_of_left(item)
    if kind is RemarkKind.SKIPPED:
        balance.skipped += 1
    else:
        balance.quarantined += 1
    return kind


def kind_of_left(item: Left) -> RemarkKind:
    """As what it is remarked upon."""
    return RemarkKind.SKIPPED if isinstance(item, SkippedFile) else RemarkKind.QUARANTINED


def printable(path: Path) -> str:
    """The path as text; bytes of it that are no UTF-8 as escapes, since a database cannot hold them."""
    return str(path).encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Companion:
    """A file that lies beside another, and may be looked into to read that."""

    sha256: Sha256
    open: Open


class Beside:
    """Which files lie beside others, in one folder of a disk or an archive, for the readers that look into them."""

    def __init__(self, files: Iterable[tuple[str, Companion]]) -> None:
        """`files`: what an import was given, by the names it came under."""
        self._by_folder: dict[str, dict[str, Companion]] = {}
        for name, file in files:
            if is_companion(name):
                folder, base = place_of(name)
                self._by_folder.setdefault(folder, {}).setdefault(base, file)

    def of(self, name: str) -> Mapping[str, Companion]:
        """The files in the folder of that one that some reader looks into, by their base names in lower case."""
        return self._by_folder.get(place_of(name)[0], {})


def is_companion(name: str) -> bool:
    """Whether a file is called as one that some reader looks into."""
    return place_of(name)[1] in companions_wanted()


def beside(name: str, other: str) -> tuple[str, str]:
    """Where another file would lie, whose base name is given in lower case, if it lay beside that one."""
    return place_of(name)[0], other


def place_of(name: str) -> tuple[str, str]:
    """Where a file lies: its folder, and its base name in lower case."""
    folder = _FOLDER.match(name)
    end = folder.end() if folder else 0
    return name[:end], name[end:].lower()
