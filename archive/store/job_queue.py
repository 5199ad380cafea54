"""The queue of jobs: a file beside the database, through the same SQLite module as the rest.

A job is a name and a few values, written as JSON: whoever can write the file can ask for a job, and for nothing else.
What is to be done stands in the database; the queue only tells a worker to look there.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from huey import Huey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import SqliteStorage

from archive.store.engine import BUSY_TIMEOUT_MS

QueueError = sqlite.Error  # the file of the queue is locked, full or damaged


def open_queue(file: Path) -> Huey:
    """The queue in a file, which is made where it is missing."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Huey(
        "footnote",
        storage_class=_Storage,
        serializer=_Json(),
        results=False,
        filename=str(file),
        timeout=BUSY_TIMEOUT_MS / 1000,
        fsync=True,
    )


class _Storage(SqliteStorage):  # type: ignore[misc]  # it carries no types
    """Huey's tables, through the SQLite that we bring."""

    integrity_error = sqlite.IntegrityError
    operational_error = sqlite.OperationalError

    def _create_connection(self) -> Any:
        connection = sqlite.connect(self.filename, timeout=self._timeout, check_same_thread=False)
        connection.isolation_level = None
        self._set_journal_mode(connection)
        connection.execute("PRAGMA synchronous=FULL")
        return connection


class _Json(Serializer):  # type: ignore[misc]  # it carries no types
    """Jobs as JSON instead of pickles, which would run whatever stands in them."""

    def _serialize(self, data: Message) -> bytes:
        eta = data.eta.isoformat() if data.eta else None
        return json.dumps({"id": data.id, "name": data.name, "eta": eta, "args": list(data.args or ())}).encode()

    def _deserialize(self, data: Any) -> Message:
        job = json.loads(bytes(data))
        eta = datetime.fromisoformat(job["eta"]) if job["eta"] else None
        return Message(id=job["id"], name=job["name"], eta=eta, retries=0, args=tuple(job["args"]), kwargs={})
