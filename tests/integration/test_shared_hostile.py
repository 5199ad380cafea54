"""Every hostile input goes through the whole import: nothing stops it, and its sums are right."""

from pathlib import Path

import pytest

from archive.store.batches import RemarkKind, list_remarks
from tests.integration.conftest import Archive
from tests.unit.imports.conftest import shared_data

__all__ = ["shared_data"]

_FOLDERS = ("json", "hn", "xml", "mail", "threads", "unicode", "values", "rawtext", "csv")


@pytest.mark.parametrize("folder", _FOLDERS)
def test_a_hostile_folder_is_imported_without_an_error(archive: Archive, shared_data: Path, folder: str) -> None:
    paths = sorted((shared_data / "hostile" / folder).iterdir())
    imported = archive.import_paths(paths, collection=folder)
    balance = imported.balance
    assert balance.adds_up
    assert balance.bytes_received == sum(path.stat().st_size for path in paths)
    quarantined = list_remarks(archive.session, imported.batch, kind=RemarkKind.QUARANTINED, limit=100_000)
    assert len(quarantined) == balance.quarantined
    assert all(remark.text and remark.name for remark in quarantined)
