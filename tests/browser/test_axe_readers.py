"""WCAG 2.2 AA on every page that a reader meets: axe-core finds nothing, in both themes, at both widths."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.services.demo import load_demo
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_paths
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.threads import Author, Post, Thread
from archive.store.vault import Vault
from tests.browser.axe import violations
from tests.integration.test_collections import PUBLIC

_SIZES = {"desktop": ViewportSize(width=1280, height=900), "phone": ViewportSize(width=390, height=844)}
_THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
_NAUGHTY = """Why does <b>this</b> "question" have \u202e everything & more in it?

by zalgo\u0336_user

Some text with https://example.org/a?b=c&d=<script>alert(1)</script> in it, and 𝕱𝖆𝖓𝖈𝖞 letters.

anotherOne99

> quoted
>> deeper \u200b

العربية and עברית and {{ 7 * 7 }} and %s and \u202e back."""


@pytest.fixture
def addresses(session: Session, vault: Vault, tmp_path: Path) -> Sequence[str]:
    """The pages of an archive with the samples and a thread of odd characters."""
    load_demo(session, vault)
    by = Actor(None, "test")
    for name, text, collection in (("naughty.txt", _NAUGHTY, "Odds & <ends>"), ("Posts.xml", PUBLIC, "dated")):
        file = tmp_path / name
        file.write_text(text, "utf-8")
        batch = receive_paths(session, vault, [file], collection=collection, by=by)
        run_batch(session, vault, batch, by=by)
        publish(session, batch, by=by)
    threads = session.execute(select(Thread.public_id, Thread.id).order_by(Thread.answers.desc(), Thread.id)).all()
    naughty = session.scalars(select(Thread.public_id).where(Thread.title.contains("everything"))).one()
    answer = session.scalars(
        select(Post.public_id).where(Post.kind == PostKind.ANSWER, Post.level.is_not(None))
    ).first()
    author = session.scalars(select(Author.public_id).order_by(Author.id)).first()
    session.rollback()
    return [
        "/",
        "/collections/curious-histories",
        f"/threads/{threads[0].public_id}",
        f"/threads/{threads[1].public_id}?level=none&order=posted",
        f"/threads/{naughty}",
        f"/posts/{answer}/original",
        f"/posts/{answer}/revisions",
        f"/posts/{answer}/tags",
        f"/posts/{answer}/objection",
        "/objections/1",
        "/objections/2",
        "/log",
        f"/authors/{author}",
        "/search",
        "/search?q=the",
        "/search?q=the&level=cited&author=nobody",
        "/codebook",
        "/api/v1/",
        "/reading",
        "/login",
        "/collections/dated",
        "/collections/dated/topics",
        "/collections/dated/topics/c%2B%2B/cli",
        "/collections/dated/authors",
        "/collections/dated/calendar",
        "/collections/dated/calendar/2014-03",
        "/collections/odds-ends/calendar/undated",
        "/collections/odds-ends/files",
        "/nothing-here",
    ]


def test_axe_finds_nothing_on_readers_pages(page: Page, addresses: Sequence[str]) -> None:
    found = []
    for address in addresses:
        page.goto(address)
        for size, theme in product(_SIZES, _THEMES):
            page.set_viewport_size(_SIZES[size])
            page.emulate_media(color_scheme=theme)
            found += [f"{address} on a {theme} {size}: {violation}" for violation in violations(page)]
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found += [f"{address}: {sideways} px wider than the {size}"] if sideways > 0 else []
    assert not found, "\n".join(found)


def test_the_skip_link_comes_first_and_leads_to_the_text(page: Page, addresses: Sequence[str]) -> None:
    page.goto(addresses[2])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")  # the browser moves after the key press has returned
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_without_script_filter_and_order_work(page: Page, addresses: Sequence[str]) -> None:
    page.goto(addresses[2])
    boxes = page.locator("input[type=checkbox][name=level]")
    kept = boxes.first.get_attribute("value")
    for number in range(1, boxes.count()):
        boxes.nth(number).uncheck()
    page.locator(".sift button").click()
    page.wait_for_url("**level=**")  # the click returns when the page begins to come
    assert page.locator("article.answer").count() >= 1
    assert page.locator(f"article.answer .level.lv-{kept}").count() == page.locator("article.answer").count()
