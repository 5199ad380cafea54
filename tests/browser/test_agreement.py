"""The pages of agreement in a browser: axe-core finds nothing, and nothing is wider than the screen."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.store.vault import Vault
from tests.browser.axe import violations
from tests.integration.conftest import Archive
from tests.integration.read_twice import read_all, set_rules, write_answers

_PAGES = (
    "/moderation/agreement",
    "/moderation/agreement?codebook=7",
    "/moderation/agreement/differences",
    "/moderation/suggestions",
    "/collections/history",
)
_TRIED = ("Link", "Reference", "Said to be from memory", "A link is the whole answer; a place stands beside it")
_ANSWERS = 180  # in May and June, three a day


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=lambda screen: f"{screen[0]}-{screen[1]}")
def page(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of each width and theme."""
    width, theme = request.param
    context = browser.new_context(base_url=served, viewport={"width": width, "height": 2400}, color_scheme=theme)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def read(session: Session, vault: Vault, tmp_path: Path, make_user: Callable) -> Archive:
    """An archive whose answers three moderators read in turn, mostly alike."""
    folder = tmp_path / "desk"
    folder.mkdir()
    archive = Archive(session, vault, folder)
    write_answers(archive, _ANSWERS)
    set_rules(archive, drawn=100)
    readers = [
        make_user(name, "moderator").id for name in ("maud", "teasel", "oriel_with_a_rather_long_name_of_her_own")
    ]
    chance = random.Random(5)
    for number, row in enumerate(archive.answers()):
        level = chance.choices(list(Level), [6, 10, 8, 5, 6, 1, 2, 2])[0]
        other = level if chance.random() < 0.85 else chance.choice(list(Level))
        told = {
            "suggestion_engine": "model-3",
            "suggested": chance.choice((level, Level.CITED)),
            "path": _TRIED[number % 4],
        }
        pair = readers[number % 3 :] + readers[: number % 3]
        read_all(archive, [row], pair, [(level, other)], after=number // 3, **told)
    return archive


def test_nothing_stands_in_the_way_on_pages_of_agreement(
    page: Page, read: Archive, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "maud")
    for address in _PAGES:
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_the_plots_have_names_and_their_figures_beside_them(
    page: Page, read: Archive, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "maud")
    page.goto("/moderation/agreement")
    for name in ("Alpha by measure", "Nominal alpha by month"):
        plot = page.get_by_role("img", name=name)
        box = plot.bounding_box()
        assert box is not None
        assert box["height"] > 80
        for dot in plot.locator(".dot, text").all():  # nothing is drawn outside of it
            place = dot.bounding_box()
            assert place is not None
            assert box["x"] - 1 <= place["x"]
            assert place["x"] + place["width"] <= box["x"] + box["width"] + 12
    assert page.get_by_role("table").count() == 6
