"""The pages on which sources are looked up, and what readers see of it at once."""

import re
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.services.ingest.publish import roll_back
from archive.services.ledger import Actor
from archive.store.tags import Tag
from archive.store.threads import Post
from archive.store.vault import Vault
from tests.conftest import csrf_token
from tests.fillings import Master, filling_for
from tests.integration.citing import DREAMER, FORGETFUL, INVENTED, SCHOLAR
from tests.rules import set_rules
from tests.unit.web.citing import league_by_ida

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
    """The answer in its thread."""
    thread = client.get(f"/posts/{post}").headers["Location"].partition("#")[0]
    return html(client, thread).partition(f'id="post-{post}"')[2].partition("</article>")[0]


def fields(page: str, number: int = 0) -> dict[str, str]:
    """The hidden fields of the form for a citation."""
    form = re.findall(r'<form class="verdict".*?</form>', page, re.DOTALL)[number]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))


def check(
    client: FlaskClient, post: str, verdict: str, *, number: int = 0, note: str = "", **more: str
) -> TestResponse:
    form = fields(html(client, f"/posts/{post}/sources"), number)
    return client.post(f"/posts/{post}/checks", data={**form, "verdict": verdict, "note": note, **more})


def strike(client: FlaskClient, post: str, level: str, note: str = "No catalogue has it.") -> TestResponse:
    citation = fields(html(client, f"/posts/{post}/sources"))["citation"]
    page = html(client, f"/posts/{post}/sources/{citation}/strike")
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    return client.post(f"/posts/{post}/strikes", data={**form, "level": level, "note": note})


