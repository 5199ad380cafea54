"""Words that differ from another by one slip: a letter too many, too few, another one, or two that changed places."""

from collections.abc import Iterator
from itertools import chain

_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρστυφχψως")
_SHORTEST, _LONGEST = 4, 24  # characters of a word that may be a slip


def one_letter_away(word: str) -> frozenset[str]:
    """All words that one slip makes of a word, itself not among them; none for a short one, or one with digits."""
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return frozenset()
    letters = next((alphabet for alphabet in _ALPHABETS if word[0] in alphabet), "".join({*word}))
    return frozenset(_slips(word, letters)) - {word}


def _slips(word: str, letters: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, behind = word[:place], word[place:]
        yield before + behind[1:]
        if len(behind) > 1:
            yield before + behind[1] + behind[0] + behind[2:]
        yield from chain.from_iterable((before + letter + behind, before + letter + behind[1:]) for letter in letters)
