"""The practice answers: each is what it should be to learn from, and rounds are counted honestly."""

import re
from dataclasses import replace

import pytest

from archive.domain.practice import LevelScore, PracticeAnswer, PracticeRound, rounds_of
from archive.domain.source_quality import Level
from archive.services.practice import levels_digest, practice_answers
from archive.store.practice import MAX_KEY

ANSWERS = practice_answers()


def test_there_are_twenty_that_cover_all_levels_and_no_two_have_one_key() -> None:
    assert len(ANSWERS) == 20
    assert {answer.level for answer in ANSWERS} == set(Level)
    assert len({answer.key for answer in ANSWERS}) == 20


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.key)
def test_what_decides_stands_in_the_answer_once_and_is_explained(answer: PracticeAnswer) -> None:
    assert answer.words
    assert [answer.answer.count(words) for words in answer.words] == [1] * len(answer.words)
    assert len(answer.spans) == len(answer.words)
    assert answer.question.endswith("?")
    assert 2 <= len(re.findall(r"[.?!:](?:\s|$)", answer.explanation)) <= 6, "two or three sentences that teach"
    assert len(answer.key) <= MAX_KEY


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.key)
def test_the_likeliest_wrong_levels_have_what_speaks_against_them(answer: PracticeAnswer) -> None:
    assert answer.against
    assert answer.level not in answer.against
    assert all(sentence.endswith((".", ".”")) for sentence in answer.against.values())


def test_levels_are_mixed() -> None:
    """Nobody can go by the level of the answer before."""
    in_a_row = [
        one.level is two.level is three.level
        for one, two, three in zip(ANSWERS, ANSWERS[1:], ANSWERS[2:], strict=False)
    ]
    assert not any(in_a_row)


def _round(*given: tuple[str, Level]) -> PracticeRound:
    base = ANSWERS[0]
    answers = [
        replace(base, key="a", level=Level.CITED),
        replace(base, key="b", level=Level.CITED),
        replace(base, key="c", level=Level.UNSOURCED),
    ]
    return PracticeRound(number=1, answers=answers, given=dict(given))


def test_a_round_tells_how_many_were_right_by_level_and_which_were_not() -> None:
    there = _round(("a", Level.CITED), ("b", Level.PINPOINT), ("c", Level.UNSOURCED))
    assert (there.done, there.left, there.right) == (True, 0, 2)
    assert there.by_level() == [LevelScore(Level.CITED, 1, 2), LevelScore(Level.UNSOURCED, 1, 1)]
    assert [(number, answer.key, given) for number, answer, given in there.wrong] == [(2, "b", Level.PINPOINT)]


def test_the_next_answer_is_the_first_open_one_that_follows_and_else_the_first_open_one() -> None:
    there = _round(("b", Level.CITED))
    assert [there.next_after(number) for number in (0, 1, 2, 3)] == [1, 3, 3, 1]
    assert _round(*dict.fromkeys([("a", Level.CITED), ("b", Level.CITED), ("c", Level.CITED)])).next_after(1) is None


def test_levels_of_answers_that_there_are_no_more_change_no_count() -> None:
    there = _round(("a", Level.CITED), ("gone", Level.CITED))
    assert (there.left, there.right, there.wrong) == (2, 1, [])


def test_there_is_a_first_round_before_anything_was_given() -> None:
    assert [(one.number, one.left) for one in rounds_of(ANSWERS, [])] == [(1, 20)]
    later = rounds_of(ANSWERS, [(2, "lamps", Level.CITED), (1, "lamps", Level.UNSOURCED)])
    assert [(one.number, one.right) for one in later] == [(1, 1), (2, 0)]


def test_levels_are_known_by_their_hash_whatever_their_order() -> None:
    given = [("a", Level.CITED), ("b", Level.PINPOINT)]
    assert levels_digest(given) == levels_digest(given[::-1])
    assert levels_digest(given) != levels_digest([("a", Level.CITED), ("b", Level.CITED)])
