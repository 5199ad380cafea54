"""The text of a mail as people read it.

Format: RFC 3676 for lines that flow; lines end with LF whatever the mail had.
"""

from typing import NamedTuple

from archive.domain.records import Markup
from imports.limits import MAX_POST_BYTES
from imports.mail_charset import decode
from imports.mail_parts import ContentType, MailRefusedError, Part, decode_body

_MOST_BYTES_A_CHARACTER = 4  # of a charset, where UTF-8 has one
_SIGNATURE = "-- "  # the line above a signature ends with a blank, and does not flow


class MailText(NamedTuple):
    """A text, how it is written, and what was assumed to read it."""

    text: str
    markup: Markup
    notes: tuple[str, ...]  # ends of sentences that begin with the mail


def read_text(raw: bytes, part: Part | None) -> MailText:
    """The text that a part of a mail holds; without a part, none.

    :raises MailRefusedError: if it is too long to be taken into memory a second time.
    """
    if part is None:
        return MailText("", Markup.MAIL, ())
    markup = Markup.HTML if part.content.kind == "text/html" else Markup.MAIL
    body = decode_body(raw, part)
    notes: list[str] = []
    if not body and raw[part.start : part.end].strip():
        body = raw[part.start : part.end]
        notes.append("is not encoded as it says; its text is given as it stands.")
    if len(body) > MAX_POST_BYTES * _MOST_BYTES_A_CHARACTER:
        raise MailRefusedError(f"has a text that is larger than {MAX_POST_BYTES // 2**20} MiB.")
    text, note = decode(body, part.content.charset)
    if note is not None:
        notes.append(note)
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        notes.append("holds NUL characters, which are shown as \N{REPLACEMENT CHARACTER}.")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if part.content.is_flowed:
        text = join_flowed(text, part.content)
    return MailText(text.rstrip("\n"), markup, tuple(notes))


def join_flowed(text: str, content: ContentType) -> str:
    """The text with each paragraph on one line."""
    lines: list[str] = []
    open_depth = -1  # of the paragraph that goes on; -1 when none does
    for line in text.split("\n"):
        stripped = line.lstrip(">")
        depth = len(line) - len(stripped)
        body = stripped.removeprefix(" ")  # where a line begins with a blank or “>”, a blank is put before it
        flows = body.endswith(" ") and body != _SIGNATURE
        if body != _SIGNATURE and depth == open_depth:
            lines[-1] += body[:-1] if flows and content.deletes_blanks else body
        else:
            prefix = f"{'>' * depth} " if depth else ""
            lines.append(prefix + (body[:-1] if flows and content.deletes_blanks else body))
        open_depth = depth if flows else -1
    return "\n".join(lines)
