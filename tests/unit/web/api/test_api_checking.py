"""Programs that look citations up: verdicts, words that the program did not see, and striking."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.integration.citing import DREAMER, NAMER, SCHOLAR
from tests.rules import set_rules
from tests.unit.web.api.conftest import Program
from tests.unit.web.api.sending import acts_of, refused, untag, vote_of

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def maud(program_of: Callable[..., Program]) -> Program:
    return program_of("maud", "moderator")


def thread_of(client: FlaskClient, post: str) -> str:
    return client.get(f"/posts/{post}", follow_redirects=True).get_data(as_text=True)


def test_a_verdict_is_given_with_a_note_seen_by_readers_written_down_and_taken_back(
    maud: Program, answers: Mapping[str, str], client: FlaskClient, session: Session
) -> None:
    path = f"/moderation/posts/{answers[SCHOLAR]}/sources"
    page = maud.read(path)
    first, second = page["citations"]
    assert (page["level"], page["words"], first["check"], first["verdicts"]) == ("cited", "not checked", 0, [])
    named = maud.read(f"/moderation/posts/{answers[NAMER]}/sources")["citations"]
    assert ([first["offered"], second["offered"]], {one["offered"] for one in named}) == ([True, True], {False})
    said = {"citation": first["citation"]["id"], "seen": 0, "verdict": "supports", "note": " Page 470 <says> it. "}
    given = maud.post(f"{path}/verdicts", said)
    assert (given.status_code, given.json["words"]) == (201, "1 of 2 looked up: 1 supports")
    line = given.json["citations"][0]
    assert line["citation"]["found"] == {key: line["verdicts"][0][key] for key in ("verdict", "note", "by", "at")}
    assert (line["verdicts"][0]["note"], line["verdicts"][0]["by"]) == ("Page 470 <says> it.", "maud")
    assert given.json["citations"][1] == second
    assert "Page 470 &lt;says&gt; it." in thread_of(client, answers[SCHOLAR])
    back = maud.post(f"{path}/verdicts", {**said, "seen": line["check"], "verdict": "unchecked", "note": ""})
    assert back.json["words"] == "not checked"
    assert [one["verdict"] for one in back.json["citations"][0]["verdicts"]] == ["unchecked", "supports"]
    assert "Page 470" not in thread_of(client, answers[SCHOLAR])
    assert acts_of(session, "maud") == ["check", "check"]


def test_a_verdict_that_somebody_gave_since_is_not_overwritten_and_the_answer_says_what_stands(
    maud: Program, program_of: Callable[..., Program], answers: Mapping[str, str]
) -> None:
    path, teasel = f"/moderation/posts/{answers[SCHOLAR]}/sources", program_of("teasel", "moderator")
    said: dict[str, Any] = {"citation": maud.read(path)["citations"][0]["citation"]["id"], "seen": 0}
    teasel.post(f"{path}/verdicts", said | {"verdict": "found"})
    late = maud.post(f"{path}/verdicts", said | {"verdict": "supports"})
    stands = late.json["stands"]
    assert (late.status_code, stands["state"], stands["by"]) == (409, "found", "teasel")
    assert "Nothing was overwritten" in late.json["detail"]
    again = maud.post(f"{path}/verdicts", said | {"verdict": "supports", "seen": stands["version"]})
    assert again.status_code == 201


def test_a_work_that_does_not_exist_is_struck_and_the_level_settled_in_one(
    maud: Program, answers: Mapping[str, str], client: FlaskClient, session: Session
) -> None:
    path = f"/moderation/posts/{answers[DREAMER]}/sources"
    citation = maud.read(path)["citations"][0]["citation"]["id"]
    foreseen = maud.read(f"{path}/{citation}/strike")
    assert (foreseen["left"], [one["id"] for one in foreseen["citations"]]) == (0, [citation])
    assert not {"pinpoint", "cited"} & {*foreseen["levels"]}
    strike = {"citation": citation, "seen": 0, "tag_version": foreseen["tag_version"], "note": "No library has it."}
    refused(
        maud,
        f"{path}/strikes",
        [
            (strike | {"level": "cited"}, 422, "can be retrieved"),
            (strike | {"level": "unsourced", "note": " "}, 422, "needs a note"),
            (strike | {"level": "unsourced", "tag_version": 0}, 409, "after your page was made"),
            (strike | {"level": "unsourced", "citation": 99}, 404, "no such citation"),
        ],
    )
    done = maud.post(f"{path}/strikes", strike | {"level": foreseen["chosen"] or "unsourced"})
    assert (done.status_code, done.json["citations"][0]["struck"], done.json["tag_version"]) == (201, True, 2)
    assert acts_of(session, "maud") == ["set votes aside", "tag", "check"]
    assert "No library has it." in thread_of(client, answers[DREAMER])
    assert maud.post("/moderation/undo").json["act"] == "decide"


@pytest.mark.parametrize(
    ("showing", "before", "after"), [("blind", False, False), ("marks", False, True), ("shown", True, True)]
)
def test_what_the_program_would_say_without_a_work_is_told_where_its_suggestions_are(
    maud: Program, answers: Mapping[str, str], session: Session, *, showing: str, before: bool, after: bool
) -> None:
    set_rules(session, showing=showing)
    path = f"/moderation/posts/{answers[DREAMER]}/sources"
    citation = maud.read(path)["citations"][0]["citation"]["id"]
    seen = []
    for _ in range(2):
        foreseen = maud.read(f"{path}/{citation}/strike")
        assert foreseen["chosen"] == foreseen["suggested"]
        seen.append(foreseen["suggested"] is not None)
        vote_of(maud, answers[DREAMER], "unsourced")
    assert seen == [before, after]


def test_words_on_which_a_tag_rests_become_a_citation_with_its_verdict(
    maud: Program, answers: Mapping[str, str], session: Session
) -> None:
    post = answers[NAMER]
    text = maud.read(f"/posts/{post}")["text"]
    start = text.index("the tolls")
    words = [start, start + len("the tolls")]
    untag(maud, post)
    vote_of(maud, post, "cited", evidence=[words])
    path = f"/moderation/posts/{post}/sources"
    (unseen,) = maud.read(path)["unseen"]
    assert unseen == {"start": words[0], "end": words[1], "text": "the tolls"}
    done = maud.post(f"{path}/further", {"words": words, "verdict": "found"})
    assert (done.status_code, done.json["unseen"]) == (201, [])
    added = next(one for one in done.json["citations"] if one["citation"]["words"]["start"] == start)
    assert (added["citation"]["words"]["text"], added["verdicts"][0]["verdict"]) == ("the tolls", "found")
    assert acts_of(session, "maud")[-1] == "check"
    refused(
        maud,
        f"{path}/further",
        [
            ({"words": words, "verdict": "found"}, 409, "among the sources"),
            ({"words": [0, 9999], "verdict": "found"}, 409, "not in the text"),
            ({"words": words[::-1], "verdict": "found"}, 422, "end before they begin"),
            ({"words": words, "verdict": "fabricated"}, 422, "Say first what you found"),
            ({"words": words, "verdict": "gold"}, 422, "gold"),
        ],
    )


def test_a_verdict_that_cannot_be_is_refused_in_a_sentence(maud: Program, answers: Mapping[str, str]) -> None:
    path = f"/moderation/posts/{answers[SCHOLAR]}/sources"
    said: dict[str, object] = {"citation": maud.read(path)["citations"][0]["citation"]["id"], "seen": 0}
    refused(
        maud,
        f"{path}/verdicts",
        [
            (said | {"verdict": "not found"}, 422, "needs a note"),
            (said | {"verdict": "fabricated", "note": "x"}, 422, "settles the level"),
            (said | {"verdict": "unchecked"}, 422, "no verdict to take back"),
            (said | {"verdict": "found", "note": "n" * 2001}, 422, "<= 2000"),
            (said | {"verdict": "found", "note": "a\0"}, 422, "matching regex"),
            (said | {"verdict": "found", "colour": 1}, 422, "unknown field"),
            (said | {"verdict": "found", "citation": 10**6}, 404, "no such citation"),
            ({"verdict": "found"}, 422, "citation"),
        ],
    )
    question = maud.read(f"/moderation/posts/{answers[SCHOLAR]}")["question"]["id"]
    assert maud.get(f"/moderation/posts/{question}/sources").status_code == 409
    assert maud.read(path)["words"] == "not checked"
