"""The bytes of a mail to text, by the charset that it names, and by evidence where that is wrong.

Names: RFC 2978, as programs write them. Some programs name a charset and write a larger one, or none.
"""

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from imports.text_encoding import decode as decode_by_evidence

_WESTERN = "cp1252"
_NOT_CHARSETS = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode"})  # Python's, and no mail's
_LARGER = {  # what programs write under a name; https://encoding.spec.whatwg.org has the same
    "iso8859-1": _WESTERN,
    "ascii": _WESTERN,
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
}
_NAMED = re.compile(rb"charset[ \t]*=[ \t]*\"?([A-Za-z0-9._:+-]{1,40})", re.IGNORECASE)
_C1_CONTROLS = re.compile(rb"[\x80-\x9f]")  # no ISO 8859 text has them; windows-1252 has its quotes there
_ASCII = bytes(range(128))
_SHIFTED = b"\x1b$B$9\x1b(B \x1b$)C\x0eGQ\x0f +AGE- ~{<:~}"  # what means other characters where codes shift
_FEW_BYTES = 32  # beyond ASCII; fewer tell nothing about an encoding
_SOUND_PER_DAMAGED = 10  # characters beyond ASCII that are sound for each that is not
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Decoded(NamedTuple):
    """A text, and what was assumed to read it."""

    text: str
    note: str | None  # the end of a sentence that begins with the message


def decode(raw: bytes, charset: str | None) -> Decoded:
    """Decode a body. Never raises.

    :param charset: as the mail names it; None where it names none.
    """
    codec = _find_codec(charset)
    if raw.isascii() and (codec is None or _keeps_ascii(codec)):
        return Decoded(raw.decode("ascii"), None)
    if codec is not None:
        text = _decode_as_named(raw, codec)
        if text is not None:
            return Decoded(text, None)
    return _decode_damaged(raw, codec) or _decode_unnamed(raw, charset)


def decode_loosely(raw: bytes, charset: str | None = None) -> str:
    """Decode some words of a header: by the charset, else as UTF-8, else as Western European. Never raises."""
    codec = _find_codec(charset)
    text = None if codec is None else _decode_as_named(raw, codec)
    return decode_raw_words(raw, None) if text is None else text


def decode_raw_words(raw: bytes, charset: str | None) -> str:
    """Decode words of a header that are not encoded as they should be. Never raises.

    :param charset: of the body; it is likely theirs too, if they are not UTF-8.
    """
    text, codec = _text_in(raw, "utf-8"), _find_codec(charset)
    if text is None and codec is not None:
        text = _decode_as_named(raw, codec)
    return raw.decode(_WESTERN, "replace") if text is None else text


def encoding_of(raw: bytes) -> str:
    """In which encoding a mail is to be shown as it came, by Python's name: its first charset, where it can be so."""
    named = _NAMED.search(raw)
    codec = _find_codec(named[1].decode("ascii")) if named else None
    if codec is None or raw.isascii() or not _keeps_ascii(codec):
        return decode_by_evidence(raw).encoding
    larger = _LARGER.get(codec, codec)
    wanted = (larger, codec) if codec == "iso8859-1" and _C1_CONTROLS.search(raw) else (codec, larger)
    return next((name for name in wanted if _text_in(raw, name) is not None), None) or decode_by_evidence(raw).encoding


def _decode_as_named(raw: bytes, codec: str) -> str | None:
    if codec == "iso8859-1" and _C1_CONTROLS.search(raw):
        return _text_in(raw, _WESTERN) or raw.decode("latin-1")
    text = _text_in(raw, codec)
    if text is None and codec != "ascii" and codec in _LARGER:
        text = _text_in(raw, _LARGER[codec])
    return text


def _decode_damaged(raw: bytes, codec: str | None) -> Decoded | None:
    """A text in the charset it names but for some bytes."""
    if codec is None or codec == "ascii":
        return None
    text = raw.decode(codec, "replace")
    damaged = text.count(_REPLACEMENT)
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if beyond_ascii - damaged < damaged * _SOUND_PER_DAMAGED:
        return None
    return Decoded(text, f"is in {codec} but for {damaged} bytes, which are shown as {_REPLACEMENT}.")


def _decode_unnamed(raw: bytes, charset: str | None) -> Decoded:
    said = "names no charset" if charset is None else f"is not in {charset[:40]!a}, as it says"
    text = _text_in(raw, "utf-8")
    if text is not None:
        return Decoded(text, f"{said}; UTF-8 was assumed.")
    if len(raw.translate(None, _ASCII)) > _FEW_BYTES:
        found = decode_by_evidence(raw)
        return Decoded(found.text, f"{said}. {found.note or ''}".rstrip())
    text = raw.decode(_WESTERN, "replace")
    lost = f" Bytes that have no meaning in it are shown as {_REPLACEMENT}." if _REPLACEMENT in text else ""
    return Decoded(text, f"{said}; windows-1252 was assumed.{lost}")


@lru_cache(maxsize=1024)
def _find_codec(charset: str | None) -> str | None:
    """Python's name for a charset; None for those that it does not know, or that are none."""
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset.strip().removesuffix("-i")).name  # iso-8859-8-i: Hebrew in reading order
        _ = b"".decode(name), b"a".decode(name, "replace")  # of codecs that are no charsets, one or both fail
    except (LookupError, ValueError):
        return None
    return None if name.replace("-", "_") in _NOT_CHARSETS else name


@lru_cache(maxsize=256)
def _keeps_ascii(codec: str) -> bool:
    """Whether ASCII bytes stand for themselves: not so in UTF-7, UTF-16 and what shifts by escapes."""
    return all(_text_in(sample, codec) == sample.decode("ascii") for sample in (_ASCII, _SHIFTED))


def _text_in(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None
