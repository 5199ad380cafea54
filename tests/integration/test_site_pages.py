"""What an archivist sees of files of another site: in the dry run, of the batch, and in its quarantine."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.services.ingest import preview
from tests.conftest import csrf_token
from tests.integration.conftest import Archive
from tests.integration.test_sites import BEER, MUSIC, posts, site

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def archivist(client: FlaskClient, make_user: Callable, log_in: Callable) -> FlaskClient:
    make_user("arno", "archivist")
    log_in(client, "arno")
    return client


def _text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.text


def test_the_dry_run_tells_the_files_of_another_site_before_all_else(archive: Archive, archivist: FlaskClient) -> None:
    batch = archive.receive(site("beer", BEER) | site("music", MUSIC))
    page = _text(archivist, f"/imports/{batch}/preview")
    assert "3 files are not for this collection." in page
    assert "3 files of another site" in page
    assert "could not be read at all" not in page
    assert "music/Posts.xml" in page
    assert "Import and publish" in page


def test_the_dry_run_of_nothing_but_another_site_says_where_it_may_go(archive: Archive, archivist: FlaskClient) -> None:
    archive.import_({"a/Posts.xml": posts(BEER)})
    page = _text(archivist, f"/imports/{archive.receive({'b/Posts.xml': posts(MUSIC)})}/preview")
    assert "1 file is not for this collection." in page
    assert "There is no post in it to import into this collection." in page
    assert "Import and publish" not in page


@pytest.mark.parametrize(("year", "told"), [(MUSIC, True), (BEER, False)])
def test_of_a_batch_too_large_for_a_dry_run_the_first_posts_tell_it(
    archive: Archive, archivist: FlaskClient, monkeypatch: pytest.MonkeyPatch, year: int, *, told: bool
) -> None:
    monkeypatch.setattr(preview, "MOST_BYTES", 1)
    archive.import_({"a/Posts.xml": posts(BEER)})
    page = _text(archivist, f"/imports/{archive.receive({'b/Posts.xml': posts(year, *range(1, 2000))})}/preview")
    assert "there is no dry run" in page
    assert ("1 file of another site" in page) is told


def test_the_quarantine_leads_to_the_row_and_offers_no_repair(archive: Archive, archivist: FlaskClient) -> None:
    archive.import_({"a/Posts.xml": posts(BEER, 3)})
    batch = archive.import_({"b/Posts.xml": posts(MUSIC, 1, 2, 3)}).batch
    here = f"/imports/{batch}/quarantine"
    assert "See why, or dismiss" in _text(archivist, here)
    assert "is of another site than this collection" in _text(archivist, f"/imports/{batch}")
    page = _text(archivist, f"{here}/0")
    at = posts(MUSIC, 1, 2, 3).index('<row Id="3"')
    assert f'href="{here}/0?at={at}">The row that tells</a>' in page
    assert "There is nothing to repair" in page
    assert "/repairs" not in page
    assert "of 2011 and number 1" not in _text(archivist, f"{here}/0?at={at}")
    token = csrf_token(archivist, "/imports")
    answer = archivist.post(f"{here}/0/repairs", data={"csrf_token": token, "text": posts(BEER)})
    assert answer.status_code == 400
    assert "There is nothing to repair" in answer.text
    answer = archivist.post(f"{here}/0/dismissals", data={"csrf_token": token, "reason": "unwanted", "words": ""})
    assert answer.status_code == 303
    assert "Dismissed (1)" in _text(archivist, here)
