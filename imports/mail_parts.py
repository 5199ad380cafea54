"""The parts of a mail: which is its text, and what is attached.

Format: MIME, RFC 2045 and 2046; Content-Disposition, RFC 2183. Parts are stretches of the mail's
bytes, found without a copy of them; a mail within a mail is an attachment, and not looked into.
"""

import binascii
import hashlib
import re
from collections.abc import Iterator
from email.message import Message
from functools import lru_cache
from typing import NamedTuple

from archive.errors import ArchiveError
from imports.limits import (
    MAX_FILE_NAME_CHARACTERS,
    MAX_FILE_TYPE_CHARACTERS,
    MAX_HEADER_BYTES,
    MAX_MAIL_LEVELS,
    MAX_MAIL_PARTS,
)
from imports.mail_charset import decode_raw_words
from imports.mail_header import Header, decode_words, split_header, unfold, without_controls

_PLAIN, _HTML, _MAIL = "text/plain", "text/html", "message/rfc822"
_SEPARATOR_END = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_UUENCODED = frozenset({b"x-uuencode", b"uuencode", b"uue", b"x-uue"})
_FOLDER = re.compile(r".*[/\\]", re.DOTALL)
_UNSEEN = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_LONGEST_REMEMBERED = 500  # bytes, of a type with its parameters
_ODD_PARAMETERS = (ValueError, LookupError, TypeError, AttributeError)  # what Python's parser dies of


class MailRefusedError(ArchiveError):
    """A mail passes a cap."""


class ContentType(NamedTuple):
    """What a part says it holds."""

    kind: str  # "text/plain"
    charset: str | None
    boundary: bytes | None
    is_flowed: bool  # RFC 3676
    deletes_blanks: bool  # the same, DelSp=yes


class Part(NamedTuple):
    """A part without parts, as a stretch of a mail's bytes."""

    header: Header
    content: ContentType
    start: int  # of the body, in the mail's bytes
    end: int
    alternative: int  # which multipart/alternative it stands in; 0 for none


class _Frame(NamedTuple):
    start: int
    end: int
    level: int
    default: str  # what it holds if it does not say
    alternative: int


class MailContent(NamedTuple):
    """The part that is a mail's text, and those that are attached."""

    text: Part | None
    attached: list[Part]


def find_content(raw: bytes, header: Header, start: int, end: int) -> MailContent:
    """The text and the attachments of a mail.

    :param start: where its body begins in the bytes; it ends at `end`.
    :raises MailRefusedError: if it has too many parts, or they are nested too deeply.
    """
    content = _content_of(header, _PLAIN)
    if content.boundary is None:
        parts = [Part(header, _as_leaf(content), start, end, 0)]
    else:
        parts = list(_walk(raw, header, start, end))
    text = _choose_text(raw, parts)
    return MailContent(text, [part for part in parts if part is not text and not _says_the_same(part, text)])


def decode_body(raw: bytes, part: Part) -> bytes:
    """The bytes that a part's body stands for."""
    body = raw[part.start : part.end]
    value = part.header.get(b"content-transfer-encoding")
    encoding = b"" if value is None else value.lower().partition(b";")[0].strip()
    if encoding == b"quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == b"base64":
        return _decode_base64(body)
    if encoding in _UUENCODED:
        return _decode_rarely(body, encoding)
    return body


