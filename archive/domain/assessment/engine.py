"""The engine: from a text to its signals, the weights of what it says, the rules above them, and a proposal."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from archive.domain.assessment.features import features_of
from archive.domain.assessment.language import is_known
from archive.domain.assessment.looking import Look, look
from archive.domain.assessment.model import Model, Weighed, model_from, two_likeliest
from archive.domain.assessment.path import BY_RULE, path_to
from archive.domain.assessment.reading import MAX_CHARACTERS
from archive.domain.assessment.reasons import changes_from, reasons_for
from archive.domain.assessment.rules import apply_rules, rules_for
from archive.domain.assessment.suggestion import Reason, Signal, Suggestion
from archive.domain.assessment.word_classes import classes_of
from archive.domain.records import Markup
from archive.domain.source_quality import Level

ENGINE = "model-3"  # goes up whenever the same text may come out otherwise
_OTHER_LANGUAGE = "Written in a language that there are no cues for: nothing is suggested"
_SHOWN = 60  # signals of a kind; what follows adds nothing that a person would look at
_IS_CUT = f"Only the first {MAX_CHARACTERS:,} characters were read"


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """The weights that come with the program."""
    return model_from((files("archive.domain.assessment") / "weights" / "en.tsv").read_text("utf-8"))


def assess(text: str, markup: Markup = Markup.PLAIN, *, model: Model | None = None, engine: str = ENGINE) -> Suggestion:
    """Propose a level for one answer.

    Any text will do, and the same text always gives the same proposal. Of a text longer than
    `MAX_CHARACTERS` only the beginning is read.

    :param model: the weights; those that come with the program, if none are given.
    :param engine: the name of the version that signs.
    """
    return assess_looks([look(text, markup)], model=model, engine=engine)[0]


def assess_looks(looks: Sequence[Look], *, model: Model | None = None, engine: str = ENGINE) -> list[Suggestion]:
    """The same for texts that were already looked at: many at once take less time."""
    classes = [classes_of(seen.reading) for seen in looks]
    known = [n for n, seen in enumerate(looks) if is_known(seen.reading.words, classes[n])]
    features = [features_of(looks[n].reading, classes[n], looks[n].hits) for n in known]
    weighed = dict(zip(known, (model or shipped_model()).weigh(features), strict=True))
    return [
        _proposal(seen, weighed[n], engine) if n in weighed else _none(seen, engine) for n, seen in enumerate(looks)
    ]


def explain(text: str, level: Level, markup: Markup = Markup.PLAIN, *, model: Model | None = None) -> list[Reason]:
    """What speaks most for a level of a text, and against it: rules first, then weights, the weightiest first."""
    model, seen = model or shipped_model(), look(text, markup)
    features = features_of(seen.reading, classes_of(seen.reading), seen.hits)
    (weighed,) = model.weigh([features])
    _, because = apply_rules(weighed.chances, rules_for(seen.reading, seen.hits))
    settled = [Reason(_by_rule(one), None) for one in because]
    return [*settled, *reasons_for(level, model, features, weighed, seen.hits)]


def _none(seen: Look, engine: str) -> Suggestion:
    return Suggestion(
        level=None, confidence=0.0, path=(*_cut(seen), _OTHER_LANGUAGE), signals=_signals(seen), engine=engine
    )


def _proposal(seen: Look, weighed: Weighed, engine: str) -> Suggestion:
    chances, because = apply_rules(weighed.chances, rules_for(seen.reading, seen.hits))
    (level, confidence), (second, second_confidence) = two_likeliest(chances)
    number = weighed.most_telling
    telling = None if number is None else seen.reading.around(number)
    words = seen.reading.text[slice(*telling)] if telling else ""
    by_rule = map(_by_rule, because)
    return Suggestion(
        level=level,
        confidence=confidence,
        second=second,
        second_confidence=second_confidence,
        path=(*_cut(seen), *by_rule, *path_to(level, seen.hits, seen.reading.text, words)),
        signals=_signals(seen),
        telling=seen.place(*telling) if telling else None,
        changes=changes_from(level),
        engine=engine,
    )


def _by_rule(because: str) -> str:
    return f"{BY_RULE}{because}"


def _cut(seen: Look) -> tuple[str, ...]:
    return (_IS_CUT,) if seen.reading.is_cut else ()


def _signals(seen: Look) -> tuple[Signal, ...]:
    counts: Counter[str] = Counter()
    found = []
    for hit in seen.received:
        counts[hit.kind] += 1
        if counts[hit.kind] <= _SHOWN:
            found.append(Signal(hit.start, hit.end, hit.kind, hit.why))
    return tuple(found)
