"""Captures that come again, after rollbacks, in other pieces, in other markups: on both databases."""

from collections.abc import Callable

import pytest

from archive.domain.batch import Balance
from archive.domain.records import Markup
from archive.services.ingest import chunks
from archive.services.ingest.publish import roll_back
from tests.integration.conftest import BY, Archive
from tests.integration.written import ANNALIST, DYKES, RUSTICUS, WEAVER, lines, thread

BAKER = "baker_of_bruges"
Counts = Callable[[Balance], dict[str, int]]


@pytest.mark.parametrize("posts", [1, 5_000])
def test_a_text_that_was_rolled_back_and_comes_again_is_the_newest_whatever_the_pieces(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, posts: int
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", posts)
    one, two = thread(DYKES, [(ANNALIST, "One text.")]), thread(DYKES, [(ANNALIST, "Another text.")])
    rolled_back = [archive.import_({"1.txt": one}), archive.import_({"2.txt": two})]
    for imported in rolled_back:
        roll_back(archive.session, imported.batch, reason="", by=BY)
    files: dict[str, str | bytes] = {"1.txt": one, "3.txt": f"{two}\n", "4.txt": f"{one}\n\n"}
    told = archive.preview(files).balance
    assert told == archive.import_(files, public=True).balance
    answer = archive.answer(ANNALIST)
    assert (answer.text, answer.revision_number) == ("One text.", 4)


def test_a_markup_that_was_wrong_is_put_right_by_reading_with_another(archive: Archive) -> None:
    files: dict[str, str | bytes] = {"a.txt": thread(DYKES, [(ANNALIST, "The **water boards** did.")])}
    wrong = archive.import_(files, public=True)
    roll_back(archive.session, wrong.batch, reason="It is Markdown.", by=BY)
    told = archive.preview(files, markup=Markup.MARKDOWN).balance
    assert told == archive.import_(files, public=True, markup=Markup.MARKDOWN).balance
    answer = archive.answer(ANNALIST)
    assert (answer.markup, answer.revision_number) == (Markup.MARKDOWN, 2)
    assert len(archive.addresses()) == 2


def test_another_markup_of_a_public_text_is_a_revision_that_can_be_rolled_back(
    archive: Archive, counts: Counts
) -> None:
    files: dict[str, str | bytes] = {"a.txt": thread(DYKES, [(ANNALIST, "2 * 3 * 4 counts.")])}
    archive.import_(files, public=True)
    wrong = archive.import_(files, public=True, markup=Markup.MARKDOWN)
    assert counts(wrong.balance) == {"changed": 2}
    assert archive.answer(ANNALIST).markup is Markup.MARKDOWN
    again = archive.import_(files, markup=Markup.MARKDOWN)
    assert counts(again.balance) == {"unchanged": 2}
    for imported in (wrong, again):
        roll_back(archive.session, imported.batch, reason="It is plain.", by=BY)
    assert archive.answer(ANNALIST).markup is Markup.PLAIN


def weekly(*answers: tuple[str, str], body: str = "") -> str:
    return thread("What did you read this week?", answers, body=body)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((ANNALIST, "[removed]"), (WEAVER, "[removed]")),
        ((ANNALIST, "Thanks!"), (WEAVER, "Thanks!")),
        (("[deleted]", "[removed]"), ("[deleted]", "[removed]")),
        (("[deleted]", "Thanks!"), ("[deleted]", "Thanks!")),
    ],
)
def test_equal_words_of_others_or_of_nobody_do_not_make_two_discussions_one(
    archive: Archive, counts: Counts, first: tuple[str, str], second: tuple[str, str]
) -> None:
    archive.import_({"1.txt": weekly(first, (RUSTICUS, "A history of dykes."))})
    other = archive.import_({"2.txt": weekly(second, (BAKER, "A book on bread."))})
    assert counts(other.balance) == {"added": 3} or counts(other.balance) == {"added": 2, "unchanged": 1}
    by_thread = {row.byline: row.thread_id for row in archive.posts()}
    assert by_thread[RUSTICUS] != by_thread[BAKER]


