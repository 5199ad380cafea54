"""Texts of which the source itself has newer ones: they are kept beside them, and never shown in their place."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.domain.batch import Balance
from archive.services.verify import find_faults
from tests.integration.conftest import COLLECTION, Archive
from tests.unit.imports.conftest import ROOT

Counts = Callable[[Balance], dict[str, int]]
_FOLDER = ROOT / "tests/fixtures/imports/stack_exchange"
_POSTS, _USERS = _FOLDER / "site/Posts.xml", _FOLDER / "site/Users.xml"
_HISTORY = _FOLDER / "history/PostHistory.xml"


def _place(archive: Archive, *paths: Path) -> list[Path]:
    return archive.write({path.name: path.read_bytes() for path in paths})


def _shown(archive: Archive, *, drafts: bool) -> dict[str, str]:
    return {row.byline or "": row.text for row in archive.posts(drafts=drafts)}


@pytest.mark.parametrize("order", [[_HISTORY, _POSTS, _USERS], [_POSTS, _USERS, _HISTORY]])
def test_the_newest_text_is_shown_whichever_file_comes_first(
    archive: Archive, client: FlaskClient, order: list[Path], counts: Counts
) -> None:
    imported = archive.import_paths(_place(archive, *order))
    assert counts(imported.balance) == {"added": 4, "changed": 3, "quarantined": 1, "skipped": 3}
    draft = _shown(archive, drafts=True)
    assert draft["margriet"] == "<p>Alum: see the guild’s book of 1402.</p>"
    again = archive.import_paths(_place(archive, *order), public=True)
    assert (again.balance.added, again.balance.changed) == (0, 0)
    assert _shown(archive, drafts=False) == draft
    assert list(find_faults(archive.session, archive.vault, say=lambda _: None)) == []
    (row,) = [row for row in archive.posts(drafts=False) if row.byline == "margriet"]
    page = client.get(f"/posts/{row.public_id}/revisions").text
    assert [text in page for text in ("Alum: see", "Alum, I think.", "Alum.")] == [True] * 3
    assert "this text written 3" in re.sub(r"\s+", " ", page)


def test_a_history_that_comes_later_changes_nothing_that_is_shown(archive: Archive, counts: Counts) -> None:
    archive.import_paths(_place(archive, _POSTS, _USERS), public=True)
    shown = _shown(archive, drafts=False)
    later = archive.import_paths(_place(archive, _POSTS, _USERS, _HISTORY), public=True)
    assert counts(later.balance) == {"changed": 3, "unchanged": 4, "quarantined": 1, "skipped": 3}
    assert _shown(archive, drafts=False) == shown
    newer = archive.write({"Posts.xml": _POSTS.read_bytes().replace(b'Score="7"', b'Score="8"')})
    anew = archive.import_paths(newer, collection=COLLECTION)
    assert counts(anew.balance) == {"unchanged": 4, "skipped": 1}
    assert list(find_faults(archive.session, archive.vault, say=lambda _: None)) == []


def test_a_text_is_still_the_newest_when_an_earlier_one_came_between(archive: Archive, counts: Counts) -> None:
    files = {path.name: path.read_bytes() for path in (_POSTS, _USERS, _HISTORY)}
    newer = files["Posts.xml"].replace(b'Score="7"', b'Score="8"')
    imported = archive.import_paths(archive.write({**files, "copy/Posts.xml": newer}))
    assert counts(imported.balance) == {"added": 4, "changed": 3, "duplicate": 4, "quarantined": 1, "skipped": 4}
