"""Posts that their source numbers: in any order, over chunks, files and batches, on both databases."""

import json
import random
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select

from archive.domain.batch import Balance
from archive.domain.records import Edge, PostKind, PostState
from archive.services.browse import revisions_page, thread_page
from archive.services.ingest import chunks
from archive.services.ingest.publish import publish, roll_back
from archive.services.verify import find_faults
from archive.store.batches import Remark, RemarkKind
from archive.store.threads import Thread
from tests.integration.conftest import BY, Archive

Counts = Callable[[Balance], dict[str, int]]
Thing = dict[str, object]
_FIRST = 1_500_000_000  # seconds


def asked(id_: str = "root", title: str = "Who dug the canal?", text: str = "I only found a plaque.") -> Thing:
    named: Thing = {"id": id_, "title": title, "selftext": text, "is_self": True, "subreddit": "canals"}
    return named | {"author": "asker_1", "created_utc": _FIRST - 10}


def comment(number: int, parent: int | str = "t3_root", *, body: str = "", thread: str = "root", at: int = -1) -> Thing:
    parent = parent if isinstance(parent, str) else f"t1_{parent}"
    text = body or f"Words of number {number}."
    named: Thing = {"id": str(number), "link_id": f"t3_{thread}", "parent_id": parent, "body": text}
    return named | {"author": f"author_{number % 7}", "created_utc": _FIRST + (number if at < 0 else at), "score": 1}


def dump(*things: Thing) -> str:
    return "".join(json.dumps(thing) + "\n" for thing in things)


def notes(archive: Archive, batch: int, kind: RemarkKind = RemarkKind.NOTE) -> list[str]:
    query = select(Remark.text).where(Remark.batch_id == batch, Remark.kind == kind).order_by(Remark.number)
    return list(archive.session.scalars(query))


def shown(archive: Archive) -> list[tuple[str, int]]:
    """The page of the one thread: texts with their depths, in reading order."""
    (thread,) = archive.session.scalars(select(Thread.public_id)).all()
    page = thread_page(archive.session, thread, drafts=True)
    posts = [post for answer in page.answers for post in (answer.post, *answer.replies)]
    return [(post.text, post.depth) for post in posts]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 7)


def many() -> list[Thing]:
    dice = random.Random(5)
    parents: list[int | str] = ["t3_root", *(dice.choice(["t3_root", *range(1, n)]) for n in range(2, 60))]
    return [asked(), *(comment(number, parent) for number, parent in enumerate(parents, start=1))]


@pytest.mark.parametrize("order", ["as written", "reversed", "shuffled"])
def test_the_order_of_lines_does_not_matter(archive: Archive, small_chunks: None, order: str) -> None:
    things = many()
    lines = {"as written": things, "reversed": things[::-1], "shuffled": random.Random(2).sample(things, len(things))}
    imported = archive.import_({"a.ndjson": dump(*lines[order])}, public=True)
    assert (imported.balance.added, imported.balance.threads) == (60, 1)
    (thread,) = archive.session.scalars(select(Thread)).all()
    assert (thread.title, thread.unsettled) == ("Who dug the canal?", False)
    by_text = {row.text: row for row in archive.posts()}
    for thing in things[1:]:
        parent = str(thing["parent_id"])
        above = "I only found a plaque." if parent == "t3_root" else f"Words of number {parent[3:]}."
        assert by_text[str(thing["body"])].parent == by_text[above].public_id
        assert by_text[str(thing["body"])].depth == by_text[above].depth + 1
    dates = {str(thing["body"]): int(str(thing["created_utc"])) for thing in things[1:]}
    answers = [text for text, depth in shown(archive) if depth == 1]
    assert answers == sorted(answers, key=dates.__getitem__)


def test_a_question_that_comes_in_a_later_batch_takes_its_place(archive: Archive, counts: Counts) -> None:
    archive.import_({"comments.ndjson": dump(comment(2, 1), comment(1))}, public=True)
    (thread,) = archive.session.scalars(select(Thread)).all()
    assert thread.title == "Untitled"
    waiting = {row.text: row for row in archive.posts()}
    assert waiting["Words of number 1."].parent is None
    assert waiting["Words of number 1."].awaits is not None
    assert waiting["Words of number 2."].parent == waiting["Words of number 1."].public_id

    assert counts(archive.import_({"posts.ndjson": dump(asked())}, public=True).balance) == {"added": 1}
    archive.session.refresh(thread)
    assert thread.title == "Who dug the canal?"
    page = thread_page(archive.session, thread.public_id, drafts=False)
    assert page.question is not None
    assert page.question.public_id == waiting["Words of number 1."].awaits
    assert shown(archive) == [("Words of number 1.", 1), ("Words of number 2.", 2)]
    assert not [row for row in archive.posts() if row.awaits]


