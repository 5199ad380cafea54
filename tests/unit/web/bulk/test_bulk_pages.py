import re
from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.bench.queue import coming
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.bulk_tags import Mark
from archive.store.threads import Post
from archive.store.users import User
from archive.store.vault import Vault
from tests.conftest import csrf_token
from tests.fillings import Master, filling_for

ANSWERS = 14
SEARCH = "/moderation/bulk?q=dyke"


def _publish(session: Session, vault: Vault) -> list[str]:
    said = "".join(f"\nwriter{number}x\n\nDyke {number} was paid by the counts.\n" for number in range(ANSWERS))
    file = NamedFile("a.txt", partial(BytesIO, f"Who paid for the dykes?\n\nby clio_reads7\n{said}".encode()))
    batch = receive_files(session, vault, [file], collection="Water", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    publish(session, batch, by=Actor.of(None))
    return list(session.scalars(select(Post.public_id).where(Post.kind == "answer").order_by(Post.id)))


filling = filling_for(answers=_publish)


@pytest.fixture
def answers(master: Master) -> list[str]:
    """The addresses of fourteen published answers, none of them tagged."""
    return list(master.made)


def ticks(page: str) -> list[str]:
    return re.findall(r'name="answer" value="([^"]+)" checked', page)


def send(client: FlaskClient, address: str, **fields: object) -> tuple[int, str]:
    """Send the form of a page as it is, but for some fields; the status, and the page that follows."""
    page = client.get(address).get_data(as_text=True)
    form = {"answer": ticks(page), "csrf_token": csrf_token(client, address), **fields}
    answer = client.post(address, data=form, follow_redirects=True)
    return answer.history[0].status_code if answer.history else answer.status_code, answer.get_data(as_text=True)


def levels(session: Session) -> list[str | None]:
    session.rollback()
    return list(session.scalars(select(Post.level).where(Post.kind == "answer").order_by(Post.id)))


def test_before_anything_is_looked_for_the_page_says_what_it_is_for(maud: FlaskClient) -> None:
    page = maud.get("/moderation/bulk").get_data(as_text=True)
    assert "One level for all answers that a search finds" in page
    assert 'name="answer"' not in page


def test_ten_are_shown_as_a_sample_and_the_others_folded(maud: FlaskClient, answers: list[str]) -> None:
    page = maud.get(SEARCH).get_data(as_text=True)
    assert "14 answers are found; all of them can be tagged now." in page
    assert "10 of them, drawn by their addresses" in page
    assert "<summary>The other 4</summary>" in page
    drawn = [tick.partition(".")[0] for tick in ticks(page)[:10]]
    assert sorted(drawn) == sorted(answers)[:10]
    assert {tick.partition(".")[0] for tick in ticks(page)} == set(answers)


def test_one_level_for_all_that_are_ticked(maud: FlaskClient, session: Session, answers: list[str]) -> None:
    page = maud.get(SEARCH).get_data(as_text=True)
    left = next(tick for tick in ticks(page) if tick.startswith(answers[3]))
    chosen = [tick for tick in ticks(page) if tick != left]
    status, page = send(maud, SEARCH, answer=chosen, level="unsourced", note="None names a book.", reason="vague")
    assert status == 303
    assert "13 answers at once: No source given" in page
    assert "13 answers have this tag now." in page
    assert "None names a book." in page
    assert "Nobody is named" in page
    assert levels(session) == ["unsourced"] * 3 + [None] + ["unsourced"] * 10
    page = maud.get(SEARCH).get_data(as_text=True)
    assert "1 of them can be tagged now" in page
    assert re.search(r"<b>13</b> tagged by you alone, left out", page)
    page = maud.get(f"{SEARCH}&own=1").get_data(as_text=True)
    assert len(ticks(page)) == ANSWERS


def test_what_was_decided_meanwhile_is_named_and_one_button_takes_the_rest_back(
    maud: FlaskClient, somebody: Callable[..., FlaskClient], session: Session, answers: list[str]
) -> None:
    before = ticks(maud.get(SEARCH).get_data(as_text=True))
    other = somebody("teasel", "moderator")
    mine = [tick for tick in before if tick.startswith((answers[0], answers[1]))]
    send(other, SEARCH, answer=mine, level="cited")
    _, page = send(maud, SEARCH, answer=before, level="unsourced")
    assert "12 answers at once" in page
    assert "2 were left as they are" in page
    assert len(re.findall(r"</a>: decided meanwhile", " ".join(page.split()))) == 2
    assert other.post("/moderation/bulks/2/undos", data={"csrf_token": csrf_token(other, SEARCH)}).status_code == 404
    answer = maud.post("/moderation/bulks/2/undos", data={"csrf_token": csrf_token(maud, SEARCH)})
    assert answer.headers["Location"] == "/moderation/bulks/2"
    page = maud.get("/moderation/bulks/2").get_data(as_text=True)
    assert "Taken back." in page
    assert "Take all of it back" not in page
    assert levels(session) == ["cited"] * 2 + [None] * 12


def test_when_all_were_decided_meanwhile_nothing_is_stored_and_the_page_says_so(
    maud: FlaskClient, somebody: Callable[..., FlaskClient], session: Session, answers: list[str]
) -> None:
    before = ticks(maud.get(SEARCH).get_data(as_text=True))
    send(somebody("teasel", "moderator"), SEARCH, level="cited")
    status, page = send(maud, SEARCH, answer=before, level="unsourced")
    assert status == 409
    assert "Nothing was stored: every answer that you chose was left out (decided meanwhile)." in page
    assert levels(session) == ["cited"] * ANSWERS


def test_a_form_without_a_level_keeps_what_was_typed(maud: FlaskClient, session: Session, answers: list[str]) -> None:
    chosen = ticks(maud.get(SEARCH).get_data(as_text=True))[:2]
    status, page = send(maud, SEARCH, answer=chosen, note="As <b>typed</b>", reason="vague")
    assert status == 422
    assert "Choose a level" in page
    assert ticks(page) == chosen
    assert "As &lt;b&gt;typed&lt;/b&gt;" in page
    assert '<option value="vague" selected>' in page
    assert levels(session) == [None] * ANSWERS


@pytest.mark.parametrize("fields", [{"answer": []}, {"answer": "0"}, {"level": "best"}, {"reason": "none"}])
def test_what_no_page_sends_is_refused(
    maud: FlaskClient, session: Session, answers: list[str], fields: dict[str, object]
) -> None:
    status, page = send(maud, SEARCH, **{"level": "cited", **fields})
    assert status == 422
    assert 'role="alert"' in page
    assert levels(session) == [None] * ANSWERS


def test_marked_answers_wait_on_a_page_of_their_own_and_are_not_served(
    maud: FlaskClient, session: Session, answers: list[str]
) -> None:
    token = csrf_token(maud, SEARCH)
    for answer in (*answers[:3], answers[2]):  # the second time, the mark goes
        maud.post(f"/posts/{answer}/marks", data={"csrf_token": token})
    page = maud.get("/moderation/marked").get_data(as_text=True)
    assert "2 answers are marked" in page
    assert {tick.partition(".")[0] for tick in ticks(page)} == set(answers[:2])
    moderator = session.scalars(select(User.id).where(User.name == "maud")).one()
    assert set(coming(session, moderator, most=ANSWERS)) == set(answers[2:])
    _, page = send(maud, "/moderation/marked", level="recollected")
    assert "2 answers at once: From memory" in page
    assert levels(session)[:3] == ["recollected", "recollected", None]
    assert session.scalars(select(Mark)).all() == []
    assert "You have marked no answer." in maud.get("/moderation/marked").get_data(as_text=True)


def test_marks_are_let_go_of(maud: FlaskClient, session: Session, answers: list[str]) -> None:
    token = csrf_token(maud, SEARCH)
    for answer in answers[:2]:
        maud.post(f"/posts/{answer}/marks", data={"csrf_token": token})
    chosen = ticks(maud.get("/moderation/marked").get_data(as_text=True))[:1]
    _, page = send(maud, "/moderation/marked", answer=chosen, unmark="1")
    assert "1 answer is marked" in page
    assert levels(session) == [None] * ANSWERS


def test_a_mark_is_taken_back_like_all_else(maud: FlaskClient, session: Session, answers: list[str]) -> None:
    token = csrf_token(maud, SEARCH)
    maud.post(f"/posts/{answers[0]}/marks", data={"csrf_token": token})
    maud.post("/moderation/undo", data={"csrf_token": token})
    assert session.scalars(select(Mark)).all() == []
    question = session.scalars(select(Post.public_id).where(Post.kind == "question")).one()
    assert maud.post(f"/posts/{question}/marks", data={"csrf_token": token}).status_code == 409


def test_filters_alone_will_do(maud: FlaskClient, answers: list[str]) -> None:
    page = maud.get("/moderation/bulk?q=&collection=water&author=writer3x").get_data(as_text=True)
    assert [tick.partition(".")[0] for tick in ticks(page)] == [answers[3]]
    assert "in the collection <bdi>Water</bdi> by <bdi>writer3x</bdi>" in page
    assert maud.get("/moderation/bulk?level=best").status_code == 400


def test_a_bulk_that_there_is_not_is_not_found(maud: FlaskClient) -> None:
    assert maud.get("/moderation/bulks/7").status_code == 404
    assert maud.post("/moderation/bulks/7/undos", data={"csrf_token": csrf_token(maud, SEARCH)}).status_code == 404
