"""Threads that are too long for one page: all of their posts are counted, reached and tagged."""

import itertools
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import event, select, update

from archive.domain.source_quality import Level
from archive.services.bench.item import queue_item
from archive.services.bench.queue import coming
from archive.services.browse import post_place, thread_page
from archive.services.scripts import show_thread
from archive.services.views import Order, PostView, ThreadPage
from archive.store import windows
from archive.store.threads import Revision, Thread
from archive.store.users import User
from tests.integration.conftest import Archive, Filled
from tests.integration.test_reattach import Hand
from tests.integration.written import DYKES, thread

ANSWERS = 25
PART = 10
LEVELS = (Level.CITED, Level.PINPOINT, Level.RECOLLECTED, Level.CITED, Level.TESTIMONY, Level.UNSOURCED)
_POSTS = re.compile(r'<article class="post (?:answer|reply)[^>]*" id="post-([0-9a-z]{14})"')
_FIRST = datetime(2019, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "PART_POSTS", PART)


@pytest.fixture
def long(archive: Archive) -> Archive:
    answers = [(f"author_{number}x", f"The words of answer {number}.") for number in range(ANSWERS)]
    archive.import_({"a.txt": thread(DYKES, answers)}, public=True)
    return archive


@pytest.fixture
def grown(filled: Filled) -> Archive:
    return filled(_grow)


def _grow(archive: Archive) -> None:
    """A thread as sites have them: comments on the question, one answer with half of all replies, posts that are
    missing above others, and answers at many levels.
    """
    archive.import_({"a.jsonl": grown_thread()}, public=True)
    moderator = archive.add_moderator("maud")
    answers = [row for row in archive.answers() if row.byline.startswith("answerer")]
    for row, level in zip(random.Random(3).sample(answers, len(LEVELS)), LEVELS, strict=True):
        archive.judge(row.byline, level, moderator)


def grown_thread() -> bytes:
    dice, lines = random.Random(1), [line("q", None, "question", 0)]
    answers, replies = list[str](), list[str]()
    for number in range(1, 90):
        at = dice.random()
        if at < 0.22:
            answers.append(f"a{number}")
            lines.append(line(answers[-1], "q", "answer", number))
        elif at < 0.3:
            lines.append(line(f"c{number}", "q", "reply", number))
        elif at < 0.36:
            lines.append(line(f"o{number}", f"lost{len(lines) % 2}", "reply", number))
        elif answers:
            above = answers[0] if number % 2 and len(replies) < 40 else dice.choice(answers + replies)
            replies.append(f"r{number}")
            lines.append(line(replies[-1], above, "reply", number))
    return b"\n".join(lines)


def line(key: str, parent: str | None, kind: str, minutes: int) -> bytes:
    at = (_FIRST + timedelta(minutes=minutes)).isoformat()
    author = f"answerer_{key}" if kind == "answer" else f"writer_{key}"
    post = {"footnote": 1, "thread": "t", "key": key, "parent": parent, "kind": kind, "author": author}
    return orjson.dumps(
        post | {"text": f"Words of {key}.", "posted_at": at, "title": DYKES if kind == "question" else None}
    )


def address(archive: Archive) -> str:
    return archive.session.scalars(select(Thread.public_id)).one()


def walk(archive: Archive, **asked: Any) -> Iterator[ThreadPage]:
    """The parts of the thread, as their links lead from the first to the last."""
    after: str | None = None
    while True:
        page = thread_page(archive.session, address(archive), drafts=False, after=after, **asked)
        yield page
        if page.further is None:
            return
        assert page.further != after
        after = page.further


def whole(archive: Archive, **asked: Any) -> ThreadPage:
    page = thread_page(archive.session, address(archive), drafts=False, whole=True, **asked)
    assert page.further is None
    return page


def texts(page: ThreadPage) -> list[str]:
    return [post.text for post in page.posts]


ASKED = [
    {"order": order, "levels": levels}
    for order in Order
    for levels in (None, {None}, {Level.CITED}, {Level.PINPOINT, Level.TESTIMONY, None}, {Level.CONJECTURE})
]