def test_a_missing_parent_is_filled_in_across_batches(archive: Archive) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(3, 2), comment(4, 3))})
    archive.import_({"b.ndjson": dump(comment(2, 1), comment(1))})
    assert shown(archive) == [(f"Words of number {number}.", number) for number in (1, 2, 3, 4)]


def test_numbers_that_another_site_may_have_given_too_are_told(archive: Archive) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1))})
    other = archive.import_({"b.ndjson": dump(comment(1, body="Words of another site.", at=77))})
    assert [note for note in notes(archive, other.batch) if "posts of other dates: 1, t1_1 for one" in note]
    archive.import_({"c.ndjson": dump(asked("b"), comment(2, "t3_b", thread="b"))}, collection="salt")
    edited = archive.import_({"d.ndjson": dump(comment(2, "t3_b", thread="b", body="Edited."))}, collection="salt")
    assert (edited.balance.changed, notes(archive, edited.batch)) == (1, [])


def test_readers_are_told_nothing_of_a_draft_by_the_replies_to_it(archive: Archive) -> None:
    def said_above() -> list[tuple[str | None, str | None]]:
        """What readers are told of the post that number 2 answers: in its thread, and beside its texts."""
        (row,) = [row for row in archive.posts() if row.text == "Words of number 2."]
        page = thread_page(archive.session, thread, drafts=False)
        shown = [post for answer in page.answers for post in (answer.post, *answer.replies)]
        _, texts = revisions_page(archive.session, row.public_id, drafts=False)
        views = [*(post for post in shown if post.public_id == row.public_id), *texts]
        return [(view.parent, view.parent_author) for view in views]

    archive.import_({"a.ndjson": dump(asked(), comment(2, 1))}, public=True)
    (thread,) = archive.session.scalars(select(Thread.public_id)).all()
    assert said_above() == [(None, None)] * 2
    draft = archive.import_({"b.ndjson": dump(comment(1))})
    assert said_above() == [(None, None)] * 2
    publish(archive.session, draft.batch, by=BY)
    (parent,) = [row.public_id for row in archive.posts() if row.text == "Words of number 1."]
    assert said_above() == [(parent, "author_1")] * 2
    roll_back(archive.session, draft.batch, reason="", by=BY)
    assert said_above() == [(None, None)] * 2


def test_a_circle_is_cut_above_the_first_of_its_posts_and_told(archive: Archive) -> None:
    circle = [comment(0, 1), comment(1, 2), comment(2, 0), comment(3, 0)]
    imported = archive.import_({"a.ndjson": dump(asked(), *circle)})
    note, dates = notes(archive, imported.batch)
    assert note == "t1_0 → t1_1 → t1_2 answer one another in a circle, which was cut above the first."
    assert dates == "By the dates of the source, posts are older than what they answer: 1, t1_1 for one."
    rows = {row.text: row for row in archive.posts()}
    assert rows["Words of number 0."].edge is Edge.CUT
    assert rows["Words of number 0."].parent is None
    assert rows["Words of number 3."].parent == rows["Words of number 0."].public_id
    again = archive.import_({"b.ndjson": dump(*circle)})
    assert again.balance.unchanged == 4
    assert {row.text: row.edge for row in archive.posts()}["Words of number 0."] is Edge.CUT


def test_posts_without_dates_or_numbers_and_with_any_keys_stand_in_the_same_order_on_both_databases(
    archive: Archive, small_chunks: None
) -> None:
    dice = random.Random(4)
    keys = [a + b for a in ("a", "B", "_", "-", "é", "z", "漢", "🜚") for b in ("", "1", "10", "9", "Z", " ")]
    question: Thing = {"footnote": 1, "thread": "t", "key": "q", "kind": "question", "title": "Who?", "text": "Who?"}
    answers = [
        question
        | {"key": key, "kind": "answer", "title": None, "parent": "q", "text": f"Words of {key}.", "author": "x"}
        | {"posted_at": dice.choice([None, "2024-05-01T12:00:00+00:00", "2024-05-01T12:00:01.5+02:00"])}
        for key in dice.sample(keys, len(keys))
    ]
    archive.import_({"a.jsonl": dump(question, *answers)}, public=True)
    key_of = {str(answer["text"]): answer for answer in answers}
    found = [(key_of[text]["posted_at"], str(key_of[text]["key"])) for text, _ in shown(archive)]
    assert found == sorted(found, key=lambda one: (one[0] is None, one[0] != "2024-05-01T12:00:01.5+02:00", one[1]))
    assert list(find_faults(archive.session, archive.vault, say=lambda _: None)) == []


