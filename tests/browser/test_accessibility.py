"""axe-core finds nothing on any page, on a wide screen and a phone, light and dark (PROMISES 39)."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.threads import Author
from archive.store.vault import Vault
from tests.browser.threads import LINEAR_B, publish_thread

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_SCREENS = [(1280, "light"), (390, "dark")]
_HOSTILE = LINEAR_B.replace("Kober did the hard part", '"><img src=x onerror=alert(1)> \u202e' + "w" * 300 + " &lt;b&gt;")

READERS = ("/", "/collections/scripts", "/search?q=wireless", "/search?q=nothingatall", "/codebook", "/login", "/reading", "/none")
MODERATORS = ("/moderation", "/moderation/queue", "/moderation/queue?collection=scripts", "/account")
ARCHIVISTS = ("/imports", "/imports/new", "/imports/quarantine", "/imports/1", "/account")


@pytest.mark.parametrize(("width", "theme"), _SCREENS)
@pytest.mark.parametrize("text", [LINEAR_B, _HOSTILE], ids=["usual", "hostile"])
def test_nothing_stands_in_a_readers_way(
    browser: Browser, served: str, session: Session, vault: Vault, width: int, theme: str, text: str
) -> None:
    answers = publish_thread(session, vault, text)
    author = session.scalars(select(Author.public_id).limit(1)).one()
    page = _page(browser, served, width, theme)
    _look_at(page, *READERS, f"/posts/{answers[0]}", f"/posts/{answers[0]}/original", f"/authors/{author}")


@pytest.mark.parametrize(("width", "theme"), _SCREENS)
@pytest.mark.parametrize("text", [LINEAR_B, _HOSTILE], ids=["usual", "hostile"])
def test_nothing_stands_in_a_moderators_way(
    browser: Browser,
    served: str,
    session: Session,
    vault: Vault,
    make_user: Callable,
    sign_in: Callable,
    width: int,
    theme: str,
    text: str,
) -> None:
    answers = publish_thread(session, vault, text)
    make_user("maud", "moderator")
    page = _page(browser, served, width, theme)
    sign_in(page, "maud")
    _look_at(page, *MODERATORS, f"/posts/{answers[0]}/tags")
    page.goto(f"/moderation/posts/{answers[0]}")
    stale = page.context.new_page()
    stale.goto(f"/moderation/posts/{answers[0]}")
    page.keyboard.press("4")
    page.locator("#status", has_text="You tagged").wait_for()
    _check(page)
    stale.keyboard.press("3")
    stale.locator(".conflict").wait_for()
    _check(stale)
    _look_at(page, f"/moderation/posts/{answers[0]}", f"/posts/{answers[0]}/tags", f"/posts/{answers[0]}")
    for author in range(len(answers)):
        page.goto(f"/moderation/posts/{answers[author]}")
        page.keyboard.press("5")
        page.locator("#status, .toast", has_text="You tagged").first.wait_for()
    _look_at(page, "/moderation/queue", "/moderation")


@pytest.mark.parametrize(("width", "theme"), _SCREENS)
@pytest.mark.parametrize("text", [LINEAR_B, _HOSTILE], ids=["usual", "hostile"])
def test_nothing_stands_in_an_archivists_way(
    browser: Browser,
    served: str,
    session: Session,
    vault: Vault,
    make_user: Callable,
    sign_in: Callable,
    width: int,
    theme: str,
    text: str,
) -> None:
    make_user("arno", "archivist")
    page = _page(browser, served, width, theme)
    sign_in(page, "arno")
    _look_at(page, "/imports")
    publish_thread(session, vault, text)
    _look_at(page, *ARCHIVISTS)
    page.goto("/imports/new")
    page.get_by_role("button", name="Receive").click()  # stopped by the browser: the collection is missing
    page.get_by_label("Into which collection").fill("Scripts")
    page.get_by_role("button", name="Receive").click()
    page.get_by_role("alert").wait_for()
    _check(page)
    page.get_by_label("Files").set_input_files(
        [
            {"name": "a.txt", "mimeType": "text/plain", "buffer": text.replace("wireless", "radio").encode()},
            {"name": "b.bin", "mimeType": "text/plain", "buffer": b"\0\1\2\xff" * 50},
        ]
    )
    page.get_by_role("button", name="Receive").click()
    page.get_by_role("heading", name="Dry run of 2 files").wait_for()
    _check(page)
    _look_at(page, "/imports/2/running")


def _page(browser: Browser, served: str, width: int, theme: str) -> Page:
    screen = {"width": width, "height": 900}
    page = browser.new_context(base_url=served, viewport=screen, color_scheme=theme).new_page()
    page.set_default_timeout(15_000)
    return page


def _look_at(page: Page, *addresses: str) -> None:
    for address in addresses:
        page.goto(address)
        _check(page)


def _check(page: Page) -> None:
    """Nothing found, one h1, nothing that scrolls sideways; with all folds open."""
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    found = Axe().run(page, options=_RULES).response["violations"]
    named = [f"{item['impact']}: {item['id']}: {item['nodes'][0]['html'][:200]}" for item in found]
    assert not named, f"{page.url}\n" + "\n".join(named)
    assert page.locator("h1").count() == 1, page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
