"""Programs that take down: two moderators agree, as on the pages, and nothing sealed is to be had."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.api.operations import OPERATIONS
from archive.domain.permissions import Permission
from archive.web.permissions import declared_permissions
from tests.integration.citing import FORGETFUL
from tests.unit.web.api.conftest import Program
from tests.unit.web.api.sending import CONTACT, acts_of, ask_as_reader, refused

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def maud(program_of: Callable[..., Program]) -> Program:
    return program_of("maud", "moderator")


@pytest.fixture
def teasel(program_of: Callable[..., Program]) -> Program:
    return program_of("teasel", "moderator")


def test_words_are_taken_down_by_two_stay_so_until_two_agree_and_come_back(
    maud: Program, teasel: Program, answers: Mapping[str, str], client: FlaskClient, session: Session
) -> None:
    post = answers[FORGETFUL]
    path = f"/moderation/takedowns/{ask_as_reader(session, post)}"
    (line,) = maud.read("/moderation/takedowns")["items"]
    found = maud.read(path)
    assert (found["takedown"], line["state"], line["post"]) == (line, "requested", post)
    assert (found["asked_by"], found["has_account"], found["contact"]) == ("Rita", False, CONTACT)
    assert "That is my name." not in str(line)
    assert CONTACT not in str(line)
    assert line["reason"] == "personal data"  # as was asked; another is proposed
    proposal = {"version": 1, "reason": "copyright", "scope": "words", "passages": ["khrushchev's\n memoirs"]}
    proposed = maud.post(f"{path}/proposals", proposal)
    assert proposed.json["takedown"]["reason"] == "copyright"
    assert (proposed.status_code, proposed.json["passages"]) == (201, {"Khrushchev's memoirs": 1})
    assert "Khrushchev" in teasel.read(f"/posts/{post}")["text"]
    refused(maud, f"{path}/confirmations", [({"version": 2}, 409, "Another moderator has to agree")])
    down = teasel.post(f"{path}/confirmations", {"version": 2}).json
    assert (down["takedown"]["state"], down["applies_to"], down["takedown"]["decided_by"]) == ("in force", 1, "teasel")
    assert "Khrushchev" not in str(down)
    assert "Khrushchev" not in client.get(f"/posts/{post}", follow_redirects=True).get_data(as_text=True)
    assert maud.read("/moderation/takedowns")["items"] == []
    assert [one["id"] for one in maud.read("/moderation/takedowns/decided")["items"]] == [line["id"]]
    wanted = maud.post(f"{path}/lifts", {"version": 3}).json
    assert (wanted["takedown"]["state"], wanted["takedown"]["lift_by"]) == ("in force", "maud")
    refused(maud, f"{path}/lifts", [({"version": 4}, 409, "asked for this yourself")])
    assert teasel.post(f"{path}/stays", {"version": 4}).json["takedown"]["lift_by"] is None
    maud.post(f"{path}/lifts", {"version": 5})
    assert teasel.post(f"{path}/lifts", {"version": 6}).json["takedown"]["state"] == "lifted"
    assert "Khrushchev" in maud.read(f"/posts/{post}")["text"]
    assert acts_of(session, "maud") == ["propose takedown", "ask to lift takedown", "ask to lift takedown"]
    assert acts_of(session, "teasel") == ["take down", "keep takedown", "lift takedown"]


def test_of_a_post_that_is_down_as_a_whole_nothing_is_told(
    maud: Program, teasel: Program, answers: Mapping[str, str], session: Session
) -> None:
    path = f"/moderation/takedowns/{ask_as_reader(session, answers[FORGETFUL])}"
    maud.post(f"{path}/proposals", {"version": 1, "reason": "personal data", "scope": "whole"})
    down = teasel.post(f"{path}/confirmations", {"version": 2}).json
    assert (down["post"]["text"], down["post"]["author"], down["post"]["original"]) == (None, None, None)
    assert "Khrushchev" not in str(down)
    assert FORGETFUL not in str(down)
    for desk in ("", "/sources"):
        assert "Khrushchev" not in maud.get(f"/moderation/posts/{answers[FORGETFUL]}{desk}").text


def test_a_step_that_cannot_be_is_refused_and_says_what_stands(
    maud: Program, teasel: Program, answers: Mapping[str, str], session: Session
) -> None:
    path = f"/moderation/takedowns/{ask_as_reader(session, answers[FORGETFUL])}"
    proposal = {"version": 1, "reason": "personal data", "scope": "words"}
    refused(
        maud,
        f"{path}/proposals",
        [
            (proposal, 422, "Type the words"),
            (proposal | {"passages": ["no such words"]}, 422, "Not found in the post"),
            (proposal | {"passages": ["…"]}, 422, "holds no word"),
            (proposal | {"scope": "whole", "passages": ["a name"]}, 422, "All of the post"),
            (proposal | {"passages": ["x"] * 21}, 422, "<= 20"),
            (proposal | {"passages": ["x" * 501]}, 422, "<= 500"),
            (proposal | {"reason": "spite"}, 422, "spite"),
        ],
    )
    refused(maud, f"{path}/confirmations", [({"version": 1}, 409, "Nothing is proposed")])
    refused(maud, f"{path}/lifts", [({"version": 1}, 409, "not in force")])
    refused(maud, f"{path}/stays", [({"version": 1}, 409, "Nobody asks")])
    refused(maud, f"{path}/refusals", [({"version": 1, "reply": " "}, 422, "Say why")])
    declined = teasel.post(f"{path}/refusals", {"version": 1, "reply": "It is no name of yours."}).json
    assert (declined["takedown"]["state"], declined["reply"]) == ("declined", "It is no name of yours.")
    late = maud.post(f"{path}/proposals", proposal | {"scope": "whole"})
    assert late.status_code == 409
    stands = late.json["stands"]
    assert stands.pop("at").endswith("Z")
    assert stands == {"state": "declined", "by": "teasel", "version": 2}
    assert maud.get("/moderation/takedowns/9").status_code == 404


def test_whoever_comes_too_late_is_told_who_took_the_last_step_and_which(
    maud: Program, teasel: Program, answers: Mapping[str, str], session: Session
) -> None:
    path = f"/moderation/takedowns/{ask_as_reader(session, answers[FORGETFUL])}"
    steps = [
        (maud, "proposals", {"reason": "copyright", "scope": "whole"}, "maud proposed what to remove"),
        (teasel, "confirmations", {}, "teasel put this in force"),
        (maud, "lifts", {}, "maud asked for this to be lifted"),
        (teasel, "stays", {}, "teasel left this down"),
        (teasel, "lifts", {}, "teasel asked for this to be lifted"),
        (maud, "lifts", {}, "maud lifted this"),
    ]
    for version, (who, step, more, words) in enumerate(steps, start=1):
        assert who.post(f"{path}/{step}", {"version": version, **more}).status_code == 201
        late = maud.post(f"{path}/stays", {"version": version})
        assert (late.status_code, late.json["stands"]["by"]) == (409, words.split()[0])
        assert late.json["detail"].startswith(f"{words} after your page was made.")
        assert late.json["stands"]["version"] == version + 1
        assert late.json["stands"]["at"].endswith("Z")


def test_what_an_admin_alone_may_do_is_not_to_be_had_by_any_token(app: Flask) -> None:
    declared = declared_permissions(app)
    assert {declared[name] for name in OPERATIONS} == {Permission.READ, Permission.MODERATE, Permission.IMPORT}