def describe(raw: bytes, part: Part) -> dict[str, str | int]:
    """An attachment's name and type, as they may be shown, its size in bytes, and its SHA-256."""
    body = decode_body(raw, part)
    name = shown_name(_file_name(part.header))
    kind = part.content.kind[:MAX_FILE_TYPE_CHARACTERS]
    return {"name": name, "type": kind, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def shown_name(name: str) -> str:
    """A file's name without folders, control characters and what turns the direction of writing."""
    path = without_controls(_UNSEEN.sub("", name)).rstrip("/\\ ")
    return without_controls(_FOLDER.sub("", path))[:MAX_FILE_NAME_CHARACTERS]


def _choose_text(raw: bytes, parts: list[Part]) -> Part | None:
    inline = [part for part in parts if part.content.kind in (_PLAIN, _HTML) and not _is_attached(part)]
    plain = next((part for part in inline if part.content.kind == _PLAIN), None)
    html = next((part for part in inline if part.content.kind == _HTML), None)
    if plain is None or (html is not None and not raw[plain.start : plain.end].strip()):
        return html or plain
    return plain


def _says_the_same(part: Part, text: Part | None) -> bool:
    """Whether a part is the text in another form."""
    is_other_form = text is not None and part.alternative > 0 and part.alternative == text.alternative
    return is_other_form and part.content.kind.startswith("text/") and not _is_attached(part)


def _is_attached(part: Part) -> bool:
    value = part.header.get(b"content-disposition")
    return value is not None and value[:10].lower() == b"attachment"


def _walk(raw: bytes, header: Header, start: int, end: int) -> Iterator[Part]:
    """Yield the parts that have no parts, in the order of the mail."""
    waiting: list[tuple[_Frame, Header, int]] = [(_Frame(start, end, 1, _PLAIN, 0), header, start)]
    seen = 0
    while waiting:
        frame, header, start = waiting.pop()
        seen += 1
        if seen > MAX_MAIL_PARTS:
            raise MailRefusedError(f"has more than {MAX_MAIL_PARTS:,} parts.")
        content = _content_of(header, frame.default)
        frames = _divide(raw, start, content, frame, seen) if content.boundary is not None else []
        if frames:
            waiting += reversed([(inner, *_open(raw, inner)) for inner in frames])
        else:
            yield Part(header, _as_leaf(content), start, frame.end, frame.alternative)


def _open(raw: bytes, frame: _Frame) -> tuple[Header, int]:
    header_end, body = split_header(raw, frame.start, frame.end)
    if header_end - frame.start > MAX_HEADER_BYTES:
        raise MailRefusedError(f"has a part whose header is longer than {MAX_HEADER_BYTES:,} bytes.")
    return Header(raw[frame.start : header_end]), body


def _divide(raw: bytes, start: int, content: ContentType, frame: _Frame, number: int) -> list[_Frame]:
    """The stretches between the separators of a container."""
    default = _MAIL if content.kind == "multipart/digest" else _PLAIN
    alternative = number if content.kind == "multipart/alternative" else frame.alternative
    frames: list[_Frame] = []
    separator = b"--" + (content.boundary or b"")
    opened = -1
    for begin, end, closes in _find_separators(raw, separator, start, frame.end):
        if opened >= 0 and begin > opened:
            frames.append(_Frame(opened, _line_end_before(raw, begin, opened), frame.level + 1, default, alternative))
        opened = -1 if closes else end
        if len(frames) > MAX_MAIL_PARTS:
            break
    if opened >= 0:  # the closing separator is missing: the mail was cut
        frames.append(_Frame(opened, frame.end, frame.level + 1, default, alternative))
    if frames and frame.level >= MAX_MAIL_LEVELS:
        raise MailRefusedError(f"has parts within parts, more than {MAX_MAIL_LEVELS} deep.")
    return frames


def _find_separators(raw: bytes, separator: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield where each separator begins and ends, and whether it is the last."""
    at = start if raw.startswith(separator, start, end) else raw.find(b"\n" + separator, start, end) + 1
    while at > 0:
        match = _SEPARATOR_END.match(raw, at + len(separator), end)
        after = at
        if match is not None:
            after = match.end() - 1  # the next one may begin at the line end of this
            yield at, match.end(), match[1] is not None
            if match[1] is not None:
                return
        at = raw.find(b"\n" + separator, after, end) + 1


def _line_end_before(raw: bytes, at: int, start: int) -> int:
    """Where what stands before a separator ends: the line end belongs to the separator."""
    if at > start and raw[at - 1 : at] == b"\n":
        at -= 1
    return at - 1 if at > start and raw[at - 1 : at] == b"\r" else at


def _as_leaf(content: ContentType) -> ContentType:
    """A container without parts is read as what it looks like: text."""
    return content._replace(kind=_PLAIN, boundary=None) if content.kind.startswith("multipart/") else content


def _content_of(header: Header, default: str) -> ContentType:
    value = header.get(b"content-type")
    return read_content_type(b"" if value is None else value, default)


def read_content_type(value: bytes, default: str) -> ContentType:
    """What a Content-Type field says; the default where it is missing or no type."""
    is_ordinary = len(value) <= _LONGEST_REMEMBERED
    return _cached_type(value, default) if is_ordinary else _read_content_type(value, default)


def _read_content_type(value: bytes, default: str) -> ContentType:
    message = Message()
    message.set_default_type(default)
    if value:
        message["Content-Type"] = unfold(value).decode("latin-1")
    kind = message.get_content_type()
    boundary = _parameter(message, "boundary") if kind.startswith("multipart/") else None
    return ContentType(
        kind=kind if _TYPE.fullmatch(kind) else _PLAIN,
        charset=_parameter(message, "charset"),
        boundary=None if boundary is None else boundary.rstrip().encode("latin-1", "replace"),
        is_flowed=kind == _PLAIN and (_parameter(message, "format") or "").lower() == "flowed",
        deletes_blanks=(_parameter(message, "delsp") or "").lower() == "yes",
    )


_cached_type = lru_cache(maxsize=2048)(_read_content_type)  # most mails of a list are of a few types


def _parameter(message: Message, name: str) -> str | None:
    try:
        value = message.get_param(name)
    except _ODD_PARAMETERS:
        return None
    if isinstance(value, tuple):  # RFC 2231: charset, language, value
        value = value[2]
    return value if isinstance(value, str) else None


def _file_name(header: Header) -> str:
    """The name that a part gives its file; "" where it gives none."""
    message = Message()
    for field in ("Content-Disposition", "Content-Type"):
        value = header.get(field.lower().encode())
        if value is not None:
            message[field] = decode_raw_words(unfold(value), None)
    try:
        return decode_words(message.get_filename() or "")
    except _ODD_PARAMETERS:
        return ""


def _decode_base64(body: bytes) -> bytes:
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:  # cut, or its end is missing
        sound = _NO_BASE64.sub(b"", body)
        whole = len(sound) - (len(sound) % 4 == 1)
        return binascii.a2b_base64(sound[:whole] + b"==")


def _decode_rarely(body: bytes, encoding: bytes) -> bytes:
    message = Message()
    message["Content-Transfer-Encoding"] = encoding.decode("ascii")
    message.set_payload(body.decode("ascii", "surrogateescape"))
    decoded = message.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else body