def test_the_parts_of_a_thread_hold_every_post_once_and_in_the_order_of_the_whole(grown: Archive) -> None:
    everything = {row.text for row in grown.posts(drafts=False)}
    assert {*texts(whole(grown))} == everything
    assert len(everything) > 6 * PART
    for asked in ASKED:
        parts = list(walk(grown, **asked))
        all_texts, of_parts = texts(whole(grown, **asked)), [text for part in parts for text in texts(part)]
        assert of_parts == all_texts, asked
        assert all(len(texts(part)) <= PART + 1 for part in parts)
        assert (len(parts) > 1) == parts[0].in_parts
        for before, part in itertools.pairwise(parts):  # and backwards
            back = thread_page(grown.session, address(grown), drafts=False, after=part.previous, **asked)
            assert texts(back) == texts(before), asked


def test_the_best_sourced_answers_come_first_over_the_whole_thread(grown: Archive) -> None:
    parts = [answer for part in walk(grown) for answer in part.answers if not answer.begun]
    ranks = [answer.post.decision.level.rank if answer.post.decision else None for answer in parts]
    assert [rank for rank in ranks if rank is not None] == [4, 3, 3, 1, 0]
    assert ranks[:5] == [4, 3, 3, 1, 0]
    assert whole(grown).answers[0].number == parts[0].number != 1


def test_a_part_counts_replies_and_answers_as_the_whole_does(grown: Archive) -> None:
    wanted = dict(_places(whole(grown, order=Order.POSTED)))
    for order in Order:
        assert dict(place for part in walk(grown, order=order) for place in _places(part)) == wanted


def _places(page: ThreadPage) -> Iterator[tuple[str, object]]:
    for answer in page.answers:
        if not answer.begun:
            yield answer.post.text, answer.number
        siblings: dict[object, list[PostView]] = {}
        for reply in answer.replies:
            siblings.setdefault(reply.parent, []).append(reply)
        for same in siblings.values():
            for number, reply in enumerate(same, start=1):
                yield reply.text, (number, len(same)) if answer.numbers is None else answer.numbers[reply.id]


def test_posts_that_are_missing_are_counted_once_however_many_point_to_them(grown: Archive) -> None:
    assert {part.ghosts for part in walk(grown)} == {2}


def test_replies_to_the_question_stand_beside_it_and_under_no_answer(grown: Archive) -> None:
    page = whole(grown)
    beside = {post.public_id for post in page.beside_question}
    assert {post.text for post in page.beside_question if post.depth == 1} == {
        row.text for row in grown.posts() if row.text.startswith("Words of c")
    }
    assert not beside & {reply.public_id for answer in page.answers for reply in answer.replies}


def test_a_permalink_leads_to_the_part_that_holds_its_post(grown: Archive) -> None:
    assert post_place(grown.session, grown.posts()[0].public_id, drafts=False).after is None
    for row in grown.posts():
        place = post_place(grown.session, row.public_id, drafts=False)
        page = thread_page(grown.session, place.thread, drafts=False, order=Order.POSTED, after=place.after)
        assert row.public_id in [post.public_id for post in page.posts]


def test_every_answer_is_counted_and_reached(long: Archive) -> None:
    met: list[tuple[int | None, str]] = []
    for page in walk(long, order=Order.POSTED):
        assert (page.all_answers, page.shares) == (ANSWERS, {None: ANSWERS})
        met += [(answer.number, answer.post.text) for answer in page.answers]
    assert met == [(number, f"The words of answer {number - 1}.") for number in range(1, ANSWERS + 1)]


def test_a_thread_that_no_page_can_hold_is_read_in_parts_also_when_the_whole_is_asked_for(
    long: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "MAX_POSTS", ANSWERS)
    page = thread_page(long.session, address(long), drafts=False, whole=True)
    assert (page.fits_one_page, page.in_parts, len(page.answers)) == (False, True, PART)
    numbers = [answer.number for part in walk(long, order=Order.POSTED) for answer in part.answers]
    assert numbers == list(range(1, ANSWERS + 1))


