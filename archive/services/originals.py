"""A post beside the bytes that it came from."""

from collections.abc import Iterator
from typing import BinaryIO

from sqlalchemy.orm import Session

from archive.domain.ids import Sha256
from archive.errors import ArchiveError
from archive.services.browse import NotFoundError, threads_by_id, visible_post
from archive.services.post_views import post_views
from archive.services.views import MendedStretch, OriginalPage
from archive.store.batches import is_published
from archive.store.originals import Original
from archive.store.pages import PostRow, revision_rows
from archive.store.quarantine import repaired_stretch
from archive.store.sealed import is_sealed
from archive.store.sightings import Place, find_place
from archive.store.takedowns import takedowns_on
from archive.store.vault import Vault
from imports.formats import known_formats
from imports.mail_charset import encoding_of
from imports.text_encoding import decode

_AROUND = 2_000  # bytes shown before and after a stretch
_MOST_SHOWN = 160_000  # bytes of a stretch: what a page holds of a text
_COUNT_LINES_TO = 8 * 1024 * 1024  # bytes into a file: they are all unpacked for it, in some 10 ms
_DECODE_UP_TO = 4 * 1024 * 1024  # bytes; of a longer text, the stretch itself tells its encoding
_NEWLINE = b"\n"
_UTF8 = "utf-8"
_BOM = "\ufeff"


class SealedError(ArchiveError):
    """Bytes are not shown, since something in them was taken down."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was taken down, so its bytes are sealed. They are shown to nobody but an admin, who says why."
        )


def original_page(
    session: Session, vault: Vault, public_id: str, *, revision: int | None, drafts: bool, around: bool
) -> OriginalPage:
    """A post's own bytes; of its current revision, or of the one that is named.

    They are taken from a file of a published batch, unless drafts may be seen and there is none.

    :param around: whether what stands around them is shown too: it may be what nobody published.
    :raises NotFoundError: if there is no such post or revision, or none that may be seen.
    :raises SealedError: if the post was taken down, or words of it.
    :raises BytesLostError: if the vault does not hold the bytes, or they are damaged.
    """
    row, place = _open(session, public_id, revision, drafts=drafts)
    original = session.get_one(Original, place.original)
    sealed = is_sealed(session, place.original)  # then what stands around may be down
    reach = _AROUND if around and not sealed else 0
    start, end = max(0, place.offset - reach), place.offset + place.length
    cut_within = place.length > _MOST_SHOWN
    with vault.open(place.original) as file:
        first_line = _count_lines(file, start) if start <= _COUNT_LINES_TO else None
        before = _read(file, start, place.offset)
        stretch = _read(file, place.offset, min(end, place.offset + _MOST_SHOWN))
        after = b"" if cut_within else _read(file, end, min(end + reach, original.size))
        encoding = _encoding(file, original.size, stretch, place.format)
    return OriginalPage(
        post=post_views(session, [row], drafts=drafts)[0],
        thread=threads_by_id(session, {row.thread_id})[row.thread_id],
        name=original.name,
        sha256=original.sha256,
        size=original.size,
        received_at=original.received_at,
        format=place.format,
        offset=place.offset,
        length=place.length,
        encoding=encoding,
        mends=_mended(session, place.original, drafts=drafts),
        before=_shown(before, encoding),
        stretch=_shown(stretch, encoding),
        after=_shown(after, encoding),
        first_line=first_line,
        cut_before=start > 0,
        cut_within=cut_within,
        cut_after=end + len(after) < original.size or cut_within,
        sealed=sealed,
    )


def find_original(session: Session, sha256: Sha256, *, drafts: bool) -> Original:
    """What is known of an original.

    :param drafts: whether one may be seen that no published batch names.
    :raises NotFoundError: if none has that hash, or none that may be seen.
    """
    original = session.get(Original, sha256)
    if original is None or not (drafts or is_published(session, sha256)):
        raise NotFoundError("original")
    return original


def check_open(session: Session, sha256: Sha256) -> None:
    """Whether a file may be taken away as a whole.

    :raises SealedError: if it holds something that was taken down.
    """
    if is_sealed(session, sha256):
        raise SealedError("Something in this file")


def _open(session: Session, public_id: str, revision: int | None, *, drafts: bool) -> tuple[PostRow, Place]:
    row = _row(session, public_id, revision, drafts=drafts)
    if takedowns_on(session, row.id):
        raise SealedError("This post, or a part of it,")
    place = find_place(session, row.revision_id, drafts=drafts)
    if place is None:
        raise NotFoundError("original of this post")
    return row, place


def _row(session: Session, public_id: str, revision: int | None, *, drafts: bool) -> PostRow:
    row = visible_post(session, public_id, drafts=drafts)
    if revision is None or revision == row.revision_number:
        return row
    older = [other for other in revision_rows(session, row.id, drafts=drafts) if other.revision_number == revision]
    if not older:
        raise NotFoundError("revision of this post")
    return older[0]


def _mended(session: Session, original: Sha256, *, drafts: bool) -> MendedStretch | None:
    remark = repaired_stretch(session, original, drafts=drafts)
    if remark is None or remark.original is None:
        return None
    return MendedStretch(name=remark.name, original=remark.original, offset=remark.offset, length=remark.length)


def _read(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(max(0, end - start))


def _count_lines(file: BinaryIO, end: int) -> int:
    """The number of the line in which a place lies, from 1."""
    return 1 + sum(piece.count(_NEWLINE) for piece in _pieces(file, end))


def _pieces(file: BinaryIO, end: int) -> Iterator[bytes]:
    file.seek(0)
    while end > 0 and (piece := file.read(min(end, 1024 * 1024))):
        end -= len(piece)
        yield piece


def _encoding(file: BinaryIO, size: int, stretch: bytes, format_name: str) -> str:
    """How the reader took the bytes of a post: by what a mail names, by a whole text, else as UTF-8."""
    known = next((format_ for format_ in known_formats() if format_.name == format_name), None)
    if known is None or not (known.is_decoded_whole or known.names_encoding):
        return _UTF8
    if known.names_encoding:
        return encoding_of(stretch)
    return decode(stretch if size > _DECODE_UP_TO else _read(file, 0, size)).encoding


def _shown(raw: bytes, encoding: str) -> str:
    """Bytes as text for a page; what is none in that encoding as a replacement mark."""
    return raw.decode(encoding, "replace").removeprefix(_BOM)
