"""A batch of which no file could be read, and what its pages still offer when it is discarded."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import roll_back
from archive.services.ingest.receive import receive_files
from archive.services.ledger import Actor
from archive.store.vault import Vault

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def batch(session: Session, vault: Vault) -> int:
    """A batch of one damaged archive."""
    files = [NamedFile("torn.zip", lambda: BytesIO(b"PK\x03\x04" + b"torn" * 20))]
    return receive_files(session, vault, files, collection="history", by=Actor.of(None))


def _page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_batch_without_a_file_is_named_once_and_counts_none(archivist: FlaskClient, batch: int) -> None:
    page = _page(archivist, f"/imports/{batch}")
    assert f"<h1>Batch {batch}</h1>" in page
    assert "0 files" not in page + _page(archivist, "/imports")


def test_a_discarded_batch_offers_nothing_to_repair(archivist: FlaskClient, session: Session, batch: int) -> None:
    roll_back(session, batch, reason="", by=Actor.of(None))
    page = _page(archivist, f"/imports/{batch}")
    assert "Discarded." in page
    assert "Repair or dismiss" not in page
    assert "See the bytes" in page
    assert "rolled back or discarded: nothing" in _page(archivist, f"/imports/{batch}/quarantine")
