"""A large import in the browser: sent in pieces, watched, stopped, taken up again, published."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from archive.services.ingest import chunks
from archive.services.jobs import Jobs
from archive.settings import Settings
from tests.bench.plain_corpus import write_plain
from tests.browser.axe import violations

POSTS = 3_000


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings under which a file of some MiB is a large one."""
    folder = tmp_path / "import"
    folder.mkdir()
    (folder / "letter.txt").write_text("A question?\n\nby a\nb\n\nAn answer.\n")
    return replace(settings, max_upload_bytes=1024 * 1024, import_folder=folder)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    (path,) = write_plain(tmp_path, POSTS)
    assert path.stat().st_size > 2 * 1024 * 1024
    return path


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Until it is set, an import takes as long as one of millions of posts, so that it can be watched."""
    hurry = Event()
    at_chunk = Jobs._end_if_told

    def slowly(self: Jobs, *figures: int) -> None:
        at_chunk(self, *figures)
        hurry.wait(0.5)

    monkeypatch.setattr(chunks, "CHUNK_POSTS", 200)
    monkeypatch.setattr(Jobs, "_end_if_told", slowly)
    return hurry


def test_a_large_file_is_sent_watched_stopped_taken_up_again_and_published(
    page: Page, make_user: Callable, sign_in: Callable, dump: Path, hurry: Event
) -> None:
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort("connectionreset")

    make_user("arno", "archivist")
    sign_in(page, "arno")
    page.route("**/pieces/1048576", lose_once)
    page.goto("/imports/new")
    expect(page.locator("#limit")).to_have_text("64.0 MiB")
    assert not violations(page)
    page.get_by_label("Into which collection").fill("A dump")
    page.get_by_label("Files", exact=True).set_input_files(dump)
    page.get_by_role("button", name="Receive, and show a dry run").click()
    expect(page.get_by_role("heading", name="Dry run of threads.jsonl")).to_be_visible(timeout=60_000)
    assert lost

    page.get_by_role("button", name="Import as a draft").click()
    expect(page.get_by_role("heading", name="Importing threads.jsonl")).to_be_visible()
    added = page.locator("[data-figure=added]")
    expect(added).not_to_have_text("0")
    first = added.inner_text()
    expect(added).not_to_have_text(first)  # it grows without a new page
    expect(page.locator("#post-rate")).to_contain_text("posts a second")
    expect(page.locator("#byte-rate")).to_contain_text("iB a second")
    expect(page.locator("#label")).to_contain_text("left")
    expect(page.locator("#run-now")).to_contain_text("posts read so far")

    assert not violations(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#run-now")).to_contain_text("arno stopped it.")
    go_on = page.get_by_role("button", name="Go on", exact=True)
    expect(go_on).to_be_visible()
    expect(page.locator(".lead")).to_contain_text("Stopped")
    expect(page.get_by_text("Roll back this batch")).to_be_visible()
    assert not violations(page)
    stopped = int(added.inner_text().replace(",", ""))
    assert 0 < stopped < POSTS

    go_on.click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    hurry.set()
    expect(page.get_by_text("A draft. Complete")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. Readers see it.")).to_be_visible()
    expect(page.locator(".balance")).to_contain_text("Posts. It adds up.")


@pytest.mark.usefixtures("hurry")
def test_without_script_and_on_a_phone_an_import_of_the_folder_is_watched_and_stopped(
    browser: Browser, served: str, make_user: Callable, sign_in: Callable, settings: Settings
) -> None:
    folder = settings.import_folder or Path()
    write_plain(folder, POSTS)
    make_user("arno", "archivist")
    context = browser.new_context(base_url=served, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, "arno")
    page.goto("/imports/new")
    page.get_by_label("Into which collection").fill("A dump")
    page.get_by_label("threads.jsonl").check()
    page.get_by_role("button", name="Receive, and show a dry run").click()
    expect(page.get_by_role("heading", name="Dry run of threads.jsonl")).to_be_visible(timeout=60_000)  # by itself
    page.get_by_role("button", name="Import as a draft").click()
    expect(page.locator("#posts")).not_to_have_text("0 posts", timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Go on", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Roll back batch").click()
    expect(page.locator(".lead").first).to_contain_text("Rolled back.")
    context.close()
