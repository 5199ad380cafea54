"""What readers see of a thread follows from what is public, whatever lies beside it as a draft or was rolled back."""

import json
import random
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.domain.ids import PublicId
from archive.domain.records import Edge, PostKind
from archive.services.browse import thread_page
from archive.services.ingest import chunks
from archive.services.ingest.entering import Entering
from archive.services.ingest.publish import publish, roll_back
from archive.services.ingest.run import run_batch
from archive.services.quarantine.repair import repair
from archive.services.views import Order
from archive.store.threads import Thread
from archive.store.users import User
from tests.integration.conftest import BY, Archive, NewArchive
from tests.integration.test_numbered_threads import Thing, asked, comment, dump, notes
from tests.integration.test_reattach import OTHER, Hand, assert_whole, number
from tests.integration.written import ANNALIST, DYKES, DYKES_FILE, ON_DYKES, RUSTICUS, SALT_FILE, thread

CIRCLE = "t1_0 → t1_1 → t1_2 answer one another in a circle, which was cut above the first."


@pytest.fixture
def hand(archive: Archive, make_user: Callable[..., User]) -> Hand:
    return Hand(archive, make_user("maud", "moderator"))


def view(archive: Archive) -> list[tuple[object, ...]]:
    """What readers see: threads with titles and counts, and posts in order with what is said of their places."""
    archive.session.rollback()
    seen: list[tuple[object, ...]] = []
    threads = select(Thread.public_id).where(Thread.public).order_by(Thread.public_id)
    for public_id in archive.session.scalars(threads).all():
        page = thread_page(archive.session, public_id, drafts=False, order=Order.POSTED)
        seen.append((public_id, page.title, page.all_answers, page.all_replies))
        seen += [
            (post.public_id, post.kind, post.parent, post.parent_author, post.depth, post.edge is Edge.CUT)
            for post in page.posts
        ]
    return seen


def above(archive: Archive) -> dict[str, str | None]:
    """By the number of a public comment, that of its parent, or the text of the question."""
    rows = archive.posts(drafts=False)
    words = {row.public_id: row.text.removeprefix("Words of number ").rstrip(".") for row in rows}
    return {words[row.public_id]: words.get(row.parent) for row in rows if row.kind is not PostKind.QUESTION}


def titles(archive: Archive) -> dict[PublicId, str]:
    archive.session.rollback()
    rows = archive.session.execute(select(Thread.public_id, Thread.title).where(Thread.public))
    return {row.public_id: row.title for row in rows}


def test_a_public_reply_waits_until_its_parent_is_public_and_again_when_that_is_withdrawn(archive: Archive) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(3, 2), comment(4, 3))}, public=True)
    before = view(archive)
    draft = archive.import_({"b.ndjson": dump(comment(2, 1))})
    assert view(archive) == before
    assert_whole(archive)
    publish(archive.session, draft.batch, by=BY)
    assert above(archive) == {"1": "I only found a plaque", "2": "1", "3": "2", "4": "3"}
    assert_whole(archive)
    roll_back(archive.session, draft.batch, reason="", by=BY)
    assert view(archive) == before
    assert_whole(archive)


def test_a_reply_that_is_published_before_its_parent_waits_for_it(archive: Archive) -> None:
    parents = archive.import_({"a.ndjson": dump(asked(), comment(2, 1), comment(1))})
    archive.import_({"b.ndjson": dump(comment(3, 2))}, public=True)
    assert above(archive) == {"3": None}
    assert_whole(archive)
    publish(archive.session, parents.batch, by=BY)
    assert above(archive) == {"1": "I only found a plaque", "2": "1", "3": "2"}
    assert_whole(archive)


