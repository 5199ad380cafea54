"""Many answers at once, by keyboard alone, and nothing for axe to find on any of its pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.threads import Post
from tests.browser.axe import violations


@pytest.fixture
def maud(page: Page, make_user: Callable, sign_in: Callable, answers: list[str]) -> Page:
    """A moderator with a browser."""
    make_user("maud", "moderator")
    sign_in(page, "maud")
    return page


def _levels(session: Session) -> set[str | None]:
    session.rollback()
    return set(session.scalars(select(Post.level).where(Post.kind == "answer")))


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def test_many_answers_are_tagged_and_taken_back_by_keyboard(maud: Page, session: Session, answers: list[str]) -> None:
    number = len(answers)
    maud.goto("/moderation/bulk?collection=scripts")
    _tab_to(maud, "input[name=answer]")
    maud.keyboard.press("Space")
    button = maud.locator("#bulk-do")
    expect(button).to_have_text(f"Tag {number - 1} answers")
    maud.keyboard.press("Space")
    maud.keyboard.press("5")
    expect(maud.get_by_role("radio", name="No source given")).to_be_checked()
    expect(button).to_have_text(f"Tag {number} answers No source given")
    expect(maud.get_by_role("status")).to_have_text(f"Tag {number} answers No source given")
    _tab_to(maud, "#note")
    maud.keyboard.type("5 of them name nobody.")
    expect(maud.get_by_role("radio", name="No source given")).to_be_checked()
    _tab_to(maud, "#bulk-do")
    maud.keyboard.press("Enter")
    expect(maud.get_by_role("heading", level=1)).to_have_text(f"{number} answers at once: No source given")
    assert _levels(session) == {"unsourced"}
    _tab_to(maud, "form[action$=undos] button")
    maud.keyboard.press("Enter")
    expect(maud.get_by_role("status")).to_contain_text("Taken back.")
    assert _levels(session) == {None}


def test_nothing_can_be_sent_while_nothing_is_ticked(maud: Page, answers: list[str]) -> None:
    maud.goto("/moderation/bulk?collection=scripts")
    for box in maud.locator("input[name=answer]").all():
        box.uncheck()
    expect(maud.locator("#bulk-do")).to_be_disabled()
    maud.locator("input[name=answer]").first.check()
    expect(maud.locator("#bulk-do")).to_have_text("Tag 1 answer")


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_nothing_stands_in_the_way_of_whoever_tags_many_or_sets_rules(
    *,
    browser: Browser,
    served: str,
    make_user: Callable,
    sign_in: Callable,
    answers: list[str],
    width: int,
    theme: str,
) -> None:
    context = browser.new_context(base_url=served, viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    make_user("alkmaar", "admin", "moderator")
    sign_in(page, "alkmaar")
    addresses = (
        "/moderation/bulk",
        "/moderation/bulk?q=nothingatall",
        "/moderation/marked",
        "/moderation/bulk?q=linear",
    )
    for address in (*addresses, "/collections/scripts/rules"):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto("/moderation/bulk?collection=scripts")
    page.get_by_role("radio", name="From memory").check()
    page.locator("#bulk-do").click()
    page.get_by_role("heading", level=1, name="at once").wait_for()
    assert violations(page) == []
    page.goto("/collections/scripts/rules")
    page.get_by_label("Least sure").fill("99")
    page.get_by_role("button", name="Set these rules").click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
    context.close()
