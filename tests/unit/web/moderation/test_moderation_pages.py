import re
from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish, roll_back
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.threads import Post
from archive.store.vault import Vault
from archive.store.votes import Vote
from tests.unit.web.moderation.conftest import THREAD
from tests.unit.web.moderation.voting import follow, form_of, level_of, next_page, post_on, send, vote

Moderator = Callable[[str], FlaskClient]


def test_an_archive_without_answers_says_what_will_come(moderator: Moderator) -> None:
    page = moderator("maud").get("/moderation").get_data(as_text=True)
    assert "nothing to tag" in page
    assert "/codebook" in page


def test_each_collection_says_how_many_wait(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "recollected")
    row = maud.get("/moderation").get_data(as_text=True).partition("Scripts</bdi>")[2]
    assert re.findall(r'<td class="num">(\d+)</td>', row)[:2] == ["2", "1"]


@pytest.mark.parametrize("showing", ["blind", "marks", "shown"])
def test_the_queue_begins_with_the_first_answer(
    moderator: Moderator, answers: list[str], set_rules: Callable[..., None], showing: str
) -> None:
    set_rules(showing=showing)
    maud = moderator("maud")
    found = maud.get("/moderation/queue?collection=scripts")
    assert found.status_code == 303
    assert found.headers["Location"] == f"/moderation/posts/{answers[0]}?collection=scripts&served=yes"
    page = follow(maud, found)
    assert post_on(page) == answers[0]
    assert ("Suggested: " in page) == (showing == "shown")
    assert "Who deserves the credit" in page
    assert page.count('class="keycard') == 8
    assert page.count('role="status"') == 1


