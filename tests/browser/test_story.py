"""The whole way of one answer, from a file to what a reader sees of it, and the ledger that tells it in order."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.bench_rules import BenchRules
from archive.services.bench.rules import set_rules
from archive.services.verify import find_faults
from archive.store.ledger import read_entries
from archive.store.threads import Post
from archive.store.vault import Vault
from archive.store.votes import Vote
from tests.browser.threads import LINEAR_B

Person = Callable[..., Page]


@pytest.fixture
def person(browser: Browser, served: str, session: Session, make_user: Callable, sign_in: Callable) -> Iterator[Person]:
    """Somebody of that name and role, with a browser of their own."""
    contexts = []

    def person(name: str, *roles: str) -> Page:
        session.rollback()  # the server has written since this session last read
        make_user(name, *roles)
        contexts.append(browser.new_context(base_url=served))
        contexts[-1].set_default_timeout(15_000)
        page = contexts[-1].new_page()
        sign_in(page, name)
        return page

    yield person
    for context in contexts:
        context.close()


def _begin(moderator: Page) -> None:
    """As moderators do: the bench, and the first answer of the queue."""
    moderator.goto("/moderation")
    moderator.get_by_role("button", name="Begin with the first").click()
    expect(moderator.locator("#focus-h")).to_have_text("Answer by palaeo_pat")


def _read(reader: Page) -> str:
    """What a reader sees at the answer: its level, and what that rests on."""
    reader.goto("/collections/scripts")
    reader.get_by_role("link", name="Did Kober or Ventris").first.click()
    words = reader.locator("article", has_text="She would not guess").last.text_content()
    return " ".join((words or "").split())


def test_from_a_file_to_an_objection_and_its_undo_the_ledger_tells_the_story_in_order(
    page: Page, person: Person, session: Session, vault: Vault, make_user: Callable
) -> None:
    rita = person("rita", "archivist")
    rita.goto("/imports/new")
    rita.get_by_label("Into which collection").fill("Scripts")
    rita.get_by_label("Or paste one thread").fill(LINEAR_B)
    rita.get_by_role("button", name="Receive, and show a dry run").click()
    rita.get_by_role("button", name="Import and publish").click()
    expect(rita.get_by_text("Published. Readers see it.")).to_be_visible()
    session.rollback()
    set_rules(session, "scripts", BenchRules(votes_needed=2), version=0, by=make_user("ida", "admin"))

    maud = person("maud", "moderator")
    _begin(maud)
    maud.keyboard.press("4")
    expect(maud.locator("#focus-h")).to_have_text("Answer by syllabary")
    assert "Not yet tagged" in _read(page)

    teasel = person("teasel", "moderator")
    teasel.goto("/moderation")
    expect(teasel.locator("main")).not_to_contain_text("From memory")
    _begin(teasel)
    expect(teasel.locator(".queue-line")).to_contain_text("Vote 2 of 2, blind")
    expect(teasel.locator("main")).not_to_contain_text("in force")
    teasel.keyboard.press("6")
    expect(teasel.locator("#reveal-h")).to_be_focused()
    teasel.keyboard.press("Enter")
    expect(teasel.locator("#focus-h")).to_have_text("Answer by syllabary")
    assert "Not yet tagged" in _read(page)

    wim = person("wim", "moderator")
    wim.goto("/moderation")
    wim.get_by_role("link", name="answer on which readings differ").click()
    wim.get_by_role("link", name="Answer by palaeo_pat").click()
    expect(wim.locator("main")).to_contain_text("maud")
    expect(wim.locator("main")).to_contain_text("teasel")
    wim.keyboard.press("n")
    wim.keyboard.type("The papers were read, and cannot be cited.")
    wim.keyboard.press("Escape")
    wim.keyboard.press("4")
    expect(wim.get_by_role("status")).to_contain_text("You decided: From memory")

    seen = _read(page)
    assert "From memory" in seen
    assert "Decided between two readings" in seen
    assert "The papers were read, and cannot be cited." in seen

    wim.goto("/moderation/queue")
    wim.keyboard.press("u")
    expect(wim.get_by_role("status")).to_contain_text("You took back your tag")
    assert "Not yet tagged" in _read(page)
    wim.keyboard.press("Shift+U")
    expect(wim.get_by_role("status")).to_contain_text("You did again your tag")
    assert "Decided between two readings" in _read(page)

    page.goto(f"{page.url.partition('#')[0]}")
    article = page.locator("article", has_text="She would not guess").last
    article.locator(".how summary").click()
    article.get_by_role("link", name="Question this tag").click()
    page.get_by_label("What is wrong with the tag?").fill("The papers are in her Nachlass: page 94.")
    page.get_by_label("The level you would expect").select_option("pinpoint")
    page.get_by_label("A reference, if").fill("A. Kober, Papers")
    page.get_by_label("Page, chapter").fill("p. 94")
    page.get_by_role("button", name="Send to the moderators").click()
    expect(page.get_by_text("Your objection was sent.")).to_be_visible()

    zoe = person("zoe", "moderator")
    zoe.goto("/moderation")
    zoe.get_by_role("link", name="1 objection waits for a reply").click()
    zoe.get_by_role("heading", level=2).get_by_role("link").click()
    zoe.get_by_label("What you found").fill("Page 94 it is.")
    zoe.get_by_label("Cited, with page").check()
    zoe.get_by_role("checkbox").first.check()
    zoe.get_by_role("button", name="Give this level, send the reply").click()
    expect(zoe.get_by_role("status")).to_contain_text("The answer is Cited, with page now")
    seen = _read(page)
    assert "Cited, with page" in seen
    assert "Decided on an objection" in seen

    zoe.goto("/moderation/queue")
    zoe.keyboard.press("u")
    expect(zoe.get_by_role("status")).to_contain_text("You took back your tag")
    assert "Decided between two readings" in _read(page)

    session.rollback()
    post = session.scalars(select(Vote.post_id)).first()
    address = session.scalars(select(Post.public_id).where(Post.id == post)).one()
    entries = list(read_entries(session))
    acts = [entry.act for entry in entries if entry.act != "add account"]
    assert acts[:4] == ["receive", "start import", "import", "publish"]
    told = [(entry.act, entry.actor) for entry in entries if entry.subject == f"post {address}"]
    assert told == [
        ("vote", "maud"),
        ("vote", "teasel"),
        ("keep vote", "teasel"),
        ("set votes aside", "wim"),  # decided between
        ("tag", "wim"),
        ("undo", "wim"),  # taken back
        ("put votes back", "wim"),
        ("undo", "wim"),  # and done again
        ("set votes aside", "wim"),
        ("object", "a reader"),
        ("tag", "zoe"),
        ("answer objection", "zoe"),
        ("undo", "zoe"),
        ("reopen objection", "zoe"),
    ]
    assert list(find_faults(session, vault, say=lambda _: None)) == []
