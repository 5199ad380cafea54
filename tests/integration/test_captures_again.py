"""Captures that come again, after rollbacks, in other pieces, in other markups: on both databases."""

from collections.abc import Callable

import pytest

from archive.domain.batch import Balance
from archive.domain.records import Markup
from archive.services.ingest import chunks
from archive.services.ingest.publish import roll_back
from tests.integration.conftest import BY, Archive
from tests.integration.written import ANNALIST, DYKES, RUSTICUS, WEAVER, thread

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
