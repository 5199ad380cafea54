"""The pages of the practice: nothing is told before the key, all of it after, and a moderator meets it first."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.services.practice import practice_answers
from archive.store.users import User
from archive.store.vault import Vault
from tests.browser.threads import publish_thread
from tests.conftest import csrf_token

ANSWERS = practice_answers()
PRACTICE = "/moderation/practice"


@pytest.fixture
def newt(somebody: Callable[..., FlaskClient]) -> FlaskClient:
    """A new moderator with a browser."""
    return somebody("newt", "moderator", practised=False)


def page(client: FlaskClient, address: str = PRACTICE) -> str:
    text = client.get(address, follow_redirects=True).get_data(as_text=True)
    return " ".join(re.sub(r"<(?!/?(?:mark|a|button)\b)[^>]*>", " ", text).split())


def give(client: FlaskClient, number: int, level: Level | str, *, round_number: int = 1) -> tuple[int, str]:
    """Status, and where the browser is sent."""
    address = f"{PRACTICE}/{round_number}/{number}"
    data = {"level": level, "csrf_token": csrf_token(client, PRACTICE)}
    answer = client.post(f"{address}/levels", data=data)
    return answer.status_code, answer.headers.get("Location", "")


def test_nothing_of_what_decides_is_told_before_the_key(newt: FlaskClient) -> None:
    for number, answer in enumerate(ANSWERS, start=1):
        text = newt.get(f"{PRACTICE}/1/{number}").get_data(as_text=True)
        assert answer.explanation.split(".")[0].replace("’", "’") not in text
        assert 'class="ev"' not in text
        assert f"{number} of 20" in text
        assert "said-h" not in text.replace("#said-h", "")


def test_after_the_key_come_the_level_the_reasons_and_the_words(newt: FlaskClient) -> None:
    assert give(newt, 1, "cited") == (303, f"{PRACTICE}/1/1#said-h")
    text = newt.get(f"{PRACTICE}/1/1").get_data(as_text=True)
    seen = page(newt, f"{PRACTICE}/1/1")
    assert "The codebook says Cited, with page . You said Cited ." in seen
    assert ANSWERS[0].explanation in seen
    assert ANSWERS[0].against[Level.CITED] in seen
    assert re.search(r'<span class="ev">Henry of Huntingdon, Historia Anglorum 6.17', text)
    assert f'href="{PRACTICE}/1/2#focus-h" data-key="Enter"' in text
    assert 'name="level"' not in text
    assert "19 answers to go" in seen


def test_a_right_level_is_called_right(newt: FlaskClient) -> None:
    give(newt, 1, "pinpoint")
    assert "Right: Cited, with page" in page(newt, f"{PRACTICE}/1/1")
    assert "1 of 20 done, 1 of them right." in page(newt)


def test_another_level_for_the_same_answer_is_a_conflict_that_says_which_one_counts(newt: FlaskClient) -> None:
    give(newt, 1, "cited")
    assert give(newt, 1, "cited")[0] == 303
    data = {"level": "pinpoint", "csrf_token": csrf_token(newt, PRACTICE)}
    refused = newt.post(f"{PRACTICE}/1/1/levels", data=data)
    assert refused.status_code == 409
    assert "You gave practice answer 1 a level before: “Cited”." in refused.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/1/21", "/1/0", "/2", "/2/1", "/99/1"])
def test_there_is_nothing_beyond_the_answers_and_the_rounds_that_may_be_begun(newt: FlaskClient, address: str) -> None:
    assert newt.get(PRACTICE + address).status_code == 404


def test_what_is_no_level_is_refused(newt: FlaskClient) -> None:
    assert give(newt, 1, "perhaps")[0] == 400
    assert "Begin" in page(newt)


def test_it_goes_on_where_it_was_left(newt: FlaskClient) -> None:
    for number in (1, 2, 4):
        give(newt, number, "cited")
    assert f'href="{PRACTICE}/1/3#focus-h">Go on with answer 3' in page(newt)
    assert f'href="{PRACTICE}/1/3#focus-h" data-key="Enter"' in page(newt, f"{PRACTICE}/1/2")
    assert f'href="{PRACTICE}/1/5#focus-h" data-key="Enter"' in page(newt, f"{PRACTICE}/1/4")


def test_all_done_it_says_the_score_by_level_and_what_to_read_again(newt: FlaskClient) -> None:
    for number, answer in enumerate(ANSWERS, start=1):
        give(newt, number, Level.CITED if number == 1 else answer.level)
    text = page(newt)
    assert "19 of 20 right the first time. Your votes count." in text
    assert "Cited, with page 2 3" in text
    assert ANSWERS[0].question.replace("’", "’") in text
    assert 'href="/codebook#pinpoint"' in text
    assert text.count("It is") == 1
    assert f'href="{PRACTICE}/2/1#focus-h">Practise once more' in text
    give(newt, 1, "pinpoint", round_number=2)
    assert "1 of 20 done, 1 of them right. Your votes count already." in page(newt)
    assert "19 of 20 right the first time." in page(newt, f"{PRACTICE}/1")


def test_the_bench_says_first_thing_that_votes_do_not_count_yet_and_later_no_more(
    newt: FlaskClient, session: Session
) -> None:
    assert "First, 20 practice answers Your votes do not count yet." in page(newt, "/moderation")
    give(newt, 1, "cited")
    text = page(newt, "/moderation")
    assert "First, 19 more practice answers" in text
    assert "Go on with the practice" in text
    session.execute(update(User).values(practised_at=User.created_at))
    session.commit()
    assert "do not count yet" not in page(newt, "/moderation")


def test_an_answer_on_the_bench_comes_with_how_many_are_to_go(
    newt: FlaskClient, maud: FlaskClient, session: Session, vault: Vault
) -> None:
    publish_thread(session, vault)
    give(newt, 1, "cited")
    assert re.search(
        r"Your votes do not count yet: <a[^>]*>19 practice answers to go</a>", page(newt, "/moderation/queue")
    )
    assert "do not count yet" not in page(maud, "/moderation/queue")


def test_each_moderator_has_their_own_practice(newt: FlaskClient, somebody: Callable[..., FlaskClient]) -> None:
    give(newt, 1, "cited")
    assert "20 short answers" in page(somebody("teasel", "moderator", practised=False))
    assert page(somebody("ida", "admin", practised=False)).count("Your votes count already") == 1


def test_who_may_not_tag_has_no_practice(app: Flask, somebody: Callable[..., FlaskClient]) -> None:
    assert somebody("ansel", "archivist").get(PRACTICE).status_code == 403
    assert app.test_client().get(PRACTICE).status_code == 302
