"""An archivist's first import, from the paste to what a reader finds."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.threads import LINEAR_B
from tests.conftest import PASSWORD


def test_an_archivist_pastes_a_thread_flips_a_line_and_publishes(
    page: Page, make_user: Callable, sign_in: Callable
) -> None:
    make_user("arno", "archivist")
    sign_in(page, "arno")
    page.get_by_role("link", name="Import threads").click()
    page.get_by_label("Into which collection").fill("Scripts and Ciphers")
    page.get_by_label("Or paste one thread").fill(LINEAR_B)
    page.get_by_role("button", name="Receive, and show a dry run").click()
    expect(page.get_by_role("heading", name="Dry run of pasted text")).to_be_visible()
    expect(page.locator(".lead")).to_contain_text("1 question, 4 answers")

    line = page.get_by_role("group", name="pasted text, line 14")
    expect(line.get_by_label("An author called Knossos")).to_be_checked()
    line.get_by_label("A paragraph of the post before it").check()
    page.get_by_role("button", name="Read again with these choices").click()
    expect(page.locator(".lead")).to_contain_text("1 question, 3 answers")
    expect(line.get_by_label("A paragraph of the post before it")).to_be_checked()

    page.get_by_role("button", name="Import and publish").click()
    expect(page.get_by_text("Published. Readers see it.")).to_be_visible()
    expect(page.locator(".balance")).to_contain_text("Posts. It adds up.")

    page.get_by_role("link", name="See it as a reader").click()
    page.get_by_role("link", name="Did Kober or Ventris read Linear B?").first.click()
    expect(page.locator("article.answer")).to_have_count(3)
    expect(page.locator("article.answer", has_text="syllabary")).to_contain_text("It was excavated by Evans")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_same_works_without_script(
    browser: Browser, served: str, make_user: Callable, sign_in: Callable, width: int
) -> None:
    make_user("arno", "archivist")
    context = browser.new_context(base_url=served, java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, "arno", PASSWORD)
    page.goto("/imports/new")
    page.get_by_label("Into which collection").fill("Scripts")
    page.get_by_label("Files").set_input_files(
        [{"name": "linear-b.txt", "mimeType": "text/plain", "buffer": LINEAR_B.encode()}]
    )
    page.get_by_role("button", name="Receive, and show a dry run").click()
    page.get_by_role("button", name="Import as a draft").click()
    state = page.locator(".lead").first
    for _ in range(50):
        if "A draft." in state.inner_text():
            break
        page.wait_for_timeout(100)
        page.get_by_role("link", name="Bring these figures up to date").click()
    expect(state).to_contain_text("A draft.")
    page.get_by_role("button", name="Publish").click()
    expect(state).to_contain_text("Published.")
    page.get_by_text("Roll back this batch").click()
    page.get_by_label("Reason, for the ledger").fill("the wrong collection")
    page.get_by_role("button", name="Roll back batch").click()
    expect(state).to_contain_text("Rolled back.")
    context.close()