def test_one_post_tags_and_leads_to_the_next(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    answer = vote(maud, answers[0], "recollected", collection="scripts")
    assert answer.status_code == 303
    onward = f"/moderation/posts/{answers[1]}?collection=scripts&back={answers[0]}&served=yes#focus-h"
    assert answer.headers["Location"] == onward
    page = maud.get(answer.headers["Location"]).get_data(as_text=True)
    assert f'data-post="{answers[1]}"' in page
    assert re.search(r"You tagged the answer by <bdi>palaeo_pat</bdi> .*From memory", page)
    assert re.search(r"Next: <bdi>syllabary</bdi>, 2 left", page)
    assert level_of(maud, answers[0]) == "recollected"


def test_the_words_that_speak_for_the_level_are_kept_with_the_tag(
    moderator: Moderator, answers: list[str], set_rules: Callable[..., None]
) -> None:
    set_rules(showing="shown")
    maud = moderator("maud")
    page = maud.get(f"/moderation/posts/{answers[0]}").get_data(as_text=True)
    ticked = re.findall(r'name="evidence" value="([^"]+)" checked', page)
    assert ticked
    vote(maud, answers[0], form_of(page)["suggested"], evidence=ticked)
    history = maud.get(f"/posts/{answers[0]}/tags").get_data(as_text=True)
    assert re.search(r'<blockquote dir="auto">.*cannot cite them.*</blockquote>', history)


def test_an_answer_passed_over_comes_back_last(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    assert send(maud, f"/posts/{answers[0]}/skips").status_code == 303
    order = []
    for _ in answers:
        order.append(post_on(next_page(maud)))
        vote(maud, order[-1], "unsourced")
    assert order == [*answers[1:], answers[0]]


def test_an_empty_queue_says_so_and_still_offers_to_undo(
    moderator: Moderator, answers: list[str], set_rules: Callable[..., None]
) -> None:
    set_rules(showing="shown")
    maud = moderator("maud")
    for post in answers:
        last = vote(maud, post, "unsourced", collection="scripts")
    page = follow(maud, last)
    assert "Nothing waits in <bdi>Scripts</bdi>" in page
    assert "Every published answer in this collection has a tag" in page
    assert 'action="/moderation/undo"' in page


def test_undo_takes_the_last_tag_back_and_shows_its_answer_again(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "cited", evidence="0-5")
    vote(maud, answers[1], "unsourced")
    undone = send(maud, "/moderation/undo")
    assert undone.headers["Location"] == f"/moderation/posts/{answers[1]}?served=yes#focus-h"
    assert (level_of(maud, answers[0]), level_of(maud, answers[1])) == ("cited", "none")


def test_undo_says_which_tag_was_taken_back(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    vote(maud, answers[1], "unsourced")
    page = follow(maud, send(maud, "/moderation/undo"))
    assert re.search(r"You took back your tag of the answer by <bdi>syllabary</bdi> .*No source given", page)


def test_what_was_done_is_said_once_and_never_of_another_page(moderator: Moderator, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    after = vote(teasel, answers[1], "unsourced").headers["Location"]
    assert "You tagged the answer" in teasel.get(after).get_data(as_text=True)
    form = form_of(teasel.get(f"/moderation/posts/{answers[0]}").get_data(as_text=True))
    vote(maud, answers[0], "recollected")
    assert (
        teasel.post(f"/posts/{answers[0]}/tags", data={**form, "level": "cited", "evidence": "0-5"}).status_code == 409
    )
    for path in (f"/moderation/queue?after={answers[0]}", after, f"/moderation/posts/{answers[0]}", "/moderation"):
        assert "You tagged the answer" not in next_page(teasel, path)


def test_there_may_be_nothing_to_undo(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    assert "nothing of yours to take back" in follow(maud, send(maud, "/moderation/undo"))
    assert "Nothing was taken back that could be done again" in follow(maud, send(maud, "/moderation/redo"))


def test_who_comes_second_is_told_and_nothing_is_overwritten(moderator: Moderator, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    form = form_of(teasel.get(f"/moderation/posts/{answers[0]}").get_data(as_text=True))
    vote(maud, answers[0], "recollected")
    answer = teasel.post(f"/posts/{answers[0]}/tags", data={**form, "level": "attributed", "note": "he names her"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "maud tagged this answer" in page
    assert "Attributed, not cited" in page
    assert "he names her" in page
    assert level_of(maud, answers[0]) == "recollected"


def test_who_comes_second_can_vote_all_the_same_with_one_press_and_what_is_in_force_stays(
    moderator: Moderator, answers: list[str], session: Session
) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    form = form_of(teasel.get(f"/moderation/posts/{answers[0]}").get_data(as_text=True))
    vote(maud, answers[0], "recollected")
    wanted = {**form, "level": "attributed", "evidence": "0-5", "note": "he names her"}
    conflict = (
        teasel.post(f"/posts/{answers[0]}/tags", data=wanted).get_data(as_text=True).partition("conflict-facts")[2]
    )
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', conflict))
    assert again["evidence"] == "0-5"
    again |= {"level": "attributed", "note": "he names her"}
    assert "wants another vote" in follow(teasel, teasel.post(f"/posts/{answers[0]}/tags", data=again))
    assert level_of(maud, answers[0]) == "recollected"
    stored = session.scalars(select(Vote).order_by(Vote.id.desc())).first()
    assert stored is not None
    assert (stored.level, stored.note, stored.blind, stored.stands) == ("attributed", "he names her", False, True)
    assert [words["text"] for words in stored.evidence] == ["Kober"]


def test_who_took_a_vote_back_leaves_the_votes_of_others(moderator: Moderator, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    vote(maud, answers[0], "recollected")
    vote(teasel, answers[0], "attributed")
    assert level_of(maud, answers[0]) == "recollected"
    assert send(maud, "/moderation/undo").status_code == 303
    assert level_of(maud, answers[0]) == "attributed"


def test_the_history_says_who_when_and_under_which_codebook(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "recollected", note="he says so")
    page = maud.get(f"/posts/{answers[0]}/tags").get_data(as_text=True)
    for words in ("From memory", "<bdi>maud</bdi>", "codebook 2", "he says so", "in force", "Suggested was"):
        assert words in page


def test_a_tag_can_be_taken_back_from_the_history_and_put_back(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "recollected")
    for expected in ("none", "recollected"):
        page = maud.get(f"/posts/{answers[0]}/tags").get_data(as_text=True)
        number = re.search(r'name="tag" value="(\d+)"', page)
        assert number
        assert send(maud, f"/posts/{answers[0]}/undos", tag=number[1]).status_code == 303
        assert level_of(maud, answers[0]) == expected


def test_a_tag_whose_text_was_withdrawn_is_said_not_to_be_in_force_and_cannot_be_taken_back(
    session: Session, vault: Vault, moderator: Moderator, answers: list[str]
) -> None:
    file = NamedFile("kober.txt", partial(BytesIO, THREAD.replace("once", "twice").encode()))
    newer = receive_files(session, vault, [file], collection="Scripts", by=Actor.of(None))
    run_batch(session, vault, newer, by=Actor.of(None))
    publish(session, newer, by=Actor.of(None))
    maud, at = moderator("maud"), f"/posts/{answers[0]}/tags"
    session.rollback()
    vote(maud, answers[0], "recollected", evidence="23-27")
    page = maud.get(at).get_data(as_text=True)
    assert "<blockquote" in page
    assert "Take this tag back" in page
    roll_back(session, newer, reason="", by=Actor.of(None))
    session.rollback()
    assert level_of(maud, answers[0]) == "none"
    page = maud.get(at).get_data(as_text=True)
    assert "not in force: the text that was judged was withdrawn" in page
    assert "text 2, withdrawn</span>" in page
    assert "not shown, as their text is not" in page
    for words in ('class="in-force"', "Take this tag back", "/undos", "<blockquote", "2 of 1", "No words were named"):
        assert words not in page


def test_a_tag_given_to_an_earlier_text_says_which_one_readers_see(
    session: Session, vault: Vault, moderator: Moderator, answers: list[str]
) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "recollected")
    file = NamedFile("kober.txt", partial(BytesIO, THREAD.replace("once", "twice").encode()))
    newer = receive_files(session, vault, [file], collection="Scripts", by=Actor.of(None))
    run_batch(session, vault, newer, by=Actor.of(None))
    publish(session, newer, by=Actor.of(None))
    session.rollback()
    page = maud.get(f"/posts/{answers[0]}/tags").get_data(as_text=True)
    assert "<span>text 1; readers see text 2</span>" in page
    assert "Take this tag back" in page


def test_an_answer_with_a_tag_says_so_on_the_bench(moderator: Moderator, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    vote(maud, answers[0], "recollected")
    follows = {maud: "That is your vote: another level takes its place", teasel: "it stays so until somebody decides"}
    for reader, says in follows.items():
        page = reader.get(f"/moderation/posts/{answers[0]}").get_data(as_text=True)
        assert "One moderator’s decision: " in page
        assert says in page
        assert "<small>in force</small>" in page


@pytest.mark.parametrize(
    "fields", [{"level": "best"}, {"version": "x"}, {"note": "n" * 2_001}, {"evidence": "0-99999"}]
)
def test_a_form_that_is_not_ours_is_refused_with_a_sentence(
    moderator: Moderator, answers: list[str], fields: dict[str, str]
) -> None:
    answer = vote(moderator("maud"), answers[0], **{"level": "cited", **fields})
    assert answer.status_code in (400, 409)
    assert level_of(moderator("teasel"), answers[0]) == "none"


def test_questions_are_not_put_on_the_bench(session: Session, moderator: Moderator, answers: list[str]) -> None:
    question = session.scalars(select(Post.public_id).where(Post.kind == "question")).one()
    assert moderator("maud").get(f"/moderation/posts/{question}").status_code == 409


def test_what_was_suggested_is_no_business_of_readers(app, moderator: Moderator, answers: list[str]) -> None:
    vote(moderator("maud"), answers[0], "unsourced")
    thread = app.test_client().get(f"/posts/{answers[0]}").headers["Location"]
    page = app.test_client().get(thread).get_data(as_text=True)
    assert "uggest" not in page.replace('"suggestedAnswer"', "")  # which is what schema.org calls any answer


def test_of_a_post_longer_than_a_page_the_bench_and_the_original_show_the_beginning_and_say_so(
    moderator: Moderator, session: Session, vault: Vault
) -> None:
    text = "Why? I think I read it, p. 5.\n" * 500 + "a\n" * 450_000
    file = NamedFile("long.txt", partial(BytesIO, f"Who?\n\nby minos_mary\npalaeo_pat\n\n{text}".encode()))
    batch = receive_files(session, vault, [file], collection="Scripts", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    publish(session, batch, by=Actor.of(None))
    post = session.scalars(select(Post.public_id).where(Post.kind == PostKind.ANSWER)).one()
    maud = moderator("maud")
    for path, said in (
        (f"/moderation/posts/{post}", "Only the beginning is shown here"),
        (f"/posts/{post}/original", "Only the beginning of the stretch is shown here"),
    ):
        page = maud.get(path).get_data(as_text=True)
        assert said in page
        assert len(page) < 2 * 1024 * 1024
