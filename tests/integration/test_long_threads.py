"""Threads that are too long for one page: all of their posts are counted, reached and tagged."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from archive.domain.source_quality import Level
from archive.services.bench.item import queue_item
from archive.services.bench.queue import coming
from archive.services.browse import post_place, thread_page
from archive.services.scripts import show_thread
from archive.services.views import Order
from archive.store import windows
from archive.store.users import User
from tests.integration.conftest import Archive
from tests.integration.written import DYKES, thread

ANSWERS = 25


@pytest.fixture
def long(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(windows, "MAX_POSTS", 10)
    monkeypatch.setattr("archive.services.browse.MAX_POSTS", 10)
    answers = [(f"author_{number}x", f"The words of answer {number}.") for number in range(ANSWERS)]
    archive.import_({"a.txt": thread(DYKES, answers)}, public=True)
    return archive


def test_every_answer_is_counted_and_reached(long: Archive) -> None:
    address = post_place(long.session, long.answers()[0].public_id, drafts=False)[0]
    met: list[tuple[int, str]] = []
    after: str | None = None
    while True:
        page = thread_page(long.session, address, drafts=False, order=Order.POSTED, after=after)
        assert (page.all_answers, page.shares) == (ANSWERS, {None: ANSWERS})
        met += [(answer.number, answer.post.text) for answer in page.answers]
        after = page.further
        if after is None:
            break
    assert met == [(number, f"The words of answer {number - 1}.") for number in range(1, ANSWERS + 1)]


def test_a_permalink_leads_to_the_part_that_holds_its_post(long: Archive) -> None:
    for row in long.answers():
        address, post, after = post_place(long.session, row.public_id, drafts=False)
        page = thread_page(long.session, address, drafts=False, order=Order.POSTED, after=after)
        assert post in [answer.post.public_id for answer in page.answers]


def test_the_last_answer_of_a_long_thread_can_be_tagged(long: Archive, make_user: Callable[..., User]) -> None:
    moderator = make_user("maud", "moderator")
    last = long.answers()[-1]
    item = queue_item(long.session, last.public_id, moderator=moderator.id)
    assert item.question is not None
    assert item.post.public_id not in [other.public_id for other in item.siblings]
    long.judge(last.byline, Level.UNSOURCED, moderator)
    assert coming(long.session, moderator.id) != []


def test_a_script_sees_all_of_it(long: Archive) -> None:
    address = post_place(long.session, long.answers()[0].public_id, drafts=False)[0]
    assert len(show_thread(long.session, address)["posts"]) == ANSWERS + 1


@pytest.mark.database("sqlite")
def test_a_page_is_read_by_an_index_that_knows_no_drafts(long: Archive) -> None:
    address = post_place(long.session, long.answers()[0].public_id, drafts=False)[0]
    plans: list[str] = []

    def explain(connection: Any, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT") and "post.position" in statement:
            rows = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows if row[3].startswith(("SEARCH post ", "SCAN post ")))

    event.listen(long.session.connection(), "before_cursor_execute", explain)
    page = thread_page(long.session, address, drafts=False)
    thread_page(long.session, address, drafts=False, after=page.further)
    post_place(long.session, long.answers()[-1].public_id, drafts=False)
    wanted = ("USING INDEX ix_post_shown", "USING COVERING INDEX ix_post_shown", "(public_id=?)")
    assert plans
    assert [plan for plan in plans if not any(way in plan for way in wanted)] == []
