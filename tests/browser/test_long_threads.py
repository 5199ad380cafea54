"""A thread in parts, by keyboard and by old addresses."""

import json

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store import windows
from archive.store.pages import select_posts
from archive.store.threads import Thread
from archive.store.vault import Vault
from tests.browser.axe import violations
from tests.browser.threads import publish_thread

PART = 8


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "PART_POSTS", PART)


def _published(session: Session, vault: Vault) -> tuple[str, dict[str, str]]:
    """A thread of nine answers, the first with replies; its address, and those of its posts by their words."""
    tree = [("q", None, "question"), *((f"Answer {number}", "q", "answer") for number in range(1, 10))]
    tree += [("Reply 1", "Answer 1", "reply"), ("Reply 2", "Reply 1", "reply"), ("Reply 3", "Reply 1", "reply")]
    lines = [
        {"footnote": 1, "thread": "t", "key": key, "parent": parent, "kind": kind, "text": key, "author": "somebody"}
        for key, parent, kind in tree
    ]
    lines[0]["title"] = "Who counts the answers?"
    publish_thread(session, vault, "\n".join(map(json.dumps, lines)), name="tree.jsonl")
    rows = session.execute(select_posts(drafts=False)).all()
    return session.scalars(select(Thread.public_id)).one(), {row.text: row.public_id for row in rows}


def _here(page: Page) -> str:
    return str(page.evaluate("document.activeElement.querySelector('.prose')?.innerText ?? ''"))


def test_keys_follow_the_links_and_an_old_address_finds_its_part(page: Page, session: Session, vault: Vault) -> None:
    thread, posts = _published(session, vault)
    page.goto(f"/threads/{thread}?order=posted")
    keys = {"j": "Answer 1", "n": "Answer 2", "p": "Answer 1", "k": "Answer 1"}
    for key, words in keys.items():
        page.keyboard.press(key)
        assert _here(page) == words, key
    page.goto("about:blank")
    page.goto(f"/threads/{thread}?order=posted#post-{posts['Reply 3']}")
    for key, words in {"p": "Reply 2", "n": "Reply 3", "u": "Reply 1"}.items():
        page.keyboard.press(key)
        assert _here(page) == words, key
    page.locator("#order").focus()
    page.keyboard.press("u")
    assert _here(page) == ""
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert violations(page) == []
    expect(page.locator("#keys")).not_to_contain_text("sourced")  # nothing is
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("#key-said")).to_have_text("No further answer of this part is sourced.")
    page.emulate_media(media="print")
    for unwanted in (page.get_by_role("button", name="Keys"), page.get_by_role("heading", name="Keys")):
        expect(unwanted).to_be_hidden()
    expect(page.get_by_text("ask for").first).to_be_hidden()
    page.emulate_media(media="screen")
    page.goto("about:blank")
    page.goto(f"/threads/{thread}#post-{posts['Answer 9']}")
    page.wait_for_url("**order=posted&after=*")
    expect(page.locator(f"#post-{posts['Answer 9']}")).to_be_in_viewport()
    assert violations(page) == []
