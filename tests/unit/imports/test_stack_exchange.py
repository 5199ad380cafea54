"""Posts and comments of the Stack Exchange dump: what each row becomes."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

from archive.domain.facts import FACTS
from archive.domain.records import (
    Checkpoint,
    Edge,
    Item,
    KeyBasis,
    Layout,
    Markup,
    Note,
    PostKind,
    PostRecord,
    Skipped,
    Unreadable,
)
from imports.limits import MAX_FACT_CHARACTERS, MAX_POST_BYTES
from imports.stack_exchange import read_comments, read_other, read_posts
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL, ROOT

FOLDER = ROOT / "tests/fixtures/imports/stack_exchange"
SITE = FOLDER / "site"
Read = Callable[..., list[Item]]


def beside(*names: str) -> dict[str, Callable[[], BinaryIO]]:
    return {name.lower(): _opener(SITE / name) for name in names}


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _posts(raw: bytes, *names: str) -> list[Item]:
    items = list(read_posts(BytesIO(raw), original=ORIGINAL, companions=beside(*names)))
    assert_covers(items, len(raw))
    return items


def _comments(raw: bytes, *names: str) -> list[Item]:
    items = list(read_comments(BytesIO(raw), original=ORIGINAL, companions=beside(*names)))
    assert_covers(items, len(raw))
    return items


def _row(fields: str) -> bytes:
    return f"<posts>\n  <row {fields} />\n</posts>".encode()


def _one(fields: str) -> PostRecord:
    (post,) = posts_of(_posts(_row(fields)))
    return post


def notes_of(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Note)]


def reasons_of(items: list[Item]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Unreadable)]


def test_a_question_is_read_with_all_that_is_said_of_it() -> None:
    question = posts_of(_posts((SITE / "Posts.xml").read_bytes(), "Users.xml"))[0]
    assert (question.thread, question.key, question.parent) == ("p1", "p1", None)
    assert (question.kind, question.key_basis, question.edge) == (PostKind.QUESTION, KeyBasis.SOURCE, Edge.SOURCE)
    assert (question.byline, question.title) == ("Zoë of the Vats", "Which mordant for weld & woad?")
    assert question.text == "<p>Which mordant did the dyers of Ghent use for <em>weld</em>?</p>\n"
    assert question.markup is Markup.HTML
    assert question.posted_at == datetime(2015, 3, 2, 9, 14, 5, 120_000, tzinfo=UTC)
    assert question.facts == {
        "score": 7,
        "accepted_answer": "p3",
        "tags": ["dyeing", "middle-ages"],
        "edited_at": "2015-03-04T10:00:00+00:00",
        "licence": "CC BY-SA 3.0",
        "author_id": "21",
    }


def test_answers_hang_from_their_questions_and_a_printed_name_needs_no_user() -> None:
    answers = posts_of(_posts((SITE / "Posts.xml").read_bytes(), "Users.xml"))[1:3]
    assert [(post.thread, post.key, post.parent, post.kind) for post in answers] == [
        ("p1", "p2", "p1", PostKind.ANSWER),
        ("p1", "p3", "p1", PostKind.ANSWER),
    ]
    assert [(post.byline, post.title) for post in answers] == [("user anselm", None), ("margriet", None)]
    assert answers[0].facts == {"score": -2, "licence": "CC BY-SA 3.0"}


def test_every_post_points_to_its_row_and_a_checkpoint_follows_each() -> None:
    raw = (SITE / "Posts.xml").read_bytes()
    items = _posts(raw)
    for place, item in enumerate(items):
        if isinstance(item, PostRecord | Skipped):
            row = raw[item.ref.offset : item.ref.offset + item.ref.length]
            assert row.startswith(b"<row Id=")
            assert row.endswith(b" />")
            assert items[place + 1] == Checkpoint(item.ref.offset + item.ref.length)


def test_without_users_nobody_is_named_after_a_number_and_the_batch_says_so_once() -> None:
    items = _posts((SITE / "Posts.xml").read_bytes())
    assert [post.byline for post in posts_of(items)] == [None, "user anselm", None, None]
    assert len(notes_of(items)) == 1
    assert "Users.xml is not beside this file" in notes_of(items)[0]


def test_a_user_who_is_not_in_the_list_or_has_no_name_there_has_none_here() -> None:
    raw = _row('Id="1" PostTypeId="1" Body="a" OwnerUserId="99"')
    assert posts_of(_posts(raw, "Users.xml"))[0].byline is None
    raw = _row('Id="1" PostTypeId="1" Body="a" OwnerUserId="23"')
    assert posts_of(_posts(raw, "Users.xml"))[0].byline is None
    raw = _row('Id="1" PostTypeId="1" Body="a" OwnerUserId="-1"')
    assert posts_of(_posts(raw, "Users.xml"))[0].byline == "Community"


def test_a_name_printed_with_a_post_goes_before_that_of_its_user() -> None:
    raw = _row('Id="1" PostTypeId="1" OwnerDisplayName="zoe, then" OwnerUserId="21"')
    (post,) = posts_of(_posts(raw, "Users.xml"))
    assert (post.byline, post.facts) == ("zoe, then", {"author_id": "21"})


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("&lt;a&gt;&lt;b-c&gt;", ["a", "b-c"]),
        ("|a|b-c|", ["a", "b-c"]),
        ("&lt;c++&gt;", ["c++"]),
        ("alone", ["alone"]),
        ("", None),
        ("||", None),
        ("&lt;&gt;", None),
    ],
)
def test_tags_are_read_in_either_form(written: str, tags: list[str] | None) -> None:
    assert (_one(f'Id="1" PostTypeId="1" Tags="{written}"').facts or {}).get("tags") == tags


@pytest.mark.parametrize("score", ["", "7.5", "many", "٣", "9" * 30])
def test_a_fact_that_cannot_be_read_is_left_out(score: str) -> None:
    assert _one(f'Id="1" PostTypeId="1" Score="{score}" AcceptedAnswerId="x" OwnerUserId="y"').facts is None


def test_every_fact_has_its_place_in_the_table_of_facts() -> None:
    for file, read in (("Posts.xml", _posts), ("Comments.xml", _comments)):
        for post in posts_of(read((SITE / file).read_bytes())):
            assert set(post.facts or {}) <= set(FACTS)


@pytest.mark.parametrize(
    ("type_", "what"),
    [("4", "The excerpt of a tag wiki"), ("5", "A tag wiki"), ("6", "A moderator’s"), ("17", "A post of another kind")],
)
def test_what_is_neither_question_nor_answer_is_skipped_with_its_reason(type_: str, what: str) -> None:
    items = _posts(_row(f'Id="1" PostTypeId="{type_}" Body="a"'))
    assert [item.reason.startswith(what) for item in items if isinstance(item, Skipped)] == [True]


@pytest.mark.parametrize("named", ['ParentId="7"', "", 'ParentId="x"', 'ParentId="0"'])
def test_an_answer_without_a_question_stands_alone_and_is_noted(named: str) -> None:
    items = _posts(_row(f'Id="7" PostTypeId="2" {named} Body="a"'))
    (post,) = posts_of(items)
    assert (post.thread, post.parent, post.kind) == ("p7", None, PostKind.ANSWER)
    assert len(notes_of(items)) == 1


def test_dates_that_cannot_be_read_are_none_and_noted_where_they_begin() -> None:
    raw = (FOLDER / "unreadable_dates.xml").read_bytes()
    items = _posts(raw)
    assert [post.posted_at for post in posts_of(items)] == [None] * 4 + [datetime(2010, 1, 1, 10, tzinfo=UTC)]
    place = raw.index(b'<row Id="2"')
    assert notes_of(items) == [f"From byte {place} on there are dates that cannot be read, “2010-01-01” first."]
    assert posts_of(items)[-1].facts is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (f'Body="{"a" * (MAX_POST_BYTES + 1)}"', "The post is larger than 1 MiB."),
        (f'Title="{"a" * 2001}"', "The title is longer"),
        (f'OwnerDisplayName="{"a" * 1001}"', "The author’s name is longer"),
        (f'Tags="{"a" * (MAX_FACT_CHARACTERS + 1)}"', "A field of the row at byte 10 is longer than 2,000 characters."),
        (f'ContentLicense="{"a" * (MAX_FACT_CHARACTERS + 1)}"', "A field of the row"),
    ],
)
def test_what_is_too_large_to_keep_is_set_aside(fields: str, reason: str) -> None:
    (said,) = reasons_of(_posts(_row(f'Id="1" PostTypeId="1" {fields}')))
    assert said.startswith(reason)


def test_comments_are_replies_in_the_thread_of_the_question_above() -> None:
    items = _comments((SITE / "Comments.xml").read_bytes(), "Posts.xml", "Users.xml")
    comments = posts_of(items)
    assert [(post.thread, post.key, post.parent, post.byline) for post in comments] == [
        ("p1", "c1", "p3", "Zoë of the Vats"),
        ("p1", "c2", "p1", "anselm"),
        ("p77", "c3", "p77", None),
    ]
    assert {post.kind for post in comments} == {PostKind.REPLY}
    assert {post.markup for post in comments} == {Markup.MARKDOWN}
    assert comments[0].text == "Which *page* of it?"
    assert comments[0].facts == {"score": 2, "licence": "CC BY-SA 3.0", "author_id": "21"}
    assert comments[0].posted_at == datetime(2015, 3, 3, 9, tzinfo=UTC)
    assert notes_of(items) == []


def test_without_posts_comments_go_by_the_post_they_name_and_the_batch_says_so_once() -> None:
    items = _comments((SITE / "Comments.xml").read_bytes(), "Users.xml")
    assert [(post.thread, post.parent) for post in posts_of(items)] == [("p3", "p3"), ("p1", "p1"), ("p77", "p77")]
    (note,) = notes_of(items)
    assert note.startswith("Posts.xml is not beside this file")


@pytest.mark.parametrize("fields", ['PostId="1" Text="a"', 'Id="1" Text="a"', 'Id="1" PostId="first" Text="a"'])
def test_a_comment_without_a_number_or_a_post_is_set_aside(fields: str) -> None:
    assert len(reasons_of(_comments(f"<comments><row {fields} /></comments>".encode()))) == 1


def test_damage_in_a_companion_is_noted_and_the_rest_of_it_serves() -> None:
    users = b'<users><row Id="21" DisplayName="Zoe" /><row Id=22 /><row Id="22" DisplayName="margriet" /></users>'
    raw = (SITE / "Posts.xml").read_bytes()
    items = list(read_posts(BytesIO(raw), original=ORIGINAL, companions={"users.xml": lambda: BytesIO(users)}))
    assert [post.byline for post in posts_of(items)] == ["Zoe", "user anselm", "margriet", None]
    (note,) = notes_of(items)
    assert note.startswith("Parts of Users.xml, beside this file, could not be read (1)")


def test_a_companion_is_closed_after_it_was_read() -> None:
    opened: list[BinaryIO] = []

    def open_users() -> BinaryIO:
        opened.append((SITE / "Users.xml").open("rb"))
        return opened[-1]

    raw = (SITE / "Posts.xml").read_bytes()
    list(read_posts(BytesIO(raw), original=ORIGINAL, companions={"users.xml": open_users}))
    assert [file.closed for file in opened] == [True]


@pytest.mark.parametrize(
    ("table", "what"),
    [("users", "Users are read along"), ("votes", "Votes"), ("badges", "Badges"), ("tags", "The list")],
)
def test_a_table_without_posts_is_skipped_as_a_whole(table: str, what: str) -> None:
    raw = f'<{table}>\n  <row Id="1" />\n</{table}>'.encode()
    items = list(read_other(BytesIO(raw), original=ORIGINAL))
    assert_covers(items, len(raw))
    assert [item.reason.startswith(what) for item in items if isinstance(item, Skipped)] == [True]


def test_a_file_of_another_table_is_refused_by_its_name() -> None:
    raw = (SITE / "Comments.xml").read_bytes()
    assert reasons_of(_posts(raw)) == ["The file holds the table “comments”, not “posts”."]
    (item,) = read_other(BytesIO(b"something else"), original=ORIGINAL)
    assert isinstance(item, Unreadable)


def test_only_layout_stands_around_the_rows_of_a_sound_file() -> None:
    items = _posts((SITE / "Posts.xml").read_bytes(), "Users.xml")
    assert {type(item) for item in items} == {Layout, PostRecord, Skipped, Checkpoint}


def _accepted(posts: list[PostRecord]) -> list[str]:
    return [post.key for post in posts if (post.facts or {}).get("accepted") is True]


def test_the_accepted_answer_bears_the_mark_and_is_named_by_its_question() -> None:
    posts = posts_of(_posts((SITE / "Posts.xml").read_bytes()))
    assert _accepted(posts) == ["p3"]
    assert [(post.facts or {}).get("accepted_answer") for post in posts] == ["p3", None, None, None]


def test_the_mark_is_there_also_after_the_import_was_cut_off() -> None:
    raw = (SITE / "Posts.xml").read_bytes()
    start = raw.index(b"/>", raw.index(b'Id="2"')) + 2
    assert _accepted(posts_of(list(read_posts(BytesIO(raw), original=ORIGINAL, start=start)))) == ["p3"]


def test_no_answer_is_marked_by_another_question_or_by_itself() -> None:
    raw = b"""<posts>
