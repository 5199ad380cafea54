"""The figures of answers that moderators read independently."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from archive.domain.agreement.figures import ENOUGH, Figures, Reading, ReadTwice, agreement_of
from archive.domain.ids import PublicId, UserId
from archive.domain.source_quality import Level

PIN, CITED, ATTR, MEM, NONE, OWN, GUESS, NOT = Level
MAY, JUNE = datetime(2026, 5, 3, tzinfo=UTC), datetime(2026, 6, 9, tzinfo=UTC)


def _read(
    *levels: Level, by: Sequence[int] = (1, 2, 3), at: datetime = MAY, second: datetime | None = None, codebook: int = 2
) -> ReadTwice:
    times = [at, second or at, at]
    readings = [
        Reading(UserId(moderator), level, time, codebook)
        for level, moderator, time in zip(levels, by, times, strict=False)
    ]
    return ReadTwice(PublicId("0" * 14), readings)


def _measure(answers: Sequence[ReadTwice], name: str) -> Figures:
    return next(figures for measure, figures in agreement_of(answers).measures if measure.short == name)


# 60 answers of which 50 are judged alike: 20 cited, 20 from memory, 10 guesses; 6 differ by a step, 4 off the spine.
SIXTY = [
    *[_read(CITED, CITED)] * 20,
    *[_read(MEM, MEM)] * 20,
    *[_read(GUESS, GUESS)] * 10,
    *[_read(CITED, PIN)] * 6,
    *[_read(MEM, GUESS)] * 4,
]


def test_the_whole_is_the_share_of_answers_judged_alike_and_nominal_alpha() -> None:
    whole = agreement_of(SIXTY).whole
    assert (whole.answers, whole.same, whole.enough) == (60, 50, True)
    assert whole.share == pytest.approx(5 / 6)
    # n = 120: 46 cited, 44 from memory, 24 guesses, 6 with page; 20 values in pairs that differ
    assert whole.alpha == pytest.approx(1 - 119 * 20 / (120**2 - 46**2 - 44**2 - 24**2 - 6**2), abs=1e-9)
    assert whole.interval is not None
    assert whole.interval.low < whole.alpha < whole.interval.high


def test_steps_on_the_spine_weigh_less_in_mixed_and_ordinal_alpha() -> None:
    nominal, mixed, ordinal = (_measure([*SIXTY, *SIXTY], name) for name in ("Nominal", "Mixed", "Ordinal, spine"))
    assert nominal.alpha is not None
    assert mixed.alpha is not None
    assert ordinal.alpha is not None
    assert nominal.alpha < mixed.alpha < ordinal.alpha


def test_ordinal_alpha_leaves_out_what_is_off_the_spine() -> None:
    few, enough = _measure(SIXTY, "Ordinal, spine"), _measure([*SIXTY, *[_read(MEM, MEM)] * 4], "Ordinal, spine")
    assert (few.answers, few.same) == (46, 40)
    assert few.alpha is None  # below fifty
    assert enough.answers == 50
    assert enough.alpha is not None


def test_sourced_or_not_takes_both_cited_levels_for_one() -> None:
    sourced = _measure(SIXTY, "Sourced or not")
    assert (sourced.answers, sourced.same, sourced.alpha) == (60, 60, 1)


def test_no_figure_is_shown_of_fewer_than_fifty_answers() -> None:
    found = agreement_of(SIXTY[: ENOUGH - 1])
    groups = [
        found.whole,
        *(figures for _, figures in (*found.measures, *found.levels, *found.months, *found.versions)),
    ]
    groups += [figures for *_, figures in found.pairs]
    assert not any(figures.enough or figures.alpha is not None or figures.interval for figures in groups)


def test_the_table_counts_the_first_vote_against_the_second() -> None:
    table = agreement_of([*SIXTY, _read(PIN, ATTR, CITED)]).table
    assert table.count(CITED, PIN) == 6
    assert table.count(PIN, CITED) == 0
    assert table.count(PIN, ATTR) == 1
    assert sum(table.counts.values()) == 61


def test_a_level_is_set_against_all_others_and_counts_answers_to_which_somebody_gave_it() -> None:
    levels = dict(agreement_of([*SIXTY, *SIXTY]).levels)
    assert {level: figures.answers for level, figures in levels.items()} == {
        PIN: 12, CITED: 52, ATTR: 0, MEM: 48, NONE: 0, OWN: 0, GUESS: 28, NOT: 0,
    }  # fmt: skip
    assert levels[MEM].alpha is None
    # n = 240: 92 are cited and 148 are not; 12 pairs differ
    assert levels[CITED].alpha == pytest.approx(1 - 239 * 24 / (2 * 92 * 148), abs=1e-9)


def test_a_pair_is_of_those_two_whoever_came_first() -> None:
    answers = [_read(CITED, MEM, by=(2, 1)), _read(MEM, MEM, by=(1, 2)), _read(PIN, PIN, MEM, by=(3, 1, 2))]
    pairs = {(one, other): (figures.answers, figures.same) for one, other, figures in agreement_of(answers).pairs}
    assert pairs == {(1, 2): (3, 1), (1, 3): (1, 1), (2, 3): (1, 0)}
    assert next(iter(pairs)) == (1, 2)  # who read most together comes first


def test_an_answer_belongs_to_the_month_of_its_second_vote() -> None:
    answers = [_read(CITED, CITED, second=JUNE), _read(CITED, CITED), _read(MEM, CITED, at=JUNE)]
    months = [(month, figures.answers, figures.same) for month, figures in agreement_of(answers).months]
    assert months == [(date(2026, 5, 1), 1, 1), (date(2026, 6, 1), 2, 1)]


def test_an_answer_belongs_to_a_version_of_the_codebook_only_if_all_read_it_by_that() -> None:
    by_two = ReadTwice(PublicId("1"), [Reading(UserId(1), MEM, MAY, 1), Reading(UserId(2), MEM, MAY, 2)])
    found = agreement_of([by_two, _read(CITED, CITED, codebook=3), _read(CITED, CITED, codebook=1)])
    assert [(version, figures.answers) for version, figures in found.versions] == [(1, 1), (3, 1)]
    assert found.whole.answers == 3
