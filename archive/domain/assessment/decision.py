"""The codebook's decision tree, over signals. Every step is said in words.

The cap rule comes first: a disclaimer governs its own and the neighbouring sentences, and a work
named there is a candidate, not a reference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.domain.assessment.facts import count_facts, name_fact
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.points import Score, score
from archive.domain.assessment.reading import MAX_CHARACTERS, Reading
from archive.domain.source_quality import Level

_IDENTIFIERS = ("url", "doi", "isbn", "issn", "arxiv", "jstor", "pmid", "oclc", "archival", "canonical")
_REFERENCES = (*_IDENTIFIERS, "reference")
_PLACES = ("locator", "archival", "canonical")
_MEMORY = ("withheld", "recollection", "secondhand")
_MEMORY_OUTWEIGHED = 2  # points by which experience must exceed memory to be what is remembered
_NAME_OUTWEIGHED = 3  # points beyond those needed, by which experience outweighs somebody named
_PLAIN = 6  # points beyond those needed, from which experience is no matter of doubt
_QUOTED = 80  # characters of the text that a step repeats
_QUESTIONING = frozenset({"question, weak", "mostly questions", "partly questions", "ends in a question"})


@dataclass(frozen=True, slots=True)
class Decision:
    """A level, and how the tree came to it."""

    level: Level
    leaf: str  # the name of the leaf, by which the confidence table knows it
    path: tuple[str, ...]  # a step a sentence


def apply_cap(hits: Iterable[Hit]) -> list[Hit]:
    """Turn the references that a disclaimer governs into candidates."""
    hits = list(hits)
    governed = {
        hit.sentence + step
        for hit in hits
        if hit.kind in ("withheld", "not_consulted") or (hit.kind == "recollection" and hit.strength == 2)
        for step in (-1, 0, 1)
    }
    return [
        hit._replace(kind="candidate", why="a work is named, but not given as at hand")
        if hit.kind == "reference" and hit.sentence in governed
        else hit
        for hit in hits
    ]


def decide(reading: Reading, hits: Sequence[Hit]) -> Decision:
    """Walk the tree. :param hits: the signals, the cap rule applied."""
    return _Walk(reading, hits).walk()


class _Walk:
    """One way through the tree."""

    def __init__(self, reading: Reading, hits: Sequence[Hit]) -> None:
        self._reading, self._hits = reading, hits
        self._facts = count_facts(reading, hits)
        self._path = [f"Only the first {MAX_CHARACTERS:,} characters were read"] if reading.is_cut else []

    def walk(self) -> Decision:
        reference = self._first(_REFERENCES, 2)
        return (
            self._q0_no_answer(reference)
            or self._q1_reference(reference or self._first(("url",), 1))
            or self._q3_remembered()
            or self._q4_somebody_named()
            or self._q5_experience()
            or self._q6_guess()
            or self._unsourced()
        )

    def _q0_no_answer(self, reference: Hit | None) -> Decision | None:
        if removed := self._first(("removed",), 2):
            return self._leaf(Level.NOT_ANSWER, "notice", f"Q0 Tries to answer: no, {self._quote(removed)}")
        if "nothing said" in self._facts and not reference:
            return self._leaf(Level.NOT_ANSWER, "nothing said", "Q0 Tries to answer: no, nothing is said")
        points = self._score("not_answer")
        if points.reached and not reference and (points.because or not self._first(_MEMORY, 2)):
            leaf = "question" if _QUESTIONING & set(points.because[:2]) else "reaction"
            return self._leaf(Level.NOT_ANSWER, leaf, f"Q0 Tries to answer: no ({_reasons(points)})")
        self._path.append("Q0 Tries to answer: yes")
        return None

    def _q1_reference(self, reference: Hit | None) -> Decision | None:
        if not reference:
            candidate = self._first(("candidate",), 1)
            named = f"; {self._quote(candidate)} is named, but not given as at hand" if candidate else ""
            self._path.append(f"Q1 A reference that can be retrieved: no{named}")
            return None
        self._path.append(f"Q1 A reference that can be retrieved: yes, {self._quote(reference)}")
        leaf = {"url": "link", "reference": "work"}.get(reference.kind, "identifier")
        if place := self._first(_PLACES, 1):
            return self._leaf(Level.PINPOINT, f"{leaf} with place", f"Q2 A place in it: yes, {self._quote(place)}")
        return self._leaf(Level.CITED, leaf, "Q2 A place in it: no")

    def _q3_remembered(self) -> Decision | None:
        points, experience = self._score("recollected"), self._score("testimony")
        memory = self._first(_MEMORY, 2)
        if not (memory and points.reached):
            self._path.append("Q3 Said to be remembered, heard or not citable: no")
            return None
        if experience.points > points.points + _MEMORY_OUTWEIGHED:
            self._path.append(
                f"Q3 Said to be remembered: yes, {self._quote(memory)}, but of the writer's own experience"
            )
            return None
        return self._leaf(
            Level.RECOLLECTED,
            memory.kind,
            f"Q3 Said to be remembered, heard or not citable: yes, {self._quote(memory)}",
        )

    def _q4_somebody_named(self) -> Decision | None:
        named, experience = self._first(("attribution", "chatbot"), 2), self._score("testimony")
        if not named:
            self._path.append("Q4 Somebody named as the source: no")
            return None
        if experience.margin >= _NAME_OUTWEIGHED:
            self._path.append(
                f"Q4 Somebody named as the source: {self._quote(named)}, beside the writer's own experience"
            )
            return None
        return self._leaf(Level.ATTRIBUTED, named.kind, f"Q4 Somebody named as the source: yes, {self._quote(named)}")

    def _q5_experience(self) -> Decision | None:
        points = self._score("testimony")
        if not points.reached:
            self._path.append("Q5 The writer's own experience: no")
            return None
        seen = self._first(("witness", "testimony"), 2) or self._first(("testimony",), 1)
        leaf = "experience, plain" if points.margin >= _PLAIN else "experience"
        quoted = f", {self._quote(seen)}" if seen else ""
        return self._leaf(Level.TESTIMONY, leaf, f"Q5 The writer's own experience: yes{quoted}")

    def _q6_guess(self) -> Decision | None:
        guess = self._first(("conjecture",), 2) or self._first(("conjecture",), 1)
        if not (guess and self._score("conjecture").reached):
            self._path.append("Q6 The main claim marked as a guess: no")
            return None
        return self._leaf(Level.CONJECTURE, "guess", f"Q6 The main claim marked as a guess: yes, {self._quote(guess)}")

    def _unsourced(self) -> Decision:
        leaf = "impersonal" if "never says I" in self._facts else "personal"
        length = "longer" if "over 35 words" in self._facts else "short"
        return self._leaf(Level.UNSOURCED, f"{leaf}, {length}", "None of these: no source given")

    def _score(self, question: str) -> Score:
        return score(question, self._facts)

    def _first(self, kinds: Sequence[str], strength: int) -> Hit | None:
        return next((hit for hit in self._hits if hit.kind in kinds and hit.strength >= strength), None)

    def _quote(self, hit: Hit) -> str:
        words = " ".join(self._reading.text[hit.start : hit.end].split())
        return f"“{words if len(words) <= _QUOTED else words[: _QUOTED - 1] + '…'}”"

    def _leaf(self, level: Level, leaf: str, step: str) -> Decision:
        return Decision(level, f"{level}: {leaf}", (*self._path, step))


def _reasons(points: Score) -> str:
    return ", ".join(map(name_fact, points.because[:3])) or "hardly anything is said"
