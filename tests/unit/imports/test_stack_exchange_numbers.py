"""The numbers of a site's posts, told without the posts."""

from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.ids import PostKey
from archive.domain.records import PostRecord
from imports.reader import Numbered
from imports.stack_exchange import read_comments, read_posts
from imports.stack_exchange_numbers import find_comments, find_posts
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.test_stack_exchange import FOLDER

_TABLES = sorted(path for path in FOLDER.rglob("*.xml") if path.is_file())
_READ = ((read_posts, find_posts), (read_comments, find_comments))


@pytest.mark.parametrize("path", _TABLES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_numbers_are_those_of_the_dated_posts_that_are_read(path: Path) -> None:
    raw = path.read_bytes()
    for read, find in _READ:
        posts = [item for item in read(BytesIO(raw), original=ORIGINAL) if isinstance(item, PostRecord)]
        told = [
            Numbered(post.key, post.posted_at, post.ref.offset, post.ref.length)
            for post in posts
            if post.posted_at is not None
        ]
        assert [post for post in find(BytesIO(raw)) if post.key in {post.key for post in posts}] == told


def test_what_becomes_no_post_has_no_number() -> None:
    rows = (
        '<row Id="1" PostTypeId="4" CreationDate="2014-01-01T00:00:00" />'
        '<row Id="x" PostTypeId="1" CreationDate="2014-01-01T00:00:00" />'
        '<row Id="3" PostTypeId="1" CreationDate="yesterday" /><row Id="4" PostTypeId="1" />'
        '<row Id="5" PostTypeId="2" CreationDate="2014-01-01T00:00:00.5" /> <row '
    )
    (post,) = find_posts(BytesIO(f"<posts>{rows}".encode()))
    assert (post.key, str(post.posted_at)) == (PostKey("p5"), "2014-01-01 00:00:00.500000+00:00")
    assert rows.encode()[post.offset - 7 :].startswith(b'<row Id="5"')
    assert post.length == len('<row Id="5" PostTypeId="2" CreationDate="2014-01-01T00:00:00.5" />')


@pytest.mark.parametrize("raw", [b"", b"<comments>", b"no table", b"<posts/>"])
def test_what_is_no_such_table_has_no_numbers(raw: bytes) -> None:
    assert [*find_posts(BytesIO(raw))] == []
