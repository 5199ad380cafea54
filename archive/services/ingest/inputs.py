"""What an import is given, found and opened: files, folders, members of zip archives, compressed files, uploads."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from weakref import finalize

from sqlalchemy.orm import Session

from archive.domain.batch import Balance
from archive.domain.ids import Sha256
from archive.errors import ArchiveError
from archive.store.batches import RemarkKind
from archive.store.originals import Original
from archive.store.vault import BytesMissingError, Kept, Vault, hash_pieces
from imports.companions import NO_COMPANIONS, Companions
from imports.containers import (
    ContainerError,
    Member,
    MemberError,
    SkippedFile,
    UnreadableFile,
    find_files,
    list_members,
)
from imports.formats import COMPANIONS, is_zip
from imports.limits import LARGE_WINDOW_BYTES, MAX_WINDOW_BYTES
from imports.packed import is_packed, name_unpacked, unpack
from imports.signatures import SIGNATURE_BYTES

_IN_MEMORY = 8 * 1024 * 1024  # bytes of an unpacked member that need no file

_INSIDE = " › "  # between the name of an archive and that of its member
_FOLDER = re.compile(rf".*(?:/|{_INSIDE})", re.DOTALL)  # of a name, as far as it goes

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


@dataclass(frozen=True, slots=True)
class Received:
    """A file, or a member of one, whose bytes are known by their hash."""

    name: str
    kept: Kept
    open: Open
    container: Sha256 | None = None
    member: str | None = None


def find_named(paths: Iterable[Path]) -> Iterator[NamedFile | Left]:
    """Yield the files that the paths name, and what is left out below them.

    :raises NoSuchFileError: if a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise NoSuchFileError(path, "there is no such file or folder")
        for found in find_files(path):
            yield found if isinstance(found, Left) else NamedFile(printable(found), partial(_open_path, found))


def _open_path(path: Path) -> BinaryIO:
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
    if isinstance(item, SkippedFile):
        balance.skipped += 1
        return RemarkKind.SKIPPED
    balance.quarantined += 1
    return RemarkKind.QUARANTINED


