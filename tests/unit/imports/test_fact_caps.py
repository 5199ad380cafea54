"""What a source may say of a post beside its text, and how much of it."""

import json
from io import BytesIO

import pytest

from archive.domain.records import PostRecord, Unreadable
from imports import footnote_jsonl
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.mails import notes_of

FILE = {"name": "a.png", "type": "image/png", "size": 3, "sha256": "0" * 64}


def read(facts: dict[str, object]) -> list[object]:
    fields = {"footnote": 1, "thread": "t", "key": "k", "parent": None, "kind": "question", "text": "x"}
    line = json.dumps({**fields, "author": None, "title": None, "facts": facts}).encode() + b"\n"
    return list(footnote_jsonl.read_posts(BytesIO(line), original=ORIGINAL))


def test_a_list_of_files_is_kept_as_readers_of_mail_give_it() -> None:
    (post,) = posts_of(read({"attachments": [FILE] * 100, "further_attachments": 7}))
    assert post.facts == {"attachments": [FILE] * 100, "further_attachments": 7}


@pytest.mark.parametrize(
    "files",
    [
        [FILE] * 101,
        [{**FILE, "type": "x" * 128}],
        [{**FILE, "name": "x" * 256}],
        [{**FILE, "sha256": "0" * 65}],
        [{**FILE, "more": "x"}],
        [{**FILE, "size": "3"}],
        [{**FILE, "size": -1}],
        [{}],
    ],
)
def test_a_list_of_files_that_is_none_is_left_to_the_original_and_told(files: list[object]) -> None:
    items = read({"attachments": files, "score": 1})
    (post,) = posts_of(items)
    assert post.facts == {"score": 1}
    assert any("is the first with “attachments”, which is not read" in note for note in notes_of(items))


def test_a_post_of_which_more_is_said_than_a_row_should_hold_is_set_aside() -> None:
    tags = ["é" * 2_000] * 100
    (item,) = [item for item in read({"tags": tags}) if isinstance(item, PostRecord | Unreadable)]
    assert isinstance(item, Unreadable)
    assert item.reason == "What the source says of the post beside its text is larger than 256 KiB."
