"""What must hold of a reader, whatever bytes it is given."""

from functools import partial
from io import BytesIO

from archive.domain.records import Checkpoint, Item, Note
from imports import Format
from imports.limits import DETECTION_BYTES
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL, ROOT

_SITE = ROOT / "tests/fixtures/imports/stack_exchange/site"
_BESIDE = {path.name.lower(): partial(path.open, "rb") for path in sorted(_SITE.iterdir())}  # for those that want them


def check(known: Format, raw: bytes) -> None:
    """Whatever the bytes: nothing is raised, all are accounted for, texts can be stored, and reading can go on."""
    known.sniff(raw[:DETECTION_BYTES])
    read = known.reader(_BESIDE)
    items = list(read(BytesIO(raw), original=ORIGINAL))
    assert_covers(items, len(raw))
    for post in posts_of(items):
        words = "".join((post.thread, post.key, post.parent or "", post.byline or "", post.title or "", post.text))
        assert "\0" not in words
        words.encode()  # no half of a surrogate pair
    places = [place for place, item in enumerate(items) if isinstance(item, Checkpoint)]
    if places:
        place = places[len(raw) % len(places)]  # each of them costs a reading
        item = items[place]
        assert isinstance(item, Checkpoint)
        rest = list(read(BytesIO(raw), original=ORIGINAL, start=item.offset))
        assert _told(rest) == _told(items[place + 1 :]), f"it goes on otherwise at byte {item.offset}"


def _told(items: list[Item]) -> list[Item]:
    """Without notes: some are given once a run."""
    return [item for item in items if not isinstance(item, Note)]
