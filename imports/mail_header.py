"""The header of a mail or of one of its parts: its fields, and the words in them.

Format: RFC 5322, section 2.2, and RFC 2047 for words that are not ASCII. Lines end with LF or CRLF.
"""

import binascii
import re

from imports.mail_charset import decode_loosely, decode_raw_words

KNOWN_FIELDS = (
    *(b"from", b"date", b"message-id", b"received", b"return-path", b"subject", b"to", b"sender", b"reply-to"),
    *(b"mime-version", b"content-type", b"in-reply-to", b"references", b"delivered-to", b"x-original-to"),
)
# A field may have blanks before its colon (RFC 5322, section 4.5); a line that is none begins the body.
_BLOCK = re.compile(rb"(?:(?:[!-9;-~]*+[ \t]*+:|[ \t])[^\n]*+(?:\n|\Z))*+")
_DAMAGED_LINE = re.compile(rb"[^\n]*[^\s][^\n]*\n(?:[ \t][^\n]*\n)*(?=(?i:%b)[ \t]*:)" % b"|".join(KNOWN_FIELDS))
_FIRST_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_BLANK_LINE = re.compile(rb"\r?\n")
_SPACED_NAME = re.compile(rb"^([!-9;-~]+)[ \t]+:", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n")
_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Header:
    """The fields of a header, by name; what is asked for is found, and nothing else is read."""

    __slots__ = ("_lower", "_raw")

    def __init__(self, block: bytes) -> None:
        if b" :" in block or b"\t:" in block:
            block = _SPACED_NAME.sub(rb"\1:", block)
        self._raw = b"\n" + block
        self._lower = self._raw.lower()

    def get(self, name: bytes) -> bytes | None:
        """What the first field of that name holds, folded as it is; None if there is no such field.

        :param name: in lower case.
        """
        at = self._lower.find(b"\n%b:" % name)
        return None if at < 0 else self._value(at + len(name) + 2)

    def get_all(self, name: bytes) -> bytes | None:
        """What all fields of that name hold, one after the other."""
        value = self.get(name)
        if value is None or self._lower.count(b"\n%b:" % name) == 1:
            return value
        starts = [match.end() for match in re.finditer(rb"\n%b:" % re.escape(name), self._lower)]
        return b"\n ".join(self._value(start) for start in starts)

    def _value(self, start: int) -> bytes:
        raw = self._raw
        end = raw.find(b"\n", start)
        while end >= 0 and raw[end + 1 : end + 2] in (b" ", b"\t"):
            end = raw.find(b"\n", end + 1)
        return (raw[start:] if end < 0 else raw[start:end]).strip()


def begins_header(raw: bytes) -> bool:
    """Whether the first line is a field."""
    return _FIRST_FIELD.match(raw) is not None


def split_header(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header that begins at `start` ends, and where the body begins."""
    header_end = _end_of_fields(raw, start, end)
    blank = _BLANK_LINE.match(raw, header_end, end)
    return header_end, header_end if blank is None else blank.end()


def split_damaged_header(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """The same, but a line that is no field belongs to the header if a well-known field stands below it."""
    header_end, body = split_header(raw, start, end)
    while header_end == body and (damaged := _DAMAGED_LINE.match(raw, body, end)) is not None:
        header_end, body = split_header(raw, damaged.end(), end)
    return header_end, body


def _end_of_fields(raw: bytes, start: int, end: int) -> int:
    match = _BLOCK.match(raw, start, end)
    return start if match is None else match.end()


def unfold(value: bytes) -> bytes:
    """The value as one line."""
    return _FOLD.sub(b"", value) if b"\n" in value else value


def decode_value(value: bytes, charset: str | None) -> str:
    """The value as people read it, on one line and without control characters.

    :param charset: of the body, for words that are not encoded as they should be.
    """
    text = decode_raw_words(unfold(value), charset)
    return without_controls(decode_words(text) if "=?" in text else text)


def without_controls(text: str) -> str:
    """The text with a blank for each run of control characters."""
    if not text.isprintable():
        text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _UNPRINTABLE.sub(" ", text))
    return text.strip()


def decode_words(text: str) -> str:
    """The text with its encoded words decoded; what cannot be decoded stays as it is."""
    parts: list[str] = []
    waiting: tuple[str, bytes] | None = None  # words of one charset: programs cut characters in two between words
    reached = 0
    for match in _WORD.finditer(text):
        raw = _decode_word(match[2], match[3])
        if raw is None:
            continue
        between, charset = text[reached : match.start()], match[1].lower()
        if waiting is not None and not between.strip():
            if waiting[0] == charset:
                raw = waiting[1] + raw
            else:
                parts.append(decode_loosely(waiting[1], waiting[0]))
        else:
            parts += [decode_loosely(waiting[1], waiting[0]) if waiting else "", between]
        waiting, reached = (charset, raw), match.end()
    if waiting is not None:
        parts.append(decode_loosely(waiting[1], waiting[0]))
    return "".join(parts) + text[reached:]


def _decode_word(encoding: str, encoded: str) -> bytes | None:
    raw = encoded.encode("utf-8", "surrogateescape")
    try:
        decoded = binascii.a2b_qp(raw, header=True) if encoding in "qQ" else binascii.a2b_base64(raw + b"===")
    except binascii.Error:
        return None
    return decoded if decoded or not raw else None
