"""Posts from an mbox file: one a mail.

Format: RFC 4155; “From ” quoting as in mboxrd. The file is read twice: first for the ids of its mails,
since the root of a thread may stand at its end, then for the mails.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

from archive.domain.ids import PostKey, Sha256
from archive.domain.records import Checkpoint, Item, Layout, LineReading, Markup, Note, RawRef
from imports.json_lines import UTF8_BOM
from imports.mail_boundaries import Stretch, opens_file, read_stretches
from imports.mail_dates import read_date
from imports.mail_ids import seems_reply
from imports.mail_post import (
    Mail,
    Place,
    content_number,
    hashed_key,
    open_mail,
    read_post,
    refuse_length,
    tell_unreadable,
)
from imports.mail_threads import Root, ThreadIndex
from imports.thread_items import NO_CORRECTIONS

_ABOVE = re.compile(rb"(?:%b)?[\r\n]*(?:>?From [^\n]*(?:\n|\Z))*" % UTF8_BOM)
_QUOTED = b">From "
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_DATES_LEFT_OUT = "the Date cannot be read or names no zone, and is left out."
_QUOTES_TAKEN_OFF = (
    "a line begins with “>From ”, and one “>” was taken off, as mboxrd has it. "
    "Whether the file is mboxo, where the author may have written it, cannot be told."
)
_SUBJECTS_NOT_FOLLOWED = (
    "the subject is a reply’s, but no mail is named that it answers. A subject makes no thread, so each begins its own."
)


def is_mbox(head: bytes) -> bool:
    """Whether a file that begins with these bytes holds mails in mbox."""
    return opens_file(head.removeprefix(UTF8_BOM).lstrip(b"\r\n"))


@dataclass(slots=True)
class _Seen:
    """How often something was met in a file, and where first."""

    count: int = 0
    first: int = 0  # bytes

    def at(self, place: int) -> None:
        if self.count == 0:
            self.first = place
        self.count += 1


@dataclass(slots=True)
class _Survey:
    """What the first reading of a file found."""

    index: ThreadIndex
    unread_dates: _Seen = field(default_factory=_Seen)
    quoted: _Seen = field(default_factory=_Seen)
    lone_replies: _Seen = field(default_factory=_Seen)

    def take(self, stretch: Stretch) -> None:
        """Take in one mail."""
        if stretch.raw is None or isinstance(mail := _open(stretch.raw), str):
            return
        self.index.add(mail.ids, place=stretch.offset, content=content_number(mail))
        date = mail.header.get(b"date")
        if date and read_date(date) is None:
            self.unread_dates.at(stretch.offset)
        if not mail.ids.line and seems_reply(mail.header.get(b"subject")):
            self.lone_replies.at(stretch.offset)
        if _is_quoted(stretch.raw):
            self.quoted.at(stretch.offset)

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Yield what the archivist should know of the file, each with its first place."""
        for seen, sentence in (
            (self.unread_dates, _DATES_LEFT_OUT),
            (self.quoted, _QUOTES_TAKEN_OFF),
            (self.lone_replies, _SUBJECTS_NOT_FOLLOWED),
        ):
            if seen.count:
                mails = "mail" if seen.count == 1 else "mails"
                yield seen.first, f"{seen.count:,} {mails}, the first at byte {seen.first:,}: {sentence}"


def read_posts(
    file: BinaryIO,
    *,
    original: Sha256,
    start: int = 0,
    markup: Markup = Markup.MAIL,  # noqa: ARG001 - a mail says itself how it is written
    corrections: Mapping[int, LineReading] = NO_CORRECTIONS,  # noqa: ARG001 - no line of it is doubtful
) -> Iterator[Item]:
    """Yield one post a mail, in file order, and a checkpoint after each. Never raises on bad content.

    :param file: the unpacked file; it can seek, and is read twice.
    :param start: the byte at which a mail begins; everything before it was yielded by an earlier run.
    """
    with closing(ThreadIndex()) as index:
        survey = _Survey(index)
        for stretch in read_stretches(file, 0):
            survey.take(stretch)
        index.write()
        if start == 0:
            for place, sentence in survey.sentences():
                yield Note(ref=RawRef(original=original, offset=place, length=0), text=sentence)
        for stretch in read_stretches(file, start):
            yield from _read_stretch(stretch, index, original)
            yield Checkpoint(stretch.offset + stretch.length)


def _read_stretch(stretch: Stretch, index: ThreadIndex, original: Sha256) -> Iterator[Item]:
    ref = RawRef(original=original, offset=stretch.offset, length=stretch.length)
    if stretch.raw is None:
        yield tell_unreadable(ref, refuse_length())
        return
    mail = _open(stretch.raw)
    if not isinstance(mail, str):
        yield from read_post(mail, _find_place(mail, stretch.offset, index), ref)
    elif not stretch.raw.removeprefix(UTF8_BOM).strip():
        yield Layout(ref=ref)
    else:
        yield tell_unreadable(ref, mail)


def _find_place(mail: Mail, offset: int, index: ThreadIndex) -> Place:
    key, has_taken_id = mail.ids.key, False
    if key is not None:
        first = index.first_with(key)
        has_taken_id = first is not None and first.place != offset and first.content != content_number(mail)
    if key is None or has_taken_id:
        key = hashed_key(mail)
    mentions = tuple(index.mentions(key, mail.ids.line))
    return Place(key, _find_root(mail, key, index), has_taken_id, mentions)


def _find_root(mail: Mail, key: PostKey, index: ThreadIndex) -> Root:
    return index.root_above(mail.ids.line[-1]) if mail.ids.line else Root(key, is_here=True)


def _open(raw: bytes) -> Mail | str:
    """The mail without what the file puts around it: its opening line, the blank line after it, and quoting."""
    if _is_quoted(raw):
        raw = _QUOTED_FROM.sub(rb"\1", raw)
    above = _ABOVE.match(raw)
    start = 0 if above is None else above.end()
    end = len(raw)
    if raw.endswith((b"\n\n", b"\r\n\r\n")):
        end -= 2 if raw.endswith(b"\r\n") else 1
    return open_mail(raw, start, max(start, end))


def _is_quoted(raw: bytes) -> bool:
    return _QUOTED in raw and _QUOTED_FROM.search(raw) is not None
