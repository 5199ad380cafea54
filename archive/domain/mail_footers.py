"""What stands below the words of a mail and is not of them: signatures, and the footers of mailing lists.

It stays in the text. A footer is only one at the end: what stands below it is one too, or there is none. A quoted line
ends the search, since people answer below signatures.
Format: "-- " is RFC 3676, section 4.3; the others are what Mailman, Google Groups and Yahoo Groups write.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_MOST_LINES = 30  # of one footer
_MOST_FOOTERS = 5  # of one mail that went over several lists
_LONGEST = 16_000  # characters: no footers are longer, together
_QUOTED = re.compile(r"[ \t]{0,3}>")


class _Rule(NamedTuple):
    begins: re.Pattern[str]  # its first line
    says: re.Pattern[str] | None  # what one of its lines says; None: nothing in particular
    most: int  # lines


_OF_LIST = re.compile(r"mailing list|mailman|listinfo|/lists?\b|groups\.google|subscri", re.IGNORECASE)
_RULES = (
    _Rule(re.compile(r"_{20,}[ \t]*\Z"), _OF_LIST, 12),  # Mailman: a line, the list, its address and its page
    _Rule(re.compile(r"--[ \t]*\Z"), _OF_LIST, 8),
    _Rule(re.compile(r"-- \Z"), None, 15),
    _Rule(re.compile(r"You received this message because you are subscribed to the Google Groups"), None, 20),
    _Rule(re.compile(r"--~--~-{5,}~--~-{2,}~"), re.compile(r"googlegroups"), 20),
    _Rule(re.compile(r"-{10,} ?Yahoo! Groups Sponsor|Yahoo! Groups Links"), None, 30),
    _Rule(re.compile(r"To unsubscribe from this group, send an email to:"), None, 30),
)


def footer_start(text: str) -> int | None:
    """Where the footers of a mail begin, in characters; None where it has none, or nothing else.

    :param text: of a mail; its lines end in LF.
    """
    tail = max(0, len(text) - _LONGEST)
    lines = text[tail:].split("\n")
    end = len(lines)
    for _ in range(_MOST_FOOTERS):
        first = next(_beginnings(lines[:end]), None)
        if first is None:
            break
        end = first
    start = tail + sum(len(line) + 1 for line in lines[:end])
    return start if end < len(lines) and text[:start].strip() else None


def _beginnings(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines with which what is left may end in a footer, the last first."""
    for place in range(len(lines) - 1, max(-1, len(lines) - 1 - _MOST_LINES), -1):
        line = lines[place]
        if _QUOTED.match(line):
            return
        below = lines[place:]
        if any(
            rule.begins.match(line) and _length(below) <= rule.most and (rule.says is None or _say(below, rule.says))
            for rule in _RULES
        ):
            yield place


def _length(lines: Sequence[str]) -> int:
    return sum(bool(line.strip()) for line in lines)


def _say(lines: Sequence[str], what: re.Pattern[str]) -> bool:
    return any(what.search(line) for line in lines)
