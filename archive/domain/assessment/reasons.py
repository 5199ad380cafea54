"""Reasons: which features speak most for a level, in words, and what would change it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from archive.domain.assessment.features import Features
from archive.domain.assessment.kinds import KINDS, Hit
from archive.domain.assessment.model import LEVELS, Model, Weighed
from archive.domain.assessment.suggestion import Reason
from archive.domain.source_quality import Level

MOST = 5  # reasons shown
_LEAST = 0.15  # what weighs less than this is no reason
SENTENCES = "what its sentences say"

# What would make another level of it: what to add, and the level that it would come to.
CHANGES: dict[Level, tuple[tuple[str, Level], ...]] = {
    Level.PINPOINT: (),
    Level.CITED: (("A page, a chapter or a time in the source", Level.PINPOINT),),
    Level.ATTRIBUTED: (("The title of the work, or a link to it", Level.CITED),),
    Level.RECOLLECTED: (("The work itself, looked up and named", Level.CITED),),
    Level.UNSOURCED: (("A link, or an author and a title", Level.CITED), ("Who says so, by name", Level.ATTRIBUTED)),
    Level.TESTIMONY: (("A link, or an author and a title, for what is claimed", Level.CITED),),
    Level.CONJECTURE: (("A link, or an author and a title, for what is guessed", Level.CITED),),
    Level.NOT_ANSWER: (("A claim that answers the question", Level.UNSOURCED),),
}


def reasons_for(level: Level, model: Model, features: Features, weighed: Weighed, hits: Sequence[Hit]) -> list[Reason]:
    """The weightiest features for and against a level, by how much more they speak for it than for the others."""
    place = LEVELS.index(level)
    names = _names(hits)
    weights: dict[str, float] = defaultdict(float)
    for fact in features.of_text:
        if row := model.of_text.get(fact):
            weights[names.get(fact, fact.partition(" ≥")[0])] += row[place] - sum(row) / len(row)
    told = weighed.pooled @ (model.pooled_weights[:, place] - model.pooled_weights.mean(1))
    weights[SENTENCES] += float(told)
    ordered = sorted(weights.items(), key=lambda item: -abs(item[1]))
    return [Reason(name, round(weight, 2)) for name, weight in ordered[:MOST] if abs(weight) >= _LEAST]


def changes_from(level: Level) -> tuple[str, ...]:
    """What would make another level of it, a sentence each."""
    return tuple(f"{added} would make this “{other.badge}”." for added, other in CHANGES[level])


def _names(hits: Iterable[Hit]) -> dict[str, str]:
    """The names of signals for people, by the names of the features that tell of them."""
    names = {}
    for hit in hits:
        name = KINDS[hit.kind].name
        names[hit.why] = name
        for form in ("", "opens: ", "ends: "):
            signal = f"{form}{hit.kind} {hit.strength}"
            names |= {signal: name, **{f"{signal} ≥{least}": name for least in (1, 2, 4)}}
    return names
