"""Keys are a source's own words: whatever they are, a file has no say in threads that people begin."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from archive.domain.placement import own_thread_key
from archive.services.verify import find_faults
from archive.store.threads import Post, Thread
from archive.store.users import User
from tests.integration.conftest import Archive
from tests.integration.test_reattach import Hand


@pytest.fixture
def maud(make_user: Callable[..., User]) -> User:
    return make_user("maud", "moderator")


def line(thread: str, key: str, parent: str | None = None, title: str | None = None) -> str:
    kind = "answer" if parent else "question"
    post = {"footnote": 1, "thread": thread, "key": key, "parent": parent, "kind": kind, "author": "ann_1"}
    return json.dumps(post | {"title": title, "text": f"Words of {key}."}) + "\n"


@pytest.mark.parametrize("thread", ["t1", "from post z", "From Post z"])
def test_a_drafts_title_stays_unsaid_whatever_its_thread_is_called(archive: Archive, thread: str) -> None:
    archive.import_({"a.jsonl": line(thread, "q", title="Not to be seen yet")})
    archive.import_({"b.jsonl": line(thread, "r", "q")}, public=True)
    (row,) = archive.session.scalars(select(Thread))
    assert (row.title, row.public) == ("Untitled", True)
    assert not [*find_faults(archive.session, archive.vault, say=lambda _: None)]


def test_no_file_takes_the_thread_that_a_person_lets_begin_with_a_post(archive: Archive, maud: User) -> None:
    archive.import_({"a.jsonl": line("t1", "q", title="Why?") + line("t1", "r", "q")}, public=True)
    hand = Hand(archive, maud)
    taken = own_thread_key(hand.row("Words of r.").public_id)
    archive.import_({"b.jsonl": line(taken, "h", title="Another's")}, public=True)
    hand.move("Words of r.", None)
    archive.import_({"c.jsonl": line(taken, "i", "h")}, public=True)
    archive.session.rollback()
    threads = {row.id: (row.title, row.own) for row in archive.session.scalars(select(Thread))}
    where = {row.source_key: threads[row.thread_id] for row in archive.session.scalars(select(Post))}
    theirs = ("Another's", False)
    assert where == {"q": ("Why?", False), "r": ("Why?", True), "h": theirs, "i": theirs}
    assert not [*find_faults(archive.session, archive.vault, say=lambda _: None)]
