"""The codebook's pages: nothing stands in anybody's way, and an admin edits it without script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.source_quality import Level
from archive.services.bench.cast import Said, Sight, cast
from archive.services.browse import visible_post
from archive.store.vault import Vault
from tests.browser.axe import check_page, check_pages
from tests.browser.threads import LINEAR_B, publish_thread

_SCREENS = [(1280, "light"), (390, "dark")]
_HOSTILE = '"><img src=x onerror=alert(1)> \u202e' + "w" * 300 + " &lt;b&gt; {{ 7 * 7 }} العربية"


@pytest.fixture(params=_SCREENS, ids=lambda screen: f"{screen[0]}-{screen[1]}")
def page(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of each width and theme, so high that the dock of the bench covers nothing."""
    width, theme = request.param
    context = browser.new_context(base_url=served, viewport={"width": width, "height": 4000}, color_scheme=theme)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def second(browser: Browser, served: str) -> Iterator[Page]:
    """The page of somebody else, without script."""
    context = browser.new_context(base_url=served, java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def recalled(session: Session, vault: Vault, make_user: Callable) -> list[str]:
    """The addresses of published answers, which maud tagged “From memory”."""
    answers, maud = publish_thread(session, vault, LINEAR_B), make_user("maud", "moderator")
    for answer in answers:
        row, said = visible_post(session, answer, drafts=False), Said(level=Level.RECOLLECTED, seen=Sight.MARKS)
        which = {"post": PublicId(answer), "revision_id": row.revision_id, "version": row.tag_version}
        cast(session, **which, said=said, moderator=maud)
    return answers


def test_nothing_stands_in_the_way_of_who_reads_or_edits_the_codebook(
    page: Page, second: Page, recalled: list[str], make_user: Callable, sign_in: Callable
) -> None:
    make_user("ada", "admin")
    make_user("bob", "admin")
    check_pages(page, "/codebook", "/codebook/versions", "/codebook/versions/2", "/codebook/compare")
    sign_in(page, "ada")
    check_pages(page, "/codebook", "/codebook/edit", "/codebook/revisit")
    sign_in(second, "bob")
    second.goto("/codebook/edit")
    page.goto("/codebook/edit")
    page.get_by_label("From memory", exact=True).first.fill(f"Remembered. {_HOSTILE}")
    page.get_by_label("What the answer does").last.fill(_HOSTILE)
    page.get_by_role("button", name="Save version 3").click()
    page.get_by_role("alert").wait_for()
    check_page(page)
    page.locator("[id^=outcome][aria-invalid]").fill("Cited.")
    page.get_by_role("button", name="Show what changes").click()
    page.locator("#look-h").wait_for()
    check_page(page)
    page.get_by_label("What you changed, and why").fill(_HOSTILE)
    page.get_by_role("button", name="Save version 3").click()
    page.get_by_role("heading", name="Version 3 against version 2").wait_for()
    check_page(page)
    second.get_by_label("From memory", exact=True).first.fill("Recalled.")
    second.get_by_label("What you changed, and why").fill("It is shorter.")
    second.get_by_role("button", name="Save version 3").click()
    second.get_by_text("ada saved version 3").wait_for()
    check_pages(page, "/codebook", "/codebook/versions", "/codebook/versions/2", "/codebook/revisit", "/moderation")
    check_pages(page, f"/posts/{recalled[0]}/tags", f"/moderation/posts/{recalled[0]}")
    assert page.locator("img[src=x]").count() == 0


def test_the_page_that_shows_both_edits_has_nothing_in_the_way(
    page: Page, second: Page, make_user: Callable, sign_in: Callable
) -> None:
    for person, name in ((page, "ada"), (second, "bob")):
        make_user(name, "admin")
        sign_in(person, name)
        person.goto("/codebook/edit")
        person.get_by_label("Cited", exact=True).first.fill(f"Words of {name}.")
        person.get_by_label("What you changed, and why").fill("They are better.")
    second.get_by_role("button", name="Save version 3").click()
    second.get_by_role("heading", name="Version 3 against version 2").wait_for()
    page.get_by_role("button", name="Save version 3").click()
    page.get_by_text("bob saved version 3").wait_for()
    check_page(page)
    assert page.get_by_label("Cited", exact=True).first.input_value() == "Words of ada."
    page.get_by_role("button", name="Save version 4").click()
    page.get_by_role("heading", name="Version 4 against version 3").wait_for()
