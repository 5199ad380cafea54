"""Two versions of the codebook compared, and two edits of one version brought together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from archive.domain.codebook import OUTCOMES, Codebook, EdgeCase, Example, plain
from archive.domain.source_quality import Level

Entry = TypeVar("Entry", bound=EdgeCase | Example)
_ALIKE = 0.4  # share of equal words from which two entries are one that was reworded


class Part(StrEnum):
    """What a codebook consists of."""

    MEANING = "meaning"
    QUESTION = "question"
    CASE = "case"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that two versions say differently."""

    part: Part
    number: int  # among those of its kind, from 0: in the new version, or in the old one if it is gone
    levels: frozenset[Level]  # that it concerns
    old: str | None  # None: it is new
    new: str | None  # None: it is gone

    @property
    def defines(self) -> bool:
        """Whether it changes what a level means; an example only shows it."""
        return self.part is not Part.EXAMPLE


def changes(old: Codebook, new: Codebook) -> Sequence[Change]:
    """What a version says otherwise than another one, in the order of the page. Blanks and the order are no change."""
    return [
        *_meanings(old, new),
        *_questions(old, new),
        *_entries(Part.CASE, old.cases, new.cases),
        *_entries(Part.EXAMPLE, old.examples, new.examples),
    ]


def levels_redefined(found: Sequence[Change]) -> frozenset[Level]:
    """The levels of which the definition is another one."""
    return frozenset[Level]().union(*(change.levels for change in found if change.defines))


def merged(base: Codebook, mine: Codebook, theirs: Codebook) -> Codebook:
    """Two edits of one version as one: whatever I left as it was is theirs, and the rest is mine."""
    return Codebook(
        meanings={
            level: _of_three(base.meanings[level], mine.meanings[level], theirs.meanings[level]) for level in Level
        },
        questions=[_of_three(*three) for three in zip(base.questions, mine.questions, theirs.questions, strict=True)],
        cases=_merged_list(base.cases, mine.cases, theirs.cases),
        examples=_merged_list(base.examples, mine.examples, theirs.examples),
    )


def _meanings(old: Codebook, new: Codebook) -> Iterator[Change]:
    for number, level in enumerate(Level):
        yield from _change(Part.MEANING, number, frozenset({level}), old.meanings[level], new.meanings[level])


def _questions(old: Codebook, new: Codebook) -> Iterator[Change]:
    for number, outcomes in enumerate(OUTCOMES):
        levels = frozenset(level for level in (outcomes.yes, outcomes.no) if level is not None)
        yield from _change(Part.QUESTION, number, levels, old.questions[number], new.questions[number])


def _entries(part: Part, old: Sequence[Entry], new: Sequence[Entry]) -> Iterator[Change]:
    for before, after in _pairs(old, new):
        there = [entry for entry in (before, after) if entry is not None]
        yield from _change(
            part,
            new.index(after) if after else old.index(there[0]),
            frozenset[Level]().union(*(entry.concerned for entry in there)),
            before.words if before else None,
            after.words if after else None,
        )


def _change(part: Part, number: int, levels: frozenset[Level], old: str | None, new: str | None) -> Iterator[Change]:
    if plain(old or "") != plain(new or ""):
        yield Change(part=part, number=number, levels=levels, old=old, new=new)


def _pairs(old: Sequence[Entry], new: Sequence[Entry]) -> Iterator[tuple[Entry | None, Entry | None]]:
    """Entries of two lists that are one: by their key, or else by most of their words."""
    now = {entry.key: entry for entry in new}
    was = {entry.key for entry in old}
    come = [entry for entry in new if entry.key not in was]
    for entry in old:
        found = now.get(entry.key) or _reworded(entry, come)
        if found in come:
            come.remove(found)
        yield entry, found
    yield from ((None, entry) for entry in come)


def _reworded(entry: Entry, come: Sequence[Entry]) -> Entry | None:
    """The new entry that has most of its words."""
    best = max(come, key=lambda other: _alike(entry.words, other.words), default=None)
    return best if best is not None and _alike(entry.words, best.words) >= _ALIKE else None


def _alike(one: str, other: str) -> float:
    a, b = set(one.casefold().split()), set(other.casefold().split())
    return len(a & b) / len(a | b)


def _of_three(base: str, mine: str, theirs: str) -> str:
    return theirs if plain(mine) == plain(base) else mine


def _merged_list(base: Sequence[Entry], mine: Sequence[Entry], theirs: Sequence[Entry]) -> Sequence[Entry]:
    was = {entry.key: entry for entry in base}
    now = {entry.key: entry for entry in theirs}
    kept = [now.get(entry.key) if entry == was.get(entry.key) else entry for entry in mine]
    known = {*was, *(entry.key for entry in mine)}
    come = [entry for entry in theirs if entry.key not in known]
    return [*(entry for entry in kept if entry is not None), *come]
