"""Programs that decide between readings that differ."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive.store.users import User
from archive.store.votes import Vote
from tests.integration.citing import FORGETFUL
from tests.rules import set_rules
from tests.unit.web.api.conftest import Program
from tests.unit.web.api.sending import acts_of, refused, untag, vote_of

pytestmark = pytest.mark.database("sqlite")
WHY = "She says that she read it,\nand cannot cite it."


@pytest.fixture
def maud(program_of: Callable[..., Program]) -> Program:
    return program_of("maud", "moderator")


@pytest.fixture
def disputed(maud: Program, program_of: Callable[..., Program], answers: Mapping[str, str], session: Session) -> str:
    """The address of an answer that maud and teasel read otherwise."""
    post = answers[FORGETFUL]
    set_rules(session, votes_needed=2)
    untag(maud, post)
    vote_of(maud, post, "recollected", evidence=[[0, 6]], note="she says so")
    vote_of(program_of("teasel", "moderator"), post, "testimony", evidence=[[0, 6], [7, 19]], note="she was there")
    return post


def test_a_dispute_is_listed_shown_with_both_votes_and_decided_in_writing(
    app: Flask, program_of: Callable[..., Program], disputed: str, session: Session
) -> None:
    wim = program_of("wim", "moderator")
    (line,) = wim.read("/moderation/disputes")["items"]
    assert (line["post"], sorted(line["levels"]), line["may_decide"]) == (disputed, ["recollected", "testimony"], True)
    found = wim.read(f"/moderation/disputes/{disputed}")
    first, second = found["votes"]
    assert (first["by"], first["note"], second["by"], second["note"]) == (
        "maud",
        "she says so",
        "teasel",
        "she was there",
    )
    assert [words["text"] for words in first["evidence"]] == [found["post"]["text"][:6]]
    assert found["seen"] == [first["id"], second["id"]]
    assert (found["question"]["kind"], found["post"]["tag"], found["own"]) == ("question", None, False)
    ruling = {"level": "recollected", "note": WHY, "tag_version": found["post"]["tag_version"], "seen": found["seen"]}
    done = wim.post(f"/moderation/disputes/{disputed}/decisions", ruling)
    assert (done.status_code, done.json["tag_version"]) == (201, ruling["tag_version"] + 1)
    tag = wim.read(f"/posts/{disputed}")["tag"]
    assert (tag["level"], tag["basis"], tag["note"], tag["by"]) == ("recollected", "adjudicated", WHY, "wim")
    assert [words["text"] for words in tag["evidence"]] == [found["post"]["text"][:6]]  # of the vote for that level
    assert acts_of(session, "wim") == ["set votes aside", "tag"]
    reader = app.test_client().get(f"/posts/{disputed}", follow_redirects=True).get_data(as_text=True)
    assert "Decided between two readings" in reader
    assert "and cannot cite it." in reader
    assert wim.read("/moderation/disputes")["items"] == []
    assert wim.get(f"/moderation/disputes/{disputed}").status_code == 404
    assert wim.post("/moderation/undo").json["act"] == "decide"


@pytest.mark.parametrize("seen", ["nothing", "marks"])
def test_a_vote_where_readings_differ_is_not_blind_whatever_was_sent(
    program_of: Callable[..., Program], disputed: str, session: Session, seen: str
) -> None:
    wim = program_of("wim", "moderator")
    assert len(wim.read(f"/moderation/disputes/{disputed}")["votes"]) == 2
    vote_of(wim, disputed, "recollected", seen=seen)
    session.rollback()
    assert session.scalars(select(Vote.blind).order_by(Vote.id)).all()[-2:] == [True, False]


def test_who_has_not_practised_is_told_that_and_not_of_a_vote_of_their_own(
    program_of: Callable[..., Program], disputed: str, session: Session
) -> None:
    wim = program_of("wim", "moderator")
    session.execute(update(User).where(User.name == "wim").values(practised_at=None))
    session.commit()
    found = wim.read(f"/moderation/disputes/{disputed}")
    ruling = {"level": "recollected", "note": WHY, "tag_version": found["post"]["tag_version"], "seen": found["seen"]}
    assert found["may_decide"] is False
    refused(wim, f"/moderation/disputes/{disputed}/decisions", [(ruling, 409, "The practice answers come first")])


def test_words_that_are_named_with_a_decision_between_readings_are_what_it_rests_on(
    program_of: Callable[..., Program], disputed: str
) -> None:
    wim = program_of("wim", "moderator")
    found = wim.read(f"/moderation/disputes/{disputed}")
    ruling = {"level": "recollected", "note": WHY, "tag_version": found["post"]["tag_version"], "seen": found["seen"]}
    assert wim.post(f"/moderation/disputes/{disputed}/decisions", ruling | {"evidence": [[7, 19]]}).status_code == 201
    (words,) = wim.read(f"/posts/{disputed}")["tag"]["evidence"]
    assert (words["start"], words["end"]) == (7, 19)  # and not those of the vote for that level


def test_a_decision_between_readings_that_cannot_be_is_refused_and_nothing_stored(
    maud: Program, program_of: Callable[..., Program], disputed: str
) -> None:
    wim, path = program_of("wim", "moderator"), f"/moderation/disputes/{disputed}/decisions"
    found = maud.read(f"/moderation/disputes/{disputed}")
    assert (found["own"], found["may_decide"]) == (True, False)
    assert maud.read("/moderation/disputes")["items"][0]["may_decide"] is False
    ruling = {"level": "testimony", "note": WHY, "tag_version": found["post"]["tag_version"], "seen": found["seen"]}
    refused(maud, path, [(ruling, 409, "You voted on this answer yourself")])
    refused(
        wim,
        path,
        [
            (ruling | {"note": " \n "}, 422, "Write down why"),
            (ruling | {"note": ""}, 422, "note"),
            (ruling | {"tag_version": 0}, 409, "after your page was made"),
            (ruling | {"seen": [1]}, 409, "look at the votes again"),
            (ruling | {"seen": [0]}, 422, ">= 1"),
            (ruling | {"evidence": [[0, 9999]]}, 422, "not in this text"),
            (ruling | {"level": "gold"}, 422, "gold"),
        ],
    )
    assert maud.read(f"/posts/{disputed}")["tag"] is None
