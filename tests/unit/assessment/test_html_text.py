"""HTML as the rules read it, and where what they find stands in the text as received."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.domain.assessment import MAX_CHARACTERS, assess
from archive.domain.assessment.html_text import HtmlText
from archive.domain.html_tokens import TokenKind, tokens
from archive.domain.records import Markup
from archive.domain.source_quality import Level
from tests.stalls import calls, finishing

READ = {
    "paragraphs": ("<p>One\n two.</p>\n\n<p>Three</p>", "One two.\n\nThree"),
    "lines and items": ("a<br>b<ul>\n<li>c</li>\n<li>d</li>\n</ul>", "a\nb\n\nc\n\nd"),
    "two line ends are a paragraph": ("a<br /><br />b", "a\n\nb"),
    "references": ("&quot;Beer &amp; ale&#8217;s&quot;", '"Beer & ale’s"'),
    "italics and bold": ("<i>A</i> <em>B</em> <b>C</b> <strong>D</strong>", "*A* *B* **C** **D**"),
    "a link": ('see <a href="https://a.org/?b&amp;c">this</a>.', "see [this](https://a.org/?b&c)."),
    "a link whose words are its address": ('at <a href="https://a.org/b">https://a.o…</a>.', "at https://a.org/b."),
    "a link to nowhere else": ('<a href="/b">this</a> <a name="x">that</a>', "this that"),
    "a link that never ends": ('<a href="https://a.org">this', "[this](https://a.org)"),
    "a picture": ('<img src="https://a.org/b.png" alt="c">', "[c](https://a.org/b.png)"),
    "a quotation": (
        "<p>a</p>\n<blockquote>\n  <p>b</p>\n  <p>c<br>d</p>\n</blockquote>\n<p>e</p>",
        "a\n\n> b\n>\n> c\n> d\n\ne",
    ),
    "a quotation at the beginning": ("<blockquote>b</blockquote>c", "> b\n\nc"),
    "code": ('<code>a["b"]</code><pre><code>*a*\n  "b"\n\n> c</code></pre>d', "a  b  \n\n a \n   b \n\n  c\n\nd"),
    "what nobody sees": ("a<!-- b --><script>c</script><style>d</style>e", "ae"),
    "a tag that never ends": ("a <b c", "a "),
}  # fmt: skip
PIECES = [
    "<p>", "</p>", "<br>", "<em>", "</em>", "</a>",
    '<a href="https://a.org/b?t=1" title="a title of more than 25 signs">',
    "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "&quot;", "&amp;", "&#8217;", "&nbsp;",
    '"', "I read ", "Salt and the Crown", " by ", "Marta Ellwood", "\n", "  ", "p. 12 ", "? ", ". ",
    "https://example.org/ ",
    "<!-- ", " -->", "<", ">", "'", "<script>", "</script>", '<img alt="x" src="https://a.org/c.png">', "*", "IIRC ",
]  # fmt: skip


def _found(html: str) -> list[tuple[str, str]]:
    return [(signal.kind, html[signal.start : signal.end]) for signal in assess(html, Markup.HTML).signals]


def assert_sound(html: str) -> None:
    """Every span holds something, lies within the text, and neither begins nor ends inside a tag or a reference."""
    inside = {
        place
        for token in tokens(html)
        if token.kind is not TokenKind.WORDS
        for place in range(token.start + 1, token.end)
    }
    last = 0
    for signal in assess(html, Markup.HTML).signals:
        assert last <= signal.start < signal.end <= len(html)
        assert not {signal.start, signal.end} & inside
        last = signal.start


@pytest.mark.parametrize(("html", "read"), READ.values(), ids=READ)
def test_html_is_read_as_its_markdown_would_be(html: str, read: str) -> None:
    assert HtmlText(html).words == read


def test_an_attribute_is_no_quotation_and_its_address_is_a_link() -> None:
    html = '<p>It says <a href="https://www.example.org/a-long-address" title="A title of many words">so</a>.</p>'
    assert _found(html) == [("url", html[html.index("<a") : html.index(".</p>")])]


def test_a_quotation_in_references_is_one() -> None:
    html = "<p>They call it &quot;a strong version of a porter&quot; there.</p>"
    assert _found(html) == [("quotation", "a strong version of a porter")]


def test_a_title_in_italics_or_in_a_link_is_a_reference() -> None:
    html = '<p>I read <em>Salt and the Crown</em> by <a href="/x">Marta Ellwood</a>.</p>'
    assert ("reference", "Salt and the Crown") in _found(html)
    assert assess(html, Markup.HTML).level is Level.CITED


def test_a_quoted_paragraph_is_someone_elses() -> None:
    html = "<blockquote>\n<p>I remember reading it.</p>\n</blockquote>\n<p>You do not.</p>"
    assert _found(html) == [("block_quote", "<blockquote>\n<p>I remember reading it.</p>")]


def test_the_same_characters_in_another_markup_are_read_as_they_stand() -> None:
    assert assess('<a href="x">', Markup.MARKDOWN) == assess('<a href="x">')


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_span_begins_or_ends_inside_a_tag(html: str) -> None:
    assert_sound(html)


@given(st.text(alphabet="<>/ab\"'=&;!-\n pre", max_size=60))
def test_any_heap_of_signs_is_read(html: str) -> None:
    assert_sound(html)


@pytest.mark.parametrize(
    "piece",
    [*PIECES, "<a ", '<a href="', "<a href='https://a.org'>", "<blockquote>a", "<em>a", "<pre>\n", "<td>", "&lt;"],
)
def test_a_long_text_of_awkward_html_costs_no_more_than_its_length(piece: str) -> None:
    html = "a " + piece * (MAX_CHARACTERS // len(piece))
    once = calls(lambda: assess(html[:10_000], Markup.HTML))
    assert calls(lambda: assess(html[:20_000], Markup.HTML)) < 2.2 * once + 100
    with finishing():
        assess(html, Markup.HTML)


def test_a_text_longer_than_is_read_says_so() -> None:
    suggestion = assess("<p>It was so.</p>" * 20_000, Markup.HTML)
    assert suggestion.path[0] == "Only the first 200,000 characters were read"
