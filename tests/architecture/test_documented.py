"""Every setting and every command is in the documentation, and nothing else is."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from archive.cli import main
from archive.domain.assessment import ENGINE
from archive.settings import VARIABLES
from tests.architecture.sources import ROOT

_PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_SETTINGS_PAGE = ROOT / "docs" / "settings.md"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| `(FOOTNOTE_\w+)` \| ([^|]+?) \| [^|]+ \|$", _SETTINGS_PAGE.read_text("utf-8"), re.MULTILINE)
    assert {name: default.replace("`", "") for name, default in rows} == VARIABLES


def test_no_page_speaks_of_a_setting_that_does_not_exist() -> None:
    spoken = {
        (path.name, name)
        for path in _PAGES
        for name in re.findall(r"\bFOOTNOTE_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))
    }
    assert not [(page, name) for page, name in sorted(spoken) if name not in VARIABLES]


def test_the_documentation_names_the_engine_that_there_is() -> None:
    said = {name for page in _PAGES for name in re.findall(r"`(model-\d+)\b", page.read_text("utf-8"))}
    assert said == {ENGINE}


def test_every_command_is_documented() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))])
    missing = [name for name in _commands() if not re.search(rf"\bfootnote {re.escape(name)}\b", text)]
    assert not missing


@pytest.mark.parametrize("page", ["README.md", "docs/importing.md"])
@pytest.mark.parametrize("way", ["footnote import --large-window", "import folder|FOOTNOTE_IMPORT_FOLDER"])
def test_a_newcomer_is_told_how_dumps_of_reddit_and_large_files_come_in(page: str, way: str) -> None:
    beginning = "\n".join((ROOT / page).read_text("utf-8").splitlines()[:55])
    assert re.search(way, beginning)


def test_every_command_says_what_it_does() -> None:
    for name in _commands():
        command: click.Command = main
        for word in name.split():
            assert isinstance(command, click.Group)
            command = command.commands[word]
        assert command.help, name


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def _commands() -> Iterator[str]:
    def walk(group: click.Group, prefix: str) -> Iterator[str]:
        for name, command in sorted(group.commands.items()):
            if isinstance(command, click.Group):
                yield from walk(command, f"{prefix}{name} ")
            else:
                yield prefix + name

    return walk(main, "")