def test_the_last_answer_of_a_long_thread_can_be_tagged(long: Archive, make_user: Callable[..., User]) -> None:
    moderator = make_user("maud", "moderator")
    last = long.answers()[-1]
    item = queue_item(long.session, last.public_id, moderator=moderator.id)
    assert item.question is not None
    beside = {other.byline for other in item.siblings}
    assert beside
    assert beside <= {row.byline for row in long.answers()} - {last.byline}
    long.judge(last.byline, Level.UNSOURCED, moderator)
    assert coming(long.session, moderator.id) != []


def test_a_script_sees_all_of_it(long: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MAX_POSTS", PART)
    assert len(show_thread(long.session, address(long))["posts"]) == ANSWERS + 1


@pytest.mark.database("sqlite")
def test_a_page_is_read_by_indexes_that_know_no_drafts(grown: Archive) -> None:
    plans: list[str] = []

    def explain(connection: Any, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT") and "post.position" in statement:
            rows = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            names = ("post", "below", "following")
            plans.extend(row[3] for row in rows if row[3].split()[:1] != ["USE"] and row[3].split()[1] in names)

    last = grown.answers()[-1].public_id
    event.listen(grown.session.connection(), "before_cursor_execute", explain)
    for order in Order:
        assert list(walk(grown, order=order))
    post_place(grown.session, last, drafts=False)
    wanted = ("ix_post_shown", "ix_post_heads", "ix_post_shares", "ix_post_question", "(public_id=?)", "(rowid=?)")
    assert len(plans) > 20
    assert [plan for plan in plans if not any(way in plan for way in wanted)] == []
    assert {plan for plan in plans if "SCAN" in plan} == set()


def test_over_the_web_parts_lead_on_and_back_and_permanent_addresses_to_the_part_with_their_post(
    app: Flask, archive: Archive
) -> None:
    _grow(archive)
    browser, asked = app.test_client(), f"/threads/{address(archive)}?level=none&level=cited&order=posted"
    met, before = list[str](), None
    path: str | None = asked
    while path:
        page = browser.get(path).text
        assert " data-parts" in page
        assert "All on one page</a>" in page
        assert _link(page, "prev") == before
        met += _POSTS.findall(page)
        before, path = path, _link(page, "next")
    whole = browser.get(f"{asked}&whole=yes").text
    assert "data-parts" not in whole
    assert met == _POSTS.findall(whole)
    assert len(met) == len(set(met)) > PART
    for row in archive.posts(drafts=False):
        place, _, fragment = browser.get(f"/posts/{row.public_id}").headers["Location"].partition("#")
        assert fragment == f"post-{row.public_id}"
        assert f' id="{fragment}"' in browser.get(place).text


def test_a_later_part_tells_of_its_thread_what_the_first_part_tells(
    app: Flask, archive: Archive, make_user: Callable[..., User]
) -> None:
    archive.import_({"a.jsonl": grown_thread()}, public=True)
    first = archive.posts()[0]
    archive.session.execute(
        update(Revision).where(Revision.post_id == first.id).values(captured_at=datetime(2001, 2, 3, tzinfo=UTC))
    )
    archive.session.commit()
    Hand(archive, make_user("nora", "moderator")).move(archive.posts()[-1].text, None)
    path = f"/threads/{archive.session.get_one(Thread, first.thread_id).public_id}"
    browser = app.test_client()
    page = browser.get(path).text
    told = [_told(page)]
    while further := _link(page, "next"):
        page = browser.get(further).text
        assert "What began this thread was moved" not in page
        assert "This part goes on" in page
        told.append(_told(page))
    assert len(told) > 2
    assert {*told} == {told[0]}
    assert "3 February 2001" in told[0]
    assert "1 question, " in told[0]


def _told(page: str) -> str:
    """What stands beside a thread of where it came from and what it holds."""
    (aside,) = re.findall(r'<aside class="colophon".*?</aside>', page, re.DOTALL)
    return str(aside)


def _link(page: str, rel: str) -> str | None:
    (parts,) = re.findall(r'<nav class="parts".*?</nav>', page, re.DOTALL)[-1:]
    found = re.search(rf'<a href="([^"]+)" rel="{rel}">', parts)
    return unescape(found[1]) if found else None
