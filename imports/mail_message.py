"""A post from a file that holds one mail: .eml, or a file of a Maildir.

Format: RFC 5322; https://cr.yp.to/proto/maildir.html.
"""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from archive.domain.ids import Sha256
from archive.domain.records import Checkpoint, Item, Layout, LineReading, Markup, Note, RawRef
from imports.json_lines import UTF8_BOM
from imports.limits import MAX_MESSAGE_BYTES
from imports.mail_dates import read_date
from imports.mail_header import KNOWN_FIELDS, Header, begins_header, split_damaged_header
from imports.mail_post import Mail, Place, open_mail, own_key, read_post, refuse_length, tell_unreadable
from imports.mail_threads import Root, mentions_of_line
from imports.thread_items import NO_CORRECTIONS

_READ_AT_ONCE = 1024 * 1024  # bytes
_LEAST_FIELDS = 2  # “From: ” alone begins many a text
_ABOVE = re.compile(rb"(?:%b)?[\r\n]*(?:From [^\n]*\n)?" % UTF8_BOM)  # the line is left from an mbox


def is_mail(head: bytes) -> bool:
    """Whether a file that begins with these bytes holds a mail."""
    head = head.removeprefix(UTF8_BOM)
    if not begins_header(head):
        return False
    end, _ = split_damaged_header(head, 0, len(head))
    header = Header(head[:end])
    return sum(header.get(name) is not None for name in KNOWN_FIELDS) >= _LEAST_FIELDS


def read_posts(
    file: BinaryIO,
    *,
    original: Sha256,
    start: int = 0,
    markup: Markup = Markup.MAIL,  # noqa: ARG001 - a mail says itself how it is written
    corrections: Mapping[int, LineReading] = NO_CORRECTIONS,  # noqa: ARG001 - no line of it is doubtful
) -> Iterator[Item]:
    """Yield the post, what was assumed about it, and a checkpoint. Never raises on bad content.

    :param file: the unpacked file, at its beginning.
    :param start: 0, or the end of the file: then there is nothing left to yield.
    """
    raw = file.read(MAX_MESSAGE_BYTES + 1)
    size = len(raw) + _measure_rest(file)
    if start >= size:
        return
    ref = RawRef(original=original, offset=0, length=size)
    mail = open_mail(raw, _find_start(raw), size) if size <= MAX_MESSAGE_BYTES else refuse_length()
    if not raw.strip():
        yield Layout(ref=ref)
    elif isinstance(mail, str):
        yield tell_unreadable(ref, mail)
    else:
        yield from _read_date_note(mail, ref)
        yield from read_post(mail, _find_place(mail), ref)
    yield Checkpoint(size)


def _read_date_note(mail: Mail, ref: RawRef) -> Iterator[Note]:
    date = mail.header.get(b"date")
    if date and read_date(date) is None:
        yield Note(ref=ref, text="The mail’s Date cannot be read or names no zone, and is left out.")


def _find_place(mail: Mail) -> Place:
    key = own_key(mail)
    root = Root(mail.ids.line[0], is_here=False) if mail.ids.line else Root(key, is_here=True)
    return Place(key, root, has_taken_id=False, mentions=tuple(mentions_of_line(key, mail.ids.line)))


def _find_start(raw: bytes) -> int:
    """Where the header begins, below what some programs leave above it."""
    above = _ABOVE.match(raw)
    return 0 if above is None else above.end()


def _measure_rest(file: BinaryIO) -> int:
    size = 0
    while chunk := file.read(_READ_AT_ONCE):
        size += len(chunk)
    return size
