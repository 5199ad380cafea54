"""What a dry run lists of much: the first of it, with the count of all."""

import json
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.receive import receive_files
from archive.services.ledger import Actor
from archive.store.vault import Vault

pytestmark = pytest.mark.database("sqlite")

SUBMISSION = {"id": "aa1", "author": "clio", "title": "Who paid for the dykes?", "selftext": "", "subreddit": "history"}


def test_of_each_kind_of_remark_a_dry_run_lists_the_first_fifty(
    archivist: FlaskClient, session: Session, vault: Vault
) -> None:
    content = (json.dumps(SUBMISSION) + "\n" + "[1]\n" * 70).encode()
    files = [NamedFile("dump.ndjson", lambda: BytesIO(content))]
    files += [NamedFile(f"folder/.hidden-{number}", lambda: BytesIO(b"")) for number in range(60)]
    batch = receive_files(session, vault, files, collection="history", by=Actor.of(None))
    page = archivist.get(f"/imports/{batch}/preview").get_data(as_text=True)
    assert "The first 50 of 70 are listed." in page
    assert page.count("is not a JSON object") == 50
    assert "The first 50 of 60 are listed." in page
