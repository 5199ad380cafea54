import pytest
from flask import Flask

from archive.domain.source_quality import Level
from archive.web.form_fields import FieldError
from archive.web.moderation.votes import Vote, read_vote
from archive.web.moderation.which_queue import Queue

pytestmark = pytest.mark.database("sqlite")

_FORM = {
    "revision_id": "7",
    "version": "0",
    "level": "recollected",
    "seen": "suggestion",
    "suggested": "recollected",
    "words-for-recollected": "10-20,30-40",
    "words-for-attributed": "1-5",
    "note": "",
    "collection": "history",
}


def _vote(app: Flask, **fields: object) -> Vote:
    with app.test_request_context("/", method="POST", data={**_FORM, **fields}):
        return read_vote()


def test_words_that_were_ticked_are_the_evidence(app: Flask) -> None:
    assert _vote(app, evidence=["10-20", "3-4"]).evidence == ((10, 20), (3, 4))


def test_ticks_left_as_they_came_follow_the_level(app: Flask) -> None:
    assert _vote(app, evidence=["10-20", "30-40"], level="attributed").evidence == ((1, 5),)


def test_ticks_left_as_they_came_fall_away_at_a_level_for_which_nothing_speaks(app: Flask) -> None:
    assert _vote(app, evidence=["30-40", "10-20"], level="unsourced").evidence == ()


def test_at_another_level_only_words_of_the_moderators_own_count(app: Flask) -> None:
    vote = _vote(app, evidence=["10-20", "30-40", "50-60"], level="unsourced")
    assert vote.evidence == ((50, 60),)


def test_a_tick_left_from_the_suggestion_justifies_no_other_level(app: Flask) -> None:
    assert _vote(app, evidence=["10-20"], level="unsourced").evidence == ()


def test_ticks_that_were_changed_count_at_the_suggested_level(app: Flask) -> None:
    assert _vote(app, evidence=["10-20", "50-60"]).evidence == ((10, 20), (50, 60))


def test_who_decides_again_after_a_conflict_keeps_their_words(app: Flask) -> None:
    assert _vote(app, suggested="", evidence=["10-20"], level="unsourced").evidence == ((10, 20),)


def test_ticks_that_were_all_taken_away_are_no_evidence(app: Flask) -> None:
    assert _vote(app).evidence == ()
    assert _vote(app, level="attributed").evidence == ()


def test_where_nothing_came_ticked_and_nothing_is_the_words_that_speak_for_the_level_are_kept(app: Flask) -> None:
    assert _vote(app, suggested="", seen="marks").evidence == ((10, 20), (30, 40))
    assert _vote(app, suggested="", seen="marks", level="unsourced").evidence == ()


def test_the_note_is_kept_in_lines(app: Flask) -> None:
    assert _vote(app, note=" one\r\ntwo\0 ").note == "one\ntwo"


@pytest.mark.parametrize(
    "fields",
    [
        {"level": "best"},
        {"version": "-1"},
        {"seen": ""},
        {"seen": "all of it"},
        {"reason": "because"},
        {"version": "9" * 30},
        {"revision_id": "x"},
        {"evidence": "1-"},
        {"evidence": "1-2-3"},
        {"words-for-recollected": "x", "evidence": "1-2"},
        {"note": "n" * 2_001},
        {"collection": "c" * 81},
    ],
)
def test_a_form_that_the_bench_does_not_send_is_refused(app: Flask, fields: dict[str, str]) -> None:
    with pytest.raises(FieldError):
        _vote(app, **fields)


def test_no_collection_stands_for_all(app: Flask) -> None:
    assert _vote(app, collection="").queue == Queue()


def test_the_level_is_read(app: Flask) -> None:
    assert _vote(app, level="pinpoint").level is Level.PINPOINT
