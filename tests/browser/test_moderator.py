"""A moderator's twenty minutes: one key an answer, undo, and two people at one answer."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.threads import RevisionText
from archive.store.vault import Vault
from tests.browser.at_the_bench import Person, on_the_bench
from tests.browser.axe import violations
from tests.browser.threads import ale_posts, publish_thread
from tests.rules import set_rules

GERMAN = """Wer hat Linear B entziffert?

by minos_mary
faehrmann

Die Zeichen wurden von Michael Ventris im Jahre 1952 gelesen, der dabei auf die Arbeiten von Alice Kober zurückgriff.
"""


def _badge(page: Page, post: str) -> str:
    page.goto(f"/posts/{post}")
    return page.locator(f"#post-{post} .post-title .level").inner_text()


def test_one_key_tags_and_brings_the_next_answer(page: Page, moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    on_the_bench(bench, "palaeo_pat")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    expect(bench.get_by_role("status")).to_contain_text("You tagged the answer by palaeo_pat")
    expect(bench.get_by_role("status")).to_contain_text("From memory")
    expect(bench.get_by_role("status")).to_contain_text("Next: syllabary, 3 left")
    expect(bench.locator("#focus-h")).to_be_focused()
    bench.keyboard.press("5")
    on_the_bench(bench, "Knossos")
    assert _badge(page, answers[0]) == "From memory"
    assert _badge(page, answers[1]) == "No source given"
    assert _badge(page, answers[2]) == "Not yet tagged"


def test_enter_accepts_what_is_suggested(page: Page, session: Session, moderator: Person, answers: list[str]) -> None:
    set_rules(session, showing="shown")
    bench = moderator("maud")
    suggested = bench.locator(".reveal .level").first.inner_text()
    bench.keyboard.press("Enter")
    on_the_bench(bench, "syllabary")
    assert _badge(page, answers[0]) == suggested


def test_undo_brings_the_answer_back_without_its_tag(page: Page, moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    bench.keyboard.press("u")
    on_the_bench(bench, "palaeo_pat")
    expect(bench.get_by_role("status")).to_contain_text("You took back your tag of the answer by palaeo_pat")
    assert _badge(page, answers[0]) == "Not yet tagged"


def test_the_line_of_what_was_done_ends_with_the_page_it_was_said_on(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    expect(bench.locator("#status")).to_contain_text("You tagged the answer by palaeo_pat")
    bench.keyboard.press("j")
    on_the_bench(bench, "Knossos")
    expect(bench.locator("#status")).to_be_empty()
    bench.reload()
    on_the_bench(bench, "Knossos")
    expect(bench.locator("#status")).to_be_empty()


def test_skip_next_and_previous(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    bench.keyboard.press("s")
    on_the_bench(bench, "syllabary")
    bench.keyboard.press("j")
    on_the_bench(bench, "Knossos")
    bench.keyboard.press("k")
    on_the_bench(bench, "syllabary")


def test_keys_are_letters_within_a_field_and_nothing_with_ctrl(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    bench.keyboard.press("n")
    bench.keyboard.type("4 us, ? e")
    expect(bench.get_by_label("In your words")).to_have_value("4 us, ? e")
    bench.keyboard.press("Escape")
    expect(bench.locator("#focus-h")).to_be_focused()
    bench.keyboard.press("Control+4")
    bench.keyboard.press("Alt+4")
    on_the_bench(bench, "palaeo_pat")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")


def test_the_list_of_keys_opens_and_closes_and_no_key_tags_behind_it(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    bench.keyboard.press("?")
    expect(bench.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(bench.get_by_role("dialog").get_by_role("button", name="Close")).to_be_focused()
    bench.keyboard.press("4")
    bench.keyboard.press("Escape")
    expect(bench.get_by_role("heading", name="Keys")).to_be_hidden()
    on_the_bench(bench, "palaeo_pat")


def _select_the_first_word(bench: Page) -> None:
    box = bench.locator(".focus .prose p").first.bounding_box()
    assert box
    bench.mouse.dblclick(box["x"] + 15, box["y"] + 12)
    expect(bench.get_by_role("status")).to_contain_text("Selected: “Kober”")


@pytest.mark.parametrize("by_key", [True, False])
def test_words_selected_in_the_text_become_evidence_when_that_is_asked(
    moderator: Person, answers: list[str], by_key: bool
) -> None:
    bench = moderator("maud")
    _select_the_first_word(bench)
    expect(bench.locator("#evidence .own")).to_have_count(0)
    if by_key:
        bench.keyboard.press("e")
    else:
        bench.get_by_role("button", name="Add as evidence").click()
    expect(bench.locator("#evidence .own")).to_contain_text("Your words: “Kober”")
    expect(bench.get_by_role("status")).to_contain_text("Added as evidence: “Kober”")
    expect(bench.locator("#add-evidence")).to_be_hidden()
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    bench.goto(f"/posts/{answers[0]}/tags")
    assert bench.locator("blockquote").all_inner_texts() == ["Kober"]


def test_words_selected_to_be_copied_are_no_evidence(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    _select_the_first_word(bench)
    bench.locator("#context-h").click()
    expect(bench.locator("#add-evidence")).to_be_hidden()
    expect(bench.get_by_role("status")).not_to_contain_text("Selected")
    _select_the_first_word(bench)
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    bench.goto(f"/posts/{answers[0]}/tags")
    assert "Kober" not in bench.locator("blockquote").all_inner_texts()


_SELECT = """([from, to]) => {
    const pieces = [...document.querySelectorAll(".focus [data-at]")];
    const find = (words) => pieces.find((piece) => piece.textContent.includes(words)).firstChild;
    const range = document.createRange(), first = find(from), last = find(to);
    range.setStart(first, first.data.indexOf(from));
    range.setEnd(last, last.data.indexOf(to) + to.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.dispatchEvent(new MouseEvent("mouseup"));
}"""


@pytest.mark.parametrize(
    ("selected", "words"),
    [
        (("version", "version"), "version"),
        (("Salt", "Crown"), "Salt & the Crown"),
        (("porter", "Salt"), 'porter" in Salt'),
        (("Marta", "Ellwood"), "Marta Ellwood"),
    ],
)
def test_words_selected_in_rendered_html_are_those_of_the_text_as_received(
    session: Session, vault: Vault, moderator: Person, selected: tuple[str, str], words: str
) -> None:
    first, last = selected
    [answer] = publish_thread(session, vault, ale_posts(), name="Posts.xml")
    set_rules(session, showing="shown")
    bench = moderator("maud")
    bench.evaluate(_SELECT, selected)
    expect(bench.get_by_role("status")).to_contain_text("Selected: “")
    bench.keyboard.press("e")
    span = bench.locator("#evidence .own input").get_attribute("value")
    assert span is not None
    start, end = map(int, span.split("-"))
    text = session.scalars(select(RevisionText.text).where(RevisionText.text.contains("Ellwood"))).one()
    assert (start, end) == (text.index(first), text.index(last) + len(last))
    bench.keyboard.press("3")
    expect(bench.get_by_role("status")).to_contain_text("You tagged")
    bench.goto(f"/posts/{answer}/tags")
    assert words in bench.locator("blockquote").all_inner_texts()


def test_evidence_can_be_ticked_with_the_keyboard_alone(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    bench.keyboard.press("e")
    box = bench.locator("#evidence input").first
    expect(box).to_be_focused()
    was = box.is_checked()
    bench.keyboard.press("Space")
    assert box.is_checked() is not was
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")


def test_two_moderators_at_one_answer(page: Page, moderator: Person, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    maud.keyboard.press("4")
    on_the_bench(maud, "syllabary")
    teasel.keyboard.press("3")
    expect(teasel.get_by_role("heading", name="Somebody was there before you")).to_be_focused()
    expect(teasel.locator("main")).to_contain_text("maud tagged this answer “From memory”")
    expect(teasel.locator("main")).to_contain_text("Attributed, not cited, not stored")
    assert _badge(page, answers[0]) == "From memory"
    teasel.get_by_role("button", name="Vote all the same: Attributed, not cited").click()
    on_the_bench(teasel, "syllabary")
    expect(teasel.get_by_role("status")).to_contain_text("it wants another vote")
    assert _badge(page, answers[0]) == "From memory"
    third = moderator("wim")
    third.goto(f"/moderation/posts/{answers[0]}?served=yes")
    third.keyboard.press("3")
    expect(third.locator("#reveal-h")).to_be_focused()
    assert _badge(page, answers[0]) == "Attributed, not cited"
    teasel.goto(f"/posts/{answers[0]}/tags")
    expect(teasel.locator(".decisions > li")).to_have_count(2)


def test_who_keeps_the_other_tag_goes_on(page: Page, moderator: Person, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    maud.keyboard.press("4")
    on_the_bench(maud, "syllabary")
    teasel.keyboard.press("3")
    teasel.get_by_role("link", name="Keep theirs, go on").click()
    on_the_bench(teasel, "syllabary")
    assert _badge(page, answers[0]) == "From memory"


def test_every_button_of_the_dock_is_within_a_narrow_window(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud", viewport={"width": 390, "height": 800})
    box = bench.get_by_role("button", name="All keys").bounding_box()
    assert box
    assert box["x"] + box["width"] <= 390


@contextmanager
def _out_of_reach(app: Flask) -> Iterator[None]:
    """Every connection is cut before anything is answered."""
    answering = app.wsgi_app

    def cut(environ: dict[str, Any], _start_response: object) -> Iterable[bytes]:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError

    app.wsgi_app = cut
    yield
    app.wsgi_app = answering


def test_an_archive_out_of_reach_loses_no_choice(app: Flask, moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    with _out_of_reach(app):
        bench.keyboard.press("4")
        expect(bench.get_by_role("status")).to_contain_text("cannot be reached")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_bench_works_without_script(page: Page, moderator: Person, answers: list[str], width: int) -> None:
    bench = moderator("maud", java_script_enabled=False, viewport={"width": width, "height": 800})
    bench.get_by_role("button", name="From memory", exact=False).last.click()
    on_the_bench(bench, "syllabary")
    expect(bench.get_by_role("status")).to_contain_text("You tagged the answer by palaeo_pat")
    bench.get_by_role("button", name="Undo").click()
    on_the_bench(bench, "palaeo_pat")
    assert _badge(page, answers[0]) == "Not yet tagged"


def test_where_nothing_is_suggested_enter_does_nothing_and_the_keys_tag(
    page: Page, moderator: Person, session: Session, vault: Vault
) -> None:
    (post,) = publish_thread(session, vault, GERMAN)
    set_rules(session, showing="shown")
    bench = moderator("maud")
    on_the_bench(bench, "faehrmann")
    expect(bench.locator("#reveal-h")).to_have_text("Nothing is suggested")
    expect(bench.get_by_role("button", name="Accept")).to_have_count(0)
    assert violations(bench) == []
    bench.keyboard.press("Enter")
    expect(bench.locator("main")).not_to_have_attribute("aria-busy", "true")
    on_the_bench(bench, "faehrmann")
    bench.keyboard.press("3")
    expect(bench.get_by_role("status")).to_contain_text("You tagged the answer by faehrmann")
    assert _badge(page, post) == "Attributed, not cited"


def test_the_telling_sentence_is_evidence_once_it_is_ticked(
    session: Session, moderator: Person, answers: list[str]
) -> None:
    set_rules(session, showing="shown")
    bench = moderator("maud")
    told = bench.locator("#evidence li", has_text="Sentence that tells most")
    words = " ".join(bench.locator(".focus .telling").all_inner_texts())
    told.get_by_role("checkbox").check()
    bench.keyboard.press("Enter")
    on_the_bench(bench, "syllabary")
    bench.goto(f"/posts/{answers[0]}/tags")
    quoted = bench.locator("blockquote").all_inner_texts()
    assert any(words.split()[0] in quote and words.split()[-1] in quote for quote in quoted)
