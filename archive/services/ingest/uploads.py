"""Files that browsers send in pieces: each piece with its place, so that a lost connection costs one piece.

uploads/<token>     the bytes as far as they have come; it goes when they are in the vault, or a day after the last
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete
from sqlalchemy.orm import Session

from archive.clock import now
from archive.errors import ArchiveError
from archive.services.ingest.import_folder import open_watched
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.places import Places
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.arrivals import Upload, count_uploads, find_upload, list_begun, list_unordered, uploads_of

PIECE_BYTES = 8 * 1024 * 1024
_READ = 256 * 1024  # bytes
MOST_UPLOADS = 1_000  # of one person, that are not received
MAX_NAME = 255  # characters
_STALE = timedelta(days=1)
_SPARE = 1024 * 1024 * 1024  # bytes of the disk that uploads leave alone


class UploadError(ArchiveError):
    """An upload cannot begin, or go on."""


class PieceOutOfPlaceError(UploadError):
    """A piece does not begin where the bytes that have come end."""

    def __init__(self, have: int) -> None:
        self.have = have
        super().__init__(f"{have:,} bytes of this file have come; go on from there.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody has sent, or begun to send, and that is in no order."""

    token: str
    name: str
    size: int  # bytes, when it is complete
    have: int  # bytes
    modified: int  # ms; as `Upload` has it

    @property
    def is_complete(self) -> bool:
        """Whether it can be received."""
        return self.have == self.size


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload, and how much of it has come."""

    token: str
    have: int  # bytes


def begin(
    session: Session, places: Places, *, name: str, size: int, modified: int, most_bytes: int, by: Actor
) -> Begun:
    """Begin to send a file, or go on with it where that was left.

    :param most_bytes: that one person may have here, not yet received.
    :raises UploadError: if there is no room for it.
    """
    if by.user_id is None:
        raise UploadError("Only somebody who is logged in can send a file.")
    with writing(session):
        known = find_upload(session, places.instance, by.user_id, name=name, size=size, modified=modified)
        if known is not None:
            return Begun(known.token, _have(places.uploads / known.token))
        check_room(session, places, files=1, size=size, most_bytes=most_bytes, by=by)
        _check_disk(places.uploads, size=size)
        token = secrets.token_hex(16)
        upload = Upload(token=token, name=name, size=size, modified=modified, user_id=by.user_id, begun_at=now())
        upload.instance = places.instance
        session.add(upload)
        detail: dict[str, object] = {"name": name, "bytes": size}
        record(session, by=by, act="begin upload", subject=f"upload {token}", detail=detail)
    (places.uploads / token).touch(mode=0o600)
    return Begun(token, 0)


def add_piece(session: Session, places: Places, token: str, piece: BinaryIO, *, offset: int, by: Actor) -> int:
    """Put a piece where it belongs, on the disk; how many bytes have come then.

    :raises PieceOutOfPlaceError: if what has come ends elsewhere.
    :raises UploadError: if there is no such upload of that person, or the disk gives way.
    """
    upload = _mine(session, places, token, by)
    if upload.arrival_id is not None:
        raise UploadError("This file is complete, and is being received.")
    left = max(0, upload.size - offset)
    session.rollback()  # a slow sender keeps nobody from writing
    whole = b"".join(_at_most(piece, min(PIECE_BYTES, left)))
    with (places.uploads / token).open("ab", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # only now: a connection that is lost unnoticed must not hold it
        have = file.seek(0, os.SEEK_END)
        if have != offset:
            raise PieceOutOfPlaceError(have)
        try:
            _write(file, whole)
        except OSError as error:
            file.truncate(have)  # half a piece is none, and is sent again
            raise UploadError(f"The piece could not be kept: {error.strerror or error}.") from error
    return have + len(whole)


def keep_whole(session: Session, places: Places, name: str, file: BinaryIO, *, by: Actor, most_bytes: int) -> str:
    """Keep a file that came in one request until it is received, or nothing of it; its token.

    :raises UploadError: if there is no room for it.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    once = -secrets.randbits(62)  # what came in one request is not gone on with
    token = begin(session, places, name=name, size=size, modified=once, most_bytes=most_bytes, by=by).token
    try:
        while (have := _have(places.uploads / token)) < size:
            add_piece(session, places, token, file, offset=have, by=by)
    except UploadError:
        withdraw(session, places, [token], by=by)
        raise
    return token


def list_sent(session: Session, places: Places, *, by: Actor) -> Sequence[Sent]:
    """What somebody has here that is in no order, in the order in which it was begun."""
    if by.user_id is None:
        return []
    here = list_unordered(session, places.instance, by.user_id)
    return [Sent(row.token, row.name, row.size, _have(places.uploads / row.token), row.modified) for row in here]


def room(session: Session, places: Places, *, by: Actor, most_bytes: int) -> tuple[int, int]:
    """How many files, and bytes, somebody may send beside what is here of theirs and not received yet."""
    if by.user_id is None:
        return 0, 0
    count, together = count_uploads(session, places.instance, by.user_id)
    return max(0, MOST_UPLOADS - count), max(0, most_bytes - together)


