"""What must hold of any reader's items: in order, without a gap or an overlap, to the last byte."""

from collections.abc import Sequence

from archive.domain.records import Item, Layout, PostRecord, Skipped, Unreadable


def assert_covers(items: Sequence[Item], size: int, *, start: int = 0) -> None:
    reached = start
    for item in items:
        if isinstance(item, PostRecord | Layout | Skipped | Unreadable):
            assert item.ref.offset == reached, f"gap or overlap before {item}"
            reached += item.ref.length
    assert reached == size


def posts_of(items: Sequence[Item]) -> list[PostRecord]:
    return [item for item in items if isinstance(item, PostRecord)]
