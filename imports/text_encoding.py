"""Bytes to text, and the way back from a character to its byte.

An encoding is accepted only when the text, encoded again line by line, gives the very bytes that
were read: then every offset that is reported points to what it says.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Protocol

import charset_normalizer

from imports.limits import DETECTION_BYTES

_BOMS = (  # UTF-32 before UTF-16: its little-endian mark begins with the other's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_BOM = (  # what forums, mail and editors have written; exotic code pages only win by chance
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("iso8859_2", "iso8859_5", "iso8859_7", "koi8_r", "koi8_u", "mac_roman", "cp437", "cp850", "cp866"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949", "cp874"),
)
_COMMONEST = "cp1252"
_JAPANESE = ("cp932", "euc_jp")  # charset-normalizer takes them for Korean
HIRAGANA_SHARE = 0.15  # of a text's characters; Japanese prose has 0.4, anything else misread has none
_LAST_RESORTS = (_COMMONEST, "latin-1")  # latin-1 gives every byte a character
CHAOS_MARGIN = 0.12  # of charset-normalizer's measure, from 0: below it, a few accents decide nothing
SOUND_PER_DAMAGED = 10  # characters beyond ASCII that are sound for each byte that is not

_STEP = 1024  # characters: small enough to encode in a microsecond
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_BEYOND_ASCII_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\udc80-\udcff]")
_HIRAGANA = re.compile(r"[\u3041-\u3096]")
_STRAY_BYTE = re.compile(r"[\udc80-\udcff]")


class Offsets(Protocol):
    """Where the characters of a text stand in its original."""

    def at(self, index: int) -> int:
        """The byte at which the character begins; at the text's length, the byte after the last."""
        ...


class FixedWidthOffsets:
    """Offsets in an encoding that gives every character of the text the same number of bytes."""

    __slots__ = ("_base", "_width")

    def __init__(self, *, base: int, width: int) -> None:
        self._base, self._width = base, width

    def at(self, index: int) -> int:
        """See `Offsets.at`."""
        return self._base + index * self._width


class MeasuredOffsets:
    """Offsets found by encoding again what lies before, in steps that are kept."""

    __slots__ = ("_encoding", "_marks", "_text")

    def __init__(self, text: str, *, encoding: str, base: int) -> None:
        self._text, self._encoding = text, encoding
        self._marks = [base]  # the byte of every STEP-th character, as far as was asked

    def at(self, index: int) -> int:
        """See `Offsets.at`."""
        step = index // _STEP
        while len(self._marks) <= step:
            reached = (len(self._marks) - 1) * _STEP
            self._marks.append(self._marks[-1] + self._bytes(reached, reached + _STEP))
        return self._marks[step] + self._bytes(step * _STEP, index)

    def _bytes(self, start: int, end: int) -> int:
        return len(self._text[start:end].encode(self._encoding, "surrogateescape"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedText:
    """A text, how it was decoded, and the way back to its bytes."""

    text: str
    encoding: str  # by Python's name for it
    offsets: Offsets
    bom_length: int  # bytes before the text
    note: str | None  # a sentence for the archivist when something was assumed


def decode(raw: bytes) -> DecodedText:
    """Decode a whole file. Every file has a text in some encoding: never raises."""
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            text = _text_in(raw[len(bom) :], encoding)
            if text is not None:
                note = None if encoding == "utf-8" else f"The text is in {_printed(encoding)}, as its mark says."
                return _decoded(text, encoding=encoding, bom_length=len(bom), note=note)
    text = _text_in(raw, "utf-8")
    if text is not None:
        return _decoded(text, encoding="utf-8", bom_length=0, note=None)
    return _decode_damaged_utf8(raw) or _decode_by_guess(raw)


def has_wide_mark(head: bytes) -> bool:
    """Whether a file begins with the mark of UTF-16 or UTF-32, in which NUL bytes are usual."""
    return head.startswith(tuple(bom for bom, encoding in _BOMS if encoding != "utf-8"))


def _decode_damaged_utf8(raw: bytes) -> DecodedText | None:
    """UTF-8 in which single bytes went wrong, as in files that were cut and joined."""
    bom_length = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    escaped = raw[bom_length:].decode("utf-8", "surrogateescape")
    damaged = len(_STRAY_BYTE.findall(escaped))
    if len(_BEYOND_ASCII.findall(escaped)) < damaged * SOUND_PER_DAMAGED:
        return None
    return DecodedText(
        text=_STRAY_BYTE.sub("\N{REPLACEMENT CHARACTER}", escaped),
        encoding="utf-8",
        offsets=MeasuredOffsets(escaped, encoding="utf-8", base=bom_length),
        bom_length=bom_length,
        note=f"The text is UTF-8 but for {damaged} bytes, which are shown as �.",
    )


def _decode_by_guess(raw: bytes) -> DecodedText:
    for encoding in (_guess(raw), *_LAST_RESORTS):
        text = _text_in(raw, encoding)
        if text is not None and _encodes_again(text, raw, encoding):
            note = f"The text is not UTF-8; {_printed(encoding)} was assumed."
            return _decoded(text, encoding=encoding, bom_length=0, note=note)
    raise AssertionError("latin-1 decodes any bytes")


def _guess(raw: bytes) -> str:
    """The likeliest encoding; Western European unless another is clearly better."""
    telling = b"\n".join(_BEYOND_ASCII_LINE.findall(raw))[:DETECTION_BYTES]
    for encoding in _JAPANESE:
        text = _text_in(telling, encoding) or ""
        if len(_HIRAGANA.findall(text)) > HIRAGANA_SHARE * len(text):
            return encoding
    matches = charset_normalizer.from_bytes(telling, cp_isolation=list(_WITHOUT_BOM))
    best = matches.best()
    if best is None:
        return _COMMONEST
    for match in matches:
        as_good = match.chaos <= best.chaos + CHAOS_MARGIN and match.coherence >= best.coherence
        if as_good and _COMMONEST in match.could_be_from_charset:
            return _COMMONEST
    return best.encoding


def _decoded(text: str, *, encoding: str, bom_length: int, note: str | None) -> DecodedText:
    offsets: Offsets
    if text.isascii() and encoding == "utf-8":
        offsets = FixedWidthOffsets(base=bom_length, width=1)
    else:
        offsets = MeasuredOffsets(text, encoding=encoding, base=bom_length)
    return DecodedText(text=text, encoding=encoding, offsets=offsets, bom_length=bom_length, note=note)


def _printed(encoding: str) -> str:
    """The name of an encoding as people write it."""
    return encoding.removesuffix("-le").removesuffix("-be").replace("_", "-").upper()


def _text_in(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeError:
        return None


def _encodes_again(text: str, raw: bytes, encoding: str) -> bool:
    try:
        return b"".join(line.encode(encoding) for line in _LINE.findall(text)) == raw
    except UnicodeError:
        return False
