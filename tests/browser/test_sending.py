"""Files that are sent in pieces, and forms that are refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from archive.services.ingest import uploads
from archive.settings import Settings
from archive.web.imports import views
from tests.bench.plain_corpus import write_plain

SEND = "Receive, and show a dry run"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which a file of some MiB is a large one."""
    return replace(settings, max_upload_bytes=1024 * 1024)


def test_a_file_that_was_sent_for_a_refused_order_is_not_sent_again(
    page: Page, make_user: Callable, sign_in: Callable, tmp_path: Path
) -> None:
    (dump,) = write_plain(tmp_path, 1_500)
    make_user("arno", "archivist")
    sign_in(page, "arno")
    pieces: list[str] = []
    page.on("request", lambda request: pieces.append(request.url) if "/pieces/" in request.url else None)
    page.goto("/imports/new")
    page.get_by_label("Into which collection").fill("…")
    page.get_by_label("Files", exact=True).set_input_files(dump)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("alert")).to_contain_text("need not be sent again")
    expect(page.get_by_role("checkbox", name="threads.jsonl")).to_be_checked()
    assert pieces
    pieces.clear()
    page.get_by_label("Into which collection").fill("A dump")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", name="Dry run of threads.jsonl")).to_be_visible()
    assert not pieces
    page.goto("/imports/new")
    expect(page.get_by_role("checkbox", name="threads.jsonl")).not_to_be_visible()


def test_more_files_than_may_be_here_are_refused_before_a_byte_is_sent(
    page: Page, make_user: Callable, sign_in: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (uploads, views):
        monkeypatch.setattr(module, "MOST_UPLOADS", 2)
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for path in paths:
        path.write_bytes(b"x" * 500_000)
    make_user("arno", "archivist")
    sign_in(page, "arno")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/imports/new")
    expect(page.locator("#files-hint")).to_contain_text("Up to 2 files")
    page.get_by_label("Into which collection").fill("Letters")
    files = page.get_by_label("Files", exact=True)
    files.set_input_files(paths)
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("#sent")).to_contain_text("may have 2 files here that are not received yet, and with these")
    assert not sent
    files.set_input_files(paths[:2])
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", name="Dry run of 2 files")).to_be_visible()
