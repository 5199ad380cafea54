"""What the installation runs on, and what of it may harm the archive."""

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from archive import __version__
from archive.settings import Settings
from archive.store.batches import count_quarantined
from archive.store.engine import sqlite_file
from archive.store.vault import Vault
from imports.formats import find_plug_ins

_MIB = 1024 * 1024
_LITTLE_SPACE = 1024 * _MIB
# https://sqlite.org/wal.html: two connections that write or checkpoint at once can corrupt a WAL database.
_WAL_BUG = ((3, 7, 0), (3, 51, 2))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    sentence: str
    is_warning: bool = False


def examine(session: Session, vault: Vault, settings: Settings) -> Iterator[Finding]:
    """Yield what was found."""
    yield Finding(f"Footnote {__version__} on Python {platform.python_version()}.")
    yield from _database(session)
    yield from examine_plug_ins(session)
    free = shutil.disk_usage(settings.data).free
    yield Finding(
        f"{free // _MIB:,} MiB are free in {settings.data}.",
        is_warning=free < _LITTLE_SPACE,
    )
    yield Finding(f"Originals lie in {vault.folder}.")
    mode = settings.data.stat().st_mode & 0o077
    yield Finding(
        "The data folder is closed to other accounts." if not mode else "Other accounts can look into the data folder.",
        is_warning=bool(mode),
    )


def examine_plug_ins(session: Session) -> Iterator[Finding]:
    """Yield what is to be said of the readers that other packages bring along."""
    plug_ins = find_plug_ins()
    quarantined = count_quarantined(session, [plug_in.format.name for plug_in in plug_ins if plug_in.format])
    for plug_in in plug_ins:
        who = f"The reader “{plug_in.name}” of the package {plug_in.package}"
        if plug_in.fault is not None:
            yield Finding(f"{who} is at fault. {plug_in.fault}", is_warning=True)
        elif plug_in.format is not None:
            yield Finding(f"{who} reads “{plug_in.format.title}”.")
        count = quarantined.get(plug_in.format.name, 0) if plug_in.format else 0
        if count:
            yield Finding(f"{who} left something in quarantine: {count:,} stretches.", is_warning=True)


def _database(session: Session) -> Iterator[Finding]:
    file = sqlite_file(session.get_bind().engine)
    if file is None:
        yield Finding(f"PostgreSQL {session.scalar(text('SHOW server_version'))}.")
        return
    version = str(session.scalar(text("SELECT sqlite_version()")))
    numbers = tuple(int(part) for part in version.split("."))
    at_risk = _WAL_BUG[0] <= numbers <= _WAL_BUG[1]
    risk = "; versions 3.7.0 to 3.51.2 can corrupt the database when two programs write" if at_risk else ""
    yield Finding(f"SQLite {version} in {file}{risk}.", is_warning=at_risk)
    synchronous = session.scalar(text("PRAGMA synchronous"))
    yield Finding(
        "What is acknowledged is on disk." if synchronous == 2 else "A power cut may lose what was acknowledged.",
        is_warning=synchronous != 2,
    )
