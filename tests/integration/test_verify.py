"""`find_faults`: silent damage to what was received is found, and named."""

from pathlib import Path

import pytest

from archive.services.verify import find_faults
from tests.integration.conftest import Archive, Content
from tests.integration.written import BELLS_FILE, DYKES_FILE, SALT_FILE, zipped

FILES: dict[str, Content] = {
    "a.txt": DYKES_FILE,
    "b.txt": SALT_FILE,
    "c.zip": zipped({"bells.txt": BELLS_FILE}),
}


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def originals(archive: Archive) -> list[Path]:
    return [archive.vault.path(sha256) for sha256 in archive.vault.hashes()]


def test_each_flipped_byte_in_any_original_is_found_and_named(archive: Archive) -> None:
    archive.import_(FILES)
    assert faults(archive) == []
    paths = originals(archive)
    assert len(paths) == 3
    for path in paths:
        raw = path.read_bytes()
        path.chmod(0o600)
        for place in (0, len(raw) // 2, len(raw) - 1):
            path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
            found = faults(archive)
            assert any(path.name in fault and "its bytes are not those" in fault for fault in found), found
        path.write_bytes(raw)
    assert faults(archive) == []


@pytest.mark.parametrize("damage", ["missing", "cut", "longer"])
def test_an_original_that_is_missing_or_of_another_size_is_named(archive: Archive, damage: str) -> None:
    archive.import_(FILES)
    path = originals(archive)[1]
    raw = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(raw[:-1] if damage == "cut" else raw + b"\n")
    found = faults(archive)
    assert any(fault.startswith(f"Original {path.name}") for fault in found), found


def test_a_member_whose_container_is_missing_is_named(archive: Archive) -> None:
    archive.import_({"c.zip": FILES["c.zip"]})
    (path,) = originals(archive)
    path.unlink()
    assert len(faults(archive)) == 2


def test_a_file_that_no_batch_names_is_said_and_is_no_fault(archive: Archive) -> None:
    archive.import_(FILES)
    with archive.vault.receiving() as receiver, (archive.write({"d.txt": "left over"})[0]).open("rb") as file:
        kept = receiver.keep(file)
    said: list[str] = []
    assert list(find_faults(archive.session, archive.vault, say=said.append)) == []
    assert any(kept.sha256 in sentence for sentence in said)
