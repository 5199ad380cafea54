"""The bench by keyboard: blind first, what is fetched before it is wanted, words by keyboard, readings that differ."""

import pytest
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.votes import Vote
from tests.browser.at_the_bench import Person, on_the_bench
from tests.browser.axe import violations
from tests.rules import set_rules


def _votes(session: Session) -> list[Vote]:
    session.rollback()
    return list(session.scalars(select(Vote).order_by(Vote.id)))


def test_between_two_answers_nothing_is_asked_for_but_the_vote(
    moderator: Person, session: Session, answers: list[str]
) -> None:
    set_rules(session, showing="blind")
    bench = moderator("maud")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    bench.wait_for_load_state("networkidle")  # what comes next has been fetched
    asked: list[Request] = []

    def refuse_all_but_the_vote(route: Route) -> None:
        asked.append(route.request)
        if route.request.method == "POST":
            route.continue_()
        else:
            route.abort()

    bench.route("**/*", refuse_all_but_the_vote)
    bench.keyboard.press("5")
    on_the_bench(bench, "Knossos")
    expect(bench.locator("#focus-h")).to_be_focused()
    assert asked[0].method == "POST"
    assert [request.method for request in asked].count("POST") == 1
    assert not [request.url for request in asked if f"/posts/{answers[2]}?" in request.url]
    expect(bench).to_have_url(f"/moderation/posts/{answers[2]}?collection=scripts&back={answers[1]}&served=yes")


