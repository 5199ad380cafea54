import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.bench import progress
from archive.store.votes import Vote
from tests.conftest import csrf_token

SEARCH = "/moderation/queue?q=the"
Moderator = Callable[[str], FlaskClient]


def on_bench(client: FlaskClient, address: str) -> tuple[str, str]:
    """What is on the bench at an address: the answer, and the page."""
    page = client.get(address, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'data-post="([^"]+)"', page)
    return found[1] if found else "", page


def form(page: str) -> dict[str, str]:
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.partition('id="bench"')[2])
    return {name: value.replace("&amp;", "&") for name, value in hidden}


def test_hits_lead_moderators_to_the_bench_and_nobody_else(
    client: FlaskClient, moderator: Moderator, answers: list[str]
) -> None:
    maud = moderator("maud")
    page = maud.get("/search?q=the&collection=scripts").get_data(as_text=True)
    assert 'href="/moderation/queue?q=the&amp;collection=scripts"' in page
    assert 'href="/moderation/bulk?q=the&amp;collection=scripts"' in page
    assert "/moderation/" not in client.get("/search?q=the").get_data(as_text=True)
    assert "/moderation/queue?" not in maud.get("/search?q=nothingatall").get_data(as_text=True)


def test_a_search_is_gone_through_from_answer_to_answer(
    moderator: Moderator, session: Session, answers: list[str]
) -> None:
    maud = moderator("maud")
    post, page = on_bench(maud, SEARCH)
    assert post == answers[0]
    assert "Found by a search" in page
    assert form(page)["search"] == "q=the"
    sent = maud.post(f"/posts/{post}/skips", data=form(page))
    assert sent.headers["Location"] == f"/moderation/posts/{answers[2]}?q=the&back={answers[0]}&served=yes#focus-h"
    post, page = on_bench(maud, sent.headers["Location"])
    assert post == answers[2]
    assert f'href="/moderation/posts/{answers[0]}?q=the#focus-h"' in page
    assert f'href="/moderation/queue?q=the&amp;after={answers[2]}#focus-h"' in page
    sent = maud.post(f"/posts/{post}/tags", data={**form(page), "level": "unsourced"})
    assert "q=the" in sent.headers["Location"]
    assert session.scalars(select(Vote.level)).all() == ["unsourced"]
    assert on_bench(maud, SEARCH)[0] == answers[0]


def test_filters_of_a_search_go_with_it(moderator: Moderator, answers: list[str]) -> None:
    post, page = on_bench(moderator("maud"), "/moderation/queue?q=&level=none&collection=scripts&author=syllabary")
    assert post == answers[1]
    assert form(page)["search"] == "q=&level=none&collection=scripts&author=syllabary"


def test_the_queue_says_when_all_that_is_found_was_read(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    for answer in (answers[0], answers[2]):
        _, page = on_bench(maud, f"/moderation/posts/{answer}?q=the")
        maud.post(f"/posts/{answer}/left", data=form(page))
    _, page = on_bench(maud, SEARCH)
    assert "You have read what this search finds" in page
    assert 'href="/search?q=the"' in page


def test_a_search_is_counted_on_its_own_and_says_when_it_finds_too_much(
    moderator: Moderator, answers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    maud = moderator("maud")
    _, page = on_bench(maud, SEARCH)
    assert "the first" not in page.partition('id="progress"')[0]
    monkeypatch.setattr(progress, "MOST_FOUND", 1)
    _, page = on_bench(maud, SEARCH)
    assert "the first 1 of it" in page.partition('id="progress"')[0]


def test_a_mark_brings_the_next_answer_and_its_undo_brings_it_back(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    post, page = on_bench(maud, SEARCH)
    assert 'data-key="x">Mark for many' in page
    sent = maud.post(f"/posts/{post}/marks", data=form(page))
    post, page = on_bench(maud, sent.headers["Location"])
    assert post == answers[2]
    assert re.search(r"You marked the answer by <bdi>palaeo_pat</bdi>", page)
    assert "1 marked answer" in maud.get("/moderation").get_data(as_text=True)
    sent = maud.post("/moderation/undo", data=form(page))
    post, page = on_bench(maud, sent.headers["Location"])
    assert post == answers[0]
    assert "You took back that you marked the answer by <bdi>palaeo_pat</bdi>." in " ".join(page.split())


def test_a_mark_is_let_go_of_where_it_was_set(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    token = csrf_token(maud, "/moderation/bulk")
    maud.post(f"/posts/{answers[0]}/marks", data={"csrf_token": token})
    _, page = on_bench(maud, f"/moderation/posts/{answers[0]}")
    assert 'data-key="x">Unmark' in page
    sent = maud.post(f"/posts/{answers[0]}/marks", data=form(page))
    post, page = on_bench(maud, sent.headers["Location"])
    assert post == answers[0]
    assert "You let your mark on the answer by <bdi>palaeo_pat</bdi> go." in page


def test_a_search_that_cannot_be_is_a_bad_request(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    _, page = on_bench(maud, SEARCH)
    for wrong in ("q=the&level=best", "q=" + "x" * 2_000, "q=" + "x" * 9_000):
        sent = maud.post(f"/posts/{answers[0]}/skips", data={**form(page), "search": wrong})
        assert sent.status_code == 400
