"""A reader cites an answer, and comes back to it when it has changed."""

from functools import partial
from io import BytesIO

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.collections import Collection
from archive.store.threads import Post
from archive.store.vault import Vault
from tests.browser.axe import check_pages
from tests.browser.threads import LINEAR_B

BY = Actor.of(None)


def bring(session: Session, vault: Vault, text: str) -> None:
    file = NamedFile("linear-b.txt", partial(BytesIO, text.encode()))
    batch = receive_files(session, vault, [file], collection="Minos", by=BY)
    run_batch(session, vault, batch, by=BY)
    publish(session, batch, by=BY)


def test_a_citation_is_copied_and_its_address_tells_what_changed(
    page: Page, browser: Browser, session: Session, vault: Vault
) -> None:
    bring(session, vault, LINEAR_B)
    post = session.scalars(select(Post.public_id).where(Post.byline == "tholos1953")).one()
    session.rollback()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/posts/{post}")
    thread = page.url.partition("#")[0]
    page.locator(f"#post-{post}").get_by_role("link", name="Cite", exact=True).click()
    page.wait_for_url(f"**/posts/{post}/cite")
    page.get_by_role("button", name="Copy as MLA").click()
    expect(page.locator("#copied")).to_have_text("The citation is copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#mla").text_content()
    context = browser.new_context(java_script_enabled=False)
    without_script = context.new_page()
    without_script.goto(page.url)
    expect(without_script.locator("#mla")).to_be_visible()
    expect(without_script.get_by_role("button", name="Copy as MLA")).to_be_hidden()
    without_script.emulate_media(media="print")
    expect(without_script.get_by_role("link", name="BibTeX")).to_be_hidden()
    context.close()
    page.locator("#apa").click()
    assert page.evaluate("getSelection().toString()").strip() == page.locator("#apa").inner_text().strip()
    pinned = copied.partition("http://")[2].partition(". Accessed")[0]
    bring(session, vault, LINEAR_B.replace("Cambridge 1958", "Cambridge 1967"))
    page.goto(f"http://{pinned}")
    expect(page.get_by_text("The text has changed since this was cited.")).to_be_visible()
    expect(page.locator(".prose")).to_contain_text("Cambridge 1958")
    expect(page.locator(".diff ins")).to_contain_text("1967")
    slug = session.scalar(select(Collection.slug))
    session.rollback()
    addresses = [f"http://{pinned}", f"/posts/{post}/cite", f"{thread}/cite", f"{thread}/sources", "/from"]
    addresses += ["/from?url=superuser.com/q/12345", "/from?url=quokka"]
    check_pages(page, *addresses)
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    check_pages(page, *addresses)
    assert page.request.get(f"/collections/{slug}/redirects.csv").ok
