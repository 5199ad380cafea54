"""What words a new text has in place of an old one.

Words that stand once in either text, in the same order, hold the two together (patience diff); between two of
them the same is done again, and where no word does, a short stretch is compared word by word (difflib) and a long
one counts as replaced. All of it has a budget, so that no text takes longer than a page may. A few equal words
within a change are part of the change: it is to be read, not to be short.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_CHARACTERS = 20_000  # of either text, that are compared: from the first difference on
_AROUND = 12  # words that are shown of an equal stretch beside a change
_FEW = 24  # characters of equal words between two changes that are read as one
_WORTH = 12  # words that must be left out for it to be worth saying so
_MOST_CELLS = 10_000  # words of one stretch times words of the other that are compared word by word
_ALL_CELLS = 100_000  # the same for a whole text
_ALL_WORDS = 250_000  # that are looked at, in both texts, again and again
_TOKEN = re.compile(
    r"\s+"
    r"|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"  # kana and Han: nothing stands between words
    r"|[!-/:-@\[-`{-~\u2010-\u205e\u3000-\u303f]"  # a mark by itself
    r"|[^\s!-/:-@\[-`{-~\u2010-\u205e\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_WORD = re.compile(r"\w")


class Fate(StrEnum):
    """What became of a stretch of words."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words of one fate."""

    fate: Fate
    text: str
    left_out: int = 0  # words, of an equal stretch that is not shown; the text is then empty


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts, compared: same and deleted pieces are the old, same and inserted the new, unless it is cut."""

    pieces: Sequence[Piece]
    cut: bool  # whether what differs is longer than what is compared

    @property
    def is_same(self) -> bool:
        """Whether the texts do not differ."""
        return all(piece.fate is Fate.SAME for piece in self.pieces)


def compare(old: str, new: str) -> Comparison:
    """The words that are equal, deleted and inserted, in order."""
    start = _equal_beginning(old, new)
    end = _equal_end(old[start:], new[start:])
    middles = [text[start : len(text) - end] for text in (old, new)]
    cut = max(map(len, middles)) > MOST_CHARACTERS
    a, b = (_TOKEN.findall(text[:MOST_CHARACTERS]) for text in middles)
    found = _Matching(a, b).pieces()
    whole = [(Fate.SAME, [old[:start]]), *found, *([] if cut else [(Fate.SAME, [old[len(old) - end :]])])]
    return Comparison(list(_readable(whole)), cut)


def shortened(comparison: Comparison) -> Comparison:
    """The same with only the words next to a change of long equal stretches."""
    last = len(comparison.pieces) - 1
    pieces = [
        part
        for place, piece in enumerate(comparison.pieces)
        for part in (_shortened(piece, first=place == 0, last=place == last) if piece.fate is Fate.SAME else [piece])
    ]
    return Comparison(pieces, comparison.cut)


def _shortened(piece: Piece, *, first: bool, last: bool) -> Iterator[Piece]:
    """Its beginning if a change stands before it, how much is left out, and its end if a change follows."""
    tokens = _TOKEN.findall(piece.text)
    words = [place for place, token in enumerate(tokens) if _WORD.search(token)]
    before, after = 0 if first else _AROUND, 0 if last else _AROUND
    left_out = len(words) - before - after
    if left_out < _WORTH:
        yield piece
        return
    start = words[before - 1] + 1 if before else 0
    end = words[-after] if after else len(tokens)
    if start:
        yield Piece(Fate.SAME, "".join(tokens[:start]))
    yield Piece(Fate.SAME, "", left_out)
    if end < len(tokens):
        yield Piece(Fate.SAME, "".join(tokens[end:]))


def _equal_beginning(old: str, new: str) -> int:
    """How many characters both begin with, up to the end of a white space."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    if low == len(old) == len(new):
        return low
    while low and not old[low - 1].isspace():
        low -= 1
    while low < min(len(old), len(new)) and old[low].isspace() and old[low] == new[low]:
        low += 1
    return low


