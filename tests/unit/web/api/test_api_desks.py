"""What moderators and archivists have their programs do."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.ledger import read_entries
from archive.store.vault import Vault
from archive.store.votes import Vote
from tests.integration.citing import FORGETFUL, LEAGUE, SCHOLAR
from tests.integration.written import thread
from tests.unit.web.api.conftest import Program

pytestmark = pytest.mark.database("sqlite")
BYTES = "application/octet-stream"


@pytest.fixture
def maud(program_of: Callable[..., Program]) -> Program:
    return program_of("maud", "moderator")


@pytest.fixture
def ansel(program_of: Callable[..., Program]) -> Program:
    return program_of("ansel", "archivist")


def vote(item: dict, level: str, **said: object) -> dict:
    post = item["post"]
    return {
        "level": level,
        "revision": post["revision"]["number"],
        "tag_version": post["tag_version"],
        "seen": "marks",
    } | said


def test_a_vote_decides_is_written_down_once_and_is_taken_back_and_given_again(
    maud: Program, answers: Mapping[str, str], session: Session
) -> None:
    path = f"/moderation/posts/{answers[SCHOLAR]}"
    item = maud.read(path)
    assert item["question"]["thread"]["title"] == LEAGUE
    assert item["own_vote"] is None
    assert item["suggested"] is None  # which comes after the vote
    assert any(one["text"] in item["post"]["text"] for one in item["noticed"])
    said = vote(item, "pinpoint", evidence=[[0, 5]], note=" in full ")
    first, again = maud.post(f"{path}/votes", said), maud.post(f"{path}/votes", said)
    assert (first.status_code, first.json["vote"]) == (201, again.json["vote"])
    assert maud.read(path)["own_vote"]["note"] == "in full"
    assert maud.read(path)["own_vote"]["evidence"][0]["text"] == item["post"]["text"][:5]
    session.rollback()
    mine = [entry.act for entry in read_entries(session) if entry.actor == "maud"]
    assert mine.count("vote") == 1
    undone = maud.post("/moderation/undo").json
    assert (undone["act"], undone["post"], undone["level"]) == ("vote", answers[SCHOLAR], "pinpoint")
    assert maud.read(path)["own_vote"] is None
    assert maud.post("/moderation/redo").json == undone
    assert maud.post("/moderation/redo").json == {"act": None, "post": None, "level": None, "answers": 0}


def test_a_vote_on_what_somebody_decided_since_is_refused_and_says_who_decided_what(
    maud: Program, answers: Mapping[str, str], session: Session
) -> None:
    path = f"/moderation/posts/{answers[FORGETFUL]}"
    stale = vote(maud.read(path), "unsourced") | {"tag_version": 0}
    answer = maud.post(f"{path}/votes", stale)
    assert answer.status_code == 409
    theirs = answer.json["theirs"]
    assert (theirs["by"], theirs["level"], theirs["version"]) == ("ida", "recollected", 1)
    assert "Nothing was overwritten" in answer.json["detail"]
    assert session.scalar(select(func.count()).select_from(Vote)) == 4  # those of ida
    assert maud.post(f"{path}/votes", stale | {"tag_version": theirs["version"]}).status_code == 201


def test_what_others_said_of_an_answer_is_not_told_before_ones_own_vote(
    maud: Program, program_of: Callable[..., Program], answers: Mapping[str, str]
) -> None:
    path, post = f"/moderation/posts/{answers[SCHOLAR]}", maud.read(f"/posts/{answers[SCHOLAR]}")
    said = {"citation": post["citations"][0]["id"], "seen": 0, "verdict": "supports", "note": "Page 470."}
    assert program_of("teasel", "moderator").post(f"{path}/sources/verdicts", said).status_code == 201
    before = maud.read(path)
    assert (before["post"]["tag"], before["post"]["checked"]) == (None, None)
    assert [one["found"] for one in before["post"]["citations"]] == [None, None]
    assert "ida" not in str(before)
    maud.post(f"{path}/votes", vote(before, "cited", evidence=[[0, 5]]))
    after = maud.read(path)["post"]
    assert (after["tag"]["level"], after["citations"][0]["found"]["by"]) == ("cited", "teasel")


def test_a_decision_is_taken_back_by_its_number(maud: Program, answers: Mapping[str, str]) -> None:
    post = answers[FORGETFUL]
    (decision,) = maud.read(f"/posts/{post}/decisions")["items"]
    done = maud.post(f"/moderation/posts/{post}/undos", {"decision": decision["id"]})
    assert done.json == {"post": post, "tag_version": 2}
    assert maud.read(f"/posts/{post}")["tag"] is None
    assert maud.post(f"/moderation/posts/{post}/undos", {"decision": decision["id"]}).status_code == 409
    assert maud.read("/moderation/queue?collection=league") == {"posts": [post]}
    assert maud.post("/moderation/queue", {"collection": "league"}).json == {"posts": [post]}
    assert maud.read("/moderation/queues")["items"][0]["waiting"] == 1
    for aside, body in (("skips", {}), ("leaves", {}), ("holds", {"note": "for whoever knows"})):
        assert maud.post(f"/moderation/posts/{post}/{aside}", body).json == {"post": post, "tag_version": 2}
    assert maud.read("/moderation/queue?collection=league") == {"posts": []}


REFUSED_VOTES = [
    ({"level": "gold"}, 422, "level"),
    ({"level": "unsourced", "seen": "everything"}, 422, "everything"),
    (b'{"level":"unsourced","revision":1,"tag_version":1}', 422, "seen"),
    ({"level": "cited"}, 422, "rests on no words"),
    ({"level": "unsourced", "revision": 2}, 404, "no such text"),
    ({"level": "unsourced", "evidence": [[0, 99999]]}, 422, "not in this text"),
    ({"level": "unsourced", "evidence": [[0]]}, 422, "length 2"),
    ({"level": "unsourced", "evidence": [[-1, 4]]}, 422, ">= 0"),
    ({"level": "unsourced", "note": "n" * 2001}, 422, "<= 2000"),
    ({"level": "unsourced", "note": "a\0b"}, 422, "matching regex"),
    ({"level": "unsourced", "colour": "red"}, 422, "unknown field colour"),
    ({"level": "unsourced", "tag_version": 2**70}, 422, "tag_version"),
    (b"{", 400, "JSON"),
    (b"\xff\xfe", 400, "JSON"),
    (b'{"level":"unsourced","revision":1,"tag_version":NaN}', 400, "JSON"),
    (b'{"note":"\\ud800"}', 400, "JSON"),
    (b"[" * 900_000, 422, "object"),
    (b'{"note":' + b"[" * 900_000, 422, "note"),
    (b'{"colour":' + b"[" * 900_000, 422, "colour"),
    (b" " * (1024 * 1024 + 1), 413, "bytes"),
]


def test_a_vote_that_cannot_be_is_refused_in_a_sentence(maud: Program, answers: Mapping[str, str]) -> None:
    path = f"/moderation/posts/{answers[FORGETFUL]}/votes"
    for body, status, sentence in REFUSED_VOTES:
        if isinstance(body, dict):
            answer = maud.post(path, {"revision": 1, "tag_version": 1, "seen": "nothing"} | body)
        else:
            answer = maud.post(path, data=body, content_type="application/json")
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
        assert sentence in answer.json["detail"]
    form = maud.post(path, data={"level": "unsourced"})
    assert (form.status_code, "application/json" in form.json["detail"]) == (415, True)
    assert maud.post(path, data=b"").status_code == 415  # nothing is not enough here
    assert maud.read(f"/moderation/posts/{answers[FORGETFUL]}")["own_vote"] is None


def test_a_file_is_received_looked_at_read_in_published_and_rolled_back(
    ansel: Program, session: Session, vault: Vault
) -> None:
    sent = thread(LEAGUE, [("one_of_many", "I do not know."), ("another_one3", "Nor do I.")]).encode()
    answer = ansel.post("/imports?collection=Die+Hanse+%C3%BCber+alles&name=league.txt", data=sent, content_type=BYTES)
    assert (answer.status_code, answer.json["state"]) == (201, "received")
    assert answer.json["collection"] == {
        "slug": "die-hanse-über-alles",
        "name": "Die Hanse über alles",
        "url": "http://localhost/collections/die-hanse-%C3%BCber-alles",
    }
    path = f"/imports/{answer.json['id']}"
    preview = ansel.read(f"{path}/preview")
    assert (preview["balance"]["added"], preview["adds_up"], preview["formats"]) == (3, True, ["plain"])
    assert [post["author"] for post in preview["threads"][0]["first"]][1:] == ["one_of_many", "another_one3"]
    assert ansel.post(f"{path}/publications").status_code == 409  # nothing is read in yet
    ordered = ansel.post(f"{path}/runs", data=None)  # bare, since nothing need be said
    assert (ordered.status_code, ordered.json["course"]) == (202, "waits")
    run_batch(session, vault, answer.json["id"], by=Actor.of(None))  # as the worker does
    assert ansel.read(path)["batch"]["state"] == "draft"
    assert ansel.get("/collections/die-hanse-über-alles").status_code == 404
    assert ansel.post(f"{path}/publications").json["batch"]["state"] == "published"
    assert ansel.read("/collections/die-hanse-über-alles")["answers"] == 2
    assert ansel.post(f"{path}/rollbacks", {"reason": "a trial"}).json["batch"]["state"] == "rolled_back"
    assert ansel.get("/collections/die-hanse-über-alles").status_code == 404
    assert [batch["state"] for batch in ansel.read("/imports")["items"]] == ["rolled_back"]
    acts = [entry.act for entry in read_entries(session, subject=f"batch {answer.json['id']}")]
    assert acts == ["receive", "start import", "import", "publish", "roll back"]


def test_what_cannot_be_read_is_listed_with_its_place_and_its_reason(
    ansel: Program, session: Session, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = b'{"broken"\n' * 3
    for name in ("one.jsonl", "two.jsonl"):
        sent = ansel.post(
            f"/imports?collection=c&name={name}&format=footnote", data=lines + name.encode(), content_type=BYTES
        )
        run_batch(session, vault, sent.json["id"], by=Actor.of(None))
    monkeypatch.setattr("archive.api.importing._A_PAGE", 3)
    first = ansel.read("/imports/quarantine")
    whole = [*first["items"]]
    while first["next"]:
        first = ansel.read(first["next"].removeprefix("http://localhost/api/v1"))
        whole += first["items"]
    assert [item["batch"] for item in whole] == sorted((item["batch"] for item in whole), reverse=True)
    assert len({(item["batch"], item["number"]) for item in whole}) == len(whole) > 3
    assert ansel.read("/imports/1/quarantine")["items"] == [item for item in whole if item["batch"] == 1]
    assert all(item["reason"] and item["sha256"] for item in whole)


REFUSED_FILES = [
    ("collection=c", BYTES, 400, "name"),
    ("collection=%00&name=x", BYTES, 400, "collection"),
    ("collection=!&name=x", BYTES, 400, "cannot be the name"),
    ("collection=c&name=x&format=papyrus", BYTES, 400, "no format"),
    ("collection=c&name=x&markup=clay", BYTES, 400, "markup"),
    ("collection=c&name=x", "text/plain", 415, "application/octet-stream"),
]


def test_a_file_that_is_not_wanted_is_refused_and_nothing_kept(ansel: Program, vault: Vault) -> None:
    for query, content_type, status, sentence in REFUSED_FILES:
        answer = ansel.post(f"/imports?{query}", data=b"Some text.", content_type=content_type)
        assert (answer.status_code, sentence in answer.json["detail"]) == (status, True), answer.text
    assert [path for path in vault.folder.rglob("*") if path.is_file()] == []


def test_more_than_one_request_may_bring_is_refused(ansel: Program) -> None:
    answer = ansel.post("/imports?collection=c&name=x", data=b"x" * (8 * 1024 * 1024 + 1), content_type=BYTES)
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert ansel.get("/imports/9").status_code == 404
    assert ansel.post("/imports/9/runs").status_code == 404
