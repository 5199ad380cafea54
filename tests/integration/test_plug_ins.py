"""Readers of other packages in the archive: nothing that they do stops it, and what they cost is said."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.services.health import examine_plug_ins
from archive.store.batches import RemarkKind, list_inputs, list_remarks
from tests.integration.conftest import Archive
from tests.unit.imports.packages import Install, reader, room_for_packages

_FAILS_LATE = """
half = size // 2
if size > 100:
    yield r.PostRecord(
        thread="t", key="k", key_basis=r.KeyBasis.SOURCE, parent=None, kind=r.PostKind.QUESTION, byline=None,
        title="Why?", text="Because.", markup=r.Markup.PLAIN, posted_at=None,
        ref=r.RawRef(original=original, offset=0, length=half),
    )
    raise ValueError("half is enough")
yield r.Layout(ref=r.RawRef(original=original, offset=0, length=size))
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    folder = tmp_path / "packages"
    folder.mkdir()
    with room_for_packages(folder, monkeypatch) as install:
        yield install


def _said(session: Session) -> list[tuple[bool, str]]:
    return [(found.is_warning, found.sentence) for found in examine_plug_ins(session)]


def test_a_reader_that_fails_in_the_middle_costs_the_rest_of_its_file(archive: Archive, install: Install) -> None:
    install("halves", reader(_FAILS_LATE, name="halves"))
    archive_files = {"a.halves": "halves" + "x" * 200, "b.txt": "Why?\n\nby ann_1\n\nben_2\n\nBecause.\n"}
    done = archive.import_(archive_files)
    assert (done.balance.added, done.balance.quarantined) == (3, 1)
    assert done.balance.bytes_set_aside == 103
    (remark,) = list_remarks(archive.session, done.batch, kind=RemarkKind.QUARANTINED)
    assert remark.text == "The reader “halves” of the package halves 1.0 failed here: ValueError: half is enough"
    assert _said(archive.session) == [
        (False, "The reader “halves” of the package halves 1.0 reads “T”."),
        (True, "The reader “halves” of the package halves 1.0 left something in quarantine: 1 stretches."),
    ]


def test_a_file_is_read_again_when_another_reader_is_installed(archive: Archive, install: Install) -> None:
    files = {"a.halves": "halves" + "x" * 50}
    first = archive.import_(files)
    again = archive.import_(files)
    install("halves", reader(_FAILS_LATE, name="halves"))
    anew = archive.import_(files)
    assert [len(list_inputs(archive.session, done.batch)) for done in (first, again, anew)] == [1, 1, 1]
    assert again.balance.bytes_in_layout == first.balance.bytes_in_layout
    assert anew.balance.bytes_in_layout == 56


def test_the_form_offers_installed_readers_and_names_those_at_fault(
    client: FlaskClient, make_user: Callable, log_in: Callable, install: Install
) -> None:
    install("fine", reader("yield r.Layout(ref=r.RawRef(original=original, offset=0, length=size))", name="fine"))
    install("broken", "import nothing_that_is_there\n")
    make_user("arno", "archivist")
    log_in(client, "arno")
    page = client.get("/imports/new").text
    assert '<option value="fine">T</option>' in page
    assert "The reader “broken” of the package broken 1.0 is at fault. It cannot be loaded: ModuleNotFoundError" in page
    assert "“fine” of the package" not in page
