"""Rules that stand above the weights: the codebook's own, where a learned model would get them wrong.

A rule says when it holds, and from which levels it moves all chances to which. They apply in order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.domain.assessment.kinds import PLACES, REFERENCES, RETRIEVABLE, Hit
from archive.domain.assessment.model import LEVELS
from archive.domain.assessment.pooling import Floats
from archive.domain.assessment.reading import Reading
from archive.domain.source_quality import Level

_NO_CLAIM = ("question", "request", "removed")
_FEW_WORDS = 3  # beside a link, so that it is the whole answer
_STRONG = 2  # settles the matter alone
_SOURCED = (Level.CITED, Level.PINPOINT)
_NEAR = 1  # sentences between a reference and the place in it


class Seen:
    """What the rules ask of a text."""

    def __init__(self, reading: Reading, hits: Sequence[Hit]) -> None:
        self._reading, self._hits = reading, hits
        self._kinds = {hit.kind for hit in hits}
        self._strong = {hit.kind for hit in hits if hit.strength == _STRONG}

    def has(self, *kinds: str) -> bool:
        """Whether there is a signal of one of the kinds."""
        return not self._kinds.isdisjoint(kinds)

    def has_strong(self, *kinds: str) -> bool:
        """Whether there is one that settles the matter alone."""
        return not self._strong.isdisjoint(kinds)

    @property
    def says_nothing(self) -> bool:
        return not self._reading.sentences and not self._reading.addresses

    @property
    def is_only_a_link(self) -> bool:
        if not self.has_strong("url", "doi"):
            return False
        return sum(word[0].isalnum() for word in self._reading.words) <= _FEW_WORDS

    @property
    def has_place_at_reference(self) -> bool:
        if not self.has(*PLACES):
            return False
        at = {hit.sentence for hit in self._hits if hit.kind in REFERENCES and hit.strength == _STRONG}
        return any(
            hit.kind in ("archival", "canonical")
            or (hit.kind == "locator" and any(hit.sentence + step in at for step in range(-_NEAR, _NEAR + 1)))
            for hit in self._hits
        )

    @property
    def asks_what_it_remembers(self) -> bool:
        """Whether all that is said is remembered, or asked, and most of it is asked."""
        sentences, words = self._reading.sentences, self._reading.words
        if not (sentences and self.has("recollection") and words[sentences[-1][1] - 1] == "?"):
            return False
        recalled = {hit.sentence for hit in self._hits if hit.kind == "recollection"}
        asked = [last - first for first, last in sentences if words[last - 1] == "?"]
        others = [first for first, last in sentences if words[last - 1] != "?"]
        said = sum(last - first for first, last in sentences)
        return all(self._reading.sentence_of(first) in recalled for first in others) and sum(asked) * 2 >= said

    @property
    def has_only_a_chatbot(self) -> bool:
        """Whether a chatbot is named, and no reference stands outside of what is said of it."""
        said = {hit.sentence for hit in self._hits if hit.kind == "chatbot"}
        return bool(said) and all(
            hit.sentence in said for hit in self._hits if hit.kind in REFERENCES and hit.strength == _STRONG
        )

    @property
    def is_capped(self) -> bool:
        """Whether the only work is named under a disclaimer."""
        return self.has("candidate") and not self.has_strong(*REFERENCES)


@dataclass(frozen=True, slots=True)
class Rule:
    """From where chances move to where, and when."""

    because: str  # for the person who looks at the path
    holds: Callable[[Seen], bool]
    taken: tuple[Level, ...]
    given: Level
    likeliest: Level | None = None  # it holds only where this is the likeliest level so far


_ALL = tuple(Level)
_CLAIMS = tuple(level for level in Level if level is not Level.NOT_ANSWER)

RULES = (
    Rule("it was removed, or is a notice", lambda seen: seen.has_strong("removed"), _ALL, Level.NOT_ANSWER),
    Rule("nothing is said", lambda seen: seen.says_nothing, _ALL, Level.NOT_ANSWER),
    Rule("a link is the whole answer", lambda seen: seen.is_only_a_link, _ALL, Level.CITED),
    Rule(
        "a number leads to the work",
        lambda seen: seen.has_strong(*RETRIEVABLE) and not seen.has("removed"),
        _CLAIMS,
        Level.CITED,
    ),
    Rule(
        "a number leads to the work, and nothing is asked",
        lambda seen: seen.has_strong(*RETRIEVABLE) and not seen.has(*_NO_CLAIM),
        (Level.NOT_ANSWER,),
        Level.CITED,
    ),
    Rule(
        "the work is named, but said not to be at hand",
        lambda seen: seen.is_capped and seen.has_strong("withheld"),
        _ALL,
        Level.RECOLLECTED,
    ),
    Rule(
        "the work is named, but said to be from memory",
        lambda seen: seen.is_capped and seen.has_strong("recollection"),
        _SOURCED,
        Level.RECOLLECTED,
    ),
    Rule("the work is named, but not as consulted", lambda seen: seen.is_capped, _SOURCED, Level.UNSOURCED),
    Rule("a chatbot is no source", lambda seen: seen.has_only_a_chatbot, _SOURCED, Level.ATTRIBUTED),
    Rule(
        "what it remembers, it asks about",
        lambda seen: seen.asks_what_it_remembers,
        (Level.RECOLLECTED,),
        Level.NOT_ANSWER,
        likeliest=Level.RECOLLECTED,
    ),
    Rule(
        "somebody is named as the source",
        lambda seen: seen.has_strong("attribution"),
        (Level.UNSOURCED,),
        Level.ATTRIBUTED,
        likeliest=Level.UNSOURCED,
    ),
    Rule(
        "a place stands beside the reference", lambda seen: seen.has_place_at_reference, (Level.CITED,), Level.PINPOINT
    ),
    Rule("no place is given", lambda seen: not seen.has(*PLACES), (Level.PINPOINT,), Level.CITED),
)


def rules_for(reading: Reading, hits: Sequence[Hit]) -> list[bool]:
    """Of each rule, whether it holds."""
    seen = Seen(reading, hits)
    return [rule.holds(seen) for rule in RULES]


def apply_rules(chances: Floats, holds: Sequence[bool]) -> tuple[Floats, tuple[str, ...]]:
    """Return the chances after the rules, and why each rule that changed the likeliest level did.

    :param chances: of each level, in the order of `Level`.
    """
    said, chances = [], chances.copy()
    for rule, does in zip(RULES, holds, strict=True):
        if does and rule.likeliest in (None, LEVELS[chances.argmax()]):
            taken = [LEVELS.index(level) for level in rule.taken if level is not rule.given]
            if chances.argmax() in taken:
                said.append(rule.because)
            chances[LEVELS.index(rule.given)] += chances[taken].sum()
            chances[taken] = 0
    return chances, tuple(said)
