"""Programs that reply to objections, and decide on supplied references."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.domain.signing import Signature
from archive.services.objections import pages as objection_pages
from archive.services.tracing import pages as offer_pages
from archive.settings import Settings
from tests.integration.citing import DREAMER, FORGETFUL, NAMER, SCHOLAR
from tests.unit.web.api.conftest import Program
from tests.unit.web.api.sending import (
    REFERENCE,
    acts_of,
    object_as_reader,
    offer_as_reader,
    refused,
    untag,
    vote_of,
)

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Readers are told no moderator's name."""
    return replace(settings, moderator_names=Signature.ROLE)


@pytest.fixture
def maud(program_of: Callable[..., Program]) -> Program:
    return program_of("maud", "moderator")


def whole(program: Program, path: str) -> list[dict]:
    """All items of a list, part by part."""
    part = program.read(path)
    items = part["items"]
    while part["next"]:
        part = program.read(part["next"].removeprefix("http://localhost/api/v1"))
        items += part["items"]
    return items


def test_an_objection_is_answered_the_reply_taken_back_and_the_tag_reversed(
    maud: Program, answers: Mapping[str, str], client: FlaskClient, session: Session
) -> None:
    number = object_as_reader(session, answers[SCHOLAR])
    path = f"/moderation/objections/{number}"
    (line,) = maud.read("/moderation/objections")["items"]
    found = maud.read(path)
    assert found["objection"] == line
    assert (line["objector"], line["has_account"], line["questioned"], line["state"]) == (
        "Rita",
        False,
        "cited",
        "open",
    )
    assert (line["link"], line["tagged_by"]) == ("https://doi.org/10.1093/ehr/cxvi.465.1", "ida")
    assert (found["post"]["id"], found["alone"]) == (answers[SCHOLAR], False)
    kept = maud.post(f"{path}/replies", {"reply": "It <does> not.", "tag_version": found["post"]["tag_version"]})
    assert (kept.status_code, kept.json["objection"]["state"], kept.json["objection"]["outcome"]) == (
        201,
        "kept",
        "cited",
    )
    assert "It &lt;does&gt; not." in client.get(f"/objections/{number}").get_data(as_text=True)
    assert maud.read("/moderation/objections")["items"] == []
    questions = Program(client).read(f"/posts/{answers[SCHOLAR]}/objections")
    assert (questions["waiting"], questions["answered"]) == (0, [Program(client).read(f"/objections/{number}")])
    assert (questions["answered"][0]["reply"], questions["answered"][0]["answered_by"]) == (
        "It <does> not.",
        "a moderator",
    )
    assert maud.post(f"{path}/reopenings").json["objection"]["state"] == "open"
    told = Program(client).read(f"/objections/{number}")
    assert (told["state"], told["reply"], told["answered_by"], told["answered_at"]) == ("open", "", None, None)
    assert (told["outcome"], told["by_the_same"]) == (None, False)
    said = {"reply": "It does.", "level": "pinpoint", "revision": 1, "tag_version": 1, "evidence": [[0, 11]]}
    changed = maud.post(f"{path}/reversals", said).json
    assert (changed["objection"]["state"], changed["post"]["tag"]["level"]) == ("changed", "pinpoint")
    assert [words["text"] for words in changed["post"]["tag"]["evidence"]] == ["The sources"]
    acts = [act for act in acts_of(session, "maud") if act != "set votes aside"]
    assert acts == ["answer objection", "reopen objection", "tag", "answer objection"]
    assert "It does." in client.get(f"/posts/{answers[SCHOLAR]}/tags").get_data(as_text=True)
    assert maud.post("/moderation/undo").json["post"] == answers[SCHOLAR]
    assert maud.read(path)["objection"]["state"] == "open"


def told_by(answer: object) -> list[object]:
    """Whoever did something, wherever in an answer that is said."""
    match answer:
        case dict():
            here = [value for key, value in answer.items() if key == "by" or key.endswith("_by")]
            return here + [name for value in answer.values() for name in told_by(value)]
        case list():
            return [name for value in answer for name in told_by(value)]
    return []


def test_readers_programs_are_told_no_name_of_a_moderator_in_anything_about_an_answer(
    maud: Program, answers: Mapping[str, str], client: FlaskClient, session: Session
) -> None:
    objection, trace = object_as_reader(session, answers[SCHOLAR]), offer_as_reader(session, answers[FORGETFUL])
    maud.post(f"/moderation/objections/{objection}/replies", {"reply": "No.", "tag_version": 1})
    maud.post(f"/moderation/traces/{trace}/acceptances", {"level": "cited", "tag_version": 1})
    reader, named = Program(client), list[object]()
    for path in (
        f"/objections/{objection}",
        f"/posts/{answers[SCHOLAR]}/objections",
        f"/posts/{answers[FORGETFUL]}/supplied",
        f"/posts/{answers[FORGETFUL]}/decisions",
        f"/posts/{answers[SCHOLAR]}",
        "/trace",
    ):
        found = reader.read(path)
        named += told_by(found)
        assert not {"maud", "ida"} & {str(name) for name in told_by(found)}, path
    assert len(named) >= 8
    assert {*named} <= {"a moderator", None}


