"""Readings that differ: where they wait, and how somebody decides between them in writing."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.ledger import read_entries
from archive.store.tags import Tag
from tests.unit.web.moderation.voting import follow, form_of, in_words, level_of, next_page, post_on, send, vote

Moderator = Callable[[str], FlaskClient]
WHY = "She says that she read it,\nand cannot cite it."


@pytest.fixture
def disputed(moderator: Moderator, answers: list[str], set_rules: Callable[..., None]) -> str:
    """The address of an answer that maud and teasel read otherwise."""
    set_rules(votes_needed=2)
    vote(moderator("maud"), answers[0], "recollected", served=True, evidence="52-68", note="she says so")
    vote(moderator("teasel"), answers[0], "testimony", served=True, evidence=["52-68", "0-5"], note="she was there")
    return answers[0]


def _page(client: FlaskClient, post: str) -> str:
    found = client.get(f"/moderation/disputes/{post}")
    assert found.status_code == 200
    return found.get_data(as_text=True)


def _decide(client: FlaskClient, post: str, **fields: object) -> dict[str, object]:
    """The form of the page, with a decision."""
    form = form_of(_page(client, post), after='id="decide"')
    return {**form, "level": "recollected", "note": WHY, "evidence": "52-68", **fields}


def test_where_no_readings_differ_the_list_says_what_would_wait_there(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    assert "No readings differ" in maud.get("/moderation/disputes").get_data(as_text=True)
    assert "/moderation/disputes" not in maud.get("/moderation").get_data(as_text=True)
    assert maud.get(f"/moderation/disputes/{answers[0]}").status_code == 404


def test_readings_that_differ_wait_in_a_list_and_in_nobodys_queue(
    moderator: Moderator, answers: list[str], disputed: str
) -> None:
    wim = moderator("wim")
    assert "1 answer on which readings differ" in wim.get("/moderation").get_data(as_text=True)
    page = wim.get("/moderation/disputes").get_data(as_text=True)
    line = in_words(page.partition("disputes-list")[2].partition("</ol>")[0])
    assert "Answer by palaeo_pat to Who deserves the credit for reading Linear B?" in line
    assert "From memory or Personal account" in line
    assert "yours" not in line
    assert post_on(next_page(wim)) == answers[1]


def test_a_page_has_both_votes_with_their_words_and_notes(moderator: Moderator, disputed: str) -> None:
    page = in_words(_page(moderator("wim"), disputed))
    assert "From memory by maud , blind" in page
    assert "Personal account by teasel , blind" in page
    for words in ("she says so", "she was there", "“cannot cite them” named by maud and teasel", "named by teasel"):
        assert words in page


def test_a_decision_in_writing_is_what_readers_see_with_its_reason(
    app: Flask, moderator: Moderator, disputed: str, session: Session
) -> None:
    wim = moderator("wim")
    page = follow(wim, wim.post(f"/moderation/disputes/{disputed}", data=_decide(wim, disputed)))
    assert "You decided: From memory" in in_words(page)
    assert "No readings differ" in page
    assert level_of(wim, disputed) == "recollected"
    reader = app.test_client()
    thread = reader.get(f"/posts/{disputed}").headers["Location"].partition("#")[0]
    article = in_words(reader.get(thread).get_data(as_text=True).partition(f'id="post-{disputed}"')[2])
    assert "Decided between two readings" in article
    assert "and cannot cite it." in article
    session.rollback()
    tag = session.scalars(select(Tag)).one()
    assert (tag.basis, tag.votes, tag.note) == ("adjudicated", 2, WHY)
    assert [words["text"] for words in tag.evidence] == ["cannot cite them"]
    assert [entry.act for entry in read_entries(session)][-1] == "tag"


def test_whoever_voted_does_not_decide_and_is_told_how_the_vote_is_changed(
    moderator: Moderator, disputed: str, log_in: Callable, app: Flask
) -> None:
    maud = app.test_client()
    log_in(maud, "maud")
    assert "one of the votes is yours" in maud.get("/moderation/disputes").get_data(as_text=True)
    page = _page(maud, disputed)
    assert "One of the votes is yours, so somebody else decides" in page
    assert '<fieldset class="keys-row" disabled>' in page
    refused = maud.post(f"/moderation/disputes/{disputed}", data=_decide(maud, disputed))
    assert refused.status_code == 409
    assert "You voted on this answer yourself" in refused.get_data(as_text=True)
    assert "and cannot cite it." in refused.get_data(as_text=True)
    assert level_of(maud, disputed) == "none"
    vote(maud, disputed, "testimony", evidence="0-5")
    assert level_of(maud, disputed) == "testimony"
    assert maud.get(f"/moderation/disputes/{disputed}").status_code == 404


@pytest.mark.parametrize("note", ["", " \r\n "])
def test_a_decision_without_a_reason_comes_back_with_what_was_chosen(
    moderator: Moderator, disputed: str, note: str
) -> None:
    wim = moderator("wim")
    back = wim.post(f"/moderation/disputes/{disputed}", data=_decide(wim, disputed, note=note))
    page = back.get_data(as_text=True)
    assert back.status_code == 422
    assert "Write down why" in page
    assert 'aria-invalid="true"' in page
    assert 'value="52-68" checked' in page
    assert 'value="recollected" data-key="4" aria-pressed="true"' in page
    assert level_of(wim, disputed) == "none"


@pytest.mark.parametrize("fields", [{"level": ""}, {"note": "n" * 2_001}, {"evidence": "x"}, {"version": "x"}])
def test_a_form_that_cannot_be_read_comes_back_with_what_was_written(
    moderator: Moderator, disputed: str, fields: dict[str, str]
) -> None:
    wim = moderator("wim")
    form = _decide(wim, disputed, **fields)
    back = wim.post(f"/moderation/disputes/{disputed}", data=form)
    assert back.status_code == 422
    assert f">{form['note']}</textarea>" in back.get_data(as_text=True)
    assert level_of(wim, disputed) == "none"


def test_where_the_votes_have_changed_nothing_is_stored_and_what_was_written_is_kept(
    moderator: Moderator, disputed: str, log_in: Callable, app: Flask
) -> None:
    wim, maud = moderator("wim"), app.test_client()
    log_in(maud, "maud")
    form = _decide(wim, disputed)
    vote(maud, disputed, "conjecture", evidence="0-5")
    late = wim.post(f"/moderation/disputes/{disputed}", data=form)
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "given or taken back after your page was made" in page
    assert WHY in page
    assert level_of(wim, disputed) == "none"


def test_where_somebody_decided_meanwhile_nothing_is_overwritten_and_what_was_written_is_kept(
    moderator: Moderator, disputed: str
) -> None:
    wim, zoe = moderator("wim"), moderator("zoe")
    form = _decide(wim, disputed)
    zoe.post(f"/moderation/disputes/{disputed}", data=_decide(zoe, disputed, level="testimony"))
    late = wim.post(f"/moderation/disputes/{disputed}", data=form)
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "zoe tagged this answer “Personal account”" in page
    assert WHY in page
    assert level_of(wim, disputed) == "testimony"


def test_a_decision_is_taken_back_and_done_again_from_the_bench(moderator: Moderator, disputed: str) -> None:
    wim = moderator("wim")
    wim.post(f"/moderation/disputes/{disputed}", data=_decide(wim, disputed))
    assert "You took back your tag of the answer by palaeo_pat From memory" in in_words(
        follow(wim, send(wim, "/moderation/undo"))
    )
    assert level_of(wim, disputed) == "none"
    assert "From memory or Personal account" in in_words(wim.get("/moderation/disputes").get_data(as_text=True))
    send(wim, "/moderation/redo")
    assert level_of(wim, disputed) == "recollected"
    assert "No readings differ" in wim.get("/moderation/disputes").get_data(as_text=True)


def test_who_reads_a_decided_answer_otherwise_disputes_it_and_undo_of_the_older_decision_is_a_conflict(
    moderator: Moderator, disputed: str
) -> None:
    wim, zoe, ann = moderator("wim"), moderator("zoe"), moderator("ann")
    wim.post(f"/moderation/disputes/{disputed}", data=_decide(wim, disputed))
    page = follow(zoe, vote(zoe, disputed, "conjecture", evidence="0-5"))
    assert "Another reading differs, so somebody will decide between them." in page
    assert level_of(wim, disputed) == "recollected"
    ann.post(f"/moderation/disputes/{disputed}", data=_decide(ann, disputed, level="conjecture", evidence="0-5"))
    assert level_of(wim, disputed) == "conjecture"
    refused = send(wim, "/moderation/undo")
    assert refused.status_code == 409
    assert "ann tagged this answer “Reasoned guess”" in refused.get_data(as_text=True)
    assert level_of(wim, disputed) == "conjecture"