<row Id="1" PostTypeId="1" AcceptedAnswerId="4" />
<row Id="2" PostTypeId="2" ParentId="1" AcceptedAnswerId="2" Body='AcceptedAnswerId="2"' />
<row Id="3" PostTypeId="1" />
<row Id="4" PostTypeId="2" ParentId="3" />
</posts>"""
    assert _accepted(posts_of(_posts(raw))) == []


def test_the_askers_vote_marks_an_answer_and_no_other_vote_does() -> None:
    posts = b"""<posts>
<row Id="1" PostTypeId="1" /><row Id="2" PostTypeId="2" ParentId="1" /><row Id="3" PostTypeId="2" ParentId="1" />
</posts>"""
    votes = b"""<votes><row Id="1" PostId="2" VoteTypeId="2" /><row Id="2" PostId="3" VoteTypeId="1" />
<row Id="3" PostId="1" VoteTypeId="1" /><row Id="4" PostId="x" VoteTypeId="1" /><row Id="5" <</votes>"""
    items = list(read_posts(BytesIO(posts), original=ORIGINAL, companions={"votes.xml": lambda: BytesIO(votes)}))
    assert_covers(items, len(posts))
    assert _accepted(posts_of(items)) == ["p3"]
    assert not any("score" in (post.facts or {}) for post in posts_of(items))
    assert notes_of(items)[0].startswith("Parts of Votes.xml, beside this file, could not be read (1)")
