"""The numbers that a site of Stack Exchange gave to its posts and comments, with their dates, and nothing else of them.

Every site counts from 1, and no table says of which site it is. But a post keeps the date of its creation.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from archive.domain.ids import PostKey
from imports.moments import from_iso_in_utc
from imports.reader import Numbered
from imports.stack_exchange_fields import number_of
from imports.stack_exchange_parser import Fields
from imports.stack_exchange_rows import Row, read_rows

_WITH_TEXT = frozenset({"1", "2"})  # PostTypeId of what becomes a post


def find_posts(file: BinaryIO) -> Iterator[Numbered]:
    """Yield the questions and answers of Posts.xml that bear a date. Never raises on bad content."""
    return _numbered(file, "posts", "p", lambda fields: fields.get("PostTypeId") in _WITH_TEXT)


def find_comments(file: BinaryIO) -> Iterator[Numbered]:
    """Yield the comments of Comments.xml that bear a date. Never raises on bad content."""
    return _numbered(file, "comments", "c", lambda _: True)


def _numbered(file: BinaryIO, table: str, letter: str, is_wanted: Callable[[Fields], bool]) -> Iterator[Numbered]:
    for piece in read_rows(file, table):
        if isinstance(piece, Row) and is_wanted(piece.fields):
            number = number_of(piece.fields.get("Id"))
            posted_at = from_iso_in_utc(piece.fields.get("CreationDate", ""))
            if number is not None and posted_at is not None:
                yield Numbered(PostKey(f"{letter}{number}"), posted_at, piece.offset, piece.length)
