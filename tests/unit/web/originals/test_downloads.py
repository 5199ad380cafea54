"""“Download the file”: the bytes as received, wherever they lie."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.ingest.receive import receive_paths
from archive.services.ledger import Actor
from archive.store.originals import Original
from archive.store.vault import Vault
from tests.integration.written import DYKES_FILE, zipped

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def files(session: Session, vault: Vault, tmp_path: Path) -> dict[str, bytes]:
    """What was received, by its hash: an archive and the file in it."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"dykes.txt": DYKES_FILE}))
    receive_paths(session, vault, [path], collection="history", by=Actor.of(None))
    rows = session.execute(select(Original.sha256, Original.member)).all()
    session.rollback()
    return {row.sha256: DYKES_FILE.encode() if row.member else path.read_bytes() for row in rows}


def test_an_archive_and_each_member_of_it_can_be_downloaded(
    client: FlaskClient, make_user: Callable, log_in: Callable, files: dict[str, bytes]
) -> None:
    make_user("arno", "archivist")
    log_in(client, "arno")
    assert len(files) == 2
    for sha256, content in files.items():
        answer = client.get(f"/originals/{sha256}")
        assert (answer.status_code, answer.data) == (200, content)
        assert answer.headers["Content-Length"] == str(len(content))
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        answer.close()
        known = client.get(f"/originals/{sha256}", headers={"If-None-Match": answer.headers["ETag"]})
        assert known.status_code == 304
        known.close()


def test_a_hash_that_nothing_has_is_not_found(client: FlaskClient, make_user: Callable, log_in: Callable) -> None:
    make_user("arno", "archivist")
    log_in(client, "arno")
    assert client.get("/originals/" + "0" * 64).status_code == 404
