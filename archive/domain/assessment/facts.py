"""What a text amounts to, counted: the facts that the tables of points speak of."""

from collections import Counter
from collections.abc import Sequence

from archive.domain.assessment.cue_lists import ENGLISH
from archive.domain.assessment.kinds import KINDS, Hit
from archive.domain.assessment.reading import STOPS, Reading

WEAK = ", weak"  # behind the kind of a signal that only adds up
MOST = 3  # the fourth question says no more than the third

_LISTS = ENGLISH.lists
_LENGTHS = (10, 20, 35, 60, 100, 150)  # words


def count_facts(reading: Reading, hits: Sequence[Hit]) -> dict[str, int]:
    """Return each fact with how often it holds, at most `MOST` times; those that do not hold are left out."""
    facts: Counter[str] = Counter()
    for hit in hits:
        facts[hit.kind + (WEAK if hit.strength == 1 else "")] += 1
    facts.update(_openings_and_endings(reading, hits))
    facts.update(_persons_and_length(reading))
    return {fact: min(count, MOST) for fact, count in facts.items() if count}


def name_fact(fact: str) -> str:
    """A fact in words for people."""
    kind = fact.removesuffix(WEAK)
    return KINDS[kind].name.lower() if kind in KINDS else fact


def _openings_and_endings(reading: Reading, hits: Sequence[Hit]) -> dict[str, int]:
    sentences = reading.sentences
    if not sentences:
        return {"nothing said": int(not reading.addresses)}
    opening = reading.sentence_of(sentences[0][0])
    first = {(hit.kind, hit.strength) for hit in hits if hit.sentence <= opening}
    kinds = {kind for kind, _ in first}
    questions = sum(hit.kind == "question" for hit in hits)
    return {
        "ends in a question": int(reading.words[sentences[-1][1] - 1] == "?"),
        "opens with thanks": int("thanks" in kinds or "laughter" in kinds),
        "mostly questions": int(questions * 2 >= len(sentences)),
        "partly questions": int(questions * 4 >= len(sentences)),
        "guesses throughout": int(_share(hits, {"conjecture"}, 3, len(sentences))),
    }


def _share(hits: Sequence[Hit], kinds: set[str], times: int, sentences: int) -> bool:
    return len({hit.sentence for hit in hits if hit.kind in kinds}) * times >= sentences


def _persons_and_length(reading: Reading) -> dict[str, int]:
    times = Counter(reading.words)
    spoken = len(reading.words) - sum(times[stop] for stop in STOPS)
    me = sum(times[word] for word in _LISTS["me"])
    you = sum(times[word] for word in _LISTS["you"])
    return {
        "never says I": int(me == 0),
        "says I throughout": int(me > 1 and me * 20 >= spoken),
        "speaks to you throughout": int(you > 0 and you * 25 >= spoken),
        "exclaims": times["!"],
        **{f"over {length} words": int(spoken > length) for length in _LENGTHS},
    }