def check_room(session: Session, places: Places, *, files: int, size: int, most_bytes: int, by: Actor) -> None:
    """Whether somebody may send so many files, and bytes.

    :raises UploadError: if those are too many.
    """
    more_files, more_bytes = room(session, places, by=by, most_bytes=most_bytes)
    if files > more_files:
        raise UploadError(
            f"You may have {MOST_UPLOADS:,} files here that are not received yet, and with these there were "
            f"{MOST_UPLOADS - more_files + files:,}. Send them in a zip or 7z archive."
        )
    if size > more_bytes:
        raise UploadError(f"Your uploads may have {most_bytes:,} bytes together, and with this they had more.")


def withdraw(session: Session, places: Places, tokens: Iterable[str], *, by: Actor) -> None:
    """Remove uploads of that person, of which none is in an order.

    :raises UploadError: if one is not there, or is being received.
    """
    gone: list[str] = []
    with writing(session):
        for token in tokens:
            upload = _mine(session, places, token, by, to_change=True)
            if upload.arrival_id is not None:
                raise UploadError(f"“{upload.name}” is being received already.")
            session.delete(upload)
            record(session, by=by, act="withdraw upload", subject=f"upload {token}", detail={"name": upload.name})
            gone.append(token)
    remove(places, gone)


def check_complete(session: Session, places: Places, tokens: Iterable[str], *, by: Actor) -> None:
    """Whether uploads can be received.

    :raises UploadError: if one is not there, or not complete.
    """
    for token in tokens:
        _check_complete(_mine(session, places, token, by), places)


def hand_over(session: Session, places: Places, tokens: Iterable[str], *, arrival_id: int, by: Actor) -> int:
    """Let uploads belong to an arrival, in the transaction of the caller; their bytes together.

    :raises UploadError: if one is not there, or not complete.
    """
    together = 0
    for token in tokens:
        upload = _mine(session, places, token, by, to_change=True)
        _check_complete(upload, places)
        upload.arrival_id = arrival_id
        together += upload.size
    return together


def open_sent(places: Places, sent: Sequence[Upload], report: Callable[[int], None]) -> Iterator[NamedFile]:
    """Yield what was uploaded, as files that can be received. Opening one raises UploadError where it cannot be read:
    it is the only copy that is here, so it must not be left out and removed with the others.
    """
    for upload in sent:
        yield NamedFile(upload.name, partial(_open_kept, places.uploads / upload.token, upload.name, report))


def forget(session: Session, arrival_id: int) -> list[str]:
    """Drop the uploads of an arrival, in the transaction of the caller; their tokens."""
    sent = uploads_of(session, arrival_id)
    for upload in sent:
        session.delete(upload)
    return [upload.token for upload in sent]


def release(session: Session, places: Places, arrival_id: int) -> None:
    """Let the uploads of an arrival belong to none, in the transaction of the caller, and be new for another day."""
    for upload in uploads_of(session, arrival_id):
        upload.arrival_id = None
        with suppress(OSError):  # a file that cannot be had now does not keep anybody from giving it up
            os.utime(places.uploads / upload.token)


def remove(places: Places, tokens: Iterable[str]) -> None:
    """Remove the bytes of uploads that are received, or forgotten."""
    for token in tokens:
        (places.uploads / token).unlink(missing_ok=True)


def sweep(session: Session, places: Places) -> None:
    """Forget uploads of which no byte has come for a day, and remove files that belong to none."""
    if not places.uploads.is_dir():
        return
    if any(
        _is_stale(places.uploads / upload.token)
        for upload in list_begun(session, places.instance, before=now() - _STALE)
    ):
        with writing(session):
            begun = list_begun(session, places.instance, before=now() - _STALE)
            gone = [upload.token for upload in begun if _is_stale(places.uploads / upload.token)]
            left = delete(Upload).where(Upload.token.in_(gone), Upload.arrival_id.is_(None))  # as it is by now
            gone = list(session.scalars(left.returning(Upload.token)))
        remove(places, gone)
    for path in places.uploads.iterdir():
        if _is_stale(path) and session.get(Upload, path.name) is None:
            path.unlink(missing_ok=True)


def _open_kept(path: Path, name: str, report: Callable[[int], None]) -> BinaryIO:
    try:
        return open_watched(path, report)
    except OSError as error:
        raise UploadError(f"“{name}”, as it was sent, cannot be read: {error.strerror or error}.") from error


def _at_most(stream: BinaryIO, left: int) -> Iterator[bytes]:
    """So many bytes of a stream, and no more: what is left over is sent again, or is none of the file's."""
    while left and (part := stream.read(min(left, _READ))):
        left -= len(part)
        yield part


def _write(file: FileIO, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) :]
    os.fsync(file.fileno())


def _check_disk(folder: Path, *, size: int) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size + _SPARE:
        raise UploadError("There is not enough room for this file on the server's disk.")


def _mine(session: Session, places: Places, token: str, by: Actor, *, to_change: bool = False) -> Upload:
    upload = session.get(Upload, token, populate_existing=True, with_for_update=to_change or None)
    if upload is None or (upload.user_id, upload.instance) != (by.user_id, places.instance):
        raise UploadError("There is no such upload: it may have been left for more than a day. Send the file again.")
    return upload


def _check_complete(upload: Upload, places: Places) -> None:
    if upload.arrival_id is not None:
        raise UploadError(f"“{upload.name}” is being received already.")
    if _have(places.uploads / upload.token) != upload.size:
        raise UploadError(f"“{upload.name}” is not complete: choose it again, and it goes on where it was.")


def _have(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _is_stale(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return now() - datetime.fromtimestamp(path.stat().st_mtime, UTC) > _STALE
    return True
