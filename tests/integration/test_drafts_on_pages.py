"""Drafts, and what was rolled back, are on no page of those who may not import: asked for at every address."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from archive.domain.permissions import Role
from archive.domain.source_quality import Level
from archive.services.ingest.publish import roll_back
from archive.store.batches import RemarkKind
from archive.store.collections import Collection
from archive.store.originals import Original
from archive.store.threads import Author, Post, Thread
from tests.integration.conftest import BY, Archive
from tests.integration.written import DYKES, DYKES_FILE, ON_DYKES, RUSTICUS, thread

pytestmark = pytest.mark.database("sqlite")

# In drafts or in what was rolled back, and nowhere else.
SECRETS = ("quokka", "wombat", "numbat", "bilby", "potoroo", "dunnart", "kowari", "antechinus")
MORE_ON_DYKES = (*ON_DYKES, ("dunnart_4", "The abbeys of potoroo paid for the rest."))
# What may follow an address, by the kind of place that it names.
ARGUMENTS = {
    "": ("", "?q=quokka", "?q=dykes", "?q=potoroo&level=unsourced", "?batch=3"),
    "PublicIdConverter": ("", "?revision=2"),
    "SlugConverter": ("", "?sort=newest"),
}


@pytest.fixture
def places(archive: Archive, make_user: Callable) -> dict[str, list[str]]:
    """What can stand in an address, by the name of its converter: of public threads, of drafts, of what is gone."""
    archive.import_({"dykes.txt": DYKES_FILE}, public=True)
    archive.judge(RUSTICUS, Level.UNSOURCED, make_user("maud", Role.MODERATOR))
    archive.import_(
        {"bilby.txt": thread("Who saw the quokka?", [("wombat_1", "The numbat did.")])}, collection="kowari"
    )
    archive.import_({"again.txt": thread(DYKES, MORE_ON_DYKES)})
    gone = archive.import_({"gone.txt": thread("Who saw the antechinus?", [("wombat_1", "Nobody.")])})
    roll_back(archive.session, gone.batch, reason="", by=BY)
    archive.receive({"waiting.txt": thread("Who waits for the bilby?")})
    ids = [*map(select, (Post.public_id, Thread.public_id, Author.public_id))]
    return {
        "PublicIdConverter": [id_ for query in ids for id_ in archive.session.scalars(query)],
        "SlugConverter": [*archive.session.scalars(select(Collection.slug))],
        "RowConverter": ["1", "2", "3", "4", "5"],
        "UnicodeConverter": [*RemarkKind, "json", "csv", "undated"],
        "PathConverter": ["forum.example/t/1/2", "quokka"],
        "Sha256Converter": [*archive.session.scalars(select(Original.sha256))],
    }


def addresses(
    app: Flask, places: dict[str, list[str]], arguments: Mapping[str, tuple[str, ...]] = ARGUMENTS
) -> Iterator[str]:
    """Every address that can be asked for, but for static files."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static_files.send":
            kind = "".join(type(converter).__name__ for converter in rule._converters.values())
            yield from (path + asked for path in _paths(rule, places) for asked in arguments.get(kind, ("",)))


def _paths(rule: Rule, places: dict[str, list[str]]) -> Iterator[str]:
    converters = rule._converters
    for values in product(*(places[type(converter).__name__] for converter in converters.values())):
        built = rule.build(dict(zip(converters, values, strict=True)))
        assert built is not None
        yield built[1]


def tell(client: FlaskClient, path: str) -> str:
    """Everything that the answer says which the question did not, in lower case."""
    answer = client.get(path)
    said = answer.get_data(as_text=True).lower() + str(answer.headers).lower()
    answer.close()
    for asked in ("quokka", "potoroo", "kowari"):
        if asked in path:
            said = said.replace(asked, "")
    assert answer.status_code < 500, path
    return said


@pytest.mark.parametrize("role", [None, Role.READER, Role.MODERATOR])
def test_nobody_sees_drafts_who_may_not_import(
    app: Flask, role: Role, make_user: Callable, log_in: Callable, places: dict[str, list[str]]
) -> None:
    client = app.test_client()
    if role:
        make_user("teasel", role)
        log_in(client, "teasel")
    said = {path: tell(client, path) for path in addresses(app, places)}
    assert [(path, secret) for path in said for secret in SECRETS if secret in said[path]] == []


def test_an_archivist_finds_each_of_them(
    app: Flask, client: FlaskClient, make_user: Callable, log_in: Callable, places: dict[str, list[str]]
) -> None:
    make_user("arno", Role.ARCHIVIST)
    log_in(client, "arno")
    said = "".join(tell(client, path) for path in addresses(app, places))
    assert [secret for secret in SECRETS if secret not in said] == []


def test_what_an_archivist_was_shown_is_kept_for_nobody_else(
    app: Flask, client: FlaskClient, make_user: Callable, log_in: Callable, places: dict[str, list[str]]
) -> None:
    make_user("arno", Role.ARCHIVIST)
    log_in(client, "arno")
    stranger = app.test_client()
    for path in addresses(app, places):
        shown = client.get(path)
        tags = shown.headers.get("ETag")
        shown.close()
        said = stranger.get(path, headers={"If-None-Match": tags} if tags else {}).get_data(as_text=True).lower()
        assert [secret for secret in SECRETS if secret in said and secret not in path] == [], path
