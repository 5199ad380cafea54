"""Drafts, and what was rolled back, are on no page of those who may not import: asked for at every address."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.domain.permissions import Role
from archive.domain.source_quality import Level
from archive.services.ingest.publish import roll_back
from tests.integration.conftest import BY, Archive
from tests.integration.every_address import Places, addresses, places_of
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
def places(archive: Archive, make_user: Callable) -> Places:
    """What can stand in an address: of public threads, of drafts, of what is gone."""
    archive.import_({"dykes.txt": DYKES_FILE}, public=True)
    archive.judge(RUSTICUS, Level.UNSOURCED, make_user("maud", Role.MODERATOR))
    archive.import_(
        {"bilby.txt": thread("Who saw the quokka?", [("wombat_1", "The numbat did.")])}, collection="kowari"
    )
    archive.import_({"again.txt": thread(DYKES, MORE_ON_DYKES)})
    gone = archive.import_({"gone.txt": thread("Who saw the antechinus?", [("wombat_1", "Nobody.")])})
    roll_back(archive.session, gone.batch, reason="", by=BY)
    archive.receive({"waiting.txt": thread("Who waits for the bilby?")})
    return places_of(archive.session, rows=5)


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
    app: Flask, role: Role, make_user: Callable, log_in: Callable, places: Places
) -> None:
    client = app.test_client()
    if role:
        make_user("teasel", role)
        log_in(client, "teasel")
    said = {path: tell(client, path) for path in addresses(app, places, ARGUMENTS)}
    assert [(path, secret) for path in said for secret in SECRETS if secret in said[path]] == []


def test_an_archivist_finds_each_of_them(
    app: Flask, client: FlaskClient, make_user: Callable, log_in: Callable, places: Places
) -> None:
    make_user("arno", Role.ARCHIVIST)
    log_in(client, "arno")
    said = "".join(tell(client, path) for path in addresses(app, places, ARGUMENTS))
    assert [secret for secret in SECRETS if secret not in said] == []


def test_what_an_archivist_was_shown_is_kept_for_nobody_else(
    app: Flask, client: FlaskClient, make_user: Callable, log_in: Callable, places: Places
) -> None:
    make_user("arno", Role.ARCHIVIST)
    log_in(client, "arno")
    stranger = app.test_client()
    for path in addresses(app, places, ARGUMENTS):
        shown = client.get(path)
        tags = shown.headers.get("ETag")
        shown.close()
        said = stranger.get(path, headers={"If-None-Match": tags} if tags else {}).get_data(as_text=True).lower()
        assert [secret for secret in SECRETS if secret in said and secret not in path] == [], path