def test_while_a_suggestion_is_looked_at_the_next_answer_is_fetched(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    bench.keyboard.press("6")
    expect(bench.locator("#reveal-h")).to_be_focused()
    bench.wait_for_load_state("networkidle")
    asked: list[str] = []
    bench.on("request", lambda request: asked.append(request.url))
    bench.keyboard.press("Enter")
    on_the_bench(bench, "syllabary")
    assert not [url for url in asked if f"/posts/{answers[1]}?" in url]


def test_after_a_vote_that_differs_the_suggestion_is_in_focus_and_enter_keeps_the_vote(
    moderator: Person, answers: list[str], session: Session
) -> None:
    bench = moderator("maud")
    expect(bench.locator("main")).not_to_contain_text("Suggested:")
    bench.keyboard.press("6")
    expect(bench.locator("#reveal-h")).to_be_focused()
    expect(bench.get_by_role("heading", name="Suggested: From memory")).to_be_visible()
    expect(bench.get_by_role("status")).to_contain_text("Personal account")
    expect(bench.get_by_role("status")).to_contain_text("From memory")
    expect(bench.get_by_role("button", name="Personal account")).to_have_attribute("aria-pressed", "true")
    bench.keyboard.press("Enter")
    on_the_bench(bench, "syllabary")
    expect(bench.locator("#focus-h")).to_be_focused()
    expect(bench.get_by_role("status")).to_contain_text("You kept your vote on the answer by palaeo_pat")
    (vote,) = _votes(session)
    assert vote.kept_at is not None
    assert (vote.level, vote.blind, vote.suggestion_seen) == ("testimony", True, False)


def test_a_vote_is_revised_by_the_key_of_another_level(moderator: Person, answers: list[str], session: Session) -> None:
    bench = moderator("maud")
    bench.keyboard.press("6")
    expect(bench.locator("#reveal-h")).to_be_focused()
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    assert [(vote.level, vote.stands, vote.suggestion_seen) for vote in _votes(session)] == [
        ("testimony", False, False),
        ("recollected", True, True),
    ]


def test_what_was_done_is_taken_back_and_done_again_by_two_keys(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    status = bench.get_by_role("status")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    bench.keyboard.press("l")
    on_the_bench(bench, "Knossos")
    expect(status).to_contain_text("You read the answer by syllabary and left it as it is. Next: Knossos")
    bench.keyboard.press("h")
    on_the_bench(bench, "tholos1953")
    expect(status).to_contain_text("You left the answer by Knossos to a colleague. Next: tholos1953")
    for author in ("Knossos", "syllabary", "palaeo_pat"):
        bench.keyboard.press("u")
        on_the_bench(bench, author)
        expect(status).to_contain_text("You took back")
    for author in ("syllabary", "Knossos", "tholos1953"):
        bench.keyboard.press("Shift+U")
        on_the_bench(bench, author)
        expect(status).to_contain_text("You did again")


def test_words_are_chosen_by_keyboard(moderator: Person, answers: list[str], session: Session) -> None:
    bench = moderator("maud")
    status = bench.get_by_role("status")
    bench.keyboard.press("w")
    expect(bench.get_by_role("application", name="Words of the answer")).to_be_focused()
    expect(status).to_have_text("Kober")
    bench.keyboard.press("ArrowRight")
    expect(status).to_have_text("did")
    bench.keyboard.press("ArrowDown")
    expect(status).to_have_text("She")
    bench.keyboard.press("ArrowUp")
    bench.keyboard.press("Shift+ArrowRight")
    expect(status).to_have_text("Kober did")
    bench.keyboard.press("Enter")
    expect(status).to_contain_text("Added as evidence: “Kober did”")
    expect(bench.locator("#focus-h")).to_be_focused()
    expect(bench.locator("#evidence .own")).to_contain_text("Your words: “Kober did”")
    bench.keyboard.press("w")
    bench.keyboard.press("ArrowRight")
    bench.keyboard.press("Escape")
    expect(status).to_have_text("No words were added.")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")
    assert [words["text"] for words in _votes(session)[0].evidence] == ["Kober did"]


def test_guidelines_open_at_the_level_in_focus(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud")
    bench.locator('.keycard[value="attributed"]').focus()
    bench.keyboard.press("g")
    expect(bench.locator("#guideline")).to_have_attribute("open", "")
    expect(bench.locator("#guide-attributed")).to_have_class("is-at")
    expect(bench.locator("#guide-attributed")).to_be_in_viewport()
    expect(bench.get_by_role("status")).to_contain_text("A claim ascribed to a named scholar")
    expect(bench.locator('.keycard[value="attributed"]')).to_be_focused()


def test_a_reference_without_words_is_asked_back_once_and_keeps_the_note(
    moderator: Person, answers: list[str], session: Session
) -> None:
    bench = moderator("maud")
    bench.keyboard.press("n")
    bench.keyboard.type("her papers")
    bench.keyboard.press("Escape")
    bench.keyboard.press("2")
    expect(bench.get_by_role("status")).to_contain_text("Which words give the reference?")
    expect(bench.locator("#note")).to_have_value("her papers")
    bench.keyboard.press("2")
    expect(bench.locator("#reveal-h")).to_be_focused()
    assert [(vote.level, vote.note) for vote in _votes(session)] == [("cited", "her papers")]


def test_words_that_do_not_stand_in_the_answer_come_back_as_they_were_typed(
    moderator: Person, answers: list[str]
) -> None:
    bench = moderator("maud")
    bench.get_by_text("Type the words").click()
    bench.get_by_label("As they stand in the answer").fill("Kober did it all")
    bench.keyboard.press("Escape")
    bench.keyboard.press("4")
    expect(bench.get_by_role("status")).to_contain_text("“Kober did it all” does not stand in the answer")
    expect(bench.get_by_label("As they stand in the answer")).to_have_value("Kober did it all")
    assert violations(bench) == []
    bench.get_by_label("As they stand in the answer").fill("Kober did the hard part.")
    bench.keyboard.press("Escape")
    bench.keyboard.press("4")
    on_the_bench(bench, "syllabary")


@pytest.mark.parametrize("script", [True, False])
def test_enter_at_a_tick_sends_no_note_to_the_team_and_no_vote(
    moderator: Person, answers: list[str], session: Session, script: bool
) -> None:
    bench = moderator("maud", java_script_enabled=script)
    box = bench.locator("#evidence input").first
    box.press("Space")
    box.press("Enter")
    expect(bench.get_by_role("status")).to_contain_text("No level was chosen: press one.")
    expect(box).to_be_checked()
    on_the_bench(bench, "palaeo_pat")
    assert _votes(session) == []


def test_the_region_says_what_was_tagged_what_follows_and_both_levels(
    moderator: Person, answers: list[str], session: Session
) -> None:
    set_rules(session, votes_needed=2)
    bench = moderator("maud")
    bench.keyboard.press("6")
    expect(bench.get_by_role("status")).to_contain_text("You tagged the answer by palaeo_pat")
    expect(bench.get_by_role("status")).to_contain_text("Nothing is published yet: it wants another vote.")
    expect(bench.get_by_role("status")).to_contain_text("You said, blind")


def test_a_vote_is_kept_without_script(moderator: Person, answers: list[str]) -> None:
    bench = moderator("maud", java_script_enabled=False)
    bench.get_by_role("button", name="Personal account").click()
    expect(bench.locator("#reveal-h")).to_contain_text("Suggested: From memory")
    bench.get_by_role("button", name="Keep yours").click()
    on_the_bench(bench, "syllabary")
    expect(bench.get_by_role("status")).to_contain_text("You kept your vote")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_the_bench_can_be_used_by_everybody(
    moderator: Person, answers: list[str], session: Session, width: int, scheme: str
) -> None:
    set_rules(session, votes_needed=2)
    window = {"viewport": {"width": width, "height": 4000}, "color_scheme": scheme}
    pages = [moderator(name, **window) for name in ("maud", "teasel", "wim")]
    for key, page in zip("47", pages, strict=False):
        page.goto(f"/moderation/posts/{answers[0]}?served=yes")
        _look_at(page, width)
        page.keyboard.press(key)
        page.get_by_text("Another reading differs" if key == "7" else "wants another vote").or_(
            page.locator(".two-votes")
        ).first.wait_for()
    expect(pages[1].locator("#reveal-h")).to_be_focused()
    _look_at(pages[1], width)
    for path in ("/moderation", "/moderation/disputes", f"/moderation/disputes/{answers[0]}"):
        pages[2].goto(path)
        _look_at(pages[2], width)
    pages[1].goto(f"/moderation/disputes/{answers[0]}")
    _look_at(pages[1], width)


def _look_at(page: Page, width: int) -> None:
    """axe finds nothing, and nothing is wider than the window."""
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_readings_that_differ_are_decided_by_keyboard(moderator: Person, answers: list[str], session: Session) -> None:
    set_rules(session, votes_needed=2, showing="blind")
    for name, key in (("maud", "4"), ("teasel", "7")):
        page = moderator(name)
        page.goto(f"/moderation/posts/{answers[0]}?served=yes")
        page.keyboard.press(key)
        on_the_bench(page, "syllabary")
    wim = moderator("wim")
    wim.goto("/moderation/disputes")
    wim.get_by_role("link", name="Answer by palaeo_pat").press("Enter")
    wim.get_by_role("heading", name="The votes").wait_for()
    wim.keyboard.press("4")
    expect(wim.locator("#note")).to_be_focused()  # it wants a reason first
    wim.keyboard.type("He says so, 4 times.")
    wim.keyboard.press("Escape")
    expect(wim.locator("#focus-h")).to_be_focused()
    wim.keyboard.press("4")
    expect(wim.get_by_role("status")).to_contain_text("You decided: From memory")