def _equal_end(old: str, new: str) -> int:
    """How many characters both end with, from the beginning of a white space on."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    while low and not old[len(old) - low].isspace():
        low -= 1
    return low


_Run = tuple[Fate, list[str]]  # tokens of one fate


class _Matching:
    """Which words of two texts are the same."""

    def __init__(self, a: list[str], b: list[str]) -> None:
        self._a, self._b = a, b
        self._cells, self._words = _ALL_CELLS, _ALL_WORDS

    def pieces(self) -> Iterator[_Run]:
        """Yield runs of one fate; some may be empty, and neighbours may be alike."""
        at_a = at_b = 0
        for start_a, start_b, length in [*self._equal(), (len(self._a), len(self._b), 0)]:
            yield Fate.DELETED, self._a[at_a:start_a]
            yield Fate.INSERTED, self._b[at_b:start_b]
            yield Fate.SAME, self._a[start_a : start_a + length]
            at_a, at_b = start_a + length, start_b + length

    def _equal(self) -> list[tuple[int, int, int]]:
        """Equal stretches in order: where they begin in either text, and how many words they have."""
        found: list[tuple[int, int, int]] = []
        waiting = [(0, len(self._a), 0, len(self._b))]
        while waiting:
            low_a, high_a, low_b, high_b = waiting.pop()
            before, after = self._ends(low_a, high_a, low_b, high_b)
            found += [(low_a, low_b, before), (high_a - after, high_b - after, after)]
            low_a, low_b, high_a, high_b = low_a + before, low_b + before, high_a - after, high_b - after
            if set(self._a[low_a:high_a]).isdisjoint(self._b[low_b:high_b]):
                continue
            anchors = self._anchors(low_a, high_a, low_b, high_b)
            if not anchors:
                found += self._word_by_word(low_a, high_a, low_b, high_b)
            for at_a, at_b in anchors:
                waiting.append((low_a, at_a, low_b, at_b))
                low_a, low_b = at_a, at_b
            if anchors:
                waiting.append((low_a, high_a, low_b, high_b))
        return sorted(run for run in found if run[2])

    def _ends(self, low_a: int, high_a: int, low_b: int, high_b: int) -> tuple[int, int]:
        """How many words both stretches begin with, and end with behind those."""
        a, b = self._a, self._b
        most = min(high_a - low_a, high_b - low_b)
        before = 0
        while before < most and a[low_a + before] == b[low_b + before]:
            before += 1
        after = 0
        while after < most - before and a[high_a - after - 1] == b[high_b - after - 1]:
            after += 1
        return before, after

    def _anchors(self, low_a: int, high_a: int, low_b: int, high_b: int) -> list[tuple[int, int]]:
        """Words that stand once in either stretch, as many as stand in the same order."""
        self._words -= high_a - low_a + high_b - low_b
        if self._words < 0:
            return []
        a, b = self._a[low_a:high_a], self._b[low_b:high_b]
        once_a, once_b = (
            {token for token, count in Counter(part).items() if count == 1 and not token.isspace()} for part in (a, b)
        )
        once = once_a & once_b
        if not once:
            return []
        places = {token: place for place, token in enumerate(b) if token in once}
        pairs = [(place, places[token]) for place, token in enumerate(a) if token in once]
        return [(low_a + at_a, low_b + at_b) for at_a, at_b in _longest_rising(pairs)]

    def _word_by_word(self, low_a: int, high_a: int, low_b: int, high_b: int) -> list[tuple[int, int, int]]:
        cells = (high_a - low_a) * (high_b - low_b)
        if cells > min(_MOST_CELLS, self._cells):
            return []
        self._cells -= cells
        matcher = SequenceMatcher(None, self._a[low_a:high_a], self._b[low_b:high_b], autojunk=False)
        return [(low_a + run.a, low_b + run.b, run.size) for run in matcher.get_matching_blocks()]


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs that rise in their first number, the most that rise in their second, too."""
    ends: list[int] = []  # the smallest second number that a row of this length can end with
    at_end: list[int] = []  # the pair that it is of
    before: list[int] = []  # of each pair, the one before it in its row
    for number, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(at_end[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        at_end[length : length + 1] = [number]
    row: list[tuple[int, int]] = []
    number = at_end[-1]
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


@dataclass(slots=True)
class _Change:
    """Words deleted and words inserted at one place, and the equal words that follow."""

    deleted: str = ""
    inserted: str = ""
    same: str = ""


@dataclass(slots=True)
class _Stretch:
    """Neighbouring changes that are read as one, by their places, and how long it is in either text."""

    first: int
    last: int
    deleted: int  # characters
    inserted: int  # characters

    @property
    def size(self) -> int:
        return max(self.deleted, self.inserted)


def _readable(runs: Iterable[_Run]) -> Iterator[Piece]:
    """Yield pieces of which no two neighbours are alike, a deletion before the insertion in its place."""
    changes = _changes(runs)
    for stretch in _joined(changes):
        last = changes[stretch.last]
        within = changes[stretch.first : stretch.last]
        deleted = "".join(change.deleted + change.same for change in within) + last.deleted
        inserted = "".join(change.inserted + change.same for change in within) + last.inserted
        for fate, text in ((Fate.DELETED, deleted), (Fate.INSERTED, inserted), (Fate.SAME, last.same)):
            if text:
                yield Piece(fate, text)


def _changes(runs: Iterable[_Run]) -> list[_Change]:
    changes = [_Change()]
    for fate, tokens in runs:
        text = "".join(tokens)
        if not text:
            continue
        if fate is not Fate.SAME and changes[-1].same:
            changes.append(_Change())
        change = changes[-1]
        match fate:
            case Fate.SAME:
                change.same += text
            case Fate.DELETED:
                change.deleted += text
            case Fate.INSERTED:
                change.inserted += text
    return changes


def _joined(changes: Sequence[_Change]) -> list[_Stretch]:
    joined: list[_Stretch] = []
    for place, change in enumerate(changes):
        stretch = _Stretch(place, place, len(change.deleted), len(change.inserted))
        while joined and _is_part(changes[joined[-1].last].same, joined[-1].size, stretch.size):
            before = joined.pop()
            between = len(changes[before.last].same)
            deleted, inserted = before.deleted + between + stretch.deleted, before.inserted + between + stretch.inserted
            stretch = _Stretch(before.first, stretch.last, deleted, inserted)
        joined.append(stretch)
    return joined


def _is_part(same: str, before: int, after: int) -> bool:
    """Whether equal words between two changes, of these lengths, only make them harder to read."""
    if not before:  # the beginning of the text
        return False
    return len(same) <= min(before, after, _FEW) or not _WORD.search(same)
