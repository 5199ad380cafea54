"""Characters that no page may hold, and the few that we use among ourselves.

Unicode keeps U+FDD0 to U+FDEF free for a program's own use; they are never text. A text that
holds them all the same loses them here, so that whatever is met later was put there by us.
"""

import re

OPEN, CLOSE = "\ufdd0", "\ufdd1"  # where the words of a note begin and end; the note's number follows
_DIGITS = "\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7\ufdd8\ufdd9\ufdda\ufddb"
_ENCODE = str.maketrans("0123456789", _DIGITS)
_DECODE = str.maketrans(_DIGITS, "0123456789")
MARK = re.compile("[\ufdd0\ufdd1][\ufdd2-\ufddb]+")
REPLACEMENT = "\ufffd"

# C0 and C1 controls, halves of surrogate pairs, and the code points that are never characters.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]|\r(?!\n)"
)

_FIT_ASCII = b"\t\n" + bytes(range(0x20, 0x7F))


def fit(text: str) -> str:
    """The text with every character that cannot stand on a page replaced by one that can, one for one."""
    if text.isascii():
        if not text.encode("ascii").translate(None, _FIT_ASCII):
            return text
    elif text.replace("\n", "").isprintable():
        return text
    return _UNFIT.sub(_instead, text)


def one_kind_of_line_end(text: str) -> str:
    """A fit text with LF at the end of each line."""
    return text.replace("\r\n", "\n")


def opening(number: int) -> str:
    """What stands where the words of a note begin."""
    return OPEN + str(number).translate(_ENCODE)


def closing(number: int) -> str:
    """What stands where the words of a note end."""
    return CLOSE + str(number).translate(_ENCODE)


def note_number(mark: str) -> int:
    """The number in an opening or a closing."""
    return int(mark[1:].translate(_DECODE))


def without_marks(text: str) -> str:
    """The text as it was before marks were put into it."""
    return MARK.sub("", text) if OPEN in text or CLOSE in text else text


def _instead(unfit: re.Match[str]) -> str:
    return "\n" if unfit[0] in "\x0b\x0c\r" else REPLACEMENT  # a form feed parts the pages of old mail