def printable(path: Path) -> str:
    """The path as text; bytes of it that are no UTF-8 as escapes, since a database cannot hold them."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def expand(file: Received, archives: "Archives") -> Iterator[Received | Left]:
    """Yield the file itself, or, where it is packed, what is in it, which `archives` will open."""
    with file.open() as opened:
        head = opened.read(SIGNATURE_BYTES)
    if is_packed(head):
        yield _unpacked(file, name_unpacked(file.name, head), archives)
    elif is_zip(head):
        yield from _members_or_none(file, archives)
    else:
        yield file


def _members_or_none(file: Received, archives: "Archives") -> Iterator[Received | Left]:
    """The members of an archive; or that it has none, or cannot be opened, with all of its bytes."""
    empty = True
    try:
        for member in _members(file, archives):
            empty = False
            yield member
    except ContainerError as error:
        yield UnreadableFile(name=file.name, reason=str(error), size=file.kept.size)
    else:
        if empty:
            yield SkippedFile(name=file.name, reason="The archive holds no file.", size=file.kept.size)


class Archives:
    """Zip archives and compressed files that are read. Of the former only the last stays open, however many there are.

    :param large_window: whether a compressed file may have 2 GiB of memory held for it.
    """

    def __init__(self, *, large_window: bool = False) -> None:
        self._last: tuple[Sha256, _OpenArchive] | None = None
        self._largest_window = LARGE_WINDOW_BYTES if large_window else MAX_WINDOW_BYTES

    def open(self, sha256: Sha256, open_archive: Open, member: str) -> BinaryIO:
        """The unpacked bytes of a member; a compressed file has but one, whatever it is called.

        :raises KeyError: if there is none of that name.
        :raises ContainerError: if the archive cannot be opened.
        :raises MemberError: if the member cannot be read to its end.
        """
        if self._last is None or self._last[0] != sha256:
            with open_archive() as file:
                if is_packed(file.read(SIGNATURE_BYTES)):
                    return _unpacked_whole(self.unpack(file, member))
        return self.get(sha256, open_archive).open(member)

    def unpack(self, file: BinaryIO, name: str) -> Iterator[bytes]:
        """Yield what is in a compressed file.

        :raises MemberError: if it cannot be read to its end.
        """
        return unpack(file, name=name, largest_window=self._largest_window)

    def get(self, sha256: Sha256, open_archive: Open) -> "_OpenArchive":
        """The archive, open."""
        if self._last is None or self._last[0] != sha256:
            self._last = sha256, _OpenArchive(open_archive)
        return self._last[1]


class _OpenArchive:
    """A zip archive whose members are read one after the other; it is listed once."""

    def __init__(self, open_archive: Open) -> None:
        self._open = open_archive

    @cached_property
    def listed(self) -> Sequence[Member | Left]:
        """Members, and what is left out; of two members of one name only the first can be told apart.

        :raises ContainerError: if the archive cannot be opened.
        """
        listed: list[Member | Left] = []
        names: set[str] = set()
        file = self._open()
        finalize(self, file.close)  # members are read as long as the archive is asked for them
        for member in list_members(file):
            if member.name in names:
                listed.append(UnreadableFile(name=member.name, reason="Another member has the same name."))
            else:
                listed.append(member)
            names.add(member.name)
        return listed

    def open(self, name: str) -> BinaryIO:
        """The unpacked bytes of a member.

        :raises KeyError: if there is none of that name.
        """
        return _unpacked_whole(self._by_name[name].chunks())

    @cached_property
    def _by_name(self) -> dict[str, Member]:
        return {member.name: member for member in self.listed if isinstance(member, Member)}


class Beside:
    """Which files lie beside others, in one folder of a disk or an archive, for the readers that look into them."""

    def __init__(self, files: Iterable[tuple[str, Open]]) -> None:
        """`files`: what an import was given, by the names it came under."""
        self._by_folder: dict[str, dict[str, Open]] = {}
        for name, opener in files:
            if is_companion(name):
                folder, base = _split(name)
                self._by_folder.setdefault(folder, {}).setdefault(base, opener)

    def of(self, name: str) -> Companions:
        """The files in the folder of that one that some reader looks into, by their base names in lower case."""
        return self._by_folder.get(_split(name)[0], NO_COMPANIONS)


def is_companion(name: str) -> bool:
    """Whether a file is called as one that some reader looks into."""
    return _split(name)[1] in COMPANIONS


def _split(name: str) -> tuple[str, str]:
    """A name as that of its folder, and the rest in lower case."""
    folder = _FOLDER.match(name)
    end = folder.end() if folder else 0
    return name[:end], name[end:].lower()


class Originals:
    """Opens originals, wherever their bytes lie."""

    def __init__(self, session: Session, vault: Vault) -> None:
        self._session, self._vault = session, vault
        self._archives = Archives(large_window=True)  # what was once received is always shown

    def open(self, sha256: Sha256) -> BinaryIO:
        """The bytes as received.

        :raises BytesMissingError: if they are not held.
        """
        return self.opener(sha256)()

    def opener(self, sha256: Sha256) -> Open:
        """What opens the bytes, also in another thread than the session's; it raises as `open` does."""
        original = self._session.get(Original, sha256)
        if original is None or original.container is None or original.member is None:
            return partial(self._vault.open, sha256)
        return partial(self._open_member, sha256, original.container, original.member)

    def _open_member(self, sha256: Sha256, container: Sha256, member: str) -> BinaryIO:
        try:
            return self._archives.open(container, partial(self._vault.open, container), member)
        except (KeyError, ContainerError, MemberError):
            raise BytesMissingError(sha256) from None


def _unpacked_whole(pieces: Iterator[bytes]) -> BinaryIO:
    """The bytes as a file that can seek."""
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        for piece in pieces:
            file.write(piece)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return cast("BinaryIO", file)


def _unpacked(file: Received, member: str, archives: Archives) -> Received | Left:
    try:
        with file.open() as packed:
            kept = hash_pieces(archives.unpack(packed, file.name))
    except MemberError as error:
        return UnreadableFile(name=file.name, reason=error.reason, size=file.kept.size)
    opener = partial(archives.open, file.kept.sha256, file.open, member)
    return Received(f"{file.name}{_INSIDE}{member}", kept, opener, file.kept.sha256, member)


def _members(file: Received, archives: Archives) -> Iterator[Received | Left]:
    archive = archives.get(file.kept.sha256, file.open)
    for member in archive.listed:
        name = f"{file.name}{_INSIDE}{member.name}"
        if isinstance(member, SkippedFile):
            yield SkippedFile(name=name, reason=member.reason)
        elif isinstance(member, UnreadableFile):
            yield UnreadableFile(name=name, reason=member.reason)
        else:
            try:
                kept = hash_pieces(member.chunks())
            except MemberError as error:
                yield UnreadableFile(name=name, reason=error.reason)
                continue
            opener = partial(archives.open, file.kept.sha256, file.open, member.name)
            yield Received(name, kept, opener, file.kept.sha256, member.name)
