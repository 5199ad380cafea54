"""How the tests of mail read: bytes, or a fixture by its name."""

from io import BytesIO

from archive.domain.records import Item, Note, PostRecord, Unreadable
from imports import mail_message, mbox
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL, ROOT

FIXTURES = ROOT / "tests/fixtures/imports"
OPENING = b"From list-bounces@ledger.example Tue Mar  4 10:00:00 2008\n"


def fixture_bytes(name: str) -> bytes:
    folder = "mbox" if name.endswith(".mbox") else "mail"
    return (FIXTURES / folder / name).read_bytes()


def read_mbox(source: bytes | str, start: int = 0) -> list[Item]:
    raw = source if isinstance(source, bytes) else fixture_bytes(source)
    items = list(mbox.read_posts(BytesIO(raw), original=ORIGINAL, start=start))
    assert_covers(items, len(raw), start=start)
    return items


def read_mail(source: bytes | str, start: int = 0) -> list[Item]:
    raw = source if isinstance(source, bytes) else fixture_bytes(source)
    items = list(mail_message.read_posts(BytesIO(raw), original=ORIGINAL, start=start))
    assert_covers(items, len(raw), start=start)
    return items


def the_post(items: list[Item]) -> PostRecord:
    (post,) = posts_of(items)
    return post


def notes_of(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Note)]


def reasons_of(items: list[Item]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Unreadable)]
