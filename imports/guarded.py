"""Readers that nobody here has seen, kept to what a reader promises.

Whatever one raises, leaves out or repeats: the rest of the file is set aside with the reason, and what it gave before
is kept. A post that cannot be one is set aside alone.
"""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import UnionType
from typing import Any, BinaryIO, TypeVar, cast

from archive.domain.ids import Sha256
from archive.domain.records import (
    Checkpoint,
    DoubtfulLine,
    Edge,
    Item,
    KeyBasis,
    KnownGap,
    Layout,
    Markup,
    Mention,
    Note,
    PostKind,
    PostRecord,
    PostState,
    RawRef,
    Skipped,
    Unreadable,
)
from imports.post_bounds import within_bounds
from imports.reader import Format, Reader
from imports.source_facts import known_facts

_COVERING = PostRecord | Layout | Skipped | Unreadable
_OTHERS = Layout | Skipped | Unreadable | Note | DoubtfulLine | KnownGap | Checkpoint
_MAX_SAID = 300  # characters
_DISK_FAILS = frozenset({errno.EIO, errno.ENOSPC})  # nothing that a reader is to blame for
_OF_A_POST: Mapping[str, type | UnionType] = {
    "thread": str,
    "key": str,
    "key_basis": KeyBasis,
    "parent": str | None,
    "kind": PostKind,
    "byline": str | None,
    "title": str | None,
    "text": str,
    "markup": Markup,
    "posted_at": datetime | None,
    "edge": Edge,
    "state": PostState,
    "facts": Mapping | None,
    "is_earlier": bool,
    "mentions": tuple,
}


Value = TypeVar("Value")


class ForeignError(Exception):
    """Code of another package raised something. The text says what, as it says itself."""


class ReaderFailedError(Exception):
    """A reader did not keep to what it promises. Its text says how: a sentence without its subject."""

    def __init__(self, reached: int, fault: str) -> None:
        self.reached = reached  # bytes that it has accounted for
        super().__init__(fault)


def guard(format_: Format, who: str) -> Format:
    """The same format, read with care; that its numbers are one site's is for formats of our own.

    :param who: what the reader is called in a reason, to begin a sentence with.
    """

    def sniff(head: bytes) -> bool:
        try:
            return bool(foreign(lambda: format_.sniff(head)))
        except ForeignError:  # a file that it fails at is not one of its own
            return False

    def read(file: BinaryIO, *, original: Sha256, start: int = 0, **how: Any) -> Iterator[Item]:
        try:
            yield from read_strictly(format_.read, file, original=original, start=start, **how)
        except ReaderFailedError as error:
            rest = RawRef(original=original, offset=error.reached, length=_size(file) - error.reached)
            yield Unreadable(ref=rest, reason=f"{who} {error}")

    return replace(format_, sniff=sniff, read=read, find_numbers=None, stands_under=None)


def read_strictly(read: Reader, file: BinaryIO, *, original: Sha256, start: int, **how: Any) -> Iterator[Item]:
    """Yield the items of a reader for as long as they keep to the rules.

    :raises ReaderFailedError: where they no longer do, or the reader raises.
    """
    size, reached = _size(file), start
    file.seek(0)
    try:
        for given in read(file, original=original, start=start, **how):
            item = _checked(given)
            reached = _reached(item, reached, original, size)
            yield item
    except _WrongItemError as error:
        raise ReaderFailedError(reached, str(error)) from None
    except (Exception, SystemExit) as error:
        if isinstance(error, OSError) and error.errno in _DISK_FAILS:
            raise
        raise ReaderFailedError(reached, f"failed here: {_said(error)}") from error
    if reached != size:
        raise ReaderFailedError(reached, f"ends at byte {reached:,} of {size:,}.")


def foreign(call: Callable[[], Value]) -> Value:
    """What code of another package returns.

    :raises ForeignError: if it raises anything at all.
    """
    try:
        return call()
    except (Exception, SystemExit) as error:
        raise ForeignError(_said(error)) from error


def _said(error: BaseException) -> str:
    words = f"{type(error).__name__}: {error}".encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return words if len(words) <= _MAX_SAID else words[:_MAX_SAID] + "…"


class _WrongItemError(Exception):
    """An item breaks a rule: a sentence without its subject, which is the reader."""


def _size(file: BinaryIO) -> int:
    return file.seek(0, os.SEEK_END)


def _reached(item: Item, reached: int, original: Sha256, size: int) -> int:
    """How far an item leads: it must begin where the last one ended."""
    if isinstance(item, Checkpoint):
        if item.offset != reached:
            raise _WrongItemError(f"says at byte {reached:,} that it has reached byte {item.offset:,}.")
        return reached
    if item.ref.original != original:
        raise _WrongItemError(f"speaks at byte {reached:,} of another file.")
    if not isinstance(item, _COVERING):
        return reached
    if item.ref.offset != reached or not 0 <= item.ref.length <= size - reached:
        raise _WrongItemError(f"leaves something out, or takes what is not there, at byte {reached:,}.")
    return reached + item.ref.length


def _checked(item: object) -> Item:
    """The item, if it is one, with what a post may hold."""
    if isinstance(item, PostRecord):
        return _checked_post(item)
    if not isinstance(item, _OTHERS):
        raise _WrongItemError(f"gave something of the type {type(item).__name__}, which is no item.")
    for name in ("reason", "text"):
        words = getattr(item, name, "")
        if not isinstance(words, str):
            raise _WrongItemError(f"gave a {type(item).__name__} whose “{name}” is no text.")
        if not words.isascii():  # a database takes no halves of surrogate pairs
            item = cast("Item", replace(cast("Any", item), **{name: words.encode("utf-8", "replace").decode()}))
    return item


def _checked_post(post: PostRecord) -> PostRecord | Unreadable:
    for name, kind in _OF_A_POST.items():
        value = getattr(post, name)
        if not isinstance(value, kind):
            return Unreadable(ref=post.ref, reason=f"The post’s “{name}” is of the type {type(value).__name__}.")
    if not all(isinstance(told, Mention) and all(isinstance(key, str) for key in told) for told in post.mentions):
        return Unreadable(ref=post.ref, reason="The post’s “mentions” are no tuple of Mention with two keys.")
    if post.posted_at is not None and post.posted_at.tzinfo is None:
        return Unreadable(ref=post.ref, reason="The post’s “posted_at” names no time zone.")
    if post.title is not None and post.kind is not PostKind.QUESTION:
        return Unreadable(ref=post.ref, reason="The post has a title, and is no question.")
    facts, _ = known_facts(post.facts)
    moment = None if post.posted_at is None else post.posted_at.astimezone(UTC)
    return within_bounds(replace(post, facts=facts, posted_at=moment, mail_keys=None))
