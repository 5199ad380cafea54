"""Named attribution: a claim ascribed to a named scholar, witness, body or kind of record."""

import re
from collections.abc import Iterator

from archive.domain.assessment.anchors import Anchor
from archive.domain.assessment.cue_lists import ENGLISH
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import STOPS, Reading

_LISTS = ENGLISH.lists
_AFTER_ACCORDING = 6  # words in which a name must begin
_LONGEST_NAME = 6  # words; in a text of nothing but capitals every name would reach to its end
_MOST_BETWEEN = 6  # words between a name and its verb

# “His words:” with the words: a quotation, or a block below.
OWN_WORDS = Anchor(
    ("his|her own? words :",), "attribution", "gives somebody's own words",
    re.compile(r"(?<![Mm]ark\s)(?:[Hh]is|[Hh]er)\s(?:own\s)?words:(?=[ \t]*(?:\n|[\"“]))"),
)  # fmt: skip


class Attributions:
    """Looks at hooks (“according to”, “argues”, “his memoir”) for a name beside them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def find(self, hooks: list[tuple[str, int, int]]) -> Iterator[Hit]:
        """Yield the attributions at hooks, each a hook's name, first word and past-the-last word."""
        for hook, first, last in hooks:
            if hook == "according to":
                yield from self._according(first, last)
            elif hook in ("argues", "argued"):
                yield from self._reports(first, last, hook)

    def _according(self, first: int, last: int) -> Iterator[Hit]:
        words = self._reading.words
        end = last
        while end < min(last + _AFTER_ACCORDING, len(words)) and words[end] not in STOPS:
            end += 1
            if self._is_name(end - 1) or words[end - 1] in _LISTS["record"] or words[end - 1] in ("wiki", "wikipedia"):
                yield self._hit(first, self._name_end(end), "names who says so", 2)
                return

    def _name_end(self, end: int) -> int:
        """Past the capitalised words that go on from `end`, up to where the writer is the next to do something."""
        reading = self._reading
        for word in range(end, min(end + _LONGEST_NAME, len(reading.words))):
            said = reading.words[word]
            if said in STOPS or said.partition("'")[0] == "i" or not reading.is_capitalised(word):
                return word
            end = word + 1
        return end

    def _reports(self, first: int, last: int, hook: str) -> Iterator[Hit]:
        words, name_end = self._reading.words, first
        while name_end > max(first - _MOST_BETWEEN, 0) and words[name_end - 1] in _LISTS["between"]:
            name_end -= 1
        name = name_end
        while name > max(name_end - _LONGEST_NAME, 0) and self._is_name(name - 1):
            name -= 1
        if name == name_end:
            return
        end = self._record_after(last)
        strength = 2 if hook == "argues" or end > last else 1
        yield self._hit(name, end, "names who says so", strength)

    def _record_after(self, last: int) -> int:
        """Past the record named right behind the verb: “in his memoir”."""
        words = self._reading.words
        for end in range(last, min(last + 5, len(words))):
            if words[end] in STOPS:
                return last
            if words[end] in _LISTS["record"]:
                return end + 1
        return last

    def _is_name(self, word: int) -> bool:
        reading = self._reading
        return (
            reading.words[word] not in STOPS
            and reading.words[word] not in _LISTS["ordinary"]
            and reading.is_capitalised(word)
        )

    def _hit(self, first: int, last: int, why: str, strength: int) -> Hit:
        start, end = self._reading.stretch(first, last)
        return Hit(start, end, "attribution", why, strength, self._reading.sentence_of(first))
