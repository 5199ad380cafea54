"""The plain layout by example. Each fixture is named by its defect."""

import pytest

from archive.domain.records import Layout, Note, PostKind, PostRecord, Skipped, Unreadable
from imports import thread_layout
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ReadText, fixture

THREAD = (
    b"Why did the canal\nat Corinth take so long?\n\nby harbour_clerk\nslow_dredger\n\nThe rock is hard.\n\nVery.\n"
)


def test_a_thread_yields_its_question_and_answers_with_their_bytes(read: ReadText) -> None:
    question, answer = posts_of(read(THREAD))
    assert question.title == "Why did the canal at Corinth take so long?"
    assert (question.byline, question.text, question.kind) == ("harbour_clerk", "", PostKind.QUESTION)
    assert (answer.byline, answer.text, answer.title) == ("slow_dredger", "The rock is hard.\n\nVery.", None)
    assert (answer.parent, answer.key) == (question.key, "slow_dredger#1")
    stretch = THREAD[answer.ref.offset : answer.ref.offset + answer.ref.length]
    assert stretch == b"slow_dredger\n\nThe rock is hard.\n\nVery."


def test_a_question_body_may_stand_below_the_by_line_with_or_without_a_blank_line(read: ReadText) -> None:
    for gap in (b"\n\n", b"\n"):
        posts = posts_of(read(b"Why?\n\nby ann_1" + gap + b"I ask because\nI wonder.\n\nbob_2\n\nSo.\n"))
        assert [(post.byline, post.text) for post in posts] == [
            ("ann_1", "I ask because\nI wonder."),
            ("bob_2", "So."),
        ]


def test_posts_of_one_author_are_numbered(read: ReadText) -> None:
    posts = posts_of(read(b"Why?\n\nby ann_1\nbob_2\n\nSo.\n\nann_1\n\nHm.\n\nbob_2\n\nReally.\n"))
    assert [post.key for post in posts] == ["question", "bob_2#1", "ann_1#1", "bob_2#2"]


def test_the_thread_key_does_not_depend_on_where_lines_are_broken(read: ReadText) -> None:
    keys = {
        posts_of(read(raw))[0].thread
        for raw in (
            b"Why so\nlong?\n\nby ann_1\n\nA.",
            b"Why so long?\r\n\r\nby ann_1\r\n\r\nB.",
            b"\n\nWhy  so long?\n\n\nby ann_1",
        )
    }
    assert len(keys) == 1


def test_one_word_paragraphs_stay_with_their_post(read: ReadText) -> None:
    posts = posts_of(read("one_word_paragraphs.txt"))
    assert [(post.byline, post.text) for post in posts[1:]] == [
        ("slow_dredger", "The rock is hard.\n\nNo.\n\nIndeed\n\nSources\n\n- a book"),
        ("harbour_clerk", "Thanks!"),
    ]


def test_deleted_authors_and_deleted_texts_are_told_apart(read: ReadText) -> None:
    posts = posts_of(read("deleted_author_and_text.txt"))
    assert [(post.byline, post.text) for post in posts[1:]] == [
        ("[deleted]", "[deleted]"),
        ("[deleted]", "[removed]"),
        ("TunnelRat7", "Eupalinos, on Samos."),
    ]


def test_a_signature_is_no_new_post(read: ReadText) -> None:
    assert [post.byline for post in posts_of(read("signature_in_text.txt"))] == [
        "keeper_of_oil",
        "wick_trimmer",
        "keeper_of_oil",
    ]


def test_windows_line_ends_are_kept_in_the_text_and_joined_in_the_title(read: ReadText) -> None:
    question, answer = posts_of(read("crlf.txt"))
    assert question.title == "Was the mill older than the bridge?"
    assert (question.text, answer.text) == ("I read both.", "Yes.\r\n\r\nBy a century.")


def test_lone_carriage_returns_end_lines_and_form_feeds_do_not(read: ReadText) -> None:
    posts = posts_of(read("Why?\r\rby ann_1\rbob_2\r\rOne\x0cpage\u2028two\x85three.\rcid_3\r\rEnd.\r".encode()))
    assert [(post.byline, post.text) for post in posts] == [
        ("ann_1", ""),
        ("bob_2", "One\x0cpage\u2028two\x85three.\rcid_3\r\rEnd."),
    ]


def test_the_byte_order_mark_is_layout(read: ReadText) -> None:
    items = read("byte_order_mark.txt")
    assert isinstance(items[0], Layout)
    assert items[0].ref.length == 3
    assert posts_of(items)[0].title == "Was it ever found?"
    assert_covers(items, len(fixture("byte_order_mark.txt")))


def test_an_encoding_that_was_assumed_is_told(read: ReadText) -> None:
    items = read("windows_1252.txt")
    assert [item.text for item in items if isinstance(item, Note)] == ["The text is not UTF-8; CP1252 was assumed."]
    assert posts_of(items)[1].text == "It’s on the left bank, “they say”."
    assert_covers(items, len(fixture("windows_1252.txt")))


def test_a_text_without_asker_question_or_plain_characters_is_set_aside_whole(read: ReadText) -> None:
    for name, reason in (
        ("no_by_line.txt", "No line “by <name>”"),
        ("no_question.txt", "No question stands above"),
        ("nul_in_text.txt", "NUL"),
    ):
        (item,) = read(name)
        assert isinstance(item, Unreadable)
        assert reason in item.reason
        assert_covers([item], len(fixture(name)))


def test_an_empty_file_is_skipped_with_its_reason(read: ReadText) -> None:
    for raw in (b"", b" \r\n\t\x0c\n", b"\xef\xbb\xbf"):
        items = read(raw)
        assert isinstance(items[-1], Skipped)
        assert_covers(items, len(raw))


def test_a_sentence_that_begins_with_by_is_no_by_line(read: ReadText) -> None:
    for sentence in ("by the way, I asked before somewhere else", "by the way, Bob."):
        (question,) = posts_of(read(f"Why?\n\n{sentence}\n\nby ann_1\n".encode()))
        assert (question.byline, question.title) == ("ann_1", f"Why? {sentence}")


def test_a_post_that_no_page_can_show_is_set_aside_alone(read: ReadText) -> None:
    raw = b"Why?\n\nby ann_1\nbob_2\n\n" + b"word " * 300_000 + b"\n\ncid_3\n\nSo.\n"
    items = read(raw)
    assert [post.byline for post in posts_of(items)] == ["ann_1", "cid_3"]
    assert [item.reason for item in items if isinstance(item, Unreadable)] == [
        "The post by bob_2 is larger than 1 MiB."
    ]
    assert_covers(items, len(raw))


def test_a_thread_of_more_paragraphs_than_memory_holds_is_set_aside(
    read: ReadText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_layout, "MAX_PARAGRAPHS", 4)
    assert len(posts_of(read(THREAD))) == 2
    (item,) = read(THREAD + b"\nAnd.\n")
    assert isinstance(item, Unreadable)
    assert item.reason == "The thread has more than 4 paragraphs."


def test_reading_goes_on_where_it_stopped(read: ReadText) -> None:
    items = read(THREAD)
    stop = next(item.ref.offset for item in items if isinstance(item, PostRecord) and item.byline == "slow_dredger")
    rest = read(THREAD, start=stop)
    assert rest == [item for item in items if item.ref.offset >= stop]  # type: ignore[union-attr]
    assert_covers(rest, len(THREAD), start=stop)
