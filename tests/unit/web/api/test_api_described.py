"""The description of the API: valid by its own rules, true of every answer, and told to people on a page."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy.orm import Session

from archive.api.operations import OPERATIONS
from archive.domain.source_quality import Level
from tests.integration.citing import FORGETFUL
from tests.unit.web.api.conftest import Program
from tests.unit.web.api.sending import ask_as_reader, object_as_reader, offer_as_reader

pytestmark = pytest.mark.database("sqlite")
PAGE = "/api/v1/"
REQUESTS = 4  # odd ones of each operation, the same in each run; more, and others each time: `make fuzz-api`


def test_the_description_is_valid_and_names_every_operation(program: Program, app: Flask) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    described = program.read("/openapi.json")
    assert [str(error) for error in OpenAPIV31SpecValidator(described).iter_errors()] == []
    told = {one["operationId"] for methods in described["paths"].values() for one in methods.values()}
    views = {endpoint.removeprefix("api.") for endpoint in app.view_functions if endpoint.startswith("api.")}
    assert told == views == {told.name for told in OPERATIONS.values()}
    assert described["servers"] == [{"url": "http://localhost/api/v1"}]


def test_the_page_tells_people_of_every_operation_with_its_parameters_and_an_example(client: FlaskClient) -> None:
    page = client.get(PAGE).get_data(as_text=True)
    for told in OPERATIONS.values():
        article = page[page.index(f'id="{told.name}"') :].partition("</article>")[0]
        assert "<code>curl " in article, told.name
        assert ("What comes back" in article) is (told.returns is not None), told.name
        for parameter in re.findall(r"<\w+:(\w+)>", told.rule):
            assert f"<code>{parameter}</code>" in article, told.name
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "http://localhost/api/v1/search?q=library+alexandria" in page
    glance, post = _shown(page, "archive"), _shown(page, "post")
    assert glance["answers"] >= glance["decided"] >= glance["sourced"]
    assert glance["url"] == "https://footnote.example.org/"
    assert Level(post["tag"]["level"]).badge == post["tag"]["badge"]
    assert post["url"].endswith(f"/posts/{post['id']}")
    collection = post["thread"]["collection"]
    assert collection["url"].endswith(f"/collections/{collection['slug']}")
    dispute, foreseen, bulk = _shown(page, "dispute"), _shown(page, "foresee_search"), _shown(page, "bulk")
    assert dispute["seen"] == [vote["id"] for vote in dispute["votes"]]
    assert foreseen["found"] == sum(foreseen["standing"].values())
    assert foreseen["standing"]["free"] == len(foreseen["answers"]) + foreseen["later"]
    assert bulk["asked"] == bulk["stored"] + len(bulk["left_out"]) + bulk["gone"]
    assert bulk["stored"] == bulk["tagged"] + bulk["waiting"] + bulk["open"] + len(bulk["otherwise"])
    assert '"scope":"whole"' in unescape(page)  # words would have to be named
    assert client.get("/api/v1").headers["Location"].endswith(PAGE)


def _shown(page: str, operation: str) -> Any:
    """What an operation answers, as the page shows it."""
    article = page[page.index(f'id="{operation}"') :].partition("</article>")[0].rpartition("<code>")[2]
    return json.loads(unescape(article.partition("</code>")[0]))


def test_odd_requests_are_answered_as_the_description_says(
    app: Flask,
    program_of: Callable[..., Program],
    answers: Mapping[str, str],
    session: Session,
    pytestconfig: pytest.Config,
) -> None:
    """By schemathesis: statuses, types and shapes of answers are as described, and none is an error of ours."""
    both = program_of("maud", "moderator", "archivist")
    known, tried = known_names(both, answers, session), set()
    for operation in operations(app):
        try_oddly(operation, both.headers, known, requests=pytestconfig.getoption("--odd-requests"))
        tried.add(operation.definition.raw["operationId"])
    assert {told.name for told in OPERATIONS.values()} - tried == {"openapi"}  # which schemathesis leaves out itself


def known_names(program: Program, answers: Mapping[str, str], session: Session) -> dict[str, Any]:
    """What there is, by what an address calls it: made-up names are found nowhere."""
    sent = {"data": b"", "content_type": "application/octet-stream"}
    batch = program.post("/imports?collection=odd&name=odd.txt", **sent).json["id"]
    post = program.read(f"/posts/{next(iter(answers.values()))}")
    source = post["citations"][0]["source"]["id"]
    thread, author = post["thread"]["id"], post["author"]["id"]
    named = {"post": post["id"], "thread": thread, "author": author, "source": source}
    waiting = {
        "citation": post["citations"][0]["id"],
        "objection": object_as_reader(session, post["id"]),
        "trace": offer_as_reader(session, answers[FORGETFUL]),
        "takedown": ask_as_reader(session, post["id"]),
        "bulk": 1,
    }
    return {**named, **waiting, "batch": batch, "collection": "league", "number": 2, "vote_id": 1}


def operations(app: Flask) -> Iterator[Any]:
    """All operations, as schemathesis has them."""
    import schemathesis

    for result in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        yield result.ok()


def try_oddly(operation: Any, headers: Mapping[str, str], known: Mapping[str, Any], *, requests: int | None) -> None:
    """Send requests of an operation that are as described, and some that are not, and look at the answers.

    :param requests: how many, made at random; None for a few that are always the same.
    """
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    looked_at = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]
    fitting, odd = (
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @settings(
        max_examples=requests or REQUESTS,
        derandomize=requests is None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=fitting | odd)
    def run(case: Any) -> None:
        for name in case.path_parameters if isinstance(case.path_parameters, dict) else ():
            if len(str(case.query)) % 2:  # half of them, and the same ones in each run
                case.path_parameters[name] = known[name]
        answer = case.call(headers={**headers, "Accept-Encoding": "identity"})
        case.validate_response(answer, checks=looked_at)

    run()