def test_the_title_of_a_draft_is_shown_neither_before_it_is_published_nor_after_it_is_withdrawn(
    archive: Archive,
) -> None:
    answers = archive.import_({"a.ndjson": dump(comment(1), comment(2, 1))})
    question = archive.import_({"b.ndjson": dump(asked())})
    publish(archive.session, answers.batch, by=BY)
    assert [*titles(archive).values()] == ["Untitled"]
    assert_whole(archive)
    publish(archive.session, question.batch, by=BY)
    assert [*titles(archive).values()] == ["Who dug the canal?"]
    roll_back(archive.session, question.batch, reason="", by=BY)
    assert [*titles(archive).values()] == ["Untitled"]
    assert_whole(archive)


def mail(number: int, subject: str) -> str:
    return (
        f"From writer@list.example Thu Jan  1 00:00:00 2015\nFrom: Writer {number} <writer{number}@list.example>\n"
        f"Date: Thu, {number} Jan 2015 10:00:00 +0000\nMessage-ID: <{number}@list.example>\n"
        f"References: <1@list.example>\nSubject: {subject}\n\nWords of mail {number}.\n\n"
    )


def test_the_subject_of_a_draft_gives_no_public_thread_its_title(archive: Archive) -> None:
    archive.import_({"a.mbox": mail(2, "Re: Quarries")})
    later = archive.import_({"b.mbox": mail(3, "Re: Canals")})
    publish(archive.session, later.batch, by=BY)
    assert [*titles(archive).values()] == ["Re: Canals"]


def test_a_circle_is_cut_when_readers_would_see_it_and_mended_when_they_no_longer_would(archive: Archive) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(0, 1), comment(1, 2), comment(3, 0))}, public=True)
    before = view(archive)
    draft = archive.import_({"b.ndjson": dump(comment(2, 0))})
    assert view(archive) == before
    assert not [row for row in archive.posts() if row.edge is Edge.CUT]
    assert_whole(archive)
    publish(archive.session, draft.batch, by=BY)
    assert above(archive) == {"0": None, "1": "2", "2": "0", "3": "0"}
    assert [row.text for row in archive.posts() if row.edge is Edge.CUT] == [number(0)]
    assert CIRCLE in notes(archive, draft.batch)
    assert_whole(archive)
    roll_back(archive.session, draft.batch, reason="", by=BY)
    assert view(archive) == before
    assert_whole(archive)


def test_what_was_cut_in_drafts_is_mended_for_readers_who_see_only_a_part_of_the_circle(archive: Archive) -> None:
    part = archive.import_({"a.ndjson": dump(asked(), comment(0, 1), comment(1, 2))})
    archive.import_({"b.ndjson": dump(comment(2, 0))})
    assert [row.text for row in archive.posts() if row.edge is Edge.CUT] == [number(0)]
    publish(archive.session, part.batch, by=BY)
    assert above(archive) == {"0": "1", "1": None}
    assert not [row for row in archive.posts() if row.edge is Edge.CUT]
    assert_whole(archive)


def test_a_post_follows_its_parent_to_another_thread_when_that_is_public_and_comes_back_when_it_is_not(
    archive: Archive, hand: Hand
) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(3, 2), comment(4, 3), OTHER)}, public=True)
    hand.move(number(1), "Beyond the mill.")
    before = view(archive)
    draft = archive.import_({"b.ndjson": dump(comment(2, 1))})
    assert view(archive) == before
    assert_whole(archive)
    publish(archive.session, draft.batch, by=BY)
    assert {hand.thread_of(number(n)) for n in (1, 2, 3, 4)} == {hand.thread_of("Beyond the mill.")}
    assert_whole(archive)
    roll_back(archive.session, draft.batch, reason="", by=BY)
    assert view(archive) == before
    assert_whole(archive)


def test_what_was_moved_under_a_post_that_is_withdrawn_waits_for_it_and_the_decision_stands(
    archive: Archive, hand: Hand
) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(2, 1), comment(3))}, public=True)
    late = archive.import_({"b.ndjson": dump(comment(4))}, public=True)
    hand.move(number(2), number(4))
    roll_back(archive.session, late.batch, reason="", by=BY)
    assert above(archive) == {"1": "I only found a plaque", "2": None, "3": "I only found a plaque"}
    assert hand.row(number(2)).edge is Edge.PERSON
    assert_whole(archive)
    archive.import_({"b.ndjson": dump(comment(4))}, public=True)
    assert above(archive)["2"] == "4"
    assert_whole(archive)


