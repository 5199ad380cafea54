"""`find_faults`: silent damage to what was received is found, and named."""

from typing import Any

import pytest

from archive.services.ingest.publish import publish
from archive.services.verify import batches, find_faults
from tests.integration.conftest import BY, Archive, Content
from tests.integration.written import BELLS_FILE, DYKES_FILE, SALT_FILE, zipped

FILES: dict[str, Content] = {
    "a.txt": DYKES_FILE,
    "b.txt": SALT_FILE,
    "c.zip": zipped({"bells.txt": BELLS_FILE}),
}


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def test_each_flipped_byte_in_any_original_is_found_and_named(archive: Archive) -> None:
    archive.import_(FILES)
    assert faults(archive) == []
    paths = archive.files()
    assert [path.suffix for path in paths].count(".zst") == 3
    assert len(paths) == 4
    for path in paths:
        raw = path.read_bytes()
        path.chmod(0o600)
        for place in (0, len(raw) // 2, len(raw) - 1):
            path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
            found = faults(archive)
            assert any(path.stem in fault and "its bytes are not those" in fault for fault in found), found
        path.write_bytes(raw)
    assert faults(archive) == []


@pytest.mark.parametrize("damage", ["missing", "cut", "longer"])
def test_an_original_that_is_missing_or_of_another_size_is_named(archive: Archive, damage: str) -> None:
    archive.import_(FILES)
    path = archive.files()[1]
    raw = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(raw[:-1] if damage == "cut" else raw + b"\n")
    found = faults(archive)
    assert any(fault.startswith(f"Original {path.stem}") for fault in found), found


def test_a_member_and_its_container_are_named_each_for_itself(archive: Archive) -> None:
    archive.import_({"c.zip": FILES["c.zip"]})
    for missing, path in enumerate(archive.files(), 1):
        path.unlink()
        assert len(faults(archive)) == missing


def test_a_file_that_no_batch_names_is_said_and_is_no_fault(archive: Archive) -> None:
    archive.import_(FILES)
    with archive.vault.receiving() as receiver:
        kept = receiver.keep([b"left ", b"over"])
    said: list[str] = []
    assert list(find_faults(archive.session, archive.vault, say=said.append)) == []
    assert any(kept.sha256 in sentence for sentence in said)


def test_what_others_commit_while_it_looks_is_no_fault(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = archive.import_(FILES).batch
    archive.session.rollback()
    read = batches.read_entries

    def publish_first(*asked: Any, **how: Any) -> Any:
        monkeypatch.setattr(batches, "read_entries", read)
        publish(archive.session, batch, by=BY)
        return read(*asked, **how)

    monkeypatch.setattr(batches, "read_entries", publish_first)
    told = archive.run("verify")
    assert (told.exit_code, told.stdout) == (0, "")
