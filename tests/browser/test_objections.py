"""Questioning a tag: the whole story, with script and without, and nothing in anybody's way on its pages."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy.orm import Session

from archive.domain.permissions import Role
from archive.store.vault import Vault
from tests.accounts import make_user
from tests.browser.axe import violations
from tests.fillings import Master, filling_for
from tests.integration.citing import FORGETFUL, NAMER
from tests.unit.web.citing import publish_league

_SIZES = {"desktop": ViewportSize(width=1280, height=900), "phone": ViewportSize(width=390, height=844)}
_THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
_NAUGHTY = f"<script>alert(1)</script> \u202e & {{{{ 7 * 7 }}}} {'w' * 300} 𝕱𝖆𝖓𝖈𝖞 العربية"


def _publish(session: Session, vault: Vault) -> Mapping[str, str]:
    make_user(session, "maud", Role.MODERATOR)
    make_user(session, "teasel", Role.MODERATOR)
    return publish_league(session, vault, "maud")


filling = filling_for(answers=_publish)


@pytest.fixture
def answers(master: Master) -> Mapping[str, str]:
    """By author, the addresses of four answers that maud tagged; teasel is her colleague."""
    return master.made


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def somebody(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Callable[[], Page]]:
    """Somebody with a browser of their own."""
    contexts = []

    def somebody() -> Page:
        contexts.append(browser.new_context(base_url=served, java_script_enabled=request.param))
        contexts[-1].set_default_timeout(15_000)
        return contexts[-1].new_page()

    yield somebody
    for context in contexts:
        context.close()


def _object(page: Page, post: str, *, reason: str, name: str = "Ada", place: str = "p. 94") -> None:
    page.goto(f"/posts/{post}/objection")
    page.get_by_label("What is wrong with the tag?").fill(reason)
    page.get_by_label("The level you would expect").select_option("pinpoint")
    page.get_by_label("A reference, if").fill(name)
    page.get_by_label("Page, chapter").fill(place)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("I wrote this answer").check()
    page.get_by_role("button", name="Send to the moderators").click()


def _badge(page: Page, post: str) -> str:
    page.goto(f"/posts/{post}")
    return page.locator(f"#post-{post} .level").first.inner_text().strip()


def test_a_reader_objects_with_a_page_number_a_moderator_gives_another_level_and_undo_opens_it_again(
    somebody: Callable[[], Page], sign_in: Callable, answers: Mapping[str, str]
) -> None:
    post, reader, teasel = answers[FORGETFUL], somebody(), somebody()
    assert _badge(reader, post) == "From memory"
    reader.locator(f"#post-{post} .how summary").click()
    reader.locator(f"#post-{post}").get_by_role("link", name="Question this tag").click()
    _object(reader, post, reason="It is on page 94 of the memoirs.")
    expect(reader.get_by_text("Your objection was sent.")).to_be_visible()
    address = reader.url.partition("?")[0]

    sign_in(teasel, "teasel")
    teasel.goto("/moderation")
    teasel.get_by_role("link", name="1 objection waits for a reply").click()
    teasel.get_by_role("heading", level=2).get_by_role("link").click()
    expect(teasel.get_by_text("It is on page 94 of the memoirs.")).to_be_visible()
    teasel.get_by_label("What you found").fill("Page 94 it is.")
    teasel.get_by_label("Cited, with page").check()
    teasel.get_by_role("checkbox").first.check()
    teasel.get_by_role("button", name="Give this level, send the reply").click()
    expect(teasel.get_by_role("status")).to_contain_text("The answer is Cited, with page now")

    assert _badge(reader, post) == "Cited, with page"
    reader.locator(f"#post-{post} .how summary").click()
    reader.get_by_role("link", name="Questioned once, answered").click()
    assert reader.url == address
    expect(reader.get_by_text("Page 94 it is.")).to_be_visible()

    teasel.goto(f"/posts/{post}/tags")
    teasel.get_by_role("button", name="Take this tag back").click()
    assert _badge(reader, post) == "From memory"
    reader.goto(address)
    expect(reader.get_by_text("It waits for a moderator, again")).to_be_visible()
    teasel.goto("/moderation/objections")
    expect(teasel.get_by_text("1 objection waits for a reply.")).to_be_visible()
    reader.goto("/log?act=undo")
    expect(reader.get_by_role("heading", name="Taken back, which leaves From memory")).to_be_visible()


def _look_at(page: Page, *addresses: str) -> list[str]:
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


def test_nothing_stands_in_anybodys_way_whatever_an_objection_says(
    page: Page, sign_in: Callable, answers: Mapping[str, str]
) -> None:
    _object(page, answers[FORGETFUL], reason=_NAUGHTY, name=_NAUGHTY[:80], place=_NAUGHTY[:200])
    _object(page, answers[NAMER], reason=_NAUGHTY)
    for_all = ("/log", "/log?level=cited", "/log?act=answer&from=2001-01-01", "/objections/1", "/objections/2")
    of_answers = [f"/posts/{answers[FORGETFUL]}/{place}" for place in ("objection", "tags")]
    found = _look_at(page, *for_all, *of_answers)
    page.goto(f"/posts/{answers[FORGETFUL]}/objection")
    page.get_by_label("What is wrong with the tag?").fill("no")
    page.get_by_role("button", name="Send to the moderators").click()
    found += violations(page)
    sign_in(page, "teasel")
    found += _look_at(page, "/moderation", "/moderation/objections", "/moderation/objections/1")
    page.goto("/moderation/objections/1")
    page.get_by_label("What you found").fill(_NAUGHTY)
    page.get_by_role("button", name="Keep From memory").click()
    answered = ("/moderation/objections?answered=1", "/moderation/objections/1", "/objections/1")
    found += _look_at(page, *answered, of_answers[1])
    assert not found, "\n".join(found)
