"""What the shape of a text says: questions, nothing left, somebody else's words, a smile."""

import re
from collections.abc import Iterator

from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading

_NOTHING_LEFT = re.compile(r"\s*\[?(?:deleted|removed)(?: by (?:user|moderator|author))?\]?\.?\s*", re.IGNORECASE)
_LONGEST_NOTICE = 40  # characters
_SMILE = re.compile(r"[:;]-?[)DPp](?!\w)|[\U0001F600-\U0001F64F\U0001F900-\U0001F9FF]")
_SMILES = (":)", ":D", ":P", ":p", ":-", ";)", ";D", ";P", ";p", ";-")  # how those without pictures begin


def find_shapes(reading: Reading) -> Iterator[Hit]:
    text = reading.text
    if len(text) <= _LONGEST_NOTICE and _NOTHING_LEFT.fullmatch(text):
        yield Hit(0, len(text), "removed", "nothing is left of the text", 2, 0)
    for start, end in reading.block_quotes:
        yield Hit(start, end, "block_quote", "quoted lines, whose words do not count", 0, reading.sentence_at(start))
    if reading.footer:
        start, end = reading.footer
        why = "a signature or the footer of a mailing list, whose words do not count"
        yield Hit(start, end, "block_quote", why, 0, reading.sentence_at(start))
    if "?" in reading.own:
        yield from _questions(reading)
    if not reading.own.isascii() or any(smile in reading.own for smile in _SMILES):
        for match in _SMILE.finditer(reading.own):
            yield Hit(*match.span(), "laughter", "a smile", 1, reading.sentence_at(match.start()))


def _questions(reading: Reading) -> Iterator[Hit]:
    for first, last in reading.sentences:
        if reading.words[last - 1] == "?":
            yield Hit(*reading.stretch(first, last), "question", "a question", 1, reading.sentence_of(first))
