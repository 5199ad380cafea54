"""Earlier texts of the Stack Exchange dump."""

from io import BytesIO

from archive.domain.records import Checkpoint, Item, Layout, Markup, Note, PostKind, Skipped, Unreadable
from imports.stack_exchange_history import read_history
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.test_stack_exchange import FOLDER, beside, notes_of, reasons_of

_RAW = (FOLDER / "history/PostHistory.xml").read_bytes()


def _read(*names: str, start: int = 0) -> list[Item]:
    return list(read_history(BytesIO(_RAW), original=ORIGINAL, start=start, companions=beside(*names)))


def test_texts_before_the_last_edit_are_earlier_texts_of_the_posts_that_posts_xml_has() -> None:
    items = _read("Posts.xml", "Users.xml")
    assert_covers(items, len(_RAW))
    posts = posts_of(items)
    assert [(post.key, post.thread, post.parent, post.kind, post.byline, post.text) for post in posts] == [
        ("p1", "p1", None, PostKind.QUESTION, "Zoë of the Vats", "Which mordant did they use for *weld*?"),
        ("p3", "p1", "p1", PostKind.ANSWER, "margriet", "Alum."),
        ("p3", "p1", "p1", PostKind.ANSWER, "margriet", "Alum, I think."),
    ]
    assert {(post.is_earlier, post.markup) for post in posts} == {(True, Markup.MARKDOWN)}
    assert posts[0].facts == {"written_at": "2015-03-02T09:14:05.120000+00:00", "licence": "CC BY-SA 3.0"}
    assert posts[2].facts == {"written_at": "2015-03-03T08:40:00+00:00"}
    assert {str(post.posted_at) for post in posts[1:]} == {"2015-03-03 08:30:00+00:00"}
    assert [item.reason for item in items if isinstance(item, Skipped)] == [
        "Posts.xml has no question or answer 4, of which this is a text."
    ]
    assert [reason.partition(" at byte")[0] for reason in reasons_of(items)] == ["The row"]
    assert notes_of(items)[0].startswith("Kept are the texts of posts before their last edit.")


def test_the_history_goes_on_from_each_checkpoint() -> None:
    items = _read("Posts.xml", "Users.xml")
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            assert _read("Posts.xml", "Users.xml", start=item.offset) == items[place + 1 :]


def test_a_history_alone_is_skipped_as_a_whole() -> None:
    items = _read("Users.xml")
    assert_covers(items, len(_RAW))
    assert [type(item) for item in items] == [Skipped]
    assert not [item for item in items if isinstance(item, Layout | Note | Unreadable)]
