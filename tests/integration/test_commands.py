"""What commands say to the person at the terminal, and what they take."""

import pytest

from archive.cli import imports, quality
from tests.integration.conftest import Archive
from tests.integration.written import BELLS_FILE, DYKES_FILE, lines

pytestmark = pytest.mark.database("sqlite")


def test_a_collection_is_called_by_its_name_or_by_that_in_its_address(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE}, collection="Water Works", public=True)
    for name in ("Water Works", "water-works"):
        assert "dykes" in archive.run("threads", "--collection", name).stdout.lower()
        assert "1 found" not in archive.run("search", "nothing-of-that", "--collection", name).stderr
        assert archive.run("search", "water", "--collection", name).stdout
        assert archive.run("export", name).stdout
    for how in (["threads", "--collection"], ["search", "water", "--collection"], ["export"]):
        refused = archive.run(*how, "Wind Works")
        assert refused.exit_code != 0
        assert "There is no such collection" in refused.stderr


def test_an_import_says_how_much_of_the_quarantine_it_does_not_list(archive: Archive) -> None:
    bad = "".join(f'{{"text": {number}\n' for number in range(9))
    (file,) = map(str, archive.write({"a.jsonl": lines(DYKES_FILE) + bad}))
    told = archive.run("import", file)
    assert "4 more in quarantine, not listed here." in told.stderr
    assert "“footnote quarantine 1” lists it" in told.stderr
    dry = archive.run("import", "--dry-run", file)
    assert "4 more in quarantine, not listed here." in dry.stderr
    assert "It is kept" not in dry.stderr


def test_an_import_that_brings_nothing_new_is_not_offered_for_publishing(archive: Archive) -> None:
    (file,) = map(str, archive.write({"a.txt": BELLS_FILE}))
    assert "“footnote publish 1” makes it public" in archive.run("import", file).stderr
    assert "brings nothing new" in archive.run("import", file).stderr


def test_an_import_that_is_cut_off_says_how_it_goes_on(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (file,) = map(str, archive.write({"a.txt": BELLS_FILE}))
    with monkeypatch.context() as patch:
        patch.setattr(imports, "run_batch", cut_off)
        told = archive.run("import", file)
    assert (told.exit_code, "the same command goes on with batch 1" in told.stderr) == (130, True)
    assert archive.run("import", file).exit_code == 0


def test_assessing_says_how_far_it_is_and_when_all_is_done(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    told = archive.run("assess").stderr
    assert "0 of 2 answers assessed." in told
    assert "2 of 2 answers assessed, " in told
    assert "a second, 0 seconds left." in told
    assert "Every published answer has its suggestion" in told
    assert "2 of 2 answers assessed." in archive.run("assess").stderr


def test_assessing_that_is_cut_off_says_how_it_goes_on(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(quality, "_in_words", cut_off)
    stopped = archive.run("assess")
    assert stopped.exit_code == 130
    assert "the same command goes on from there" in stopped.stderr
