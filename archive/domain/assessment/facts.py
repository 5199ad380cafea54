"""What a text amounts to: the facts of its shape, whatever it says."""

from collections import Counter
from collections.abc import Sequence

from archive.domain.assessment.cue_lists import ENGLISH
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import STOPS, Reading

MOST = 3  # the fourth exclamation says no more than the third

_LISTS = ENGLISH.lists
_LENGTHS = {f"over {length} words": length for length in (10, 20, 35, 60, 100, 150)}


def facts_of(reading: Reading, hits: Sequence[Hit]) -> dict[str, int]:
    """Return each fact with how often it holds, at most `MOST` times; those that do not hold are left out."""
    facts = {**_openings_and_endings(reading, hits), **_persons_and_length(reading)}
    return {fact: min(count, MOST) for fact, count in facts.items() if count}


def _openings_and_endings(reading: Reading, hits: Sequence[Hit]) -> dict[str, int]:
    sentences = reading.sentences
    if not sentences:
        return {"nothing said": int(not reading.addresses)}
    opening = reading.sentence_of(sentences[0][0])
    first = {(hit.kind, hit.strength) for hit in hits if hit.sentence <= opening}
    kinds = {kind for kind, _ in first}
    questions = [hit.kind for hit in hits].count("question")
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
    spoken = len(reading.words) - _together(times, STOPS)
    me, you = _together(times, _LISTS["me"]), _together(times, _LISTS["you"])
    return {
        "never says I": int(me == 0),
        "says I throughout": int(me > 1 and me * 20 >= spoken),
        "speaks to you throughout": int(you > 0 and you * 25 >= spoken),
        "exclaims": times["!"],
        **{name: 1 for name, length in _LENGTHS.items() if spoken > length},
    }


def _together(times: Counter[str], words: frozenset[str]) -> int:
    return sum(times[word] for word in times.keys() & words)
