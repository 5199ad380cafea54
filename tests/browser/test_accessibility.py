"""axe-core finds nothing on any page, on a wide screen and a phone, light and dark (PROMISES 39)."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.threads import Author
from archive.store.vault import Vault
from tests.browser.axe import check_page, check_pages
from tests.browser.threads import ALE_HTML, LINEAR_B, ale_posts, leave_in_quarantine, publish_thread

_SCREENS = [(1280, "light"), (390, "dark")]
_HOSTILE = LINEAR_B.replace(
    "Kober did the hard part", '"><img src=x onerror=alert(1)> \u202e' + "w" * 300 + " &lt;b&gt;"
)

_HEIGHT = 8000  # so that the bench's dock covers nothing that could be scrolled into view

READERS = (
    "/",
    "/collections/scripts",
    "/search?q=wireless",
    "/search?q=nothingatall",
    "/codebook",
    "/login",
    "/reading",
    "/none",
)
MODERATORS = ("/moderation", "/moderation/queue", "/moderation/queue?collection=scripts", "/account")
ARCHIVISTS = ("/imports", "/imports/new", "/imports/quarantine", "/imports/1", "/collections/scripts/about", "/account")


@pytest.fixture(params=_SCREENS, ids=lambda screen: f"{screen[0]}-{screen[1]}")
def page(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of each width and theme."""
    width, theme = request.param
    context = browser.new_context(base_url=served, viewport={"width": width, "height": _HEIGHT}, color_scheme=theme)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def enter(page: Page, make_user: Callable, sign_in: Callable) -> Callable[[str], None]:
    """Log somebody with that role in."""

    def enter(role: str) -> None:
        make_user("somebody", role)
        sign_in(page, "somebody")

    return enter


def test_nothing_stands_in_a_readers_way(page: Page, session: Session, vault: Vault) -> None:
    answers = publish_thread(session, vault, _HOSTILE)
    author = session.scalars(select(Author.public_id).limit(1)).one()
    check_pages(page, *READERS, f"/posts/{answers[0]}", f"/posts/{answers[0]}/original", f"/authors/{author}")


def test_nothing_stands_in_a_moderators_way(page: Page, session: Session, vault: Vault, enter: Callable) -> None:
    answers = publish_thread(session, vault, _HOSTILE)
    enter("moderator")
    check_pages(page, *MODERATORS, f"/posts/{answers[0]}/tags")
    page.goto(f"/moderation/posts/{answers[0]}")
    stale = page.context.new_page()
    stale.goto(f"/moderation/posts/{answers[0]}")
    page.keyboard.press("4")
    page.locator("#status", has_text="You tagged").wait_for()
    check_page(page)
    stale.keyboard.press("3")
    stale.locator(".conflict").wait_for()
    check_page(stale)
    check_pages(page, f"/moderation/posts/{answers[0]}", f"/posts/{answers[0]}/tags", f"/posts/{answers[0]}")
    for author in range(len(answers)):
        page.goto(f"/moderation/posts/{answers[author]}")
        page.keyboard.press("5")
        page.locator("#status, .toast", has_text="You tagged").first.wait_for()
    check_pages(page, "/moderation/queue", "/moderation")


@pytest.mark.parametrize(
    "answer", [ALE_HTML, f"<table><p>{ALE_HTML}<td>a<img alt=b>c"], ids=["rendered", "without tags"]
)
def test_nothing_stands_in_the_way_of_a_moderator_of_html(
    page: Page, session: Session, vault: Vault, enter: Callable, answer: str
) -> None:
    [post] = publish_thread(session, vault, ale_posts(answer), name="Posts.xml")
    enter("moderator")
    check_pages(page, f"/moderation/posts/{post}")
    assert page.locator(".focus blockquote").count() == (answer == ALE_HTML)
    page.keyboard.press("2")
    page.locator("#status, .toast", has_text="You tagged").first.wait_for()
    check_pages(page, f"/posts/{post}/tags", f"/posts/{post}", f"/moderation/posts/{post}")


def test_nothing_stands_in_an_archivists_way(page: Page, session: Session, vault: Vault, enter: Callable) -> None:
    enter("archivist")
    check_pages(page, "/imports")
    publish_thread(session, vault, _HOSTILE)
    check_pages(page, *ARCHIVISTS)
    page.goto("/imports/new")
    page.get_by_role("button", name="Receive").click()  # stopped by the browser: the collection is missing
    page.get_by_label("Into which collection").fill("Scripts")
    page.get_by_role("button", name="Receive").click()
    page.get_by_role("alert").wait_for()
    check_page(page)
    page.get_by_label("Files").set_input_files(
        [
            {"name": "a.txt", "mimeType": "text/plain", "buffer": _HOSTILE.replace("wireless", "radio").encode()},
            {"name": "b.bin", "mimeType": "text/plain", "buffer": b"\0\1\2\xff" * 50},
        ]
    )
    page.get_by_role("button", name="Receive").click()
    page.get_by_role("heading", name="Dry run of 2 files").wait_for()
    check_page(page)
    check_pages(page, "/imports/2/running")


def test_nothing_stands_in_the_way_of_who_mends_what_could_not_be_read(
    page: Page, session: Session, vault: Vault, enter: Callable
) -> None:
    enter("archivist")
    here = f"/imports/{leave_in_quarantine(session, vault)}/quarantine"
    check_pages(
        page, here, f"{here}/0", f"{here}/3", f"{here}/dismissals", f"{here}?show=repaired", "/imports/quarantine"
    )
    page.goto(f"{here}/0")
    page.get_by_role("button", name="Read it again").click()
    page.get_by_text("It still cannot be read").wait_for()
    check_page(page)
    page.get_by_label("Why it is left unread").select_option("damaged")
    page.get_by_role("button", name="Dismiss").click()
    page.get_by_role("status").wait_for()
    check_page(page)
    check_pages(page, f"{here}?show=dismissed", f"{here}/0")
