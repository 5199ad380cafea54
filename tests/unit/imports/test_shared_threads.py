"""Real threads and hostile texts, which are no part of the project."""

import json
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.records import PostKind
from imports.plain_text import read_threads
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL

LEAST_SHARE = 0.995  # of posts whose author and full text are right; 1.000 when this was written


def test_real_threads_yield_their_posts(shared_data: Path) -> None:
    folder = shared_data / "threads" / "plain"
    wanted = right = 0
    for line in (folder / "truth.jsonl").read_bytes().splitlines():
        truth = json.loads(line)
        raw = (folder / truth["file"]).read_bytes()
        items = list(read_threads(BytesIO(raw), original=ORIGINAL))
        assert_covers(items, len(raw))
        expected = Counter([(truth["title"], truth["asker"], truth["question"])])
        expected.update((None, answer["author"], answer["text"]) for answer in truth["answers"])
        found = Counter((post.title, post.byline, post.text) for post in posts_of(items))
        wanted += expected.total()
        right += (expected & found).total()
    assert right >= wanted * LEAST_SHARE


def test_the_thread_that_started_it_is_read(shared_data: Path) -> None:
    raw = (shared_data / "seed" / "great-purge.txt").read_bytes()
    question, *answers = posts_of(list(read_threads(BytesIO(raw), original=ORIGINAL)))
    assert (question.byline, question.kind, question.text) == ("madatparents1", PostKind.QUESTION, "")
    assert [(answer.byline, answer.text.count("\n\n") + 1) for answer in answers] == [
        ("jasonfrederick1555", 5),
        ("robinacape", 1),
    ]


def test_hostile_texts_are_read_without_an_exception_and_to_the_last_byte(shared_data: Path) -> None:
    paths = sorted((shared_data / "hostile" / "rawtext").iterdir())
    if not paths:
        pytest.skip("no hostile texts in the shared data")
    for path in paths:
        raw = path.read_bytes()
        assert_covers(list(read_threads(BytesIO(raw), original=ORIGINAL)), len(raw))