@pytest.mark.parametrize("order", ["as written", "reversed"])
def test_a_parent_in_another_thread_is_refused_and_told(archive: Archive, order: str) -> None:
    things = [asked(), comment(1), asked("other", "Where does it end?"), comment(2, 1, thread="other")]
    imported = archive.import_({"a.ndjson": dump(*(things if order == "as written" else things[::-1]))})
    told = ["t1_2 is said to answer t1_1, which is in another thread; it was not moved."]
    assert notes(archive, imported.batch) == told
    assert {row.text: row.parent for row in archive.posts()}["Words of number 2."] is None


def test_the_same_number_again_is_a_duplicate_or_a_revision(archive: Archive, counts: Counts) -> None:
    twice = [asked(), comment(1), comment(1), comment(1, body="Put better.")]
    imported = archive.import_({"a.ndjson": dump(*twice)}, public=True)
    assert counts(imported.balance) == {"added": 2, "duplicate": 1, "changed": 1}
    (answer,) = archive.answers()
    assert (answer.text, answer.revision_number) == ("Put better.", 2)
    assert counts(archive.import_({"a.ndjson": dump(*twice)}).balance) == {"unchanged": 2, "duplicate": 2}


def test_a_thread_of_which_one_file_brings_only_posts_of_others_begins_with_the_next_file(archive: Archive) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1))})
    elsewhere, new = comment(1, "t3_other", thread="other"), comment(2, "t3_other", thread="other")
    files: dict[str, str | bytes] = {"b.ndjson": dump(elsewhere), "c.ndjson": dump(new)}
    told = archive.preview(files).balance
    assert archive.import_(files).balance == told
    assert len({row.thread_id for row in archive.posts()}) == 2


def test_a_deleted_text_is_a_state_and_keeps_the_text_of_before(archive: Archive, counts: Counts) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1))}, public=True)
    later = archive.import_({"b.ndjson": dump(comment(1, body="[deleted]") | {"author": "[deleted]"})}, public=True)
    assert counts(later.balance) == {"changed": 1}
    (answer,) = archive.answers()
    assert (answer.text, answer.state, answer.revision_number) == ("", PostState.DELETED, 2)


def test_a_chain_over_many_chunks_gets_its_depth(archive: Archive, small_chunks: None) -> None:
    chain: Sequence[Thing] = [asked(), comment(1), *(comment(number, number - 1) for number in range(2, 120))]
    archive.import_({"a.ndjson": dump(*chain[::-1])})
    assert [depth for _, depth in shown(archive)] == list(range(1, 120))


def test_a_preview_and_an_import_say_the_same(archive: Archive, small_chunks: None) -> None:
    files: dict[str, str | bytes] = {"a.ndjson": dump(*many()[::-1], comment(1), comment(2, body="Other words."))}
    told = archive.preview(files).balance
    assert told == archive.import_(files).balance


def test_importing_again_copies_what_was_found_and_reads_nothing(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, str | bytes] = {"a.ndjson": dump(*many()) + "not json\n"}
    first = archive.import_(files, public=True)
    monkeypatch.setattr("archive.services.ingest.chunks.choose_format", None)
    again = archive.import_(files, public=True)
    assert counts(again.balance) == {"unchanged": 60, "quarantined": 1}
    assert again.balance.threads == first.balance.threads == 1
    assert notes(archive, again.batch, RemarkKind.QUARANTINED) == notes(archive, first.batch, RemarkKind.QUARANTINED)


def test_after_a_rollback_the_same_file_is_read_again(archive: Archive, counts: Counts) -> None:
    files: dict[str, str | bytes] = {"a.ndjson": dump(*many())}
    imported = archive.import_(files, public=True)
    roll_back(archive.session, imported.batch, reason="", by=BY)
    assert archive.posts(drafts=False) == []
    assert counts(archive.import_(files, public=True).balance) == {"added": 60}
    assert len(archive.posts(drafts=False)) == 60


def test_replies_are_kept_apart_from_answers(archive: Archive) -> None:
    imported = archive.import_({"a.ndjson": dump(asked(), comment(1), comment(2, 1))})
    balance = imported.balance
    assert (balance.questions, balance.answers, balance.replies) == (1, 1, 1)
    assert [row.kind for row in archive.posts()] == [PostKind.QUESTION, PostKind.ANSWER, PostKind.REPLY]


def test_an_import_that_is_repeated_says_once_that_posts_are_older_than_what_they_answer(archive: Archive) -> None:
    files = {"a.ndjson": dump(asked(), comment(1), comment(0, 1))}
    said = [notes(archive, archive.import_(files).batch) for _ in range(2)]
    assert said == [["By the dates of the source, posts are older than what they answer: 1, t1_0 for one."]] * 2
