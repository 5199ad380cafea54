"""Verdicts on citations, and what they come to."""

import pytest

from archive.domain.checking import (
    CHOICES,
    MEANINGS,
    CheckNotAllowedError,
    Standing,
    blanked,
    check_level,
    check_sum,
    clean_note,
)
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict

U, F, S, P, N, D, A, X = (
    Verdict.UNCHECKED,
    Verdict.FOUND,
    Verdict.SUPPORTS,
    Verdict.PARTLY,
    Verdict.DOES_NOT_SUPPORT,
    Verdict.DEAD,
    Verdict.NO_ACCESS,
    Verdict.FABRICATED,
)


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([], "not checked"),
        ([U], "not checked"),
        ([U, U, U], "not checked"),
        ([S], "looked up: supports"),
        ([D], "looked up: dead"),
        ([S, D, U], "2 of 3 looked up: 1 supports, 1 dead"),
        ([D, S, U], "2 of 3 looked up: 1 supports, 1 dead"),
        ([S, S], "2 of 2 looked up: 2 supports"),
        ([P, N], "2 of 2 looked up: 1 supports in part, 1 does not support"),
        ([A], "not checked: 1 out of reach"),
        ([A, U], "not checked: 1 out of reach"),
        ([F, A], "1 of 2 looked up: 1 found, 1 out of reach"),
        ([X, U], "1 of 2 looked up: 1 struck"),
    ],
)
def test_the_verdicts_of_an_answer_come_to_a_sentence(verdicts: list[Verdict], words: str) -> None:
    assert check_sum(Standing(work, None, verdict) for work, verdict in enumerate(verdicts)).words == words


@pytest.mark.parametrize(
    ("citations", "words"),
    [
        ([(1, None, U), (1, None, S)], "looked up: supports"),
        ([(1, None, D), (1, None, S)], "looked up: supports, dead"),
        ([(1, "p. 12", S), (1, "p. 40", U)], "1 of 2 looked up: 1 supports"),
        ([(1, "p. 12", S), (1, None, U)], "looked up: supports"),
        ([(1, None, U), (1, "p. 12", U), (1, "p. 40", N)], "1 of 2 looked up: 1 does not support"),
        ([(1, "p. 12", U), (1, None, S)], "1 of 2 looked up: 1 supports"),
        ([(1, None, S), (1, "p. 40", U), (1, "p. 12", S)], "2 of 3 looked up: 2 supports"),
        ([(1, None, S), (1, "p. 12", S), (1, "p. 40", U)], "2 of 3 looked up: 2 supports"),
        ([(1, None, S), (1, None, N), (2, None, U)], "1 of 2 looked up: 1 supports, 1 does not support"),
    ],
)
def test_a_place_of_a_work_is_one_reference_however_often_it_is_named(
    citations: list[tuple[int, str | None, Verdict]], words: str
) -> None:
    assert check_sum(Standing(*citation) for citation in citations).words == words


def test_every_verdict_has_words_and_only_striking_is_no_choice_beside_a_citation() -> None:
    assert set(MEANINGS) == set(Verdict)
    assert set(Verdict) - set(CHOICES) == {Verdict.FABRICATED}
    assert {verdict for verdict, meaning in MEANINGS.items() if not meaning.looked_up} == {U, A}


@pytest.mark.parametrize("verdict", Verdict)
def test_what_speaks_against_a_citation_needs_a_note(verdict: Verdict) -> None:
    assert clean_note(verdict, "  Not in the index.\0 ") == "Not in the index."
    if verdict in (N, Verdict.NOT_FOUND, X):
        with pytest.raises(CheckNotAllowedError, match="needs a note"):
            clean_note(verdict, " \n")
    else:
        assert clean_note(verdict, " ") == ""
    with pytest.raises(CheckNotAllowedError, match="at most 2,000"):
        clean_note(verdict, "x" * 2_001)


@pytest.mark.parametrize("level", Level)
def test_an_answer_of_which_every_reference_is_struck_is_not_cited(level: Level) -> None:
    check_level(level, left=1)
    if level in (Level.CITED, Level.PINPOINT):
        with pytest.raises(CheckNotAllowedError, match="can be retrieved any more"):
            check_level(level, left=0)
    else:
        check_level(level, left=0)


def test_words_are_blanked_and_the_others_keep_their_place() -> None:
    assert blanked("As in Doe, Book, p. 5, so.", [(6, 15), (17, 21)]) == "As in          ,     , so."
    assert blanked("short", [(3, 99)]) == "sho  "
