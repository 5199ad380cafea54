"""What a batch changed: posts added, changed, and absent from a newer capture of their whole thread."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from archive.domain.word_diff import Fate
from archive.services.browse import thread_page
from archive.services.ingest.differences import ChangedPost, ChangeKind, ChangesPage, changes_page
from archive.services.ingest.publish import roll_back
from archive.store.threads import Thread
from tests.integration.conftest import BY, Archive, Content
from tests.integration.reddit_pages import comment, more, page
from tests.integration.written import ANNALIST, BELLS_FILE, DYKES, RUSTICUS, WEAVER, lines, thread

FIRST = (ANNALIST, "The water boards did, out of a levy on every holder of land.")
CORRECTED = (ANNALIST, "The water boards did, out of a levy on every owner of land.")
SECOND = (RUSTICUS, "The counts of Holland paid for some of it.")
OLD, NEW = thread(DYKES, [FIRST, SECOND]), thread(DYKES, [CORRECTED])


def _list(archive: Archive, batch: int, kind: ChangeKind, *, after: int = 0) -> ChangesPage:
    return changes_page(archive.session, batch, kind=kind, after=after)


def _counts(archive: Archive, batch: int) -> tuple[int, ...]:
    page = _list(archive, batch, ChangeKind.ADDED)
    for kind in ChangeKind:
        found, after = 0, 0
        while True:
            part = _list(archive, batch, kind, after=after)
            found += len(part.posts)
            if part.further is None:
                break
            after = part.further
        assert found == page.counts[kind], f"{kind}: the list and its count differ"
    return tuple(page.counts[kind] for kind in (ChangeKind.ADDED, ChangeKind.CHANGED, ChangeKind.ABSENT))


def _who(posts: list[ChangedPost] | Any) -> list[str | None]:
    return [post.author for post in posts]


def _absent_on_page(archive: Archive, *, drafts: bool = False) -> list[str | None]:
    archive.session.rollback()
    address = archive.session.scalars(select(Thread.public_id).order_by(Thread.id).limit(1)).one()
    page = thread_page(archive.session, address, drafts=drafts)
    posts = [post for answer in page.answers for post in (answer.post, *answer.replies)]
    return sorted(post.byline or "" for post in posts if post.absent_at is not None)


def test_a_first_import_adds_everything(archive: Archive) -> None:
    batch = archive.import_({"1.txt": OLD}).batch
    assert _counts(archive, batch) == (3, 0, 0)


def test_a_newer_capture_changes_a_post_and_lacks_another(archive: Archive) -> None:
    archive.import_({"1.txt": OLD})
    batch = archive.import_({"2.txt": NEW}).batch
    assert _counts(archive, batch) == (0, 1, 1)
    (changed,) = _list(archive, batch, ChangeKind.CHANGED).posts
    assert changed.difference is not None
    pieces = changed.difference.words.pieces
    assert [(piece.fate, piece.text) for piece in pieces if piece.fate is not Fate.SAME] == [
        (Fate.DELETED, "holder"),
        (Fate.INSERTED, "owner"),
    ]
    (absent,) = _list(archive, batch, ChangeKind.ABSENT).posts
    assert (absent.author, (absent.file or "").endswith("2.txt")) == (RUSTICUS, True)
    assert {row.byline for row in archive.posts()} >= {RUSTICUS}  # noted, not deleted


def test_the_same_file_twice_changes_nothing_and_lacks_nothing(archive: Archive) -> None:
    for content in (OLD, NEW, OLD, NEW):
        batch = archive.import_({"a.txt": content}).batch
    assert _counts(archive, batch) == (0, 0, 0)


def test_bytes_that_a_batch_holds_are_no_newer_capture_in_other_company(archive: Archive) -> None:
    archive.import_({"1.txt": NEW})
    archive.import_({"2.txt": OLD})
    batch = archive.import_({"1.txt": NEW, "3.txt": BELLS_FILE}).batch
    assert _counts(archive, batch) == (2, 0, 0)


def test_what_a_capture_lacks_is_news_once(archive: Archive) -> None:
    archive.import_({"1.txt": OLD})
    first = archive.import_({"2.txt": NEW}).batch
    batch = archive.import_({"2.txt": NEW, "3.txt": BELLS_FILE}).batch
    assert _counts(archive, batch) == (2, 0, 0)
    for batch_id in (first, batch):
        roll_back(archive.session, batch_id, reason="", by=BY)
    again = archive.import_({"2.txt": NEW}).batch
    assert _counts(archive, again) == (0, 1, 1), "what was rolled back is news again"


def test_a_dry_run_foretells_what_the_batch_changes(archive: Archive) -> None:
    archive.import_({"1.txt": OLD})
    told = archive.preview({"2.txt": NEW})
    assert (_who(told.changed), _who(told.absent), told.absences) == ([ANNALIST], [RUSTICUS], 1)
    assert told.changed[0].difference is not None
    batch = archive.import_({"2.txt": NEW}).batch
    assert _counts(archive, batch) == (told.balance.added, told.balance.changed, told.absences)


def test_a_dry_run_of_two_captures_shows_what_it_can(archive: Archive) -> None:
    told = archive.preview({"1.txt": OLD, "2.txt": NEW})
    assert (_who(told.changed), _who(told.absent)) == ([ANNALIST], [RUSTICUS])
    assert told.changed[0].difference is None
    batch = archive.import_({"1.txt": OLD, "2.txt": NEW}).batch
    assert _counts(archive, batch) == (3, 1, 1)


def test_what_was_rolled_back_and_comes_again_is_added_again(archive: Archive) -> None:
    first = archive.import_({"1.txt": OLD})
    roll_back(archive.session, first.batch, reason="", by=BY)
    batch = archive.import_({"1.txt": OLD}).batch
    assert _counts(archive, batch) == (3, 0, 0)


def test_a_thread_page_says_what_the_newest_published_capture_lacks(archive: Archive) -> None:
    archive.import_({"1.txt": OLD}, public=True)
    assert _absent_on_page(archive) == []
    draft = archive.import_({"2.txt": NEW})
    assert _absent_on_page(archive) == [], "a draft tells readers nothing"
    roll_back(archive.session, draft.batch, reason="", by=BY)
    newer = archive.import_({"2.txt": NEW}, public=True)
    assert _absent_on_page(archive) == [RUSTICUS]
    archive.import_({"3.txt": thread(DYKES, [CORRECTED, SECOND, (WEAVER, "Nobody knows.")])}, public=True)
    assert _absent_on_page(archive) == [], "it was seen since"
    roll_back(archive.session, newer.batch, reason="", by=BY)
    assert _absent_on_page(archive) == []


def test_a_word_whose_author_left_is_not_absent(archive: Archive) -> None:
    archive.import_({"1.txt": OLD})
    batch = archive.import_({"2.txt": thread(DYKES, [FIRST, ("[deleted]", SECOND[1])])}).batch
    assert _counts(archive, batch) == (1, 0, 0)


def test_a_doubtful_line_may_be_the_name_that_is_missed(archive: Archive) -> None:
    archive.import_({"1.txt": OLD})
    doubtful = thread(DYKES, [(ANNALIST, f"{FIRST[1]}\n\nRusticus\n\nHe said more.")])
    assert archive.preview({"2.txt": doubtful}).doubtful
    assert _counts(archive, archive.import_({"2.txt": doubtful}).batch)[2] == 0


def test_a_thread_in_a_line_is_a_thread_as_much_as_one_in_a_file(archive: Archive) -> None:
    archive.import_({"1.jsonl": lines(OLD, BELLS_FILE)})
    assert _counts(archive, archive.import_({"2.jsonl": lines(NEW)}).batch) == (0, 1, 1)


A, B, C = comment("a", "One.", at=110), comment("b", "Two.", at=120), comment("c", "Three.", at=130)
A_WITH_D = comment("a", "One.", at=110, replies=(comment("d", "Four.", at=115, parent="t1_a"),))


@pytest.mark.parametrize(
    ("newer", "absent"),
    [
        pytest.param(page(A, C), ["by_b", "by_d"], id="two or more below the question are a whole page"),
        pytest.param(page(A, B), ["by_d"], id="a post younger than all of the newer capture may not have been there"),
        pytest.param(page(C), ["by_a", "by_b", "by_d"], id="as many as the source counts"),
        pytest.param(page(C, said=9), [], id="one below the question may be a page from that comment down"),
        pytest.param(page(A, C, more("t3_t")), ["by_d"], id="a stub below the question hides what hangs there"),
        pytest.param(page(comment("a", "One.", at=110, replies=(more("t1_a"),)), C), ["by_b"],
                     id="a stub below an answer hides its replies"),
        pytest.param(page(A, {"kind": "t1", "data": {"id": "b"}}, C), [], id="what cannot be read may be it"),
        pytest.param(page(A, C).replace("]}}]", "]}}"), [], id="the rest may be cut off"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_of_a_thread_page_only_what_nothing_can_hide_is_absent(
    archive: Archive, newer: Content, absent: list[str]
) -> None:
    archive.import_({"1.json": page(A_WITH_D, B, C)}, public=True)
    told = archive.preview({"2.json": newer})
    imported = archive.import_({"2.json": newer}, public=True)
    found = _list(archive, imported.batch, ChangeKind.ABSENT)
    assert sorted(_who(found.posts)) == absent
    assert sorted(_who(told.absent)) == absent
    assert _absent_on_page(archive) == absent


def test_a_dump_that_brings_other_posts_of_a_thread_makes_nothing_absent(archive: Archive) -> None:
    archive.import_({"1.json": page(A_WITH_D, B, C)})
    dumped = {"id": "e", "link_id": "t3_t", "parent_id": "t3_t", "author": "eve", "body": "Five.", "created_utc": 200}
    batch = archive.import_({"2.ndjson": json.dumps({**dumped, "subreddit": "history"}) + "\n"}).batch
    assert _counts(archive, batch) == (1, 0, 0)


def test_a_page_after_a_dump_lacks_what_the_dump_had(archive: Archive) -> None:
    dumped = {"id": "e", "link_id": "t3_t", "parent_id": "t3_t", "author": "eve", "body": "Five.", "created_utc": 105}
    archive.import_({"1.ndjson": json.dumps({**dumped, "subreddit": "history"}) + "\n"})
    batch = archive.import_({"2.json": page(A, B)}).batch
    assert _counts(archive, batch) == (3, 0, 1)


def test_two_captures_of_a_page_in_one_batch_are_one_thread(archive: Archive) -> None:
    newer = page(comment("a", "One, edited.", at=110), C)
    batch = archive.import_({"1.json": page(A, B, C), "2.json": newer}).batch
    assert _counts(archive, batch) == (4, 1, 1)
    assert len(archive.session.scalars(select(Thread.id)).all()) == 1


def _topic(*numbers: int, said: int | None = None, stream: tuple[int, ...] | None = None) -> Content:
    posts = [
        {"id": 500 + number, "post_number": number, "topic_id": 77, "username": f"by_{number}",
         "raw": f"Post {number}.", "created_at": f"2023-11-14T22:{10 + number}:00.000Z"}
        for number in numbers
    ]  # fmt: skip
    ids = [500 + number for number in stream or numbers]
    count = len(ids) if said is None else said
    return json.dumps(
        {"post_stream": {"posts": posts, "stream": ids}, "id": 77, "title": "Harbour books?", "posts_count": count}
    )


@pytest.mark.parametrize(
    ("newer", "absent"),
    [
        pytest.param(_topic(1, 3), ["by_2"], id="all posts of a topic"),
        pytest.param(_topic(1, 3, stream=(1, 2, 3)), [], id="a page of them"),
        pytest.param(_topic(1, 3, said=3), [], id="a selection, by the topic's own count"),
    ],
)
def test_of_a_topic_only_one_that_is_given_whole_lacks_posts(
    archive: Archive, newer: Content, absent: list[str]
) -> None:
    archive.import_({"1.json": _topic(1, 2, 3)})
    imported = archive.import_({"2.json": newer})
    assert _who(_list(archive, imported.batch, ChangeKind.ABSENT).posts) == absent
