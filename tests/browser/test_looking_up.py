"""From recollection to source, and a work that does not exist: whole stories, with script and without."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from archive.domain.permissions import Role
from archive.store.vault import Vault
from tests.accounts import make_user
from tests.browser.axe import check_page, check_pages
from tests.fillings import Master, filling_for
from tests.integration.citing import DREAMER, FORGETFUL, INVENTED, SCHOLAR
from tests.unit.web.citing import publish_league

Person = Callable[[str], Page]
REFERENCE = "Nikita Khrushchev, Memoirs, vol. 1 (Pennsylvania State University Press, 2004)"


def _publish(session: Session, vault: Vault) -> Mapping[str, str]:
    make_user(session, "maud", Role.MODERATOR)
    return publish_league(session, vault, "maud")


filling = filling_for(answers=_publish)


@pytest.fixture
def answers(master: Master) -> Mapping[str, str]:
    """By author, the addresses of four tagged answers."""
    return master.made


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def somebody(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody with a browser of their own, on a wide screen in the light or a phone in the dark."""
    contexts = []

    def somebody(screen: str) -> Page:
        wide = screen == "wide"
        contexts.append(
            browser.new_context(
                base_url=served,
                viewport={"width": 1280 if wide else 390, "height": 2000},
                color_scheme="light" if wide else "dark",
                java_script_enabled=request.param,
            )
        )
        contexts[-1].set_default_timeout(15_000)
        return contexts[-1].new_page()

    yield somebody
    for context in contexts:
        context.close()


def _answer(page: Page, post: str) -> Locator:
    page.goto(f"/posts/{post}")
    return page.locator(f"#post-{post}")


def test_an_answer_from_memory_gets_its_reference_from_a_reader_and_its_tag_from_a_moderator(
    somebody: Person, sign_in: Callable, answers: Mapping[str, str]
) -> None:
    post = answers[FORGETFUL]
    reader, maud = somebody("phone"), somebody("wide")
    reader.goto("/trace")
    reader.get_by_role("link", name=f"Supply the reference for the answer by {FORGETFUL}").click()
    reader.get_by_label("Reference").fill(REFERENCE)
    reader.get_by_label("Page, chapter or other place").fill("p. 94")
    reader.get_by_label("Link, DOI, ISBN").fill("978-0-306-40615-8")
    reader.get_by_label("Your name").fill("Ada")
    reader.get_by_role("button", name="Send to the moderators").click()
    expect(reader.locator("#error-identifier")).to_contain_text("check digit of this ISBN does not fit")
    expect(reader.get_by_label("Reference", exact=True)).to_have_value(REFERENCE)
    reader.get_by_label("Link, DOI, ISBN").fill("978-0-306-40615-7")
    reader.get_by_role("button", name="Send to the moderators").click()
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()

    sign_in(maud, "maud")
    maud.get_by_role("link", name="1 supplied reference waits").click()
    expect(maud.get_by_role("radio", name="Cited, with page")).to_be_checked()
    maud.get_by_role("button", name="Accept").click()
    expect(maud.get_by_role("status")).to_contain_text("The reference stands below the answer now")

    article = _answer(reader, post)
    expect(article.locator(".post-title .level")).to_have_text("Cited, with page")
    expect(article.locator(".post-title .looked-up")).to_have_text("not checked")
    note = article.get_by_role("note")
    expect(note).to_contain_text("Reference supplied by Ada (a reader) on")
    expect(note).to_contain_text(f"{REFERENCE}, p. 94")
    expect(article.locator(".prose")).not_to_contain_text("Pennsylvania")

    maud.goto(f"/posts/{post}/tags")
    expect(maud.locator(".decisions > li").first).to_contain_text("by a supplied reference")
    maud.get_by_role("button", name="Take this tag back").click()
    article = _answer(reader, post)
    expect(article.locator(".post-title .level")).to_have_text("From memory")
    expect(article.get_by_role("note")).to_have_count(0)


