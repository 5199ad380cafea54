"""The practice in a browser: done by keyboard alone, without script, left and taken up again, and in nobody's way."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.services.bench.cast import Said, Sight, cast
from archive.services.browse import visible_post
from archive.services.practice import give_level, practice_answers
from archive.store.users import User
from archive.store.vault import Vault
from tests.browser.axe import violations
from tests.browser.threads import publish_thread

ANSWERS = practice_answers()
_SCREENS = [
    # The height is such that the dock of the bench covers nothing that could be scrolled into view.
    {"viewport": {"width": 1280, "height": 8000}, "color_scheme": "light"},
    {"viewport": {"width": 390, "height": 8000}, "color_scheme": "dark"},
]
KEYS = {level: str(number) for number, level in enumerate(Level, start=1)}


@pytest.fixture
def newcomer(browser: Browser, served: str, make_user: Callable, sign_in: Callable) -> Iterator[Callable[..., Page]]:
    """A new moderator, with a browser of their own, where work begins."""
    contexts = []

    def newcomer(**options: object) -> Page:
        make_user("newt", "moderator", practised=False)
        contexts.append(browser.new_context(base_url=served, **options))
        contexts[-1].set_default_timeout(15_000)
        page = contexts[-1].new_page()
        sign_in(page, "newt")
        return page

    yield newcomer
    for context in contexts:
        context.close()


def _practise(page: Page, number: int, level: Level) -> None:
    expect(page.locator("#focus-h")).to_have_text(f"Answer {number}")
    expect(page.locator("#focus-h")).to_be_focused()
    page.keyboard.press(KEYS[level])
    expect(page.locator("#said-h")).to_be_focused()


def test_all_twenty_by_keyboard_alone(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    page.get_by_role("link", name="Begin the practice").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Begin", exact=True).focus()
    page.keyboard.press("Enter")
    for number, answer in enumerate(ANSWERS, start=1):
        _practise(page, number, Level.CITED if number == 2 else answer.level)
        said = "The codebook says Not an answer" if number == 2 else f"Right: {answer.level.badge}"
        expect(page.locator("#said-h")).to_contain_text(said)
        assert page.locator(".focus .ev").count() >= 1
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Practice")).to_be_visible()
    expect(page.locator(".lead")).to_have_text("19 of 20 right the first time. Your votes count.")
    expect(page.get_by_role("link", name=ANSWERS[1].question)).to_be_visible()
    page.goto("/moderation")
    expect(page.get_by_text("Your votes do not count yet")).to_have_count(0)


def test_it_is_left_and_taken_up_again(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    page.goto("/moderation/practice/1/1#focus-h")
    _practise(page, 1, Level.PINPOINT)
    page.keyboard.press("Enter")
    _practise(page, 2, Level.CITED)
    page.goto("/moderation")
    expect(page.get_by_role("heading", name="First, 18 more practice answers")).to_be_visible()
    page.get_by_role("link", name="Go on with the practice").click()
    page.get_by_role("link", name="Go on with answer 3").click()
    expect(page.locator("#focus-h")).to_have_text("Answer 3")
    page.keyboard.press("k")
    expect(page.locator("#said-h")).to_contain_text("The codebook says Not an answer")


def test_keys_do_nothing_behind_their_list_and_nothing_with_ctrl(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    page.goto("/moderation/practice/1/1#focus-h")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys").get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()
    page.keyboard.press("Control+1")
    page.keyboard.press("Enter")
    page.keyboard.press("g")
    expect(page.locator("#guideline summary")).to_be_focused()
    expect(page.locator("#guideline dl")).to_be_visible()
    expect(page.locator("#said-h")).to_have_count(0)
    page.keyboard.press("1")
    expect(page.locator("#said-h")).to_contain_text("Right")


@pytest.mark.parametrize("width", [1280, 390])
def test_it_works_without_script(newcomer: Callable[..., Page], width: int) -> None:
    page = newcomer(java_script_enabled=False, viewport={"width": width, "height": 800})
    page.get_by_role("link", name="Begin the practice").click()
    page.get_by_role("link", name="Begin", exact=True).click()
    page.get_by_role("button", name="Cited, with page").click()
    expect(page.locator("#said-h")).to_contain_text("Right: Cited, with page")
    page.get_by_role("link", name="Next answer").click()
    expect(page.locator("#focus-h")).to_have_text("Answer 2")


@pytest.mark.parametrize("screen", _SCREENS, ids=["wide", "phone"])
def test_nothing_stands_in_the_way(newcomer: Callable[..., Page], session: Session, screen: dict) -> None:
    page = newcomer(**screen)
    _check(page, "/moderation", "/moderation/practice", "/moderation/practice/1/1")
    page.keyboard.press(KEYS[Level.CITED])
    page.locator("#said-h").wait_for()
    _check(page, page.url, "/moderation/practice/1/2", "/moderation/practice")
    for number, answer in enumerate(ANSWERS[1:], start=2):
        user = session.scalars(select(User)).one()
        level = answer.level if number % 3 else Level.CITED
        give_level(session, user=user, round_number=1, number=number, level=level)
    right, long_link = "/moderation/practice/1/2", "/moderation/practice/1/13"
    _check(page, right, long_link, "/moderation/practice", "/moderation/practice/2/1", "/moderation")


@pytest.mark.parametrize("screen", _SCREENS, ids=["wide", "phone"])
def test_nothing_stands_in_the_way_of_who_learns_from_decisions(
    newcomer: Callable[..., Page], make_user: Callable, session: Session, vault: Vault, screen: dict
) -> None:
    answers = publish_thread(session, vault)
    page = newcomer(**screen)
    _check(page, "/moderation/differences", f"/moderation/posts/{answers[0]}")
    for name, level in (("newt", Level.ATTRIBUTED), ("teasel", Level.RECOLLECTED)):
        moderator = session.scalar(select(User).where(User.name == name)) or make_user(name, "moderator")
        for answer in answers[:2]:
            row = visible_post(session, answer, drafts=False)
            said = Said(level=level, evidence=[(0, 30)], note="https://example.org/" + "w" * 300, seen=Sight.MARKS)
            number, version = row.revision_id, row.tag_version
            cast(session, post=answer, revision_id=number, version=version, said=said, moderator=moderator)
    page.goto("/moderation")
    page.get_by_role("link", name="Where the decision differed from yours").click()
    expect(page.locator(".decisions > li")).to_have_count(2)
    _check(page, page.url)


def _check(page: Page, *addresses: str) -> None:
    """Nothing found, one h1, nothing that scrolls sideways; with all folds open."""
    for address in addresses:
        if page.url != address:
            page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        assert violations(page) == [], page.url
        assert page.locator("h1").count() == 1, page.url
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"