def test_readers_are_told_everywhere_that_nobody_looked_a_source_up_and_at_once_when_somebody_did(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[SCHOLAR]
    author = re.search(r'href="(/authors/\w+)"', article(client, post))
    assert author
    places = [author[1], f"/posts/{post}/original", "/search?q=sources"]
    for address in places:
        assert "not checked" in html(client, address), address
    assert "not checked" in article(client, post)
    assert "none of them checked" in html(client, "/collections/league")
    assert "none of them checked" in html(client, "/collections/league/feed.atom")
    assert check(maud, post, "supports", note="Page 465.").status_code == 303
    for address in places:
        assert "1 of 2 looked up: 1 supports" in html(client, address), address
    shown = article(client, post)
    assert "1 of 2 looked up: 1 supports" in shown
    assert "Page 465." in shown
    assert "sources of 1 answer looked up" in html(client, "/collections/league/feed.atom")


def test_one_verdict_leads_to_the_next_citation_that_nobody_looked_up(
    maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[SCHOLAR]
    second = fields(html(maud, f"/posts/{post}/sources"), 1)["citation"]
    answer = check(maud, post, "found")
    assert answer.headers["Location"] == f"/posts/{post}/sources#citation-{second}"
    page = html(maud, f"/posts/{post}/sources")
    assert 'role="status"' in page
    assert re.search(r"You said “Found” of <cite><bdi>[^<]*10\.1093/ehr/cxvi\.465\.1", page)
    assert "You said" not in html(maud, f"/posts/{post}/sources")


def test_a_refused_verdict_keeps_what_was_typed_and_says_so_beside_its_citation(
    maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[SCHOLAR]
    answer = check(maud, post, "does not support", number=1, note="  ")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert "needs a note" in page.partition('id="citation-')[2]
    assert re.search(r'value="does not support" required checked', page)
    assert check(maud, post, "").status_code == 422
    assert "not checked" in article(maud, post)


def test_the_second_of_two_is_told_and_may_decide_again(maud: FlaskClient, answers: Mapping[str, str]) -> None:
    post = answers[SCHOLAR]
    check(maud, post, "supports", note="Read it.")
    answer = check(maud, post, "dead", note="It is gone.", seen="0")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "maud gave this citation the verdict “Supports”" in page
    assert "Read it." in page
    assert "It is gone.</textarea>" in page
    again = {**fields(page), "verdict": "dead", "note": "It is gone."}
    assert maud.post(f"/posts/{post}/checks", data=again).status_code == 303
    assert "1 dead" in article(maud, post)


def test_a_struck_reference_stays_readable_struck_through_with_its_note(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[DREAMER]
    assert strike(maud, post, "unsourced", note="No <catalogue> has it.").status_code == 303
    shown = article(client, post)
    assert f'<s class="struck">{INVENTED}</s>' in shown
    assert 'aria-label="Struck: note 1"' in shown
    assert "Struck: there is no such work" in shown
    assert "No &lt;catalogue&gt; has it." in shown
    assert "No source given" in shown
    work = re.search(r'href="(/sources/\w{14})"', shown)
    assert work
    page = html(client, work[1])
    assert "there is no such work" in page
    assert "<s>" in page
    history = html(maud, f"/posts/{post}/tags")
    assert "as a reference was struck" in history


def test_a_struck_work_is_shown_as_struck_also_once_the_answer_has_no_tag(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str], session: Session
) -> None:
    post = answers[DREAMER]
    strike(maud, post, "unsourced")
    tags = select(Tag.id).join(Post, Post.id == Tag.post_id).where(Post.public_id == post).order_by(Tag.id.desc())
    for tag in session.scalars(tags).all():
        form = {"csrf_token": csrf_token(maud, "/moderation"), "tag": str(tag)}
        assert maud.post(f"/posts/{post}/undos", data=form).status_code == 303
    session.expire_all()
    assert session.scalars(select(Post.level).where(Post.public_id == post)).one() is None
    shown = article(client, post)
    assert f'<s class="struck">{INVENTED}</s>' in shown
    assert "Struck: there is no such work" in shown


def test_the_form_for_a_strike_offers_no_level_that_needs_the_reference(
    maud: FlaskClient, answers: Mapping[str, str], session: Session
) -> None:
    post = answers[DREAMER]
    citation = fields(html(maud, f"/posts/{post}/sources"))["citation"]
    page = html(maud, f"/posts/{post}/sources/{citation}/strike")
    for words in ("required checked", "the program", "what the codebook makes"):
        assert words not in page  # she has not read the answer yet
    set_rules(session, showing="shown")
    page = html(maud, f"/posts/{post}/sources/{citation}/strike")
    assert 'value="cited"' not in page
    assert 'value="pinpoint"' not in page
    assert len(re.findall(r'name="level" value="\w+" required checked', page)) == 1
    refused = strike(maud, post, "cited")
    assert refused.status_code == 422
    assert "can be retrieved any more" in refused.get_data(as_text=True)
    refused = strike(maud, post, "unsourced", note="")
    assert refused.status_code == 422
    assert "needs a note" in refused.get_data(as_text=True)
    assert "Cited" in article(maud, post)


def test_an_answer_in_which_no_source_was_found_says_what_to_do(
    maud: FlaskClient, session: Session, vault: Vault, answers: Mapping[str, str]
) -> None:
    page = html(maud, f"/posts/{answers[FORGETFUL]}/sources")
    assert "named from memory" in page


def test_nothing_is_shown_of_what_was_withdrawn(
    client: FlaskClient, maud: FlaskClient, session: Session, answers: Mapping[str, str]
) -> None:
    check(maud, answers[SCHOLAR], "supports", note="A note that nobody sees.")
    session.rollback()
    roll_back(session, 1, reason="", by=Actor.of(None))
    for address in (f"/posts/{answers[SCHOLAR]}/sources", f"/posts/{answers[SCHOLAR]}", "/sources", "/trace"):
        answer = maud.get(address)
        assert "A note that nobody sees" not in answer.get_data(as_text=True)
    assert maud.get(f"/posts/{answers[SCHOLAR]}/sources").status_code == 404


def test_an_account_without_the_role_sees_no_form(client: FlaskClient, answers: Mapping[str, str]) -> None:
    post = answers[SCHOLAR]
    assert client.get(f"/posts/{post}/sources").status_code == 302
    token = csrf_token(client)
    assert client.post(f"/posts/{post}/checks", data={"csrf_token": token}).status_code == 401
    assert f"/posts/{post}/sources" not in article(client, post)


def test_words_that_the_tag_rests_on_can_be_looked_up_where_the_program_saw_no_source(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    post = answers[DREAMER]
    bench = html(maud, f"/moderation/posts/{post}").partition('id="bench"')[2]
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', bench))
    maud.post(f"/posts/{post}/tags", data={**form, "level": "cited", "evidence": "13-35"})
    page = html(maud, f"/posts/{post}/sources")
    assert "the program took them for no source" in page
    form = fields(page, 1)
    assert (form["start"], form["end"]) == ("13", "35")
    refused = maud.post(f"/posts/{post}/further-sources", data={**form, "verdict": "not found", "note": ""})
    assert refused.status_code == 422
    assert "needs a note" in refused.get_data(as_text=True).partition('id="words-13"')[2]
    stored = maud.post(f"/posts/{post}/further-sources", data={**form, "verdict": "not found", "note": "In no list."})
    assert stored.status_code == 303
    assert "In no list." in article(client, post)
    assert "1 of 2 looked up: 1 not found" in article(client, post)
