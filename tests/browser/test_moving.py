"""A moderator attaches a lone mail to its thread, looks at it, and undoes it: with and without script."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.vault import Vault
from tests.browser.axe import violations
from tests.unit.web.arranging.test_arranging_pages import MAILS


@pytest.fixture(autouse=True)
def _mails(session: Session, vault: Vault) -> None:
    """Three published mails, of which two hang nowhere."""
    file = NamedFile("list.mbox", partial(BytesIO, MAILS.encode()))
    batch = receive_files(session, vault, [file], collection="Canals", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    publish(session, batch, by=Actor.of(None))


def test_a_moderator_attaches_a_lone_mail_and_undoes_it(page: Page, make_user: Callable, sign_in: Callable) -> None:
    make_user("maud", "moderator")
    sign_in(page, "maud")
    page.get_by_role("link", name="Doubts").click()
    page.get_by_role("link", name="Canals").click()
    assert not violations(page)
    lone = page.get_by_role("listitem").filter(has_text="Its subject says that it is a reply")
    button = lone.get_by_role("button", name="Attach here").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("maud moved it here")
    assert not violations(page)
    page.get_by_role("link", name="See it in its thread").click()
    expect(page.locator("article.answer")).to_contain_text("Moved here by maud")
    assert not violations(page)
    page.locator("article.answer").get_by_role("link", name="Move").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("maud put it back here")
    assert not violations(page)


def test_who_types_into_the_field_of_a_choice_has_chosen_it(page: Page, make_user: Callable, sign_in: Callable) -> None:
    make_user("maud", "moderator")
    sign_in(page, "maud")
    page.goto("/doubts/canals")
    page.get_by_role("button", name="Attach here").first.click()
    expect(page.get_by_role("status")).to_contain_text("maud moved it here")
    page.get_by_label("Address of a post, or its key in the source").fill("nowhere@example.org")
    expect(page.get_by_label("Under the post named here:")).to_be_checked()
    page.get_by_label("Title of the new thread").fill("Who dug it?")
    expect(page.get_by_label("It begins a thread of its own, with this title:")).to_be_checked()
    page.get_by_role("button", name="Move it there").click()
    expect(page.locator(".decisions li").first).to_contain_text("A thread of its own, “Who dug it?”")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_same_works_without_script(
    browser: Browser, served: str, make_user: Callable, sign_in: Callable, width: int
) -> None:
    make_user("arno", "archivist")
    context = browser.new_context(base_url=served, java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, "arno")
    page.goto("/doubts/canals")
    page.get_by_role("link", name="Another place").first.click()
    page.get_by_label("Under the post named here:").check()
    page.get_by_label("Address of a post, or its key in the source").fill("nowhere@example.org")
    page.get_by_role("button", name="Move it there").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was moved")
    page.get_by_label("Under the post named here:").check()
    page.get_by_label("Address of a post, or its key in the source").fill("one@example.org")
    page.get_by_role("button", name="Move it there").click()
    expect(page.get_by_role("status")).to_contain_text("arno moved it here")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("put it back")
    context.close()
