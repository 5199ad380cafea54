"""Programs that give one level to many answers: looked at first, given in one, taken back in one."""

from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.services.bench import bulk
from tests.integration.citing import DREAMER, FORGETFUL, NAMER, SCHOLAR
from tests.rules import set_rules
from tests.unit.web.api.conftest import Program
from tests.unit.web.api.sending import acts_of, refused, untag, vote_of

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def maud(program_of: Callable[..., Program]) -> Program:
    return program_of("maud", "moderator")


@pytest.fixture
def untagged(maud: Program, answers: Mapping[str, str]) -> Mapping[str, str]:
    """The same answers; the tags of two are taken back."""
    for author in (FORGETFUL, NAMER):
        untag(maud, answers[author])
    return answers


def test_what_a_search_finds_is_looked_at_tagged_in_one_and_taken_back_in_one(
    maud: Program, untagged: Mapping[str, str], somebody: Callable[[str, str], FlaskClient], session: Session
) -> None:
    foreseen = maud.read("/moderation/bulk?collection=league")
    assert (foreseen["found"], foreseen["standing"]) == (4, {"decided": 2, "free": 2})
    assert (foreseen["more"], foreseen["later"]) == (False, 0)
    assert {one["post"] for one in foreseen["answers"]} == {untagged[FORGETFUL], untagged[NAMER]}
    assert {one["post"]["id"] for one in foreseen["sample"]} == {untagged[FORGETFUL], untagged[NAMER]}
    assert all(one["noticed"] for one in foreseen["sample"])
    done = maud.post(
        "/moderation/bulks",
        {
            "level": "recollected",
            "answers": foreseen["answers"],
            "note": "from memory",
            "search": {"q": "", "collection": "league"},
        },
    )
    assert (done.status_code, done.json["stored"], done.json["tagged"]) == (201, 2, 2), done.text
    assert (done.json["search"], done.json["own"], done.json["left_out"]) == ("q=&collection=league", True, [])
    assert {maud.read(f"/posts/{untagged[one]}")["tag"]["level"] for one in (FORGETFUL, NAMER)} == {"recollected"}
    assert [act for act in acts_of(session, "maud") if "bulk" in act] == ["bulk"]
    teasel = somebody("teasel", "moderator")
    page = teasel.get(f"/moderation/bulks/{done.json['id']}").get_data(as_text=True)
    assert "2 answers have this tag now" in page
    assert "from memory" in page
    back = maud.post(f"/moderation/bulks/{done.json['id']}/undos").json
    assert back == {"act": "bulk", "post": None, "level": "recollected", "answers": 2}
    assert maud.read(f"/posts/{untagged[NAMER]}")["tag"] is None
    assert maud.read(f"/moderation/bulks/{done.json['id']}")["taken_back"] is True
    assert maud.post(f"/moderation/bulks/{done.json['id']}/undos").json["act"] is None
    assert acts_of(session, "maud").count("take bulk back") == 1


def test_a_sample_of_answers_that_are_read_blind_tells_nothing_that_was_noticed(
    maud: Program, untagged: Mapping[str, str], somebody: Callable[[str, str], FlaskClient], session: Session
) -> None:
    set_rules(session, showing="blind")
    foreseen = maud.read("/moderation/bulk?collection=league")
    assert [one["noticed"] for one in foreseen["sample"]] == [[], []]
    assert {one["post"]["id"] for one in foreseen["sample"]} == {untagged[FORGETFUL], untagged[NAMER]}
    page = somebody("teasel", "moderator").get("/moderation/bulk?collection=league&q=").get_data(as_text=True)
    assert "drawn by their addresses" in page or "The answers" in page
    assert "no signal" not in page
    assert ": “" not in page.partition('<form class="form bulk"')[2].partition("</ul>")[0]


def test_answers_that_one_has_tagged_alone_are_tagged_anew_at_once_where_that_is_wanted(
    maud: Program, untagged: Mapping[str, str]
) -> None:
    vote_of(maud, untagged[NAMER], "attributed")
    assert maud.read("/moderation/bulk?collection=league")["standing"] == {"decided": 2, "free": 1, "own": 1}
    answers = [
        one
        for one in maud.read("/moderation/bulk?collection=league&own=yes")["answers"]
        if one["post"] == untagged[NAMER]
    ]
    left = maud.post("/moderation/bulks", {"level": "unsourced", "answers": answers})
    assert left.status_code == 409
    done = maud.post("/moderation/bulks", {"level": "unsourced", "answers": answers, "own": True})
    assert (done.status_code, done.json["stored"]) == (201, 1)
    assert maud.read(f"/posts/{untagged[NAMER]}")["tag"]["level"] == "unsourced"


def test_what_was_marked_is_tagged_in_one_and_what_others_read_since_is_left_out_with_its_reason(
    maud: Program, program_of: Callable[..., Program], untagged: Mapping[str, str]
) -> None:
    for author in (FORGETFUL, NAMER):
        for _ in range(2):  # twice is marked once
            marked = maud.post(f"/moderation/posts/{untagged[author]}/marks").json
            assert marked == {"post": untagged[author], "marked": True}
    assert maud.post(f"/moderation/posts/{untagged[SCHOLAR]}/marks").json["marked"] is True
    assert maud.post(f"/moderation/posts/{untagged[SCHOLAR]}/marks", {"marked": False}).json["marked"] is False
    foreseen = maud.read("/moderation/marked")
    assert foreseen["found"] == len(foreseen["answers"]) == 2
    vote_of(program_of("teasel", "moderator"), untagged[NAMER], "attributed")
    stale = {"post": untagged[DREAMER], "revision": 7, "tag_version": 1}
    done = maud.post("/moderation/bulks", {"level": "unsourced", "answers": [*foreseen["answers"], stale]}).json
    assert (done["asked"], done["stored"], done["search"]) == (3, 1, None)
    left_out = {one["post"]: one["why"] for one in done["left_out"]}
    assert left_out == {untagged[NAMER]: "decided", untagged[DREAMER]: "changed"}
    assert maud.read("/moderation/marked")["found"] == 0
    nothing = maud.post("/moderation/bulks", {"level": "unsourced", "answers": [stale]})
    assert (nothing.status_code, "another text" in nothing.json["detail"]) == (409, True)


def test_what_cannot_be_tagged_at_once_is_refused_in_a_sentence(
    maud: Program, program_of: Callable[..., Program], untagged: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert maud.read("/moderation/bulk")["found"] == 0  # a search that leaves nothing out
    answers = maud.read("/moderation/bulk?level=none")["answers"]
    body = {"level": "unsourced", "answers": answers}
    long = {"q": "\U00010400" * 1000}
    refused(
        maud,
        "/moderation/bulks",
        [
            (body | {"answers": []}, 422, "length >= 1"),
            (body | {"answers": answers * 251}, 422, "length <= 500"),
            (body | {"level": "gold"}, 422, "gold"),
            (body | {"answers": [{"post": "x"}]}, 422, "post"),
            (body | {"search": long}, 422, "too long"),
            (body | {"search": {"level": ["gold"]}}, 422, "gold"),
            *((body | {"search": {field: "\0"}}, 422, field) for field in ("q", "author", "collection")),
        ],
    )
    assert maud.get("/moderation/bulk?level=gold").status_code == 400
    assert maud.get("/moderation/bulks/9").status_code == 404
    done = maud.post("/moderation/bulks", body).json
    assert program_of("teasel", "moderator").post(f"/moderation/bulks/{done['id']}/undos").status_code == 404
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 1)
    assert "At most 1 answers" in maud.post("/moderation/bulks", body).json["detail"]
