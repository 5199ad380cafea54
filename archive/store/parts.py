"""Long lists in short parts: what one statement can name."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

_MOST = 1000  # in one IN list

T = TypeVar("T")


def parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the items in parts that an IN list may have."""
    for start in range(0, len(items), _MOST):
        yield items[start : start + _MOST]
