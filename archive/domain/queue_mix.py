"""In which order the kinds of answers come that a queue mixes."""

from enum import StrEnum
from functools import cache

from archive.domain.bench_rules import BenchRules

TURNS = 20  # after which the pattern begins anew


class Stream(StrEnum):
    """A kind of answers that can be served next."""

    HELD = "held"  # for this moderator
    SECOND = "second"  # they want one more vote
    UNCERTAIN = "uncertain"  # of which the suggestion is least sure
    RANDOM = "random"  # that were drawn
    AUDIT = "audit"  # decided by one moderator
    ORDER = "order"  # as they were asked
    PASSED_OVER = "passed over"


_WHEN_EMPTY = (Stream.SECOND, Stream.UNCERTAIN, Stream.RANDOM, Stream.ORDER, Stream.PASSED_OVER)


def streams_for(rules: BenchRules, turn: int) -> tuple[Stream, ...]:
    """Where to look for the next answer, the first first.

    :param turn: how many answers were served before.
    """
    chosen = pattern(rules)[turn % TURNS]
    return (Stream.HELD, chosen, *(stream for stream in _WHEN_EMPTY if stream is not chosen))


@cache
def pattern(rules: BenchRules) -> tuple[Stream, ...]:
    """Each turn goes to the stream that is furthest behind its share."""
    shares = {
        Stream.UNCERTAIN: rules.uncertain_percent,
        Stream.SECOND: rules.second_percent,
        Stream.RANDOM: rules.random_percent,
        Stream.AUDIT: rules.audit_percent,
    }
    shares[Stream.ORDER] = 100 - sum(shares.values())
    owed = dict.fromkeys(shares, 0)
    found: list[Stream] = []
    for _ in range(TURNS):
        for stream, share in shares.items():
            owed[stream] += share
        next_one = max(owed, key=lambda stream: owed[stream])
        owed[next_one] -= 100
        found.append(next_one)
    return tuple(found)
