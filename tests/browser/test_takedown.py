"""The whole way of a takedown, by a reader on a phone and two moderators; with script and without."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.threads import Post
from archive.store.vault import Vault
from tests.browser.axe import violations
from tests.integration.written import RUSTICUS
from tests.unit.web.takedown.test_takedown_pages import TOLD, bring

Person = Callable[[str], Page]


@pytest.fixture
def post(session: Session, vault: Vault, make_user: Callable) -> str:
    """The address of an answer that says where somebody lives."""
    for name in ("maud", "nora"):
        make_user(name, "moderator")
    make_user("ada", "admin")
    bring(session, vault, TOLD)
    return session.scalars(select(Post.public_id).where(Post.byline == RUSTICUS)).one()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether browsers run scripts."""
    return bool(request.param)


@pytest.fixture
def somebody(browser: Browser, served: str, script: bool) -> Iterator[Person]:
    """Somebody with a browser of their own, on a wide screen in the light or a phone in the dark."""
    contexts = []

    def somebody(screen: str) -> Page:
        wide = screen == "wide"
        contexts.append(
            browser.new_context(
                base_url=served,
                viewport={"width": 1280 if wide else 390, "height": 2000},
                color_scheme="light" if wide else "dark",
                java_script_enabled=script,
            )
        )
        contexts[-1].set_default_timeout(15_000)
        return contexts[-1].new_page()

    yield somebody
    for context in contexts:
        context.close()


@pytest.fixture
def looked_at(script: bool) -> Callable[[Page], None]:
    """What finds nothing wrong with a page that a machine can see: it is no wider than the screen, nor axe objects."""

    def looked_at(page: Page) -> None:
        page.wait_for_load_state()
        expect(page.get_by_role("contentinfo")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        if script:  # without which axe cannot run
            assert violations(page) == [], page.url

    return looked_at


def test_words_are_taken_down_by_two_and_put_back_by_an_admin(
    somebody: Person, sign_in: Callable, looked_at: Callable, post: str
) -> None:
    reader, maud, nora, ada = somebody("phone"), somebody("wide"), somebody("phone"), somebody("wide")
    reader.goto(f"/posts/{post}")
    reader.locator(f"#post-{post}").get_by_role("link", name="Ask for a takedown").click()
    looked_at(reader)
    reader.get_by_label("Personal data").check()
    reader.get_by_label("What should go, and why").fill("That is where I live.")
    reader.get_by_label("How moderators can reach you").fill("jane@example.org")
    reader.get_by_role("button", name="Send to the moderators").click()
    expect(reader.get_by_role("status")).to_contain_text("It waits for a moderator.")
    looked_at(reader)

    sign_in(maud, "maud")
    maud.goto("/moderation")
    maud.get_by_role("link", name="1 request for a takedown waits").click()
    looked_at(maud)
    maud.get_by_role("link", name="Personal data").click()
    looked_at(maud)
    maud.get_by_label("The words, one stretch a line").fill("Jane Smith")
    maud.get_by_role("button", name="Propose").click()
    expect(maud.get_by_role("alert").first).to_contain_text("Not found in the post: “Jane Smith”")
    maud.get_by_label("The words, one stretch a line").fill("Jane Quill\n12 gravel lane")
    maud.get_by_role("button", name="Propose").click()
    expect(maud.get_by_text("You proposed this, so another moderator has to agree.")).to_be_visible()
    looked_at(maud)

    sign_in(nora, "nora")
    nora.goto("/moderation/takedowns/1")
    expect(nora.get_by_text("12 Gravel Lane", exact=True)).to_be_visible()
    looked_at(nora)
    nora.get_by_role("button", name="Agree, and take it down now").click()
    expect(nora.get_by_text("In force since")).to_be_visible()
    looked_at(nora)

    reader.goto(f"/posts/{post}")
    expect(reader.locator(f"#post-{post}")).to_contain_text("[… removed: personal data] stands at [… removed: personal")
    looked_at(reader)
    reader.get_by_role("link", name="Takedowns").click()
    expect(reader.get_by_role("table")).to_contain_text("Words of a post")
    looked_at(reader)

    sign_in(ada, "ada")
    ada.goto("/moderation/takedowns/1")
    ada.get_by_label("Why you have to look").fill("The author asks what was there.")
    looked_at(ada)
    ada.get_by_role("button", name="Show it once").click()
    expect(ada.get_by_role("main")).to_contain_text("The xylophone of Jane Quill stands at 12 Gravel Lane")
    looked_at(ada)
    ada.get_by_role("link", name="Back to the takedown").click()
    ada.get_by_role("button", name="Put it back").click()
    expect(ada.get_by_text("Lifted by ada")).to_be_visible()
    reader.goto(f"/posts/{post}")
    expect(reader.locator(f"#post-{post}")).to_contain_text("12 Gravel Lane")


def test_a_whole_post_leaves_a_tombstone(somebody: Person, sign_in: Callable, looked_at: Callable, post: str) -> None:
    reader, maud, nora = somebody("phone"), somebody("wide"), somebody("wide")
    reader.goto(f"/posts/{post}/takedown")
    reader.get_by_label("Copyright").check()
    reader.get_by_role("button", name="Send to the moderators").click()
    sign_in(maud, "maud")
    maud.goto("/moderation/takedowns/1")
    maud.get_by_label("The whole post").check()
    maud.get_by_role("button", name="Propose").click()
    sign_in(nora, "nora")
    nora.goto("/moderation/takedowns/1")
    nora.get_by_role("button", name="Agree, and take it down now").click()
    reader.goto(f"/posts/{post}")
    tombstone = reader.locator(f"#post-{post}")
    expect(tombstone).to_contain_text("Taken down")
    expect(tombstone).to_contain_text("copyright")
    expect(tombstone).to_contain_text(RUSTICUS)
    expect(reader.locator("main")).not_to_contain_text("xylophone")
    looked_at(reader)
