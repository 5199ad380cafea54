"""The way through the codebook's tree to a level, in words: what was found at each question on the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.domain.assessment.kinds import KINDS, PLACES, REFERENCES, Hit
from archive.domain.assessment.suggestion import Suggestion
from archive.domain.source_quality import Level

_STRONG = 2  # settles the matter alone
_QUOTED = 80  # characters of the text that a step repeats
_OUTWEIGHED, _NOT_AT_HAND = " is outweighed by the rest", " is named, but not given as at hand"
_AGAINST = (_OUTWEIGHED, _NOT_AT_HAND)  # how a step ends whose signal did not decide
BY_RULE = "By rule: "
_MAX_NAME = 200  # characters of the name of a path
_SOURCED = (Level.CITED, Level.PINPOINT)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question of the tree, and the levels to which a yes leads."""

    asked: str
    leads_to: tuple[Level, ...]
    kinds: tuple[str, ...]  # of signals that speak for a yes


_QUESTIONS = (
    _Question("Q1 A reference that can be retrieved", _SOURCED, (*REFERENCES, "candidate")),
    _Question(
        "Q3 Said to be remembered, heard or not citable",
        (Level.RECOLLECTED,),
        ("withheld", "recollection", "secondhand"),
    ),
    _Question("Q4 Somebody named as the source", (Level.ATTRIBUTED,), ("attribution", "chatbot")),
    _Question("Q5 The writer's own experience", (Level.TESTIMONY,), ("witness", "testimony")),
    _Question("Q6 The main claim marked as a guess", (Level.CONJECTURE,), ("conjecture",)),
)
_SILENT = ("removed", "question", "request", "thanks", "laughter", "reaction", "advice")


def path_to(level: Level, hits: Sequence[Hit], text: str, telling: str) -> Iterator[str]:
    """Yield the steps.

    :param text: in which the hits have their places.
    :param telling: the words that decide where no signal does.
    """
    best = _best(hits)
    if level is Level.NOT_ANSWER:
        seen = _first(best, _SILENT)
        words = f"{KINDS[seen.kind].name.lower()}, {_quote(text, seen)}" if seen else _in_marks(telling)
        yield f"Q0 Tries to answer: no{f' ({words})' if words else ''}"
        return
    yield "Q0 Tries to answer: yes"
    for question in _QUESTIONS:
        seen = _first(best, question.kinds)
        if level in question.leads_to:
            words = _quote(text, seen) if seen else _in_marks(telling)
            yield f"{question.asked}: yes{f', {words}' if words else ''}"
            if level in _SOURCED:
                yield _place(level, best, text)
            return
        yield f"{question.asked}: no{_but(text, seen)}"
    yield "None of these: no source given"


def _place(level: Level, best: Mapping[str, Hit], text: str) -> str:
    seen = _first(best, PLACES)
    if level is Level.PINPOINT and seen:
        return f"Q2 A place in it: yes, {_quote(text, seen)}"
    return f"Q2 A place in it: {'yes' if level is Level.PINPOINT else 'no'}"


def _but(text: str, seen: Hit | None) -> str:
    """What speaks for a yes where the answer is no."""
    if seen is None or seen.strength < _STRONG:
        return ""
    if seen.kind == "candidate":
        return f"; {_quote(text, seen)}{_NOT_AT_HAND}"
    return f"; {_quote(text, seen)}{_OUTWEIGHED}"


def _best(hits: Sequence[Hit]) -> dict[str, Hit]:
    """The first of the strongest signals of each kind."""
    best: dict[str, Hit] = {}
    for hit in hits:
        if hit.kind not in best or hit.strength > best[hit.kind].strength:
            best[hit.kind] = hit
    return best


def _first(best: Mapping[str, Hit], kinds: Sequence[str]) -> Hit | None:
    """The first of the strongest signals of some kinds."""
    found = [best[kind] for kind in kinds if kind in best]
    return max(found, key=lambda hit: (hit.strength, -hit.start)) if found else None


def _quote(text: str, hit: Hit) -> str:
    return _in_marks(text[hit.start : hit.end])


def _in_marks(words: str) -> str:
    words = " ".join(words.split())
    return f"“{words if len(words) <= _QUOTED else words[: _QUOTED - 1] + '…'}”" if words else ""


def path_name(suggestion: Suggestion) -> str:
    """By what a suggestion came about, without a word of the text: the same for all that came about alike.

    :returns: "" where nothing is suggested.
    """
    if suggestion.level is None:
        return ""
    rules = [step.removeprefix(BY_RULE) for step in suggestion.path if step.startswith(BY_RULE)]
    found = {signal.kind for signal in suggestion.signals}
    kinds = [KINDS[kind].name for kind in _kinds_for(suggestion.level) if kind in found]
    decided = "; ".join(rules) or next(iter(kinds), "no signal")
    against = [step[:2] for step in suggestion.path if step.endswith(_AGAINST)]
    decided = decided[:1].upper() + decided[1:]
    return (f"{decided}, against {' and '.join(against)}" if against else decided)[:_MAX_NAME]


def _kinds_for(level: Level) -> Sequence[str]:
    """The kinds of signals that decide for a level, at the question that leads to it."""
    if level is Level.NOT_ANSWER:
        return _SILENT
    return next((question.kinds for question in _QUESTIONS if level in question.leads_to), ("vague", "quotation"))
