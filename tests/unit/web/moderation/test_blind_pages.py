"""Blind first: what the bench keeps to itself before the vote, and what it shows after it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.domain.assessment import ENGINE
from archive.domain.source_quality import Level
from archive.store.ledger import read_entries
from archive.store.tags import StoredSuggestion
from archive.store.threads import Post, Revision
from archive.store.votes import Vote
from tests.unit.web.moderation.voting import bench, follow, form_of, in_words, level_of, post_on, send, vote

Moderator = Callable[[str], FlaskClient]
Suggest = Callable[..., None]
Rules = Callable[..., None]

WITHHELD = {"start": 52, "end": 68, "kind": "withheld", "why": "says that it cannot be cited"}


@pytest.fixture
def suggest(session: Session, answers: list[str]) -> Suggest:
    """Have this be suggested for the first answer, in place of what was."""

    def suggest(level: Level, confidence: float = 0.784) -> None:
        revision = session.scalars(select(Revision).join(Post).where(Post.public_id == answers[0])).one()
        session.execute(delete(StoredSuggestion).where(StoredSuggestion.revision_id == revision.id))
        session.add(
            StoredSuggestion(
                revision_id=revision.id,
                thread_id=revision.thread_id,
                engine=ENGINE,
                level=level,
                confidence=confidence,
                second=Level.CONJECTURE,
                second_confidence=0.11,
                telling=[0, 23],
                path=["A step on the way."],
                signals=[WITHHELD],
            )
        )
        session.commit()

    return suggest


@pytest.fixture
def stored(session: Session) -> Callable[[], list[Vote]]:
    """All votes, the oldest first."""

    def stored() -> list[Vote]:
        session.rollback()
        return list(session.scalars(select(Vote).order_by(Vote.id)))

    return stored


def _bare(page: str) -> str:
    """A page without what differs from one request to the next."""
    page = re.sub(r'(name="csrf[-_]token" (?:content|value)=)"[^"]*"', r"\1", page)
    return re.sub(r'name="version" value="\d+"', "", page)


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize("showing", ["blind", "marks"])
def test_before_the_vote_a_page_is_the_same_whatever_is_suggested(
    moderator: Moderator, answers: list[str], suggest: Suggest, set_rules: Rules, showing: str
) -> None:
    set_rules(showing=showing)
    maud, pages = moderator("maud"), []
    for level, confidence in ((Level.RECOLLECTED, 0.784), (Level.TESTIMONY, 0.412)):
        suggest(level, confidence)
        pages.append(_bare(bench(maud, answers[0], served=True)))
    assert pages[0] == pages[1]
    for words in ("78 %", "41 %", "11 %", "uggested:", "What speaks for it", "telling", "weighs most", "on the way"):
        assert words not in pages[0]
    assert ("says that it cannot be cited" in pages[0]) == (showing == "marks")


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize("showing", ["blind", "marks", "shown"])
@pytest.mark.parametrize("needed", [1, 2])
def test_a_page_that_the_queue_gives_is_the_same_whatever_others_said(
    moderator: Moderator, answers: list[str], set_rules: Rules, showing: str, needed: int
) -> None:
    set_rules(showing=showing, votes_needed=needed)
    maud, teasel, pages = moderator("maud"), moderator("teasel"), []
    for level, note in (("recollected", "he says so"), ("testimony", "he was there")):
        vote(maud, answers[0], level, note=note, evidence="0-5")
        pages.append(_bare(bench(teasel, answers[0], served=True)))
        send(maud, "/moderation/undo")
    assert pages[0] == pages[1]
    for words in ("<bdi>maud", "he says so", "in force", "One moderator"):
        assert words not in pages[0]


@pytest.mark.parametrize("fields", [{"level": "cited"}, {"level": "unsourced", "words": "not there"}])
def test_a_page_that_comes_back_from_the_form_tells_no_more_than_it_did(
    moderator: Moderator, answers: list[str], suggest: Suggest, fields: dict[str, str]
) -> None:
    suggest(Level.RECOLLECTED)
    maud, teasel = moderator("maud"), moderator("teasel")
    vote(maud, answers[0], "recollected", note="he says so")
    back = vote(teasel, answers[0], served=True, **fields)
    assert back.status_code == 422
    page = back.get_data(as_text=True)
    assert form_of(page)["seen"] == "marks"
    for words in ("78 %", "uggested:", "telling", "<bdi>maud", "he says so", "in force"):
        assert words not in page


def test_who_comes_to_an_answer_otherwise_sees_its_tag_and_the_vote_is_not_blind(
    moderator: Moderator, answers: list[str], stored: Callable[[], list[Vote]]
) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    vote(maud, answers[0], "recollected")
    page = bench(teasel, answers[0])
    assert "One moderator’s decision" in page
    assert form_of(page)["seen"] == "decision"
    vote(teasel, answers[0], "recollected")
    assert [one.blind for one in stored()] == [True, False]


def test_a_vote_that_differs_leads_to_the_suggestion_beside_it(
    moderator: Moderator, answers: list[str], suggest: Suggest, stored: Callable[[], list[Vote]]
) -> None:
    suggest(Level.RECOLLECTED)
    maud = moderator("maud")
    given = vote(maud, answers[0], "testimony", served=True, collection="scripts")
    assert given.headers["Location"] == f"/moderation/posts/{answers[0]}/reveal?collection=scripts#focus-h"
    page = follow(maud, given)
    both = in_words(page.partition('class="two-votes"')[2].partition("</dl>")[0])
    assert re.search("You said, blind Personal account The suggestion From memory", both)
    assert "Suggested: From memory 78 %" in in_words(page)
    assert "Keep yours" in page
    assert "<small>your vote</small>" in page
    (one,) = stored()
    assert (one.level, one.blind, one.suggestion_seen, one.suggested) == ("testimony", True, False, "recollected")


@pytest.mark.parametrize(("confidence", "stops"), [(0.5, True), (0.499, False)])
def test_nobody_is_stopped_for_a_suggestion_that_is_less_sure_than_a_coin(
    moderator: Moderator, answers: list[str], suggest: Suggest, confidence: float, stops: bool
) -> None:
    suggest(Level.RECOLLECTED, confidence)
    maud = moderator("maud")
    given = vote(maud, answers[0], "testimony", served=True)
    assert ("/reveal" in given.headers["Location"]) is stops
    said = "The suggestion was unsure: perhaps From memory (50 %)." in in_words(follow(maud, given))
    assert said is not stops
    before = in_words(bench(maud, answers[0], served=True))  # where the key for the answer before leads
    assert "Perhaps From memory (50 %)" in before or stops


@pytest.mark.parametrize(("level", "apart"), [("attributed", "1 step below"), ("unsourced", "1 step above")])
def test_how_far_a_suggestion_lies_from_the_vote_is_said(
    moderator: Moderator, answers: list[str], suggest: Suggest, level: str, apart: str
) -> None:
    suggest(Level.RECOLLECTED)
    maud = moderator("maud")
    assert apart in in_words(follow(maud, vote(maud, answers[0], level, served=True)))


def test_a_vote_that_does_not_differ_goes_on_and_says_that_the_suggestion_was_the_same(
    moderator: Moderator, answers: list[str], suggest: Suggest
) -> None:
    suggest(Level.RECOLLECTED)
    maud = moderator("maud")
    page = follow(maud, vote(maud, answers[0], "recollected", served=True))
    assert post_on(page) == answers[1]
    assert "The suggestion was the same." in page


def test_a_vote_that_is_kept_says_when_and_goes_on(
    moderator: Moderator,
    answers: list[str],
    suggest: Suggest,
    stored: Callable[[], list[Vote]],
    session: Session,
) -> None:
    suggest(Level.RECOLLECTED)
    maud, teasel = moderator("maud"), moderator("teasel")
    vote(maud, answers[0], "testimony", served=True)
    number = stored()[0].id
    assert stored()[0].kept_at is None
    assert send(teasel, f"/moderation/votes/{number}/kept").status_code == 409
    page = follow(maud, send(maud, f"/moderation/votes/{number}/kept", collection="scripts"))
    assert post_on(page) == answers[1]
    assert "You kept your vote" in page
    (one,) = stored()
    assert one.kept_at is not None
    assert [entry.act for entry in read_entries(session)].count("keep vote") == 1
    assert level_of(maud, answers[0]) == "testimony"


def test_a_vote_that_is_revised_stands_beside_the_blind_one(
    moderator: Moderator, answers: list[str], suggest: Suggest, stored: Callable[[], list[Vote]]
) -> None:
    suggest(Level.RECOLLECTED)
    maud = moderator("maud")
    page = follow(maud, vote(maud, answers[0], "testimony", served=True, evidence="0-5", note="he was there"))
    assert form_of(page)["seen"] == "suggestion"
    revised = maud.post(f"/posts/{answers[0]}/tags", data={**form_of(page), "level": "recollected"})
    assert post_on(follow(maud, revised)) == answers[1]
    first, second = stored()
    assert (first.level, first.blind, first.suggestion_seen, first.stands) == ("testimony", True, False, False)
    assert (second.level, second.blind, second.suggestion_seen, second.stands) == ("recollected", False, True, True)
    assert second.replaces == first.id
    assert level_of(maud, answers[0]) == "recollected"


def test_what_was_chosen_and_written_with_a_vote_stands_in_the_form_when_it_is_revised(
    moderator: Moderator, answers: list[str], suggest: Suggest
) -> None:
    suggest(Level.RECOLLECTED)
    maud = moderator("maud")
    said = {"evidence": ["0-5", "52-68"], "note": "he was there", "reason": "vague"}
    page = follow(maud, vote(maud, answers[0], "testimony", served=True, **said))
    assert 'value="52-68" checked' in page
    assert re.search(r'value="0-5" checked> <span>Your words: “Kober”</span>', page)
    assert ">he was there</textarea>" in page
    assert re.search(r'<option value="vague" selected>', page)
    assert form_of(page)["suggested"] == ""  # the ticks are the moderator's own, at whatever level


def test_words_that_were_kept_for_the_first_level_do_not_speak_for_the_revised_one(
    moderator: Moderator, answers: list[str], suggest: Suggest, stored: Callable[[], list[Vote]]
) -> None:
    suggest(Level.UNSOURCED)
    maud = moderator("maud")
    page = follow(maud, vote(maud, answers[0], "recollected", served=True))
    assert [words["start"] for words in stored()[0].evidence] == [52]
    assert form_of(page)["suggested"] == "recollected"
    ticked = re.findall(r'name="evidence" value="([^"]+)" checked', page)
    assert ticked == ["52-68"]
    maud.post(f"/posts/{answers[0]}/tags", data={**form_of(page), "level": "testimony", "evidence": ticked})
    assert stored()[1].evidence == []


def test_nobody_is_shown_a_suggestion_before_the_vote_by_its_address(
    moderator: Moderator, answers: list[str], suggest: Suggest
) -> None:
    suggest(Level.RECOLLECTED)
    maud = moderator("maud")
    found = maud.get(f"/moderation/posts/{answers[0]}/reveal?collection=scripts")
    assert found.status_code == 303
    page = follow(maud, found)
    assert "78 %" not in page
    assert form_of(page)["seen"] == "marks"


def test_where_answers_are_read_fully_blind_nothing_is_marked_and_nothing_is_shown_after_the_vote(
    moderator: Moderator, answers: list[str], suggest: Suggest, set_rules: Rules
) -> None:
    suggest(Level.RECOLLECTED)
    set_rules(showing="blind")
    maud = moderator("maud")
    page = bench(maud, answers[0], served=True)
    assert "answers are read without marks" in page
    for mark in ('class="ev', 'class="ref"', 'name="evidence"', "words-for-", "No signal was seen"):
        assert mark not in page
    given = vote(maud, answers[0], "testimony", served=True)
    assert post_on(follow(maud, given)) == answers[1]
    for path in (f"/moderation/posts/{answers[0]}", f"/moderation/posts/{answers[0]}/reveal"):
        page = maud.get(path).get_data(as_text=True)
        for mark in ('class="ev', 'class="ref"', "78 %", "uggested:", "The suggestion"):
            assert mark not in page


def test_of_an_answer_that_needs_several_votes_it_is_said_which_one_this_is(
    moderator: Moderator, answers: list[str], set_rules: Rules
) -> None:
    set_rules(votes_needed=2)
    maud, teasel = moderator("maud"), moderator("teasel")
    assert "Vote 1 of 2, blind." in bench(maud, answers[0], served=True)
    page = follow(maud, vote(maud, answers[0], "recollected", served=True))
    assert "Nothing is published yet: it wants another vote." in page
    assert "Vote 2 of 2, blind." in bench(teasel, answers[0], served=True)
    assert level_of(maud, answers[0]) == "none"
    vote(teasel, answers[0], "recollected", served=True)
    assert level_of(maud, answers[0]) == "recollected"
