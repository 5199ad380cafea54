"""What programs read: posts with all that readers see of them, lists that go on, errors that say what is wrong."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace

import orjson
import pytest
from flask.testing import FlaskClient

from archive.domain.signing import Signature
from archive.settings import Settings
from tests.integration.citing import FORGETFUL, IN_PRINT, LEAGUE, SCHOLAR
from tests.unit.web.api.conftest import Program

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def signature() -> Signature:
    return Signature.NAME


@pytest.fixture
def settings(settings: Settings, signature: Signature) -> Settings:
    return replace(settings, moderator_names=signature)


def test_a_post_says_its_level_how_that_was_decided_what_it_cites_and_from_which_bytes_it_came(
    program: Program, answers: Mapping[str, str]
) -> None:
    post = program.read(f"/posts/{answers[SCHOLAR]}")
    assert post["tag"]["level"] == "cited"
    assert post["tag"]["basis_words"] == "One moderator’s decision"
    assert (post["tag"]["by"], post["tag_version"], post["posted_at"]) == ("ida", 1, None)
    assert post["tag"]["at"].endswith("Z")
    assert post["url"] == f"http://localhost/posts/{answers[SCHOLAR]}"
    assert post["revision"]["pinned"] == f"{post['url']}/at/{post['revision']['fingerprint'][:16]}"
    cited = post["citations"][0]
    assert cited["words"]["text"] == post["text"][cited["words"]["start"] : cited["words"]["end"]]
    assert cited["words"]["text"] in IN_PRINT
    assert (cited["found"], post["checked"]["words"]) == (None, "not checked")
    original = post["original"]
    assert len(original["sha256"]) == 64
    assert original["length"] >= len(post["text"])


def test_everything_that_readers_see_is_there_to_be_read(program: Program, answers: Mapping[str, str]) -> None:
    post = program.read(f"/posts/{answers[FORGETFUL]}")
    thread, author = post["thread"]["id"], post["author"]["id"]
    assert program.read("/archive")["decided"] == 4
    (collection,) = program.read("/collections")["items"]
    detail = program.read("/collections/league")
    assert detail == detail | collection
    assert (detail["replies"], detail["authors"], detail["licence"]) == (0, 5, None)
    assert collection["levels"] == {"cited": 2, "attributed": 1, "recollected": 1}
    assert program.read("/collections/league/threads")["items"] == [program.read(f"/threads/{thread}")]
    assert program.read("/collections/league/threads?order=sourced")["items"][0]["id"] == thread
    assert program.read("/collections/league/topics")["items"] == []
    assert program.get("/collections/league/threads?topic=ice").status_code == 404
    authors = program.read("/collections/league/authors")["items"]
    assert {"author": post["author"], "posts": 1} in authors
    assert program.read("/collections/league/authors?after=0-0")["items"] == []
    posts = program.read(f"/threads/{thread}/posts")["items"]
    assert [one["kind"] for one in posts] == ["question", *["answer"] * 4]
    assert post in posts
    assert program.read(f"/authors/{author}/posts")["items"] == [post]
    assert program.read(f"/authors/{author}")["levels"] == {"recollected": 1}
    assert program.read(f"/posts/{post['id']}/revisions")["items"] == [post]
    assert program.read(f"/posts/{post['id']}/citations")["items"] == post["citations"]
    (decision,) = program.read(f"/posts/{post['id']}/decisions")["items"]
    assert (decision["in_force"], decision["level"], decision["by"]) == (True, "recollected", "ida")
    works = program.read("/sources")["items"]
    assert program.read(f"/sources/{works[0]['id']}") == works[0]
    work = post["citations"][0]["source"]["id"]
    (citing,) = program.read(f"/sources/{work}/answers")["items"]
    assert citing["post"] == post
    assert citing["from_memory"]
    found = program.read("/search?q=memoirs&level=recollected&level=none")
    assert [hit["post"]["id"] for hit in found["items"]] == [post["id"]]
    assert {"text": "memoirs", "hit": True} in found["items"][0]["snippet"]
    log = program.read("/decisions?level=recollected&from=2020-01-01")["items"]
    assert [line["post"] for line in log] == [post["id"]]
    assert program.read("/decisions?to=2020-01-01")["items"] == []
    codebook = program.read("/codebook")
    assert program.read(f"/codebook/versions/{codebook['number']}") == codebook
    assert program.read("/codebook/versions")["items"][0]["number"] == codebook["number"]
    assert program.read("/takedowns")["items"] == []


def test_a_search_says_how_it_was_read_what_was_not_searched_and_how_it_can_be_narrowed(
    program: Program, program_of: Callable[..., Program], answers: Mapping[str, str]
) -> None:
    found = program.read("/search?q=memoirs+colour:red&order=sourced")
    assert "memoirs" in found["read_as"]
    assert [one["typed"] for one in found["ignored"]] == ["colour:red"]
    assert (found["order"], found["total"]) == ("best sourced first", len(found["items"]))
    assert found["facets"]["kinds"] == {"answer": found["total"]}
    assert found["facets"]["collections"][0]["collection"]["slug"] == "league"
    assert program.read("/search?q=memoirs&facets=no")["facets"] is None
    assert program.read("/search?q=memiors")["offer"] == "memoirs"
    maud = program_of("maud", "moderator")
    assert {hit["post"]["id"] for hit in maud.read("/search?q=by:ida")["items"]} == {*answers.values()}


def test_a_list_goes_on_where_it_says_and_names_everything_once(program: Program, answers: Mapping[str, str]) -> None:
    thread = program.read(f"/posts/{answers[SCHOLAR]}")["thread"]["id"]
    whole = [post["id"] for post in program.read(f"/threads/{thread}/posts")["items"]]
    seen, path = [], f"/threads/{thread}/posts?limit=2"
    while path:
        answer = program.get(path)
        seen += [post["id"] for post in answer.json["items"]]
        following = answer.json["next"]
        assert answer.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
        path = following and following.removeprefix("http://localhost/api/v1")
    assert seen == whole


def test_a_collection_comes_a_line_a_post_and_goes_on_where_it_was_cut_off(
    program: Program, answers: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.services.posts_in_full._AT_ONCE", 2)
    answer = program.get("/collections/league/posts.ndjson")
    lines = [orjson.loads(line) for line in answer.data.splitlines()]
    assert answer.mimetype == "application/x-ndjson"
    assert lines[1] == program.read(f"/posts/{lines[1]['id']}")
    assert {line["id"] for line in lines} >= set(answers.values())
    rest = program.get(f"/collections/league/posts.ndjson?after={lines[1]['id']}")
    assert rest.data.splitlines() == answer.data.splitlines()[2:]
    assert program.get("/collections/nowhere/posts.ndjson").status_code == 404


def test_what_has_not_changed_is_not_sent_again_and_long_answers_are_packed(
    program: Program, answers: Mapping[str, str]
) -> None:
    first = program.get(f"/posts/{answers[SCHOLAR]}")
    again = program.get(f"/posts/{answers[SCHOLAR]}", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    packed = program.get(f"/posts/{answers[SCHOLAR]}", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == first.data


@pytest.mark.parametrize("signature", [Signature.ROLE])
def test_names_of_moderators_are_told_as_on_the_pages(
    program: Program, program_of: Callable[..., Program], answers: Mapping[str, str]
) -> None:
    path, maud = f"/posts/{answers[SCHOLAR]}", program_of("maud", "moderator")
    assert program.read(path)["tag"]["by"] == "a moderator"
    assert program.read(f"{path}/decisions")["items"][0]["by"] == "a moderator"
    assert program.read("/decisions?who=ida")["items"][0]["by"] == "a moderator"  # nor can it be asked for
    assert program.read("/decisions?who=nobody")["items"]
    assert maud.read(path)["tag"]["by"] == "ida"
    assert maud.read("/decisions?who=nobody")["items"] == []


BAD_QUESTIONS = [
    ("/nowhere", 404, "nothing here"),
    ("/posts/0000000000000z", 404, "no such post"),
    ("/threads/0000000000000z/posts", 404, "no such thread"),
    ("/collections/league/threads?before=0", 400, ">= 1"),
    ("/collections/league/threads?before=9999999999", 400, "<= 2147483647"),
    ("/collections/league/threads?before=1&before=2", 400, "more than once"),
    ("/collections/league/threads?befor=1", 400, "befor"),
    ("/collections/league/threads?topic=ice&order=received", 400, "in one order"),
    ("/collections/league/posts.ndjson?after=nowhere", 404, "no such post"),
    ("/search", 400, "q"),
    ("/search?q=a&level=gold", 400, "level"),
    ("/search?q=" + "a" * 1001, 400, "<= 1000"),
    ("/search?q=a&page=51", 400, "<= 50"),
    ("/search?q=a&order=worst", 400, "order"),
    ("/decisions?from=yesterday", 400, "date"),
    ("/search?q=%ff%00%ed%a0%80", 200, ""),
    ("/search?q=%00", 400, "q"),  # nothing is left
    ("/sources?q=%00&after=%ff", 200, ""),
    ("/threads/%ff/posts", 404, "nothing here"),
    ("/posts/0000000000000z%00", 404, "nothing here"),
]


@pytest.mark.usefixtures("answers")
def test_bad_questions_get_a_problem_in_a_sentence(program: Program) -> None:
    for path, status, sentence in BAD_QUESTIONS:
        answer = program.get(path)
        assert answer.status_code == status, f"{path}: {answer.text}"
        if status != 200:
            assert answer.mimetype == "application/problem+json"
            assert answer.json["status"] == status
            assert answer.json["type"] == f"http://localhost/api/v1/#problem-{status}"
            assert sentence in answer.json["detail"], f"{path}: {answer.text}"


def test_errors_of_the_server_itself_are_problems_too(client: FlaskClient, program: Program) -> None:
    assert client.get("/api/v2/search").json["status"] == 404
    assert client.put("/api/v1/search").json["status"] == 405
    assert client.put("/api/v1/search").headers["Allow"]
    for header in ("Bearer", "Bearer footnote_no", "Basic bWF1ZDp4", "Bearer \xff", "footnote_x"):
        answer = program.get("/archive", Authorization=header)
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Footnote", error="invalid_token"'
    assert program.get("/moderation/queues").headers["WWW-Authenticate"] == 'Bearer realm="Footnote"'
    for junk in ('"\xff', ";;q=x", "gzip;q=" + "9" * 5_000, 'W/"' + "," * 5_000):
        assert program.get("/archive", If_None_Match=junk, Accept_Encoding=junk, Range=junk).status_code == 200


def test_an_error_inside_tells_nothing_of_it(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("archive.services.browse.front_page", fail)
    program.client.application.testing = False
    answer = program.get("/archive")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "secret" not in answer.text


def test_the_thread_is_called_by_its_title(program: Program, answers: Mapping[str, str]) -> None:
    assert program.read(f"/posts/{answers[SCHOLAR]}")["thread"]["title"] == LEAGUE
