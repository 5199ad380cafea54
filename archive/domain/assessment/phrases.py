"""Cue phrases, all of them looked for at once in a text that is already cut into words.

A phrase is written as it is said, word by word. What may stand in the place of a word:

    can't|cannot     one of these
    later?           may be missing
    [kin]            any word of the list of that name
    ..3              up to three words of any kind
    #                a number
    -ed              a word in -ed that no phrase and no list names

The phrases form one tree over words and word lists. Walking it from every word of a text would
try several branches a step; so sets of branches are remembered as states, and each step, once
taken, is one dictionary look-up (a deterministic automaton, built as it is used).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from archive.domain.assessment.reading import STOPS

_MOST_WORDS_KNOWN = 50_000  # some megabytes

_ANY, _NUMBER, _ENDS_IN_ED = "..", "#", "-ed"


class Found(NamedTuple):
    """A phrase, and the words in which it stands."""

    cue: int
    first: int
    last: int  # exclusive


class UnknownListError(ValueError):
    """A phrase names a word list that there is none of."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no word list {name}.")


@dataclass(slots=True)
class _Branch:
    """A node of the tree of phrases."""

    onward: dict[str, "_Branch"] = field(default_factory=dict)
    cues: list[int] = field(default_factory=list)


class _Symbols(dict[str, str]):
    """What each word is to the phrases: itself, or what it has in common with words that none of them names."""

    def __missing__(self, word: str) -> str:
        symbol = _NUMBER if word < ":" else _ENDS_IN_ED if word[-2:] == "ed" else ""
        if len(self) < _MOST_WORDS_KNOWN:
            self[word] = symbol
        return symbol


@dataclass(slots=True)
class _State:
    """A set of branches to which the words so far lead, and where each next word leads."""

    branches: tuple[_Branch, ...]
    cues: tuple[int, ...]
    onward: dict[str, "_State | None"] = field(default_factory=dict)


class Phrases:
    """Many phrases, to be looked for together."""

    def __init__(self, phrases: Iterable[tuple[str, int]], lists: Mapping[str, frozenset[str]]) -> None:
        """:param phrases: each phrase with the number by which `find` names it."""
        self._lists_of: dict[str, list[str]] = {}
        for name, words in lists.items():
            for word in words:
                self._lists_of.setdefault(word, []).append(f"[{name}]")
        root = _Branch()
        for phrase, cue in phrases:
            for elements in _variants(phrase):
                self._plant(root, elements, cue, lists)
        self._symbols = _Symbols({symbol: symbol for symbol in (*self._lists_of, *STOPS)})
        self._states: dict[frozenset[int], _State] = {}
        self._start = _State((root,), ())

    def _plant(self, branch: _Branch, elements: Iterable[str], cue: int, lists: Mapping[str, frozenset[str]]) -> None:
        for element in elements:
            if element[0] == "[" and len(element) > 1:
                if element[1:-1] not in lists:
                    raise UnknownListError(element)
            elif element not in (_ANY, _NUMBER, _ENDS_IN_ED):
                self._lists_of.setdefault(element, [])
            branch = branch.onward.setdefault(element, _Branch())
        branch.cues.append(cue)

    def find(self, words: list[str]) -> list[Found]:
        """Return every place of every phrase, in order of the first word."""
        symbols = list(map(self._symbols.__getitem__, words))
        symbols.append("\n")  # no phrase spells out a paragraph break, so none reaches beyond the last word
        begin, found = self._start.onward, []
        for first, symbol in enumerate(symbols):
            state = begin[symbol] if symbol in begin else self._step(self._start, symbol)
            at = first
            while state is not None:
                at += 1
                if state.cues:
                    found += [Found(cue, first, at) for cue in state.cues]
                following, onward = symbols[at], state.onward
                state = onward[following] if following in onward else self._step(state, following)
        return found

    def _step(self, state: _State, symbol: str) -> _State | None:
        keys = [symbol, *self._lists_of.get(symbol, ())]
        if symbol not in STOPS:
            keys.append(_ANY)
        if symbol.isdecimal():
            keys.append(_NUMBER)
        reached = tuple(branch.onward[key] for branch in state.branches for key in keys if key in branch.onward)
        following = self._state(reached) if reached else None
        state.onward[symbol] = following
        return following

    def _state(self, branches: tuple[_Branch, ...]) -> _State:
        key = frozenset(map(id, branches))
        if key not in self._states:
            cues = dict.fromkeys(cue for branch in branches for cue in branch.cues)
            self._states[key] = _State(branches, tuple(cues))
        return self._states[key]


def _variants(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every plain run of elements that a phrase stands for."""
    for choice in product(*map(_choices, phrase.split())):
        yield tuple(element for elements in choice for element in elements)


def _choices(element: str) -> list[tuple[str, ...]]:
    if element.startswith(_ANY):
        return [(_ANY,) * n for n in range(int(element.removeprefix(_ANY)) + 1)]
    optional = element.endswith("?") and len(element) > 1
    words = element.removesuffix("?").split("|") if optional else element.split("|")
    return [(word,) for word in words] + ([()] if optional else [])
