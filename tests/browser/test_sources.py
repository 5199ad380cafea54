"""Works in a browser, without script: axe finds nothing, on a wide screen and a phone, and a merge is taken back."""

from collections.abc import Callable
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.assess import assess_all
from archive.store.sources import Source, SourceKey
from archive.store.vault import Vault
from tests.browser.axe import violations
from tests.browser.threads import publish_thread

_SIZES = {"desktop": ViewportSize(width=1280, height=900), "phone": ViewportSize(width=390, height=844)}
_THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
_WORDY = "w" * 120
_THREAD = f"""What did Khrushchev make of the Great Purge?

by clio_reads7

annalist_1204

It is in *Khrushchev Remembers* by Nikita Khrushchev, p. 51.

Some of it: https://example.org/{_WORDY}/%E6%97%A5?a=<b>

rusticus88

I read *Khrushchev Remembers* years ago, chapter 3, and cannot cite the page now.

otter_by_the_lock

*“<script>” and \u202e &amp; {_WORDY}* by Zal\u0336go Naughty, p. 3.
"""


@pytest.fixture
def work(session: Session, vault: Vault) -> str:
    """The address of a work, of which another may be the double."""
    publish_thread(session, vault, _THREAD)
    for _ in assess_all(session):
        pass
    query = select(Source.public_id).join(SourceKey, SourceKey.source_id == Source.id)
    address = session.scalars(query.where(SourceKey.key.startswith("work:khrushchev|"))).one()
    session.rollback()
    return f"/sources/{address}"


def look_at(page: Page, *addresses: str) -> list[str]:
    """What is wrong with pages, at both widths and in both themes."""
    found = []
    for address, (size, theme) in product(addresses, product(_SIZES, _THEMES)):
        page.set_viewport_size(_SIZES[size])
        page.emulate_media(color_scheme=theme)
        page.goto(address)
        page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
        found += [f"{address}, {size}, {theme}: {line}" for line in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > _SIZES[size]["width"]:
            found.append(f"{address}, {size}: wider than the screen")
    return found


def test_nothing_stands_in_a_readers_way(page: Page, work: str) -> None:
    found = look_at(
        page, "/sources", "/sources?kind=work", "/sources?q=nothing+like+it", work, "/search?q=cites:remembers"
    )
    assert not found, "\n".join(found)


def test_nothing_stands_in_the_way_of_an_empty_index(page: Page) -> None:
    found = look_at(page, "/sources")
    assert not found, "\n".join(found)


def test_nothing_stands_in_a_moderators_way(page: Page, work: str, make_user: Callable, sign_in: Callable) -> None:
    make_user("maud", "moderator")
    sign_in(page, "maud")
    pages = ("/sources", work, "/sources/doubtful", f"{work}/merge?q=remembers", f"{work}/split")
    found = look_at(page, *pages)
    assert not found, "\n".join(found)


def test_a_merge_and_its_undoing_need_no_script(
    browser: Browser, served: str, work: str, make_user: Callable, sign_in: Callable
) -> None:
    make_user("maud", "moderator")
    page = browser.new_context(base_url=served, java_script_enabled=False).new_page()
    sign_in(page, "maud")
    page.goto("/sources")
    page.get_by_role("link", name="1 pair of works may be one").click()
    page.get_by_role("button", name="They are one").click()
    expect(page.get_by_text("No two works are in doubt.")).to_be_visible()
    page.goto(work)
    expect(page.get_by_text("2 answers here name it")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("A merge was taken back, by maud")).to_be_visible()
    expect(page.get_by_text("1 answer here names it")).to_be_visible()
    page.context.close()
