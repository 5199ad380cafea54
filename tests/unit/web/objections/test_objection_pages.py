"""Questioning a tag without an account, and what becomes of it on the pages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.domain.objections import OBJECTIONS
from archive.services.ingest.publish import roll_back
from archive.services.ledger import Actor
from tests.conftest import csrf_token
from tests.fillings import Master, filling_for
from tests.integration.citing import FORGETFUL, NAMER, SCHOLAR
from tests.unit.web.citing import league_by_ida

REASON = "It names page 94 & <b>the</b> edition."


filling = filling_for(answers=league_by_ida)


@pytest.fixture
def answers(master: Master) -> Mapping[str, str]:
    """Four answers, all tagged by ida."""
    return master.made


@pytest.fixture
def maud(answers: Mapping[str, str], somebody: Callable[[str, str], FlaskClient]) -> FlaskClient:
    """A moderator with a browser."""
    return somebody("maud", "moderator")


def html(client: FlaskClient, address: str) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def article(client: FlaskClient, post: str) -> str:
    thread = client.get(f"/posts/{post}").headers["Location"].partition("#")[0]
    return html(client, thread).partition(f'id="post-{post}"')[2].partition("</article>")[0]


def hidden(page: str, form: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.partition(form)[2]))


def question(client: FlaskClient, post: str, **typed: str) -> TestResponse:
    fields = hidden(html(client, f"/posts/{post}/objection"), '<form class="form"')
    return client.post(f"/posts/{post}/objections", data={**fields, "reason": REASON, **typed})


def reply(client: FlaskClient, act: str, number: int = 1, **typed: str) -> TestResponse:
    page = client.get(f"/moderation/objections/{number}").get_data(as_text=True)
    fields = hidden(page, '<form class="answering"')
    return client.post(f"/moderation/objections/{number}/{act}", data={**fields, "reply": "It does not.", **typed})


def level_of(client: FlaskClient, post: str) -> str:
    found = re.search(r'class="level lv-(\w+)"', article(client, post))
    assert found
    return found[1]


def test_a_reader_questions_a_tag_and_gets_an_address_where_the_reply_will_stand(
    client: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    assert f'href="/posts/{post}/objection"' in article(client, post)
    assert f'href="/posts/{post}/objection"' in html(client, f"/posts/{post}/tags")
    sent = question(client, post, expected="pinpoint", locator="p. 94", name="Ada <i>", by_author="yes")
    assert sent.headers["Location"] == "/objections/1?sent"
    page = html(client, "/objections/1?sent")
    assert "Your objection was sent." in page
    assert "keep the address of this page" in page
    assert "It names page 94 &amp; &lt;b&gt;the&lt;/b&gt; edition." in page
    assert "<bdi>Ada &lt;i&gt;</bdi>, a reader without an account, who says to be the author" in page
    assert "Cited, with page" in page
    assert "It waits for a moderator" in page
    assert "noindex" in page
    assert "Your objection was sent." not in html(client, "/objections/1")


def test_before_a_moderator_replied_nobody_reads_an_objection_beside_the_answer(
    client: FlaskClient, answers: Mapping[str, str]
) -> None:
    question(client, answers[FORGETFUL])
    assert "uestioned" not in article(client, answers[FORGETFUL])
    history = html(client, f"/posts/{answers[FORGETFUL]}/tags")
    assert "page 94" not in history
    assert "1 objection to a tag of this answer waits" in history


def test_a_moderator_keeps_the_tag_with_a_reply_that_everybody_reads(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    question(client, post)
    assert "1 objection waits for a reply" in html(maud, "/moderation")
    assert 'href="/moderation/objections/1"' in html(maud, "/moderation/objections")
    assert "You gave this tag" not in html(maud, "/moderation/objections/1")
    kept = reply(maud, "replies", reply="It <em>does</em> not.")
    assert kept.headers["Location"] == "/moderation/objections?answered=1"
    assert "The tag was kept" in html(maud, kept.headers["Location"])
    assert "No objection waits" in html(maud, "/moderation/objections")
    assert "objections wait" not in html(maud, "/moderation")
    page = html(client, "/objections/1")
    assert "The tag was left as it is" in page
    assert "It &lt;em&gt;does&lt;/em&gt; not." in page
    assert "Reply by <bdi>maud</bdi></span>" in page
    shown = article(client, post)
    assert "questioned once, answered" in shown
    assert 'href="/objections/1"' in shown
    history = html(client, f"/posts/{post}/tags")
    assert "Questioned by a reader" in history
    assert "&lt;em&gt;does" in history


def test_a_moderator_gives_another_level_and_undo_opens_the_objection_again(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    question(client, post)
    spans = re.findall(r'name="evidence" value="([^"]+)"', html(maud, "/moderation/objections/1"))
    assert spans
    changed = reply(maud, "reversals", level="cited", evidence=spans[0])
    assert changed.status_code == 303
    assert "The answer is" in html(maud, changed.headers["Location"])
    assert level_of(client, post) == "cited"
    history = html(client, f"/posts/{post}/tags")
    assert re.search(r"From memory.*became.*Cited.*on an objection", history, re.DOTALL)
    assert "On an objection: It does not." in history
    assert "The answer was tagged anew" in html(client, "/objections/1")
    token = csrf_token(maud, "/moderation")
    assert maud.post("/moderation/undo", data={"csrf_token": token}).status_code == 303
    assert level_of(client, post) == "recollected"
    assert "It waits for a moderator, again" in html(client, "/objections/1")
    assert "uestioned" not in article(client, post)
    assert "1 objection waits for a reply" in html(maud, "/moderation")


def test_a_reply_that_kept_the_tag_is_taken_back_with_a_button(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    question(client, answers[FORGETFUL])
    reply(maud, "replies")
    assert "Take this reply back" in html(maud, "/objections/1")
    assert "Take this reply back" not in html(client, "/objections/1")
    form = {"csrf_token": csrf_token(maud, "/moderation")}
    assert maud.post("/moderation/objections/1/reopenings", data=form).status_code == 303
    assert "It waits for a moderator, again" in html(client, "/objections/1")
    assert maud.post("/moderation/objections/1/reopenings", data=form).status_code == 409


def test_whoever_gave_the_tag_is_asked_to_leave_the_reply_to_a_colleague_and_readers_are_told(
    app: Flask,
    client: FlaskClient,
    answers: Mapping[str, str],
    log_in: Callable[[FlaskClient, str], None],
    make_user: Callable,
) -> None:
    ida = app.test_client()
    log_in(ida, "ida")
    question(client, answers[FORGETFUL])
    assert "You gave this tag" not in html(ida, "/moderation/objections/1")
    make_user("maud", "moderator")
    assert "A colleague should reply" in html(ida, "/moderation/objections/1")
    reply(ida, "replies")
    assert "<bdi>ida</bdi>, who had given the tag" in html(client, "/objections/1")


def test_two_who_reply_at_once_are_told_and_what_the_second_wrote_is_kept(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    question(client, answers[FORGETFUL])
    fields = hidden(html(maud, "/moderation/objections/1"), '<form class="answering"')
    reply(maud, "replies")
    late = {**fields, "reply": "Mine came later.", "level": "cited"}
    answer = maud.post("/moderation/objections/1/reversals", data=late)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "was answered by maud" in page
    assert "Mine came later." in page
    assert level_of(client, answers[FORGETFUL]) == "recollected"


def test_a_reply_to_an_answer_that_was_tagged_anew_meanwhile_is_refused_and_kept_in_the_form(
    app: Flask, maud: FlaskClient, answers: Mapping[str, str], log_in: Callable[[FlaskClient, str], None]
) -> None:
    post, ida = answers[FORGETFUL], app.test_client()
    log_in(ida, "ida")
    question(ida, post)
    fields = hidden(html(maud, "/moderation/objections/1"), '<form class="answering"')
    bench = hidden(html(ida, f"/moderation/posts/{post}"), 'id="bench"')
    assert ida.post(f"/posts/{post}/tags", data={**bench, "level": "attributed"}).status_code == 303
    answer = maud.post("/moderation/objections/1/replies", data={**fields, "reply": "Not <so>."})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "ida tagged this answer" in page
    assert ">Not &lt;so&gt;.</textarea>" in page
    assert "Keep Attributed, not cited" in page


@pytest.mark.parametrize(
    ("act", "fields", "sentence"),
    [
        ("replies", {"reply": " "}, "Write a reply"),
        ("reversals", {}, "Choose the level"),
        ("reversals", {"level": "recollected"}, "“From memory” already"),
        ("reversals", {"level": "cited", "reply": ""}, "Write a reply"),
        ("reversals", {"level": "cited", "reply": "r" * 2_001}, "at most"),
        ("reversals", {"level": "cited", "evidence": "0-99999"}, "not in this text"),
        ("reversals", {"level": "cited", "evidence": "words"}, "cannot be read"),
    ],
)
def test_a_reply_that_is_not_whole_changes_nothing_and_says_what_is_missing(
    maud: FlaskClient, answers: Mapping[str, str], act: str, fields: dict[str, str], sentence: str
) -> None:
    question(maud, answers[FORGETFUL])
    answer = reply(maud, act, **fields)
    assert answer.status_code in (409, 422)
    assert sentence in answer.get_data(as_text=True)
    assert level_of(maud, answers[FORGETFUL]) == "recollected"
    assert "It waits for a moderator." in html(maud, "/objections/1")


@pytest.mark.database("sqlite")  # nothing is asked that a database answers in its own way
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reason", "hm", "Say what is wrong"),
        ("reason", "r" * 2_001, "at most 2,000 characters"),
        ("expected", "best", "where it must be one of"),
        ("reference", "x" * 1_001, "at most 1,000 characters"),
        ("locator", "p" * 201, "at most 200 characters"),
        ("identifier", "javascript:alert(1)", "neither a link nor a number"),
        ("name", "n" * 81, "at most 80 characters"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, answers: Mapping[str, str], field: str, value: str, sentence: str
) -> None:
    typed = {"reason": "It names page 94.", "locator": "p. 94", "name": "Ada", "by_author": "yes", field: value}
    answer = question(client, answers[FORGETFUL], **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'id="error-{field}">[^<]*{re.escape(sentence)}', page)
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', page)
    for name, kept in typed.items():
        assert name in ("by_author", "expected") or kept in page
    assert 'value="yes" checked' in page


def test_an_objection_to_a_tag_that_was_replaced_is_kept_in_the_form_and_the_new_tag_shown(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    fields = hidden(html(client, f"/posts/{post}/objection"), '<form class="form"')
    question(client, post)
    reply(maud, "reversals", level="cited")
    answer = client.post(f"/posts/{post}/objections", data={**fields, "reason": "It names page 94."})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "decided anew" in page
    assert ">It names page 94.</textarea>" in page
    assert "Decided on an objection, by <bdi>maud</bdi>" in page


def test_who_floods_is_told_to_wait_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, answers: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(OBJECTIONS, most=2)
    monkeypatch.setattr("archive.services.objections.objecting.OBJECTIONS", few)
    for author in (FORGETFUL, NAMER):
        assert question(client, answers[author]).status_code == 303
    answer = question(client, answers[SCHOLAR])
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    assert "page 94" in answer.get_data(as_text=True)
    assert question(app.test_client(), answers[SCHOLAR]).status_code == 429


def test_a_tag_to_which_enough_objections_wait_takes_no_more(client: FlaskClient, answers: Mapping[str, str]) -> None:
    post = answers[FORGETFUL]
    fields = hidden(html(client, f"/posts/{post}/objection"), '<form class="form"')
    for _ in range(OBJECTIONS.waiting_for_one):
        assert question(client, post).status_code == 303
    page = html(client, f"/posts/{post}/objection")
    assert "wait for a moderator already" in page
    assert '<form class="form"' not in page
    late = client.post(f"/posts/{post}/objections", data={**fields, "reason": REASON})
    assert late.status_code == 429
    assert "page 94" in late.get_data(as_text=True)


def test_an_objection_with_an_account_is_signed_by_it(
    somebody: Callable[[str, str], FlaskClient], answers: Mapping[str, str]
) -> None:
    ada = somebody("ada", "reader")
    question(ada, answers[FORGETFUL], name="Somebody else")
    page = html(ada, "/objections/1")
    assert "<dd><bdi>ada</bdi>, " in page
    assert "Somebody else" not in page


def test_a_link_is_followed_only_once_a_moderator_has_replied(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    question(client, answers[FORGETFUL], identifier="https://www.hanse.example.org/novgorod")
    assert 'href="https://hanse' not in html(client, "/objections/1")
    reply(maud, "replies")
    assert '<a href="https://hanse.example.org/novgorod" rel="nofollow noopener ugc">' in html(client, "/objections/1")


def test_with_the_text_goes_the_page_of_an_objection(
    client: FlaskClient, maud: FlaskClient, session: Session, answers: Mapping[str, str]
) -> None:
    question(client, answers[FORGETFUL])
    roll_back(session, 1, reason="", by=Actor.of(None))
    session.rollback()
    for address in ("/objections/1", f"/posts/{answers[FORGETFUL]}/objection"):
        assert client.get(address).status_code == 404
    assert maud.get("/moderation/objections/1").status_code == 404
    assert "No objection waits" in html(maud, "/moderation/objections?answered=1")