def test_two_decisions_that_come_to_name_each_other_are_no_circle(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(2))}, public=True)
    late = archive.import_({"b.ndjson": dump(comment(4))}, public=True)
    hand.move(number(1), number(4))
    roll_back(archive.session, late.batch, reason="", by=BY)
    draft = archive.import_({"b.ndjson": dump(comment(4))})
    hand.move(number(4), number(1))
    publish(archive.session, draft.batch, by=BY)
    assert above(archive) == {"1": None, "2": "I only found a plaque", "4": "1"}
    assert_whole(archive)


def test_a_move_of_a_draft_makes_no_public_page_newer(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), OTHER)}, public=True)
    archive.import_({"b.ndjson": dump(comment(2, 1))})
    archive.session.rollback()
    stood = archive.session.execute(select(Thread.version, Thread.changed_at, Thread.title)).all()
    hand.move(number(2), "Beyond the mill.")
    archive.session.rollback()
    assert archive.session.execute(select(Thread.version, Thread.changed_at, Thread.title)).all() == stood
    assert_whole(archive)


def test_a_public_post_is_not_put_back_under_a_draft(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(3, 2))}, public=True)
    hand.move(number(3), number(1))
    draft = archive.import_({"b.ndjson": dump(comment(2, 1))})
    hand.back(number(3))
    assert above(archive)["3"] is None
    assert_whole(archive)
    publish(archive.session, draft.batch, by=BY)
    assert above(archive)["3"] == "2"
    assert_whole(archive)


def test_no_chunk_of_a_draft_moves_anything_while_it_is_read_in(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = some_things(random.Random(3))
    archive.import_({"a.ndjson": dump(*things[::2])}, public=True)
    before = view(archive)
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 1)
    batch = archive.receive({"b.ndjson": dump(*things[1::2])})
    seen: list[bool] = []
    run_batch(archive.session, archive.vault, batch, by=BY, progress=lambda *_: seen.append(view(archive) == before))
    assert seen == [True] * 11  # at the beginning, after each of eight posts, after the file, and after all
    assert view(archive) == before


def test_a_repair_that_is_public_at_once_stands_in_its_place_at_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Entering, "settle", lambda _: None)
    lines = dump(asked(), comment(1), comment(3), comment(4, 2)).splitlines()
    broken = "\n".join([*lines[:2], "{not json", *lines[2:]])
    imported = archive.import_({"a.ndjson": broken})
    publish(archive.session, imported.batch, by=BY)
    repair(archive.session, archive.vault, imported.batch, 0, text=json.dumps(comment(2)), by=BY)
    (thread,) = archive.session.scalars(select(Thread.public_id))
    page = thread_page(archive.session, thread, drafts=False, order=Order.POSTED)
    assert [(post.text, post.depth) for post in page.posts[1:]] == [
        (number(1), 1),
        (number(2), 1),
        (number(4), 2),
        (number(3), 1),
    ]


def test_what_hangs_under_a_draft_that_became_a_question_is_an_answer_once_both_are_public(
    archive: Archive, hand: Hand
) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(3, 2))}, public=True)
    draft = archive.import_({"b.ndjson": dump(comment(2, 1))})
    hand.move(number(2), None)
    publish(archive.session, draft.batch, by=BY)
    assert (hand.row(number(3)).kind, hand.thread_of(number(3))) == (PostKind.ANSWER, hand.thread_of(number(2)))
    assert_whole(archive)
    roll_back(archive.session, draft.batch, reason="", by=BY)
    assert (hand.row(number(3)).kind, hand.thread_of(number(3))) == (PostKind.REPLY, hand.thread_of(number(1)))
    assert_whole(archive)


