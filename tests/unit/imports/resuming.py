"""What must hold of every reader of dumps: any bytes are covered, and reading goes on from each checkpoint."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from archive.domain.records import Checkpoint, Item, Note, PostRecord, Unreadable
from imports.reader import Reader
from tests.unit.imports.accounting import assert_covers
from tests.unit.imports.conftest import ORIGINAL, ROOT

FIXTURES = ROOT / "tests/fixtures/imports"

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from([1, "1", 2])
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=4)


def read_fixture(read: Reader, name: str) -> list[Item]:
    """The items of a fixture, which cover it, and are the same from each checkpoint on."""
    return read_all(read, (FIXTURES / name).read_bytes())


def read_all(read: Reader, raw: bytes) -> list[Item]:
    """The items of a file, which cover it, and are the same from each checkpoint on."""
    items = list(read(BytesIO(raw), original=ORIGINAL))
    assert_covers(items, len(raw))
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            assert list(read(BytesIO(raw), original=ORIGINAL, start=item.offset)) == items[place + 1 :]
    return items


def notes_of(items: Sequence[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Note)]


def reasons_of(items: Sequence[Item]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Unreadable)]


def stretch_of(raw: bytes, post: PostRecord) -> bytes:
    return raw[post.ref.offset : post.ref.offset + post.ref.length]


def lines_like(*samples: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """Lines near the samples: fields left out, of another type, nested; cut, and mixed with noise."""
    names = sorted({name for sample in samples for name in sample})
    changes = st.dictionaries(st.sampled_from(names), _VALUES, max_size=3)
    dropped = st.sets(st.sampled_from(names), max_size=2)
    objects = st.builds(
        lambda sample, change, gone: {name: value for name, value in {**sample, **change}.items() if name not in gone},
        st.sampled_from(samples),
        changes,
        dropped,
    )
    whole = objects.map(lambda value: json.dumps(value).encode())
    cut = st.builds(lambda line, end: line[:end], whole, st.integers(0, 80))
    indented = objects.map(lambda value: json.dumps(value, indent=1).encode())
    return st.lists(whole | cut | indented | st.binary(max_size=8), max_size=6).map(b"\n".join)


def hostile_files(shared_data: Path, *folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (shared_data / "hostile" / folder).iterdir())
