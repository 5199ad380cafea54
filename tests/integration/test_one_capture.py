"""Lines whose posts are only known by their order: those of one thread are one capture of it."""

import json

from tests.integration.conftest import Archive
from tests.integration.written import ANNALIST, RUSTICUS


def test_answers_known_by_their_order_stay_in_one_thread_over_the_lines_of_a_file(archive: Archive) -> None:
    named = {"footnote": 1, "thread": "t", "key_basis": "position", "edge": "layout"}
    question = named | {"key": "question", "kind": "question", "author": ANNALIST, "title": "Why?", "text": "Why?"}
    answers = [
        named | {"key": f"{name}#1", "parent": "question", "kind": "answer", "author": name, "text": f"Says {name}."}
        for name in ("ann_1", RUSTICUS, "cai_3")
    ]
    archive.import_({"a.jsonl": "".join(json.dumps(line) + "\n" for line in (question, *answers))}, public=True)
    assert [post.parent is not None for post in archive.posts()] == [False, True, True, True]
    assert len({post.thread_id for post in archive.posts()}) == 1