def test_a_question_whose_text_was_removed_does_not_make_two_discussions_one(archive: Archive) -> None:
    archive.import_({"1.txt": weekly((RUSTICUS, "A history of dykes."), body="[removed]")})
    archive.import_({"2.txt": weekly((BAKER, "A book on bread."), body="[removed]")})
    assert len({row.thread_id for row in archive.posts()}) == 2


def test_a_long_text_whose_author_left_before_both_captures_connects_them(archive: Archive, counts: Counts) -> None:
    gone = ("[deleted]", "A long answer, with pages, by somebody who has left since.")
    archive.import_({"1.txt": weekly(gone, (RUSTICUS, "A history of dykes."))})
    again = archive.import_({"2.txt": weekly(gone, (BAKER, "A book on bread."))})
    assert counts(again.balance) == {"unchanged": 2, "added": 1}


def test_the_same_file_again_leaves_two_discussions_apart(archive: Archive) -> None:
    archive.import_({"1.txt": weekly((RUSTICUS, "A book on salt."))}, public=True)
    second = lines(weekly((WEAVER, "Thanks!")), weekly((RUSTICUS, "Thanks!")))
    archive.import_({"2.jsonl": second}, public=True)
    before = {(row.public_id, row.thread_id, row.revision_number, row.text) for row in archive.posts()}
    for name in ("renamed.jsonl", "again.jsonl"):
        files: dict[str, str | bytes] = {name: second, "other.txt": f"{weekly()}\n"}
        told = archive.preview(files).balance
        again = archive.import_(files, public=True).balance
        assert told == again
        assert (again.added, again.changed) == (0, 0)
        assert {(row.public_id, row.thread_id, row.revision_number, row.text) for row in archive.posts()} == before


def test_what_a_reading_has_decided_stays_decided_when_more_is_known(archive: Archive) -> None:
    """By now the first thread has an author in common with the file that began the second one."""
    archive.import_({"1.txt": weekly((RUSTICUS, "A book on salt."))})
    second = weekly((WEAVER, "A book on cloth halls."))
    archive.import_({"2.txt": second})
    archive.import_({"3.txt": weekly((RUSTICUS, "A book on salt."), (WEAVER, "I have read that too."))})
    again = archive.import_({"2.txt": second, "4.txt": f"{DYKES}\n\nby nobody_else1\n"}).balance
    assert (again.added, again.changed, again.unchanged) == (1, 0, 1 + 1)


@pytest.mark.parametrize("posts", [1, 5_000])
def test_a_weekly_thread_with_its_answers_in_another_order_is_the_same(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch, posts: int
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", posts)
    here, there = (WEAVER, "A book on cloth halls."), (BAKER, "A book on bread.")
    files: dict[str, str | bytes] = {
        "1.txt": weekly((RUSTICUS, "A book on salt.")),
        "2.txt": weekly(here, there),
        "3.txt": weekly(there, here),
    }
    told = archive.preview(files).balance
    imported = archive.import_(files).balance
    assert told == imported
    assert counts(imported) == {"added": 5, "duplicate": 3}
    assert imported.threads == 2
    assert counts(archive.import_({"4.txt": weekly(there)}).balance) == {"unchanged": 2}


def test_of_weekly_threads_the_one_with_most_in_common_is_taken(archive: Archive, counts: Counts) -> None:
    regular = (ANNALIST, "I have read nothing again this week.")
    archive.import_({"1.txt": weekly((RUSTICUS, "A book on salt."))})
    archive.import_({"2.txt": weekly((WEAVER, "A book on cloth halls."), (BAKER, "A book on bread."))})
    archive.import_({"3.txt": weekly((RUSTICUS, "A book on salt."), (BAKER, "And one on bakers."))})
    later = weekly((BAKER, "A book on bread."), (WEAVER, "A book on cloth halls."), regular)
    assert counts(archive.import_({"4.txt": later}).balance) == {"unchanged": 3, "added": 1}


def test_weekly_threads_of_nobody_are_kept_apart_one_by_one(archive: Archive) -> None:
    for number in range(3):
        archive.import_({f"{number}.txt": weekly(("[deleted]", "[removed]"), ("[deleted]", f"Week {number}."))})
    assert len({row.thread_id for row in archive.posts()}) == 3
