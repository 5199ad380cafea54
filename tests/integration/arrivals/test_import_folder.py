"""How the import folder is listed, however much lies in it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.services.ingest import arrivals, import_folder
from archive.services.ingest.import_folder import list_folder
from archive.services.jobs import Jobs
from tests.integration.conftest import Archive
from tests.integration.written import DYKES_FILE


def _fill(folder: Path, folders: int, files: int) -> None:
    for number in range(folders):
        inner = folder / f"box {number:02}" / "inner"
        inner.mkdir(parents=True)
        for file in range(files):
            (inner / f"{file}.txt").write_bytes(b"12345")


def test_one_look_at_the_folder_takes_in_so_many_names_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(tmp_path, folders=10, files=100)
    looked_at: list[str] = []
    visible = import_folder._visible

    def count(folder: Path) -> Any:
        for entry in visible(folder):
            looked_at.append(entry.path)
            yield entry

    monkeypatch.setattr(import_folder, "_visible", count)
    monkeypatch.setattr(import_folder, "MOST_NAMES", 300)
    page = list_folder(tmp_path)
    assert len(looked_at) <= 10 + 300 + 10  # and the one in each folder that tells that there are more
    assert {(entry.files, entry.size, entry.more) for entry in page.entries} == {(29, 145, True)}
    monkeypatch.undo()
    assert {(entry.files, entry.size, entry.more) for entry in list_folder(tmp_path).entries} == {(100, 500, False)}


def test_more_than_can_be_listed_is_said_to_be_there_and_can_be_picked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        (tmp_path / f"{number}.txt").write_bytes(b"12345")
    assert not list_folder(tmp_path).more
    monkeypatch.setattr(import_folder, "MOST_ENTRIES", 4)
    page = list_folder(tmp_path)
    assert ([entry.name for entry in page.entries], page.more) == (["0.txt", "1.txt", "2.txt", "3.txt"], True)
    monkeypatch.setattr(import_folder, "MOST_NAMES", 5)
    page = list_folder(tmp_path)
    assert (len(page.entries), page.more) == (4, True)
    assert import_folder.size_of(tmp_path, ["8.txt"]) == 5


def test_a_folder_that_is_closed_to_the_program_is_listed_as_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(tmp_path, folders=1, files=1)
    scan = os.scandir

    def refuse(path: Path) -> Any:
        if path.name == "inner":
            raise PermissionError
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [(entry.name, entry.files) for entry in list_folder(tmp_path).entries] == [("box 00", 0)]


def test_how_much_of_a_large_folder_is_received_is_measured_by_the_worker(
    archive: Archive, jobs: Jobs, folder: Path, order: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_folder, "_MOST_COUNTED", 1)
    for number in range(3):
        (folder / "letters" / f"{number}.txt").write_text(DYKES_FILE)
    arrival = order("letters")
    jobs.receiving.call_local(arrival)
    archive.session.rollback()
    found = arrivals.find_arrival(archive.session, arrival)
    assert found.failure is None
    assert found.size == sum(path.stat().st_size for path in (folder / "letters").glob("[!o]*.txt"))
