"""What votes come to, who is drawn, and in which order a queue's kinds of answers take turns."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.bench_rules import BenchRules, BenchRulesError, check_rules, drawn_below, is_drawn
from archive.domain.ids import CollectionSlug, PostKey, PublicId, ThreadKey, post_address
from archive.domain.queue_mix import Stream, streams_for
from archive.domain.second_opinions import Basis, Outcome, State, basis_words, outcome
from archive.domain.source_quality import Level

P, C, A, R, U = Level.PINPOINT, Level.CITED, Level.ATTRIBUTED, Level.RECOLLECTED, Level.UNSOURCED
T, G, N = Level.TESTIMONY, Level.CONJECTURE, Level.NOT_ANSWER
AGREED, SINGLE = Basis.AGREED, Basis.SINGLE


@pytest.mark.parametrize(
    ("levels", "needed", "expected"),
    [
        ([], 1, Outcome(State.UNREAD, wanted=1)),
        ([R], 1, Outcome(State.DECIDED, R, SINGLE)),
        ([R], 2, Outcome(State.WANTS_VOTE, wanted=1)),
        ([R], 3, Outcome(State.WANTS_VOTE, wanted=2)),
        ([R, R], 1, Outcome(State.DECIDED, R, AGREED)),
        ([R, R], 2, Outcome(State.DECIDED, R, AGREED)),
        ([R, R], 3, Outcome(State.WANTS_VOTE, wanted=1)),
        ([P, C], 2, Outcome(State.WANTS_VOTE, wanted=1)),
        ([C, P], 1, Outcome(State.WANTS_VOTE, wanted=1)),
        ([U, R], 2, Outcome(State.WANTS_VOTE, wanted=1)),
        ([P, A], 2, Outcome(State.DISPUTED)),
        ([U, N], 2, Outcome(State.DISPUTED)),
        ([T, G], 2, Outcome(State.DISPUTED)),
        ([P, C, C], 2, Outcome(State.DECIDED, C, AGREED)),
        ([P, C, P], 2, Outcome(State.DECIDED, P, AGREED)),
        ([P, C, A], 2, Outcome(State.DISPUTED)),
        ([R, R, N], 3, Outcome(State.DECIDED, R, AGREED)),
        ([R, R, N, N], 3, Outcome(State.DISPUTED)),
        ([R, R, N, N, N], 3, Outcome(State.DECIDED, N, AGREED)),
    ],
)
def test_votes_come_to(levels: list[Level], needed: int, expected: Outcome) -> None:
    assert outcome(levels, needed) == expected


@given(st.lists(st.sampled_from(Level), max_size=7), st.integers(1, 3))
def test_only_a_level_that_most_have_given_is_decided(levels: list[Level], needed: int) -> None:
    found = outcome(levels, needed)
    assert (found.level is None) == (found.state is not State.DECIDED)
    if found.level is not None:
        assert 2 * levels.count(found.level) > len(levels)
        assert len(levels) >= needed


@given(st.lists(st.sampled_from(Level), min_size=1, max_size=6), st.integers(1, 3), st.randoms())
def test_the_order_of_votes_changes_nothing(levels: list[Level], needed: int, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = [*levels]
    random.shuffle(shuffled)
    assert outcome(shuffled, needed) == outcome(levels, needed)


def test_readers_are_told_what_a_decision_rests_on() -> None:
    assert basis_words(AGREED, agreeing=2, votes=3) == "2 of 3 agree"
    assert basis_words(SINGLE, agreeing=1, votes=1) == "One moderator’s decision"
    assert basis_words(Basis.ADJUDICATED, agreeing=0, votes=2) == "Decided between two readings"


def _addresses(number: int) -> list[PublicId]:
    return [
        post_address(CollectionSlug("history"), ThreadKey("a thread"), PostKey(str(post))) for post in range(number)
    ]


@pytest.mark.parametrize("percent", [0, 1, 10, 33, 50, 99, 100])
def test_about_the_share_that_is_asked_for_is_drawn(percent: int) -> None:
    posts = _addresses(4000)
    drawn = sum(is_drawn(post, percent) for post in posts)
    assert abs(drawn / len(posts) - percent / 100) < 0.03
    assert percent not in (0, 100) or drawn == len(posts) * percent / 100


def test_who_is_drawn_at_a_small_share_is_drawn_at_a_larger_one() -> None:
    posts = _addresses(500)
    for percent in range(100):
        assert drawn_below(percent) < drawn_below(percent + 1)
        assert {p for p in posts if is_drawn(p, percent)} <= {p for p in posts if is_drawn(p, percent + 1)}


def test_what_is_drawn_needs_two_votes_and_never_fewer_than_all_do() -> None:
    first, last = min(_addresses(300)), max(_addresses(300))
    rules = BenchRules(double_percent=20)
    assert (rules.needed(first), rules.needed(last)) == (2, 1)
    assert BenchRules(votes_needed=3, double_percent=20).needed(first) == 3


@pytest.mark.parametrize(
    "rules",
    [
        BenchRules(votes_needed=0),
        BenchRules(votes_needed=4),
        BenchRules(double_percent=101),
        BenchRules(uncertain_percent=-1),
        BenchRules(uncertain_percent=60, random_percent=30, second_percent=20),
    ],
)
def test_rules_that_cannot_be_are_refused(rules: BenchRules) -> None:
    with pytest.raises(BenchRulesError):
        check_rules(rules)


def test_kinds_of_answers_take_turns_by_their_shares() -> None:
    rules = BenchRules(uncertain_percent=50, random_percent=10, second_percent=20, audit_percent=5)
    check_rules(rules)
    first = Counter(streams_for(rules, turn)[1] for turn in range(20))
    expected = {Stream.UNCERTAIN: 10, Stream.RANDOM: 2, Stream.SECOND: 4, Stream.AUDIT: 1, Stream.ORDER: 3}
    assert first == expected


def test_an_empty_kind_gives_way_to_the_others_and_what_was_passed_over_comes_last() -> None:
    for turn in range(20):
        streams = streams_for(BenchRules(), turn)
        assert streams[0] is Stream.HELD
        assert streams[-1] is Stream.PASSED_OVER
        assert len(streams) == len(set(streams))
    assert Stream.AUDIT not in {stream for turn in range(20) for stream in streams_for(BenchRules(), turn)}
