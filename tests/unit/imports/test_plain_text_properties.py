"""What must hold of every text, written by somebody or by chance."""

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.domain.records import LineReading
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ReadText

_LINES = st.sampled_from(
    ["", " ", "by ann_1", "By  the by", "bob_2", "Indeed", "No.", "[deleted]", "[removed]", "Jane Doe", "ü", "a\x0cb"]
)
_LINE_ENDS = st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\r\n\r\n"])
_LAYOUT_LIKE = st.lists(st.tuples(_LINES | st.text(max_size=8), _LINE_ENDS)).map(
    lambda parts: "".join(line + end for line, end in parts)
)
_ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])

_HANDLES = st.from_regex(r"[a-z]{3,8}_[a-z]{2,6}[0-9]{1,3}", fullmatch=True)
_PARAGRAPHS = st.lists(
    st.from_regex(r"[A-Z][a-zé]{1,7}( [a-z]{1,7}){2,9}[.?!]", fullmatch=True), min_size=1, max_size=3
).map("\n\n".join)
_POSTS = st.lists(st.tuples(_HANDLES, _PARAGRAPHS), max_size=5)


def write_thread(title: str, asker: str, body: str, posts: list[tuple[str, str]]) -> str:
    """A thread in the plain layout."""
    parts = [title, f"by {asker}", *([body] if body else [])]
    for author, text in posts:
        parts += [author, text]
    return "\n\n".join(parts) + "\n"


@given(st.binary())
def test_any_bytes_are_read_without_an_exception_and_to_the_last_byte(read: ReadText, raw: bytes) -> None:
    assert_covers(read(raw), len(raw))


@given(_LAYOUT_LIKE, _ENCODINGS)
@settings(max_examples=300)
def test_stretches_cover_any_text_and_hold_what_the_posts_say(read: ReadText, text: str, encoding: str) -> None:
    raw = text.encode(encoding, "ignore")
    items = read(raw)
    assert_covers(items, len(raw))
    if encoding != "utf-8":
        return
    for post in posts_of(items):
        stretch = raw[post.ref.offset : post.ref.offset + post.ref.length].decode()
        assert post.text in stretch
        assert post.byline is not None
        assert post.byline in stretch


@given(_LAYOUT_LIKE, st.dictionaries(st.integers(0, 60), st.sampled_from(LineReading)))
def test_no_correction_breaks_the_reading(read: ReadText, text: str, corrections: dict[int, LineReading]) -> None:
    assert_covers(read(text.encode(), corrections), len(text.encode()))


@given(_PARAGRAPHS.map(lambda text: text.split("\n")[0]), _HANDLES, st.just("") | _PARAGRAPHS, _POSTS)
def test_what_is_written_in_the_layout_reads_the_same(
    read: ReadText, title: str, asker: str, body: str, posts: list[tuple[str, str]]
) -> None:
    question, *answers = posts_of(read(write_thread(title, asker, body, posts).encode()))
    assert (question.title, question.byline, question.text) == (title, asker, body)
    assert [(answer.byline, answer.text) for answer in answers] == posts
