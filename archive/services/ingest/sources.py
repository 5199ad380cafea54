"""What is left to read of an import: as many files as there are, of which few are in memory at a time."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from archive.domain.ids import Sha256
from archive.domain.records import LineReading
from archive.services.ingest.chunks import Source
from archive.services.ingest.inputs import Beside, Companion, Open, is_companion, open_path
from archive.store.vault import Vault
from imports.companions import open_unnamed, told_as_disk_error

_SCHEMA = "source (position INTEGER PRIMARY KEY, name, original, size, corrections, start, path)"
_AT_ONCE = 1_000  # files


class Input(NamedTuple):
    """A file of an import."""

    position: int
    name: str
    original: Sha256
    size: int  # bytes
    corrections: Mapping[str, str]
    start: int = 0  # bytes; what lies before has been read in
    done: bool = False
    path: Path | None = None  # where it lies, if it is not in the vault


class Sources:
    """Files, ready to be read from where they were left. They can be gone through again, and in another thread."""

    def __init__(self, vault: Vault, inputs: Iterable[Input]) -> None:
        """`inputs`: all of them; those that are done are only looked into, if they lie beside others.

        :raises OSError: if there is no room for a temporary file.
        """
        self._vault, self._database = vault, open_unnamed()
        companions: list[tuple[str, Companion]] = []
        self._database.execute(f"CREATE TABLE {_SCHEMA}")
        self._database.execute("BEGIN")
        with told_as_disk_error():
            self._database.executemany(
                "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?)", self._left(inputs, companions)
            )
        self._beside = Beside(companions)

    def close(self) -> None:
        """Let go of everything."""
        self._database.close()

    def __iter__(self) -> Iterator[Source]:
        query = "SELECT * FROM source WHERE position > ? ORDER BY position LIMIT ?"
        last = -1
        while rows := self._database.execute(query, [last, _AT_ONCE]).fetchall():
            for position, name, original, size, corrections, start, path in rows:
                yield Source(
                    position=position,
                    name=name,
                    original=original,
                    size=size,
                    open=self._opener(original, None if path is None else Path(os.fsdecode(path))),
                    corrections=readings_of(json.loads(corrections)),
                    companions=self._beside.of(name),
                    start=start,
                )
            last = rows[-1][0]

    def _left(
        self, inputs: Iterable[Input], companions: list[tuple[str, Companion]]
    ) -> Iterator[tuple[int | str | bytes | None, ...]]:
        for file in inputs:
            if is_companion(file.name):
                companions.append((file.name, Companion(file.original, self._opener(file.original, file.path))))
            if not file.done:
                path = None if file.path is None else os.fsencode(file.path)
                yield *file[:4], json.dumps(dict(file.corrections)), file.start, path

    def _opener(self, original: Sha256, path: Path | None) -> Open:
        return partial(self._vault.open, original) if path is None else partial(open_path, path)


def readings_of(corrections: Mapping[str, str]) -> dict[int, LineReading]:
    """Stored corrections as readers take them."""
    return {int(offset): LineReading(reading) for offset, reading in corrections.items()}
