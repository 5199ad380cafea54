"""Classes of words: what a sentence is made of, whatever it is about.

“My grandfather told me about Kursk.” is “my [kin] told me about Name .”: the shape in which people
pass on what a witness told them. The table is `cues/<language>/classes.toml`. A class is a number,
the place of its name in `CLASS_NAMES`.
"""

import numpy as np

from archive.domain.assessment.cue_lists import ENGLISH
from archive.domain.assessment.reading import STOPS, Reading

PARAGRAPH = "¶"  # the name of the end of one
_NAME, _WORD, _YEAR, _NUMBER = "Name", "word", "year", "number"
_ENDINGS = {f"-{ending}": ending for ending in ENGLISH.endings}
_MARKS = {mark: PARAGRAPH if mark == "\n" else mark for mark in sorted(STOPS)}
_SHORTEST_STEM = 2  # letters more than an ending has, at least
_MOST_WORDS_KNOWN = 50_000  # some megabytes
_OPENERS = frozenset('.!?…\n:"“')  # a capital behind one of these names nobody

CLASS_NAMES = tuple(
    dict.fromkeys((*sorted(set(ENGLISH.classes.values())), _WORD, _NAME, _YEAR, _NUMBER, *_ENDINGS, *_MARKS.values()))
)
_NUMBERS = {name: number for number, name in enumerate(CLASS_NAMES)}
_MAY_BE_NAMES = frozenset(_NUMBERS[name] for name in (_WORD, *_ENDINGS))
_NAME_NUMBER = _NUMBERS[_NAME]
HAS_LETTERS = np.array([name not in (_YEAR, _NUMBER, *_MARKS.values()) for name in CLASS_NAMES])
IS_OF_LANGUAGE = np.array([name in set(ENGLISH.classes.values()) for name in CLASS_NAMES])


def classes_of(reading: Reading) -> list[int]:
    """Return the class of each word of the text."""
    found = list(map(_CLASSES.__getitem__, reading.words))
    text, words = reading.text, reading.words
    starts = reading.starts
    for place in [place for place, number in enumerate(found) if number in _MAY_BE_NAMES]:
        if text[starts[place]].isupper() and place and words[place - 1] not in _OPENERS:
            found[place] = _NAME_NUMBER
    return found


class _Classes(dict[str, int]):
    """The class of each word, found out once."""

    def __missing__(self, word: str) -> int:
        number = _NUMBERS[_name_of(word)]
        if len(self) < _MOST_WORDS_KNOWN:
            self[word] = number
        return number


_CLASSES = _Classes()


def _name_of(word: str) -> str:
    if word in _MARKS:
        return _MARKS[word]
    if word in ENGLISH.classes:
        return ENGLISH.classes[word]
    if word[0].isdecimal():
        return _YEAR if len(word) == 4 and word[0] in "12" else _NUMBER
    endings = (name for name, ending in _ENDINGS.items() if word.endswith(ending))
    return next((name for name in endings if len(word) > len(_ENDINGS[name]) + _SHORTEST_STEM), _WORD)
