"""Archives that are filled once for all tests of a process: each of them gets a copy."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive.store.vault import Vault
from tests.databases import Copies, copied, opened

Filling = Callable[[Session, Vault], object]  # puts something into an archive, and may say where that is


@dataclass(frozen=True, slots=True)
class Master:
    """An archive to be copied."""

    copy: Copies  # of its database
    originals: Path  # there if it has any
    made: Any  # what whoever filled it gave back


@contextmanager
def filled(copies: Copies, folder: Path, filling: Filling) -> Iterator[Master]:
    """Fill one archive, whose files lie in the folder."""
    originals = folder / "originals"
    with copies(folder) as url:
        with opened(url) as engine, Session(engine, expire_on_commit=False) as session:
            made = filling(session, Vault(originals))
        yield Master(partial(copied, url), originals, made)


def filling_for(**fillings: Filling) -> Any:
    """A fixture `filling`: by the name of a fixture that a test asks for, what its archive is filled with."""

    @pytest.fixture
    def filling(request: pytest.FixtureRequest) -> Filling | None:
        return next((fill for name, fill in fillings.items() if name in request.fixturenames), None)

    return filling
