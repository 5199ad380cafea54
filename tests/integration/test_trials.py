"""Suggestions on trial: how often blind votes agreed with such suggestions."""

from collections.abc import Callable, Sequence

import pytest

from archive.domain.agreement.trials import Trial
from archive.domain.assessment.path import path_name
from archive.domain.assessment.suggestion import Signal, Suggestion
from archive.domain.ids import UserId
from archive.domain.source_quality import Level
from archive.services import trials
from archive.services.trials import on_trial, trial_of, trials_page
from tests.integration.conftest import Archive, Filled
from tests.integration.read_twice import add_vote, write_answers

ENGINE = "model-7"
LINK = Suggestion(level=Level.CITED, confidence=0.8, path=(), signals=(Signal(0, 1, "url", ""),), engine=ENGINE)
BOOK = Suggestion(level=Level.CITED, confidence=0.8, path=(), signals=(Signal(0, 1, "isbn", ""),), engine=ENGINE)
Judge = Callable[..., None]


def _fill(archive: Archive) -> None:
    write_answers(archive, 64)
    for name in ("maud", "teasel"):
        archive.add_moderator(name)


@pytest.fixture
def archive(filled: Filled) -> Archive:
    """An archive with two moderators and sixty-four answers, on which nobody has voted."""
    return filled(_fill)


@pytest.fixture
def judge(archive: Archive) -> Judge:
    """What has moderators vote on the next answers, for which the same was suggested."""
    rows = iter(archive.answers())

    def judge(
        suggestion: Suggestion, agreed: int, votes: int, *, by: Sequence[str] = ("maud",), **other: object
    ) -> None:
        told = {"suggestion_engine": suggestion.engine, "suggested": suggestion.level, "path": path_name(suggestion)}
        for number, row in zip(range(votes), rows, strict=False):
            for name in by:
                level = Level.CITED if number < agreed else Level.UNSOURCED
                add_vote(archive, row, _id(archive, name), level, **(told | other))  # type: ignore[arg-type]

    return judge


def _id(archive: Archive, name: str) -> UserId:
    return archive.person(name).id


def test_blind_votes_on_suggestions_of_the_same_path_are_counted(archive: Archive, judge: Judge) -> None:
    judge(LINK, 5, 8)
    judge(BOOK, 6, 6)
    assert trial_of(archive.session, LINK) == Trial(5, 8)
    assert trial_of(archive.session, BOOK) == Trial(6, 6)


def test_where_a_path_has_too_few_votes_all_of_the_level_are_counted(archive: Archive, judge: Judge) -> None:
    judge(LINK, 1, 4)
    judge(BOOK, 6, 6)
    assert trial_of(archive.session, LINK) == Trial(7, 10, by_path=False)


def test_another_version_of_the_engine_and_another_level_are_not_counted(archive: Archive, judge: Judge) -> None:
    judge(LINK, 5, 8, suggestion_engine="model-8")
    judge(LINK, 5, 8, suggested=Level.PINPOINT)
    assert trial_of(archive.session, LINK) == Trial(0, 0, by_path=False)


@pytest.mark.parametrize("other", [{"blind": False}, {"counts": False}, {"undone": True}])
def test_only_votes_that_are_blind_and_count_and_were_not_taken_back_are_counted(
    archive: Archive, judge: Judge, other: dict[str, bool]
) -> None:
    judge(LINK, 3, 6)
    judge(LINK, 6, 6, **other)
    assert trial_of(archive.session, LINK) == Trial(3, 6)


def test_of_each_text_only_the_first_vote_is_counted(archive: Archive, judge: Judge) -> None:
    judge(LINK, 3, 6, by=("maud", "teasel"))
    assert trial_of(archive.session, LINK) == Trial(3, 6)


def test_what_suggests_nothing_is_on_no_trial(archive: Archive) -> None:
    silent = Suggestion(level=None, confidence=0.0, path=("Another language",), signals=(), engine=ENGINE)
    found = on_trial(archive.session, silent, least=40)
    assert (found.suggestion, found.trial, found.is_withheld) == (silent, Trial(0, 0), False)


def test_a_suggestion_that_does_worse_than_the_rate_is_not_shown_from_thirty_votes_on(
    archive: Archive, judge: Judge
) -> None:
    judge(LINK, 9, 29)
    assert not on_trial(archive.session, LINK, least=40).is_withheld
    judge(LINK, 0, 1)
    found = on_trial(archive.session, LINK, least=40)
    assert found.is_withheld
    assert found.trial == Trial(9, 30)
    assert (found.suggestion.level, found.suggestion.path, found.suggestion.second) == (None, (), None)
    assert found.suggestion.signals == LINK.signals  # what was seen in the text stays marked
    assert on_trial(archive.session, LINK, least=30).suggestion == LINK  # 9 of 30 are not worse than 30 %
    assert on_trial(archive.session, LINK, least=0).suggestion == LINK


def test_only_the_newest_votes_of_a_kind_are_counted(
    archive: Archive, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(LINK, 0, 6)
    judge(LINK, 6, 6)
    monkeypatch.setattr(trials, "NEWEST", 8)
    assert trial_of(archive.session, LINK) == Trial(6, 8)
    engine = trials_page(archive.session, least=40).engines[0]
    assert [kind.trial.votes for kind in engine.kinds] == [8, 8]


def test_the_page_has_every_path_below_its_level_and_every_version(archive: Archive, judge: Judge) -> None:
    judge(BOOK, 4, 5)
    judge(LINK, 2, 32)
    judge(LINK, 3, 3, suggestion_engine="model-8")
    page = trials_page(archive.session, least=40)
    assert [engine.name for engine in page.engines] == ["model-8", ENGINE]  # the newest votes first
    kinds = [(kind.path, kind.trial.agreed, kind.trial.votes, kind.is_shown) for kind in page.engines[1].kinds]
    assert kinds == [(None, 6, 37, False), ("Link", 2, 32, False), ("ISBN", 4, 5, True)]
    assert page.engines[1].whole == Trial(6, 37, by_path=False)
    assert page.only is None


def test_a_bounded_look_at_all_kinds_says_so(archive: Archive, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    judge(LINK, 2, 12)
    monkeypatch.setattr(trials, "MOST_VOTES", 10)
    page = trials_page(archive.session, least=40)
    assert (page.only, page.engines[0].whole.votes) == (10, 10)
