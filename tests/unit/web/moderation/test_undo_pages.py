"""Undo and redo through the whole session: votes, what was passed over, left and held, one after the other."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.ledger import find_faults
from archive.store.holds import Hold
from archive.store.ledger import read_entries, read_head
from tests.unit.web.moderation.voting import follow, in_words, level_of, next_page, post_on, send, vote

Moderator = Callable[[str], FlaskClient]


def test_every_act_of_a_session_is_taken_back_and_done_again_in_order(
    moderator: Moderator, answers: list[str], session: Session
) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "recollected")
    vote(maud, answers[0], "testimony")  # in place of the first
    send(maud, f"/posts/{answers[1]}/skips")
    send(maud, f"/posts/{answers[2]}/left")
    send(maud, f"/posts/{answers[1]}/holds")
    back = [
        (answers[1], "You took back that you left to a colleague the answer by syllabary"),
        (answers[2], "You took back that you left as it is the answer by tholos1953"),
        (answers[1], "You took back that you passed over the answer by syllabary"),
        (answers[0], "You took back your tag of the answer by palaeo_pat Personal account"),
        (answers[0], "You took back your tag of the answer by palaeo_pat From memory"),
    ]
    levels = []
    for post, said in back:
        page = follow(maud, send(maud, "/moderation/undo"))
        assert post_on(page) == post
        assert said in in_words(page)
        levels.append(level_of(maud, answers[0]))
    assert levels == ["testimony", "testimony", "testimony", "recollected", "none"]
    assert "nothing of yours to take back" in follow(maud, send(maud, "/moderation/undo"))
    again = []
    for _, said in reversed(back):
        assert said.replace("took back", "did again", 1) in in_words(follow(maud, send(maud, "/moderation/redo")))
        again.append(level_of(maud, answers[0]))
    assert again == ["recollected", "testimony", "testimony", "testimony", "testimony"]
    assert "Nothing was taken back" in follow(maud, send(maud, "/moderation/redo"))
    session.rollback()
    assert session.scalars(select(Hold.ended_at)).all() == [None]
    assert not list(find_faults(read_entries(session), read_head(session)))


def test_what_was_left_as_it_is_comes_back_when_that_is_taken_back(moderator: Moderator, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    send(maud, f"/posts/{answers[0]}/left")
    assert post_on(next_page(maud)) == answers[1]
    assert post_on(next_page(teasel)) == answers[0]
    send(maud, "/moderation/undo")
    assert post_on(next_page(maud)) == answers[0]


def test_what_is_done_after_an_undo_ends_what_could_be_done_again(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "recollected")
    send(maud, "/moderation/undo")
    vote(maud, answers[1], "unsourced")
    assert "Nothing was taken back" in follow(maud, send(maud, "/moderation/redo"))
    assert level_of(maud, answers[0]) == "none"


def test_nobody_takes_back_what_a_colleague_did(moderator: Moderator, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    vote(maud, answers[0], "recollected")
    assert "nothing of yours to take back" in follow(teasel, send(teasel, "/moderation/undo"))
    assert level_of(maud, answers[0]) == "recollected"


def test_undo_leads_back_to_the_queue_that_is_worked_through(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "recollected", collection="scripts")
    undone = send(maud, "/moderation/undo", collection="scripts")
    assert undone.headers["Location"] == f"/moderation/posts/{answers[0]}?collection=scripts&served=yes#focus-h"