def test_whoever_alone_gave_the_tag_that_is_questioned_is_told_so(
    maud: Program, program_of: Callable[..., Program], answers: Mapping[str, str], session: Session
) -> None:
    untag(maud, answers[SCHOLAR])
    vote_of(maud, answers[SCHOLAR], "unsourced")
    path = f"/moderation/objections/{object_as_reader(session, answers[SCHOLAR])}"
    assert maud.read(path)["alone"] is True
    assert program_of("teasel", "moderator").read(path)["alone"] is False


def test_a_reply_that_cannot_be_is_refused_and_says_what_stands(
    maud: Program, program_of: Callable[..., Program], answers: Mapping[str, str], session: Session
) -> None:
    path = f"/moderation/objections/{object_as_reader(session, answers[SCHOLAR])}"
    other = {"reply": "It does.", "level": "pinpoint", "revision": 1, "tag_version": 1}
    refused(
        maud,
        f"{path}/reversals",
        [
            (other | {"level": "cited"}, 422, "already"),
            (other | {"revision": 9}, 404, "no such text"),
            (other | {"tag_version": 0}, 409, "after your page was made"),
            (other | {"evidence": [[0, 9999]]}, 422, "not in this text"),
            (other | {"reply": " "}, 422, "Write a reply"),
        ],
    )
    refused(maud, f"{path}/replies", [({"reply": "", "tag_version": 1}, 422, "Write a reply")])
    refused(maud, f"{path}/reopenings", [({}, 409, "It waits for a reply; there is none to take back.")])
    program_of("teasel", "moderator").post(f"{path}/replies", {"reply": "No.", "tag_version": 1})
    late = maud.post(f"{path}/replies", {"reply": "Yes.", "tag_version": 1})
    assert (late.status_code, late.json["stands"]["state"], late.json["stands"]["by"]) == (409, "kept", "teasel")
    assert late.json["stands"]["at"].endswith("Z")
    assert maud.get("/moderation/objections/9").status_code == 404


def test_a_supplied_reference_is_accepted_taken_back_and_declined(
    maud: Program, answers: Mapping[str, str], client: FlaskClient, session: Session
) -> None:
    number = offer_as_reader(session, answers[FORGETFUL])
    path = f"/moderation/traces/{number}"
    (line,) = maud.read("/moderation/traces")["items"]
    assert line == maud.read(path)
    assert (line["reference"], line["level"], line["follows"]) == (REFERENCE, "recollected", "cited")
    refused(
        maud,
        f"{path}/acceptances",
        [
            ({"level": "unsourced", "tag_version": 1}, 422, "decline it"),
            ({"level": "cited", "tag_version": 0}, 409, "after your page was made"),
        ],
    )
    waits = {"tag_version": line["tag_version"]}
    refused(maud, f"{path}/withdrawals", [(waits, 409, "It waits for a decision; there is none to take back.")])
    accepted = maud.post(f"{path}/acceptances", {"level": "cited", "tag_version": line["tag_version"]}).json
    assert (accepted["state"], accepted["level"]) == ("accepted", "cited")
    thread = client.get(f"/posts/{answers[FORGETFUL]}", follow_redirects=True).get_data(as_text=True)
    assert "Pennsylvania State University Press" in thread
    assert maud.read("/moderation/traces")["items"] == []
    (shown,) = Program(client).read(f"/posts/{answers[FORGETFUL]}/supplied")["items"]
    assert (shown["reference"], shown["accepted_by"], shown["giver"]) == (REFERENCE, "a moderator", None)
    assert answers[FORGETFUL] not in [one["post"]["id"] for one in Program(client).read("/trace")["items"]]
    back = maud.post(f"{path}/withdrawals", {"tag_version": accepted["tag_version"]}).json
    assert (back["state"], back["level"]) == ("offered", "recollected")
    assert Program(client).read(f"/posts/{answers[FORGETFUL]}/supplied")["items"] == []
    wanted = {one["post"]["id"]: one["waiting"] for one in Program(client).read("/trace")["items"]}
    assert wanted[answers[FORGETFUL]] == 1
    refused(maud, f"{path}/refusals", [({"reason": " "}, 422, "Say why")])
    declined = maud.post(f"{path}/refusals", {"reason": "Another book."}).json
    assert (declined["state"], declined["reason"]) == ("declined", "Another book.")
    late = maud.post(f"{path}/refusals", {"reason": "Another book."})
    assert (late.status_code, late.json["stands"]["state"], late.json["stands"]["by"]) == (409, "declined", "maud")
    told = acts_of(session, "maud")
    assert [act for act in told if "reference" in act] == ["accept reference", "reopen reference", "decline reference"]
    assert maud.get("/moderation/traces/9").status_code == 404


def test_lists_of_what_waits_go_on_where_they_ended(
    maud: Program, answers: Mapping[str, str], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objection_pages, "A_PAGE", 1)
    monkeypatch.setattr(offer_pages, "A_PAGE", 1)
    asked = [object_as_reader(session, answers[author]) for author in (SCHOLAR, DREAMER, NAMER)]
    offered = [offer_as_reader(session, answers[author]) for author in (FORGETFUL, NAMER)]
    assert [one["id"] for one in whole(maud, "/moderation/objections")] == asked
    assert [one["id"] for one in whole(maud, "/moderation/traces")] == offered
    assert maud.get("/moderation/traces?after=0").status_code == 400
