"""All signals of a text, from every rule, in order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archive.domain.assessment.anchors import Anchor
from archive.domain.assessment.attribution import OWN_WORDS, Attributions
from archive.domain.assessment.cue_lists import ENGLISH, Cue
from archive.domain.assessment.entries import find_entries, find_listed
from archive.domain.assessment.identifiers import IDENTIFIERS, find_addresses
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.locators import LOCATORS, TIME_IN_RECORDING, find_places_in_addresses, has_recording
from archive.domain.assessment.phrases import Phrases
from archive.domain.assessment.reading import Reading
from archive.domain.assessment.references import READING_WORDS, find_unmarked
from archive.domain.assessment.shape import find_shapes
from archive.domain.assessment.titles import find_titles

MAX_PER_KIND = 500  # as many as a long bibliography has
_HOOK = "hook"  # the kind of cues at which attribution looks for a name
_WEAK = 1  # the strength of a cue that only adds up
_OF_CUES = frozenset(cue.kind for cue in ENGLISH.cues)

_MEANINGS: tuple[Cue | Anchor, ...] = (*ENGLISH.cues, *IDENTIFIERS, *LOCATORS, *READING_WORDS, OWN_WORDS)
_PHRASES = Phrases(((phrase, n) for n, meaning in enumerate(_MEANINGS) for phrase in meaning.phrases), ENGLISH.lists)


def find_signals(reading: Reading) -> list[Hit]:
    """Return what is seen in the text, in order of its start; within a kind no two overlap."""
    hits = [*find_titles(reading), *find_unmarked(reading), *find_shapes(reading), *_find_by_words(reading)]
    if ":" in reading.own and "\n" in reading.own:
        hits += find_listed(reading)
    hits += find_entries(reading)
    if reading.addresses:
        hits += [*find_addresses(reading), *find_places_in_addresses(reading)]
    return _merged(_without_overruled(hits))


def _find_by_words(reading: Reading) -> Iterator[Hit]:
    hooks: list[tuple[str, int, int]] = []
    for number, first, last in _PHRASES.find(reading.words):
        meaning = _MEANINGS[number]
        if isinstance(meaning, Anchor):
            hit = meaning.match(reading, first)
            if hit and (hit.why != TIME_IN_RECORDING or has_recording(reading)):
                yield hit
        elif meaning.kind == _HOOK:
            hooks.append((meaning.why, first, last))
        else:
            start, end = reading.stretch(first, last)
            yield Hit(start, end, meaning.kind, meaning.why, meaning.strength, reading.sentence_of(first))
    if hooks:
        yield from Attributions(reading).find(hooks)


def _without_overruled(hits: Iterable[Hit]) -> list[Hit]:
    """The hits in order, without the cues whose words say something else as part of a signal of another kind.

    “I have” is no experience in “I have not read it”, and “I know” none in “as far as I know”: the
    stronger signal takes such words from the weaker, and of two weak cues the one that holds the other.
    """
    ordered = sorted(hits)
    silent: set[Hit] = set()
    open_ones: list[Hit] = []
    for hit in ordered:
        open_ones = [one for one in open_ones if one.end > hit.start]
        for one in open_ones:
            if one.kind != hit.kind:
                silent.update(weak for weak, other in ((one, hit), (hit, one)) if _gives_way_to(weak, other))
        open_ones.append(hit)
    return [hit for hit in ordered if hit not in silent]


def _gives_way_to(weak: Hit, other: Hit) -> bool:
    """Whether a weak cue gives way to a signal with which it shares words."""
    if weak.strength != _WEAK or weak.kind not in _OF_CUES:
        return False
    if other.strength > _WEAK:
        return True
    holds = other.start <= weak.start and weak.end <= other.end and other.end - other.start > weak.end - weak.start
    return holds and other.strength == _WEAK and other.kind in _OF_CUES


def _merged(hits: Iterable[Hit]) -> list[Hit]:
    """The hits in order; those of one kind that overlap become one, with the reason of the strongest."""
    last: dict[str, int] = {}
    counts: dict[str, int] = defaultdict(int)
    merged: list[Hit] = []
    for hit in sorted(hits):
        place = last.get(hit.kind)
        if place is not None and hit.start < merged[place].end:
            former = merged[place]
            stronger = max(former, hit, key=lambda one: (one.strength, one.end - one.start))
            merged[place] = stronger._replace(
                start=former.start, end=max(former.end, hit.end), sentence=former.sentence
            )
        elif counts[hit.kind] < MAX_PER_KIND:
            counts[hit.kind] += 1
            last[hit.kind] = len(merged)
            merged.append(hit)
    return merged
