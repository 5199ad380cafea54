"""What the page of a running import shows, and reads out, as its figures come in."""

from collections.abc import Callable
from io import BytesIO

from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from archive.services.ingest import orders
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.receive import receive_files
from archive.services.ledger import Actor
from archive.store.vault import Vault

_FIRST, _MANY = "The first posts are being read.", "20,000 posts read so far."


def test_what_was_read_out_does_not_stay_beside_figures_that_say_otherwise(
    page: Page, session: Session, vault: Vault, make_user: Callable, sign_in: Callable
) -> None:
    arno = Actor.of(make_user("arno", "archivist"))
    files = [NamedFile("salt.txt", lambda: BytesIO(b"Why?\n\nby a\nb\n\nYes.\n"))]
    batch = receive_files(session, vault, files, collection="Letters", by=arno)
    orders.start(session, batch, by=arno, publish_it=False)  # and no worker is told
    sign_in(page, "arno")
    now = {"run-now": _FIRST, "lead": "You may stop it."}

    def tell(route: Route) -> None:
        figures = dict.fromkeys(("read", "added", "unchanged", "changed", "duplicate", "quarantined", "skipped"), "0")
        told = {"may": "stop", "course": "runs", "percent": 1, "done_bytes": 1, "texts": now, "figures": figures}
        route.fulfill(json=told)

    page.route("**/progress", tell)
    page.clock.install()
    page.goto(f"/imports/{batch}/running")
    page.clock.fast_forward(600)
    expect(page.locator("#said")).to_have_text(_FIRST)
    expect(page.locator("#lead")).to_have_text("You may stop it.")
    now["run-now"] = _MANY
    page.clock.fast_forward(1_100)
    expect(page.locator("#run-now")).to_have_text(_MANY)
    assert page.locator("#said").text_content() == ""  # at once
    page.clock.fast_forward(20_000)
    expect(page.locator("#said")).to_have_text(_MANY)
    page.clock.fast_forward(5_000)
    expect(page.locator("#said")).to_have_text("")