def test_a_page_that_is_kept_says_when_the_source_of_a_moved_post_comes_to_be_seen(
    archive: Archive, hand: Hand, client: FlaskClient
) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(3, 2), OTHER)}, public=True)
    hand.move(number(3), "Beyond the mill.")
    path = f"/threads/{hand.thread_of(number(3))}"
    assert "answers a post that is missing here" in client.get(path).get_data(as_text=True)
    archive.import_({"b.ndjson": dump(comment(2, 1))}, public=True)
    assert "answers <a href=" in client.get(path).get_data(as_text=True)


def test_a_page_that_is_kept_leads_to_no_question_that_was_moved_out_and_then_withdrawn(
    archive: Archive, hand: Hand, client: FlaskClient
) -> None:
    archive.import_({"a.ndjson": dump(comment(3, 2), OTHER)}, public=True)
    question = archive.import_({"b.ndjson": dump(asked())}, public=True)
    path = f"/threads/{hand.thread_of(number(3))}"
    hand.move("I only found a plaque.", "Beyond the mill.")
    assert "What began this thread was moved" in client.get(path).get_data(as_text=True)
    roll_back(archive.session, question.batch, reason="", by=BY)
    assert "What began this thread was moved" not in client.get(path).get_data(as_text=True)
    archive.import_({"c.ndjson": dump(comment(4, "t3_root"))}, public=True)
    hand.move(number(4), "Beyond the mill.")  # a reply of a thread whose question is missing: it began nothing
    assert "The question is missing here" in client.get(path).get_data(as_text=True)


def test_a_page_that_is_kept_says_that_a_newer_capture_of_another_thread_lacks_a_post_that_was_moved(
    archive: Archive, hand: Hand, client: FlaskClient
) -> None:
    archive.import_({"a.txt": DYKES_FILE, "b.txt": SALT_FILE}, public=True)
    words = archive.answer(RUSTICUS).text
    hand.move(words, archive.answers(ANNALIST)[1].text)
    path = f"/threads/{hand.thread_of(words)}"
    assert "not in the capture" not in client.get(path).get_data(as_text=True)
    archive.import_({"c.txt": thread(DYKES, ON_DYKES[:1])}, public=True)
    assert "not in the capture" in client.get(path).get_data(as_text=True)


def some_things(dice: random.Random) -> list[Thing]:
    """Two threads whose posts answer any others of theirs, also ones that never come, and themselves in circles."""
    things = [asked(), asked("other", "Where does it end?", "Beyond the mill.")]
    for n in range(14):
        thread = dice.choice(["root", "other"])
        parent = dice.choice([f"t3_{thread}", *range(14), *range(14), 99])
        things.append(comment(n, parent, thread=thread, at=1_500_000_000 + dice.randrange(50)))
    return dice.sample(things, len(things))


@pytest.mark.seeds(12)
def test_readers_see_what_an_archive_of_nothing_but_the_published_batches_shows(
    archive: Archive, new_archive: NewArchive, seed: int
) -> None:
    dice = random.Random(seed)
    things = some_things(dice)
    files = [dump(*things[start::4]) for start in range(4)]
    imported = [archive.import_({f"{n}.ndjson": file}, public=dice.random() < 0.3) for n, file in enumerate(files)]
    public = {n for n in range(4) if _is_public(archive, imported[n].batch)}
    with new_archive() as other:
        brought: set[int] = set()
        for _ in range(6):
            n = dice.randrange(4)
            if n in public:
                roll_back(archive.session, imported[n].batch, reason="", by=BY)
                public.discard(n)
            else:
                imported[n] = archive.import_({f"{n}.ndjson": files[n]}, public=True)
                public.add(n)
            assert_whole(archive)
        for n in sorted(public):
            other.folder.mkdir(exist_ok=True)
            other.import_({f"{n}.ndjson": files[n]}, public=True)
            brought.add(n)
        assert view(archive) == view(other)


def _is_public(archive: Archive, batch: int) -> bool:
    from archive.domain.batch import BatchState
    from archive.services.ingest.publish import find_batch

    return find_batch(archive.session, batch).state is BatchState.PUBLISHED
