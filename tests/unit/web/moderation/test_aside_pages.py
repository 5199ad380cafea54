"""Answers that are held for a colleague, and what the team tells each other."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.holds import TeamNote
from archive.store.ledger import read_entries
from archive.store.vault import Vault
from tests.unit.web.moderation.conftest import THREAD, import_thread
from tests.unit.web.moderation.voting import bench, follow, in_words, next_page, post_on, send, vote

Moderator = Callable[[str], FlaskClient]
PAT_AGAIN = "Who was Kober?\n\nby minos_mary\npalaeo_pat\n\nA classicist.\n"


def test_an_answer_that_is_held_for_a_colleague_comes_first_for_them_and_for_nobody_else(
    moderator: Moderator, answers: list[str]
) -> None:
    maud, teasel, wim = moderator("maud"), moderator("teasel"), moderator("wim")
    page = follow(maud, send(maud, f"/posts/{answers[2]}/holds", hold_for="teasel", note="is there such a page?"))
    assert "You left the answer by tholos1953 to teasel" in in_words(page)
    assert post_on(next_page(teasel)) == answers[2]
    for other in (maud, wim):
        seen = set()
        for _ in range(2):
            seen.add(post_on(next_page(other)))
            send(other, f"/posts/{post_on(next_page(other))}/left")
        assert seen == set(answers[:2])
        assert "Nothing waits" in next_page(other)
    held = in_words(teasel.get("/moderation").get_data(as_text=True).partition("Held for a colleague")[2])
    assert "Answer by tholos1953" in held
    assert "for you by maud for teasel" in held
    assert "“is there such a page?”" in held


def test_an_answer_that_is_held_for_anybody_comes_to_others_in_its_turn(
    moderator: Moderator, answers: list[str]
) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    send(maud, f"/posts/{answers[0]}/holds")
    assert post_on(next_page(maud)) == answers[1]
    assert post_on(next_page(teasel)) == answers[0]


def test_a_hold_ends_with_a_vote(moderator: Moderator, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    send(maud, f"/posts/{answers[2]}/holds", hold_for="teasel")
    vote(teasel, answers[2], "pinpoint")
    assert post_on(next_page(teasel)) == answers[0]
    assert "Held for a colleague" not in maud.get("/moderation").get_data(as_text=True)


@pytest.mark.parametrize("name", ["nobody", "maud", "rita"])
def test_a_hold_is_for_another_moderator_only(
    moderator: Moderator, make_user: Callable, answers: list[str], session: Session, name: str
) -> None:
    maud = moderator("maud")
    make_user("rita", "archivist")
    refused = send(maud, f"/posts/{answers[0]}/holds", hold_for=name)
    assert refused.status_code == 409
    assert f"There is no other moderator named {name}" in refused.get_data(as_text=True)
    assert not [entry for entry in read_entries(session) if entry.act == "hold"]


def test_only_colleagues_are_offered_to_hold_for(moderator: Moderator, make_user: Callable, answers: list[str]) -> None:
    maud = moderator("maud")
    moderator("teasel")
    make_user("rita", "archivist")
    names = bench(maud, answers[0]).partition('id="hold-for"')[2].partition("</select>")[0]
    assert re.findall(r"<option>(\w+)</option>", names) == ["teasel"]


def test_notes_are_seen_by_the_team_on_the_answer_and_on_the_other_answers_of_the_author(
    app: Flask, moderator: Moderator, answers: list[str], session: Session, vault: Vault
) -> None:
    other = next(post for post in import_thread(session, vault, PAT_AGAIN) if post not in answers)
    maud, teasel = moderator("maud"), moderator("teasel")
    page = follow(maud, send(maud, f"/posts/{answers[0]}/team-notes", team_note="no such papers"))
    assert post_on(page) == answers[0]
    assert "The team can read your note on the answer by palaeo_pat" in in_words(page)
    send(maud, f"/posts/{answers[0]}/team-notes", team_note="writes for a journal", on_author="yes")
    page = bench(teasel, answers[0])
    assert "no such papers" in page
    assert "writes for a journal" in page
    page = bench(teasel, other)
    assert "no such papers" not in page
    assert re.search(r"writes for a journal.* on the author", page, re.DOTALL)
    assert "writes for a journal" not in bench(teasel, answers[1])
    reader = app.test_client()
    for address in (answers[0], other):
        thread = reader.get(f"/posts/{address}").headers["Location"].partition("#")[0]
        for path in (thread, f"/posts/{address}/original"):
            page = reader.get(path, follow_redirects=True).get_data(as_text=True)
            assert "no such papers" not in page
            assert "writes for a journal" not in page


def test_a_note_is_taken_away_by_its_writer_only(moderator: Moderator, answers: list[str], session: Session) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    send(maud, f"/posts/{answers[0]}/team-notes", team_note="no such papers")
    number = session.scalars(select(TeamNote.id)).one()
    path = f"/posts/{answers[0]}/team-notes/{number}/removals"
    assert path in bench(maud, answers[0])
    assert path not in bench(teasel, answers[0])
    assert send(teasel, path).status_code == 404
    assert "no such papers" in bench(teasel, answers[0])
    assert send(maud, path).status_code == 303
    assert "no such papers" not in bench(teasel, answers[0])


def test_a_note_that_says_nothing_is_refused_with_a_sentence(moderator: Moderator, answers: list[str]) -> None:
    refused = send(moderator("maud"), f"/posts/{answers[0]}/team-notes", team_note=" \n ")
    assert refused.status_code == 409
    assert "The note says nothing. Nothing was stored." in refused.get_data(as_text=True)


def test_of_an_author_whom_nobody_names_no_note_is_kept(
    moderator: Moderator, answers: list[str], session: Session, vault: Vault
) -> None:
    nameless = THREAD.replace("palaeo_pat", "[deleted]").replace("Linear B?", "Linear A?")
    found = import_thread(session, vault, nameless)
    maud = moderator("maud")
    (post,) = [post for post in found if post not in answers and "Note on its author" not in bench(maud, post)][:1]
    refused = send(maud, f"/posts/{post}/team-notes", team_note="who?", on_author="yes")
    assert refused.status_code == 409
    assert "No author is named" in refused.get_data(as_text=True)
