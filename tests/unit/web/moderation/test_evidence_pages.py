"""Words that justify a tag: typed ones, and levels that want some."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.votes import Vote
from tests.unit.web.moderation.voting import bench, form_of, vote

Moderator = Callable[[str], FlaskClient]
WRITTEN = {
    "evidence": ["0-5"],
    "note": "he <names> her",
    "reason": "vague",
    "words": "Kober did the hard part.\nnot in it",
    "team_note": "ask Teasel",
}


def _evidence(session: Session) -> list[list[str]]:
    session.rollback()
    votes = session.scalars(select(Vote).order_by(Vote.id)).all()
    return [[words["text"] for words in one.evidence] for one in votes]


def test_words_that_are_typed_as_they_stand_are_evidence(
    moderator: Moderator, answers: list[str], session: Session
) -> None:
    typed = " Kober did the hard part. \r\n\r\ncannot cite them now\r\n"
    assert vote(moderator("maud"), answers[0], "recollected", words=typed, evidence="0-5").status_code == 303
    assert _evidence(session) == [["Kober", "Kober did the hard part.", "cannot cite them now"]]


def test_words_that_do_not_stand_in_the_answer_are_sent_back_and_nothing_is_lost(
    moderator: Moderator, answers: list[str], session: Session
) -> None:
    maud = moderator("maud")
    back = vote(maud, answers[0], "recollected", served=True, collection="scripts", back=answers[1], **WRITTEN)
    page = back.get_data(as_text=True)
    assert back.status_code == 422
    assert "“not in it” does not stand in the answer like that" in page
    assert _evidence(session) == []
    assert re.search(r'<textarea id="words"[^>]*aria-invalid="true"[^>]*>Kober did the hard part.\nnot in it<', page)
    assert ">he &lt;names&gt; her</textarea>" in page
    assert ">ask Teasel</textarea>" in page
    assert re.search(r'value="0-5" checked> <span>Your words: “Kober”', page)
    assert '<option value="vague" selected>' in page
    form = form_of(page)
    assert (form["served"], form["collection"], form["back"]) == ("yes", "scripts", answers[1])
    again = {**form, **WRITTEN, "words": "cannot cite", "level": "recollected"}
    assert maud.post(f"/posts/{answers[0]}/tags", data=again).status_code == 303
    assert _evidence(session) == [["Kober", "cannot cite"]]


def test_a_form_without_a_level_comes_back_with_what_was_written(
    moderator: Moderator, answers: list[str], session: Session
) -> None:
    back = vote(moderator("maud"), answers[0], "", served=True, **WRITTEN)
    page = back.get_data(as_text=True)
    assert back.status_code == 422
    assert "No level was chosen: press one." in page
    assert ">he &lt;names&gt; her</textarea>" in page
    assert _evidence(session) == []


@pytest.mark.parametrize("level", ["cited", "pinpoint"])
def test_a_reference_without_words_is_asked_back_once_and_nothing_is_lost(
    moderator: Moderator, answers: list[str], session: Session, level: str
) -> None:
    maud = moderator("maud")
    written = {"note": "in her papers", "reason": "no place", "team_note": "ask Teasel"}
    back = vote(maud, answers[0], level, served=True, **written)
    page = back.get_data(as_text=True)
    assert back.status_code == 422
    assert "Which words give the reference?" in page
    assert _evidence(session) == []
    for words in (">in her papers</textarea>", ">ask Teasel</textarea>", '<option value="no place" selected>'):
        assert words in page
    form = form_of(page)
    assert form["sure"] == level
    other = "pinpoint" if level == "cited" else "cited"
    assert maud.post(f"/posts/{answers[0]}/tags", data={**form, "level": other}).status_code == 422
    assert maud.post(f"/posts/{answers[0]}/tags", data={**form, "level": level}).status_code == 303
    assert _evidence(session) == [[]]


def test_where_words_speak_for_a_reference_nothing_is_asked(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    assert form_of(bench(maud, answers[2], served=True))["words-for-pinpoint"]
    assert vote(maud, answers[2], "pinpoint", served=True).status_code == 303