def test_a_work_that_does_not_exist_is_struck_and_its_answer_gets_another_level(
    somebody: Person, sign_in: Callable, answers: Mapping[str, str]
) -> None:
    post = answers[DREAMER]
    reader, maud = somebody("phone"), somebody("wide")
    sign_in(maud, "maud")
    article = _answer(maud, post)
    expect(article.locator(".post-title .looked-up")).to_have_text("not checked")
    article.get_by_role("link", name="Sources", exact=True).click()
    maud.get_by_role("link", name="There is no such work: strike it").click()
    chosen = maud.locator("input[name=level]:checked")
    expect(chosen).to_have_count(1)
    assert chosen.input_value() not in {"cited", "pinpoint"}
    maud.get_by_label("Why is there no such work?").fill("Neither the catalogues nor the publisher know it.")
    maud.get_by_role("radio", name="No source given").check()
    maud.get_by_role("button", name="Strike it, and tag the answer").click()
    expect(maud.get_by_role("status")).to_contain_text("You struck ISBN 9780306406157, and settled the level")

    article = _answer(reader, post)
    expect(article.locator(".post-title .level")).to_have_text("No source given")
    expect(article.locator("s.struck")).to_have_text(INVENTED)
    expect(article.locator(".notes")).to_contain_text("Struck: there is no such work")
    expect(article.locator(".notes")).to_contain_text("Neither the catalogues nor the publisher know it.")
    expect(article.locator(".notes")).to_contain_text("maud")


def test_a_verdict_is_given_with_the_keyboard_alone_and_readers_see_it(
    somebody: Person, sign_in: Callable, answers: Mapping[str, str]
) -> None:
    post = answers[SCHOLAR]
    reader, maud = somebody("phone"), somebody("wide")
    sign_in(maud, "maud")
    maud.goto(f"/posts/{post}/sources")
    first = maud.locator(".citations > li").first
    first.get_by_role("radio", name="Found", exact=True).focus()
    maud.keyboard.press("ArrowRight")
    expect(first.get_by_role("radio", name="Supports", exact=True)).to_be_checked()
    maud.keyboard.press("Tab")
    maud.keyboard.type("Page 465 has it.")
    maud.keyboard.press("Tab")
    maud.keyboard.press("Enter")
    expect(maud.get_by_role("status")).to_contain_text("You said “Supports” of DOI 10.1093")
    article = _answer(reader, post)
    expect(article.locator(".post-title .looked-up")).to_have_text("1 of 2 looked up: 1 supports")
    article.locator(".cited-works summary").click()
    expect(article.locator(".cited-works")).to_contain_text("Page 465 has it.")


@pytest.mark.parametrize("screen", ["wide", "phone"])
@pytest.mark.parametrize("somebody", [True], indirect=True, ids=["script"])
def test_nothing_stands_in_the_way_on_pages_of_sources(
    somebody: Person, sign_in: Callable, answers: Mapping[str, str], screen: str
) -> None:
    page = somebody(screen)
    forgetful, dreamer = answers[FORGETFUL], answers[DREAMER]
    check_pages(page, "/trace", f"/posts/{forgetful}/trace", f"/posts/{answers[SCHOLAR]}/trace")
    page.goto(f"/posts/{forgetful}/trace")
    page.get_by_label("Reference").fill(REFERENCE)
    page.get_by_label("Link, DOI, ISBN").fill("T 34/85")
    page.get_by_role("button", name="Send to the moderators").click()
    check_page(page)
    page.get_by_label("Link, DOI, ISBN").fill("")
    page.get_by_role("button", name="Send to the moderators").click()
    check_page(page)
    sign_in(page, "maud")
    check_pages(page, "/moderation", "/moderation/traces", f"/posts/{dreamer}/sources")
    page.locator("form.verdict").get_by_role("radio", name="Not found").check()
    page.get_by_role("button", name="Store this verdict").click()
    check_page(page)
    page.get_by_role("link", name="There is no such work").click()
    check_page(page)
    page.get_by_label("Why is there no such work?").fill("No catalogue has it.")
    page.get_by_role("button", name="Strike it, and tag the answer").click()
    check_page(page)
    page.goto("/moderation/traces")
    page.get_by_role("button", name="Accept").click()
    check_page(page)
    check_pages(page, f"/posts/{forgetful}", f"/posts/{dreamer}", f"/posts/{dreamer}/tags", "/search?q=ice", "/trace")
