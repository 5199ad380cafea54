"""What is kept of posts takes no more memory than it is weighed with."""

import gc
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from archive.byte_cache import forget_all
from archive.domain.ids import PublicId
from archive.domain.records import Edge, Markup, PostKind, PostState
from archive.services import post_views
from archive.store import thread_posts
from archive.store.thread_posts import ReadPost
from archive.web.citing import json_ld
from archive.web.threads import pages, writing

_POSTS = 60


def _attachments(number: int) -> str:
    name = f"scan of a letter of the year {number} on the dykes, page"
    files = [{"name": f"{name} {page}.png", "size": page, "type": "image/png"} for page in range(100)]
    return orjson.dumps({"attachments": files}).decode()


def _nothing(_: int) -> None:
    """Nothing else that the source says."""


@pytest.mark.parametrize(
    ("facts", "text"),
    [(_attachments, "Short. "), (_nothing, "Длинное слово о дамбах. " * 200), (_nothing, "𒀀 𒁀. " * 400)],
)
def test_what_is_kept_of_posts_takes_no_more_memory_than_it_is_weighed_with(
    facts: Callable[[int], str | None], text: str
) -> None:
    kept = (thread_posts._kept, post_views._kept, pages._kept, writing._written, json_ld._kept)
    _keep(facts, text)  # once for what is imported and compiled with the first of them
    forget_all()
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        _keep(facts, text)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert 0 < taken <= sum(one.cache.held for one in kept)
    forget_all()


def _keep(facts: Callable[[int], str | None], text: str) -> None:
    for number in range(1000, 1000 + _POSTS):
        row = _row(number, facts(number), f"{text}{number}")
        made_from = (row, thread_posts._NO_PARENT, thread_posts._NO_TAG, thread_posts._NOT_DOWN)
        read = thread_posts._kept.of(number, made_from, _read)
        view = post_views._kept.of(number, (read, post_views._NOTHING), post_views._post_view)
        post = pages.post(view)
        json_ld._said(post, "http://archive.example")
        html = f"{post.body.html}<p>{number}</p>"
        writing._written.of(number, (post.made, None), lambda _, html=html: ("head", html, "end"))


def _row(number: int, facts: str | None, text: str) -> tuple[Any, ...]:
    address, when = PublicId(f"{number:014}"), datetime(2020, 1, 1, 0, 0, number % 60, tzinfo=UTC)
    who = (f"author {number}", address, None, when, None, None, Edge.SOURCE, number + 1000, 1)
    said = (text, None, Markup.PLAIN, PostState.PRESENT, facts, number + 2000, 1, when, None)
    return (number, address, PostKind.ANSWER, *who, None, 0, None, *said)


def _read(made_from: tuple[tuple[Any, ...], ...]) -> ReadPost:
    return ReadPost._make(value for part in made_from for value in part)
