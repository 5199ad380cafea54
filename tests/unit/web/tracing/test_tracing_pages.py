"""Supplying a reference without an account, and what becomes of it on the pages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.domain.tracing import OFFERS
from archive.services.ingest.publish import roll_back
from archive.services.ledger import Actor
from tests.conftest import csrf_token
from tests.fillings import Master, filling_for
from tests.integration.citing import DREAMER, FORGETFUL, NAMER, SCHOLAR
from tests.unit.web.citing import league_by_ida

REFERENCE = "Nikita Khrushchev, Memoirs, vol. 1 (Pennsylvania State University Press, 2004)"


filling = filling_for(answers=league_by_ida)


@pytest.fixture
def answers(master: Master) -> Mapping[str, str]:
    """By author, the addresses of four answers, all tagged by ida."""
    return master.made


@pytest.fixture
def maud(answers: Mapping[str, str], somebody: Callable[[str, str], FlaskClient]) -> FlaskClient:
    """A moderator with a browser."""
    return somebody("maud", "moderator")


def html(client: FlaskClient, address: str) -> str:
    return client.get(address, follow_redirects=True).get_data(as_text=True)


def article(client: FlaskClient, post: str) -> str:
    thread = client.get(f"/posts/{post}").headers["Location"].partition("#")[0]
    return html(client, thread).partition(f'id="post-{post}"')[2].partition("</article>")[0]


def hidden(page: str) -> dict[str, str]:
    form = page.partition('<form class="form"')[2]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))


def give(client: FlaskClient, post: str, **typed: str) -> TestResponse:
    form = hidden(html(client, f"/posts/{post}/trace"))
    return client.post(f"/posts/{post}/traces", data={**form, "reference": REFERENCE, **typed})


def decide(client: FlaskClient, act: str, **fields: str) -> TestResponse:
    page = html(client, "/moderation/traces")
    found = re.search(rf"/moderation/traces/(\d+)/{act}", page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert found
    assert version
    token = csrf_token(client, "/moderation/traces")
    data = {"csrf_token": token, "version": version[1], **fields}
    return client.post(f"/moderation/traces/{found[1]}/{act}", data=data)


def test_a_reader_without_an_account_supplies_a_reference_and_a_moderator_accepts_it(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    assert f"/posts/{post}/trace" in html(client, "/trace")
    assert "Supply the reference" in article(client, post)
    answer = give(client, post, locator="p. 94", name="Ada <b>", note="See & compare.")
    assert answer.headers["Location"] == f"/posts/{post}/trace?given"
    assert "Thank you" in html(client, answer.headers["Location"])
    assert "Ada" not in article(client, post)
    assert "1 supplied reference waits" in html(maud, "/moderation")
    queue = html(maud, "/moderation/traces")
    assert REFERENCE in queue
    assert re.search(r'value="pinpoint" required checked', queue)
    assert decide(maud, "acceptances", level="pinpoint").status_code == 303
    shown = article(client, post)
    assert "Cited, with page" in shown
    assert "not checked" in shown
    note = shown.partition('class="supplied" role="note"')[2]
    assert 'aria-label="Added by the archive, not by the author: a supplied reference"' in note
    assert "<bdi>Ada &lt;b&gt;</bdi> (a reader)" in note
    assert "accepted by <bdi>maud</bdi>" in note
    assert f"{REFERENCE}, p. 94" in note
    assert "See &amp; compare." in note
    assert REFERENCE not in shown.partition('class="prose')[2].partition("</div>")[0]
    history = html(maud, f"/posts/{post}/tags")
    assert re.search(r"From memory.*became.*Cited, with page.*by a supplied reference", history, re.DOTALL)
    assert f"/posts/{post}/trace" not in html(client, "/trace")


def test_a_supplied_reference_is_among_the_sources_of_its_answer_and_says_how_far_it_was_looked_at(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    give(client, post)
    assert "cited-works" not in article(client, post)
    decide(maud, "acceptances", level="cited")
    sources = article(client, post).partition('<details class="cited-works">')[2]
    assert "<summary>1 source supplied for this answer, not checked</summary>" in sources
    assert REFERENCE in sources
    assert "looked at by <bdi>maud</bdi> when it was accepted" in sources
    page = html(maud, f"/posts/{post}/sources").partition('id="supplied-h"')[2]
    assert REFERENCE in page
    assert "takes no verdict" in page


def test_the_references_for_one_answer_stand_below_it_and_its_words_are_quoted_once(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    give(client, answers[FORGETFUL], locator="p. 94")
    give(client, answers[NAMER])
    give(client, answers[FORGETFUL], name="Ada")
    queue = html(maud, "/moderation/traces")
    assert queue.count("</blockquote>") == 2
    assert queue.count('<mark class="named">Khrushchev') == 1
    assert re.findall(r"<h3 [^>]*>([^<]+)<", queue) == ["Reference 1 of 2", "Reference 2 of 2"]
    assert re.findall(r'id="trace-(\d)"', queue) == ["1", "3", "2"]
    assert 'aria-label="Accept reference 2 of 2 for the answer by forgetful_fox7"' in queue
    assert 'aria-label="Accept the reference for the answer by namer_of_names3"' in queue


def test_the_page_of_a_work_lists_the_answers_for_which_a_reference_to_it_was_supplied(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    work = re.search(r'href="(/sources/\w{14})"', html(maud, f"/posts/{answers[DREAMER]}/sources"))
    assert work
    give(client, answers[FORGETFUL], identifier="0-306-40615-2", name="Ada")
    assert "Supplied for" not in html(client, work[1])
    decide(maud, "acceptances", level="cited")
    listed = html(client, work[1]).partition(">Supplied for</h2>")[2].partition("</section>")[0]
    assert f"#post-{answers[FORGETFUL]}" in listed
    assert REFERENCE in listed
    assert "supplied by <bdi>Ada</bdi> (a reader), accepted by <bdi>maud</bdi>" in listed


def test_a_choice_that_lowers_the_answer_is_made_by_hand_and_told(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    give(client, answers[FORGETFUL], locator="p. 94")
    give(client, answers[FORGETFUL])
    assert "This would lower" not in html(maud, "/moderation/traces")
    decide(maud, "acceptances", level="pinpoint")
    queue = html(maud, "/moderation/traces")
    assert re.findall(r'value="(\w+)" required checked', queue) == ["pinpoint"]
    assert "This would lower the answer, which is Cited, with page now." in queue
    token = csrf_token(maud, "/moderation/traces")
    stale = {"csrf_token": token, "version": "1", "level": "cited"}
    refused = maud.post("/moderation/traces/2/acceptances", data=stale)
    assert refused.status_code == 409
    assert re.findall(r'value="(\w+)" required checked', refused.get_data(as_text=True)) == ["pinpoint"]


def test_undo_of_the_tag_takes_the_note_away_and_the_offer_waits_again(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    give(client, post)
    decide(maud, "acceptances", level="cited")
    assert REFERENCE in article(client, post)
    page = html(maud, f"/posts/{post}/tags")
    tag = re.search(r'name="tag" value="(\d+)"', page)
    assert tag
    token = csrf_token(maud, "/moderation")
    assert maud.post(f"/posts/{post}/undos", data={"csrf_token": token, "tag": tag[1]}).status_code == 303
    assert REFERENCE not in article(client, post)
    assert "From memory" in article(client, post)
    assert REFERENCE in html(maud, "/moderation/traces")


def test_a_tag_is_not_brought_back_once_the_reference_on_which_it_rested_was_declined(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    give(client, post)
    decide(maud, "acceptances", level="cited")

    def take_back() -> TestResponse:
        tag = re.search(r'name="tag" value="(\d+)"', html(maud, f"/posts/{post}/tags"))
        assert tag
        form = {"csrf_token": csrf_token(maud, "/moderation"), "tag": tag[1]}
        return maud.post(f"/posts/{post}/undos", data=form)

    assert take_back().status_code == 303
    decide(maud, "refusals", reason="Another edition.")
    answer = take_back()
    assert answer.status_code == 409
    assert "rests was declined by maud" in answer.get_data(as_text=True)
    assert "From memory" in article(client, post)


def test_a_reference_is_taken_back_by_its_own_button_below_a_later_tag(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    give(client, post, locator="p. 94")
    decide(maud, "acceptances", level="pinpoint")
    bench = html(maud, f"/moderation/posts/{post}")
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', bench))
    assert maud.post(f"/posts/{post}/tags", data={**form, "level": "recollected"}).status_code == 303
    assert "Reference supplied by" in article(client, post)
    page = html(maud, f"/posts/{post}/tags")
    button = re.search(r'action="(/moderation/traces/\d+/withdrawals)".*?</form>', page, re.DOTALL)
    assert button
    assert "Take this reference back" in button[0]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', button[0]))
    assert maud.post(button[1], data={"version": sent["version"]}).status_code == 400
    assert client.post(button[1], data=sent).status_code in (302, 400, 401, 403)
    assert "Reference supplied by" in article(client, post)
    stale = maud.post(button[1], data={**sent, "version": "1"})
    assert stale.status_code == 409
    assert "Nothing was overwritten" in stale.get_data(as_text=True)
    taken = maud.post(button[1], data=sent)
    assert taken.status_code == 303
    waiting = html(maud, taken.headers["Location"])
    assert "The reference is shown no longer and waits here again." in waiting
    assert REFERENCE in waiting
    assert "Reference supplied by" not in article(client, post)
    assert "From memory" in article(client, post)
    assert "Take this reference back" not in html(maud, f"/posts/{post}/tags")
    again = maud.post(button[1], data=sent)
    assert again.status_code == 409
    assert "is open again by maud" in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("identifier", "978-0-306-40615-8", "The check digit of this ISBN does not fit"),
        ("identifier", "1234-5678", "The check digit of this ISSN does not fit"),
        ("identifier", "javascript:alert(1)", "neither a link nor a number"),
        ("reference", "hm", "Name the work"),
        ("reference", "x" * 1001, "at most 1,000 characters"),
        ("reference", "Memoirs, ISBN 0-306-40615-3", "The check digit of this ISBN does not fit"),
        ("locator", "p" * 201, "at most 200 characters"),
        ("note", "n" * 2001, "at most 2,000 characters"),
        ("name", "n" * 81, "at most 80 characters"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, answers: Mapping[str, str], field: str, value: str, sentence: str
) -> None:
    typed = {"locator": "p. 94", "name": "Ada", "note": "A note.", field: value}
    answer = give(client, answers[FORGETFUL], **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'id="error-{field}">[^<]*{re.escape(sentence)}', page)
    assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*error-{field}[^>]*aria-invalid="true"', page)
    for kept in typed.values():
        assert kept in page


def test_an_offer_is_declined_with_a_reason_or_not_at_all(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    give(client, answers[FORGETFUL])
    refused = decide(maud, "refusals", reason=" ")
    assert refused.status_code == 422
    assert "Say why" in refused.get_data(as_text=True)
    assert decide(maud, "refusals", reason="Another edition.").status_code == 303
    assert "No reference waits" in html(maud, "/moderation/traces")
    assert "From memory" in article(client, answers[FORGETFUL])


def test_two_who_decide_at_once_are_told(client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]) -> None:
    give(client, answers[FORGETFUL])
    token = csrf_token(maud, "/moderation")
    decide(maud, "refusals", reason="Another edition.")
    late = maud.post("/moderation/traces/1/acceptances", data={"csrf_token": token, "version": "1", "level": "cited"})
    assert late.status_code == 409
    assert "This reference was declined by maud" in late.get_data(as_text=True)


def test_an_answer_that_needs_none_takes_no_reference_and_says_why(
    client: FlaskClient, answers: Mapping[str, str]
) -> None:
    answer = client.get(f"/posts/{answers[SCHOLAR]}/trace")
    assert answer.status_code == 200
    assert "This one is tagged “Cited”" in answer.get_data(as_text=True)
    assert 'class="form"' not in answer.get_data(as_text=True)


def test_an_answer_for_which_enough_references_wait_takes_no_more_and_can_be_looked_at(
    app: Flask, client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    form = hidden(html(client, f"/posts/{post}/trace"))
    for _ in range(5):
        assert give(client, post).status_code == 303
    page = client.get(f"/posts/{post}/trace")
    assert page.status_code == 200
    assert "5 references for this answer wait" in page.get_data(as_text=True)
    late = client.post(f"/posts/{post}/traces", data={**form, "reference": REFERENCE})
    assert late.status_code == 429
    assert REFERENCE in late.get_data(as_text=True)


def test_a_reference_for_an_answer_that_somebody_tagged_since_was_too_late(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    form = hidden(html(client, f"/posts/{post}/trace"))
    give(client, post)
    decide(maud, "acceptances", level="cited")
    late = client.post(f"/posts/{post}/traces", data={**form, "reference": REFERENCE})
    assert late.status_code == 409


def test_who_floods_is_told_to_wait_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    for _ in range(10):
        assert give(client, answers[FORGETFUL]).status_code == 303
        decide(maud, "refusals", reason="Spam.")
    answer = give(client, answers[FORGETFUL])
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    assert REFERENCE in answer.get_data(as_text=True)
    other_browser = app.test_client()
    assert give(other_browser, answers[FORGETFUL]).status_code == 429


def test_one_browser_is_counted_from_whatever_address_it_comes(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.services.tracing.offer.OFFERS", replace(OFFERS, most=2))
    sent = []
    for number in range(3):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        sent.append(give(client, answers[FORGETFUL]).status_code)
    assert sent == [303, 303, 429]


@pytest.fixture
def bibi(somebody: Callable[[str, str], FlaskClient]) -> FlaskClient:
    """A reader with an account."""
    return somebody("bibi", "reader")


def test_a_reference_given_with_an_account_is_shown_with_its_name(
    bibi: FlaskClient, maud: FlaskClient, client: FlaskClient, answers: Mapping[str, str]
) -> None:
    give(bibi, answers[FORGETFUL], identifier="https://www.example.org/memoirs?utm_source=x", name="somebody else")
    decide(maud, "acceptances", level="cited")
    note = article(client, answers[FORGETFUL]).partition('class="supplied"')[2]
    assert "Reference supplied by <bdi>bibi</bdi> on" in note
    assert "somebody else" not in note
    assert "somebody else" not in html(maud, f"/posts/{answers[FORGETFUL]}/tags")
    assert 'href="https://example.org/memoirs" rel="nofollow noopener ugc"' in note


def test_nothing_is_sent_without_the_token(client: FlaskClient, answers: Mapping[str, str]) -> None:
    assert client.post(f"/posts/{answers[FORGETFUL]}/traces", data={"reference": REFERENCE}).status_code == 400


def test_with_the_text_everything_supplied_for_it_goes(
    client: FlaskClient, maud: FlaskClient, session: Session, answers: Mapping[str, str]
) -> None:
    give(client, answers[FORGETFUL])
    session.rollback()
    roll_back(session, 1, reason="", by=Actor.of(None))
    for address in ("/trace", f"/posts/{answers[FORGETFUL]}/trace", "/moderation/traces"):
        page = html(maud, address)
        assert REFERENCE not in page
        assert "Khrushchev" not in page


def test_an_empty_list_says_what_comes_here(client: FlaskClient, maud: FlaskClient, session: Session) -> None:
    session.rollback()
    roll_back(session, 1, reason="", by=Actor.of(None))
    assert "An answer comes here when a moderator has tagged it From memory" in html(client, "/trace")
    assert "What they send waits here" in html(maud, "/moderation/traces")
