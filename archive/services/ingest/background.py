"""Imports that run beside the web: one thread, a session of its own, its progress in the batch's row."""

import logging
import threading

from sqlalchemy.orm import Session

from archive.errors import ArchiveError
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.opening import open_engine
from archive.store.vault import Vault

_log = logging.getLogger(__name__)


def start(database_url: str, vault: Vault, batch_id: int, *, by: Actor, publish_it: bool) -> threading.Thread:
    """Begin to read a batch in, or go on with it. If the server ends, the batch waits to be continued."""
    work = threading.Thread(
        target=_work, args=(database_url, vault, batch_id, by, publish_it), name=f"batch-{batch_id}", daemon=True
    )
    work.start()
    return work


def _work(database_url: str, vault: Vault, batch_id: int, by: Actor, publish_it: bool) -> None:
    engine = open_engine(database_url)
    try:
        with Session(engine, expire_on_commit=False) as session:
            run_batch(session, vault, batch_id, by=by, publish_it=publish_it)
    except ArchiveError as error:
        _log.warning("Batch %d: %s", batch_id, error)
    finally:
        engine.dispose()
