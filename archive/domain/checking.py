"""Looking a citation up: the verdicts, and what they come to for one answer.

A verdict is about the citation and not about the answer's level: the level says how far a reader would have to walk,
the verdict what somebody found who walked there. Only the codebook's own case touches the level: a work that does not
exist cannot be retrieved.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict
from archive.errors import ArchiveError

MAX_NOTE = 2_000  # characters
_TELLING = 3  # words; fewer beside a struck reference say nothing by themselves: "See", "and in"


class CheckNotAllowedError(ArchiveError):
    """The citation cannot be given this verdict."""


class TextChangedError(CheckNotAllowedError):
    """The text, or what was found in it, is not what the page showed."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a verdict is called, what it says, and what follows from it."""

    title: str  # beside a citation
    counted: str  # behind a number, in the sum of an answer
    says: str  # to whoever has to choose
    looked_up: bool = True  # whether somebody has seen the work, or seen that it is not there
    against: bool = False  # whether it speaks against the citation, so that a note has to say why


MEANINGS: dict[Verdict, Meaning] = {
    Verdict.UNCHECKED: Meaning("Not checked", "not checked", "Nobody has looked it up yet.", looked_up=False),
    Verdict.FOUND: Meaning("Found", "found", "The work exists as it is cited. What it says was not compared."),
    Verdict.SUPPORTS: Meaning("Supports", "supports", "The work says what the answer takes from it."),
    Verdict.PARTLY: Meaning("Supports in part", "supports in part", "The work says some of it, or says it otherwise."),
    Verdict.DOES_NOT_SUPPORT: Meaning(
        "Does not support", "does not support", "The work does not say it, or says the contrary.", against=True
    ),
    Verdict.NOT_FOUND: Meaning(
        "Not found", "not found", "It was searched for where it should be, and was not there.", against=True
    ),
    Verdict.DEAD: Meaning("Link dead", "dead", "The link leads nowhere any more. The answer keeps its level."),
    Verdict.NO_ACCESS: Meaning(
        "No access", "out of reach", "It exists, but could not be read: a pay wall, a closed archive.", looked_up=False
    ),
    Verdict.FABRICATED: Meaning(
        "Does not exist", "struck", "There is no such work. The reference is struck, and the level decided anew.",
        against=True,
    ),
}  # fmt: skip

LOOKED_UP = frozenset(verdict for verdict, meaning in MEANINGS.items() if meaning.looked_up)
# What a moderator chooses from beside a citation. To strike one is an act of its own, which settles the level too.
CHOICES = tuple(verdict for verdict in Verdict if verdict is not Verdict.FABRICATED)


class Standing(NamedTuple):
    """A citation as far as its verdict goes."""

    work: int  # the source that it points to
    locator: str | None
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSum:
    """What the verdicts on the references of one answer come to."""

    references: int
    looked_up: int
    by_verdict: Mapping[Verdict, int]  # references of which it was said; without those that are not checked

    @property
    def words(self) -> str:
        """The sum as a reader sees it: "not checked", or "2 of 3 looked up: 1 supports, 1 dead"."""
        counted = {MEANINGS[verdict].counted: count for verdict, count in self.by_verdict.items()}
        found = ", ".join(f"{count} {words}" for words, count in counted.items())
        if not self.by_verdict:
            return "not checked"
        if not self.looked_up:
            return f"not checked: {found}"
        if self.references == 1:
            return f"looked up: {', '.join(counted)}"
        return f"{self.looked_up} of {self.references} looked up: {found}"


def check_sum(citations: Iterable[Standing]) -> CheckSum:
    """The sum of the verdicts in force on the references of one answer, in the order of the table.

    A place of a work is one reference, however often the answer names it in the same words. A citation that names no
    place, and on which nothing was found, is none of its own beside one of the same work that does.
    """
    references = [found - {Verdict.UNCHECKED} for found in _by_reference(citations)]
    counts = Counter(verdict for found in references for verdict in found)
    return CheckSum(
        references=len(references),
        looked_up=sum(any(MEANINGS[verdict].looked_up for verdict in found) for found in references),
        by_verdict={verdict: counts[verdict] for verdict in Verdict if counts[verdict]},
    )


def _by_reference(citations: Iterable[Standing]) -> Iterator[set[Verdict]]:
    works: dict[int, dict[str | None, set[Verdict]]] = {}
    for work, locator, verdict in citations:
        works.setdefault(work, {}).setdefault(locator, set()).add(verdict)
    for places in works.values():
        if len(places) > 1 and places.get(None) == {Verdict.UNCHECKED}:
            del places[None]
        yield from places.values()


def clean_note(verdict: Verdict, note: str) -> str:
    """The note as it is stored.

    :raises CheckNotAllowedError: if it is too long, or is missing where the verdict speaks against the citation.
    """
    note = note.replace("\0", "").strip()
    if len(note) > MAX_NOTE:
        raise CheckNotAllowedError(f"A note has at most {MAX_NOTE:,} characters.")
    if MEANINGS[verdict].against and not note:
        raise CheckNotAllowedError(
            f"“{MEANINGS[verdict].title}” speaks against the citation, so it needs a note: where you looked, "
            "and what is there."
        )
    return note


def check_level(level: Level, *, left: int) -> None:
    """Whether an answer may have a level once references were struck from it.

    :param left: the references that still stand.
    :raises CheckNotAllowedError: if the level says that something can be retrieved, and nothing that was found can.
    """
    if level.sourced and not left:
        raise CheckNotAllowedError(
            f"Nothing that was found in this answer can be retrieved any more, so it is not “{level.badge}”. "
            "If it gives another reference, strike this one first and tag the answer on the bench then."
        )


def words_left(
    text: str, spans: Iterable[tuple[int, int]], struck: Collection[tuple[int, int]]
) -> list[tuple[int, int]]:
    """What is left of words on which a tag rests once others, or some of them, are struck; scraps are dropped."""
    left = []
    for start, end in spans:
        within = sorted((begin, stop) for begin, stop in struck if begin < end and start < stop)
        begins, ends = [start, *(stop for _, stop in within)], [*(begin for begin, _ in within), end]
        for at, until in zip(begins, ends, strict=True):
            words = text[at:until] if at < until else ""
            if not within or len(words.split()) >= _TELLING:
                begin = until - len(words.lstrip())
                left.append((begin, begin + len(words.strip())))
    return left


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text as if the words at the spans were not in it; what is left keeps its place."""
    for start, end in spans:
        text = text[:start] + " " * (min(end, len(text)) - start) + text[end:]
    return text
