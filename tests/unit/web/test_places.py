"""Rendered HTML whose words carry where they stand in the text as received."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.domain.records import Markup
from archive.web.moderation.marked_html import shown_answer, without_tags
from archive.web.prose.places import find_places
from archive.web.safe_html import MAX_SHOWN_LENGTH, render, render_in_places
from tests.stalls import calls, finishing
from tests.unit.assessment.test_html_text import PIECES

_PLACE = re.compile(r'<span(?: class="ev")? data-at="(\d+)"(?: data-to="(\d+)")?>([^<]*)</span>')
_NUMBER = re.compile(r'<a class="ref" href="#sig-(\d+)" id="s\1" aria-label="Signal \1">\1</a>')


def _html(text: str, *spans: tuple[int, int]) -> str:
    rendered = render_in_places(text, spans)
    assert rendered is not None
    return rendered.html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p>", '<p><span data-at="3">a</span></p>'),
        ("a <em> b</em>", '<span data-at="0">a</span> <em> <span data-at="7">b</span></em>'),
        ("a&amp;b", '<span data-at="0">a</span><span data-at="1" data-to="6">&amp;</span><span data-at="6">b</span>'),
        ("a\r\n\r\nb", '<span data-at="0">a</span>\n\n<span data-at="5">b</span>'),
        ("<script>x</script>a<!-- b -->", '<span data-at="18">a</span>'),
        ("<pre>\n  a</pre>", '<pre>  <span data-at="8">a</span></pre>'),
    ],
)  # fmt: skip
def test_words_carry_where_they_stand(html: str, expected: str) -> None:
    assert _html(html) == expected


def test_marked_words_are_followed_by_their_number_and_one_in_a_link_by_its_number_behind_the_link() -> None:
    html = '<p>See <a href="https://a.org">this &amp; that</a>, and that.</p>'
    start, end = html.index("<a"), html.index(", and")
    assert _html(html, (start, end), (end + 2, end + 5)) == (
        '<p><span data-at="3">See</span> <a href="https://a.org" rel="nofollow noopener ugc">'
        '<span class="ev" data-at="31">this</span> <span class="ev" data-at="36" data-to="41">&amp;</span> '
        '<span class="ev" data-at="42">that</span></a>'
        '<a class="ref" href="#sig-1" id="s1" aria-label="Signal 1">1</a><span data-at="50">,</span> '
        '<span class="ev" data-at="52">and</span>'
        '<a class="ref" href="#sig-2" id="s2" aria-label="Signal 2">2</a> <span data-at="56">that.</span></p>'
    )


@pytest.mark.parametrize(
    "html",
    ["<table>a<tr><td>b", "a<img alt='b'>c", "<iframe>a<b>c</b></iframe>d", "&notit; a", "a" * (MAX_SHOWN_LENGTH + 1)],
)
def test_where_a_browser_may_read_it_otherwise_the_words_stand_without_tags(html: str) -> None:
    found = shown_answer(html, Markup.HTML, [])
    assert (found.html is None) == (render_in_places(html, []) is None)
    for paragraph in found.paragraphs:
        for piece in paragraph[0]:
            assert "<" not in piece.text
            assert piece.to is not None or html[piece.start :].startswith(piece.text)


def test_without_tags_lines_are_parted_where_blocks_are_and_blanks_are_kept() -> None:
    html = "<p>a <em>b</em> &lt;c</p><ul><li>d<br>e</li></ul>"
    lines = ["".join(piece.text for piece in paragraph[0]) for paragraph in without_tags(html, [(0, 4)])]
    assert lines == ["a b <c", "d", "e"]


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=4),
)
def test_places_change_nothing_else_and_lead_back_to_their_words(html: str, spans: list[tuple[int, int]]) -> None:
    rendered = render_in_places(html, spans)
    if rendered is None:
        return
    assert _PLACE.sub(r"\3", _NUMBER.sub("", rendered.html)) == render(html, Markup.HTML).html
    numbers = _NUMBER.findall(rendered.html)
    assert len(numbers) == len(set(numbers))
    for at, to, words in _PLACE.findall(rendered.html):
        seen = unescape(words)
        received = html[int(at) : int(to) if to else int(at) + len(seen)]
        assert seen == (unescape(received) if to else received)


@pytest.mark.parametrize("piece", ["<", "<a ", "&amp;", "a<b>", "\r", "<p>a b"])
def test_a_long_text_is_walked_once(piece: str) -> None:
    text = piece * 20_000
    spans = [(at, at + 3) for at in range(0, len(text), 80)]
    once = calls(lambda: find_places(text[: len(text) // 2], spans))
    assert calls(lambda: find_places(text, spans)) < 2.2 * once + 100
    with finishing():
        shown_answer(text, Markup.HTML, spans)


def test_the_telling_sentence_of_html_looks_otherwise_and_has_the_last_number() -> None:
    text = "<p>Kober did it. <b>Nobody</b> says so.</p>"
    start, end = text.index("Nobody") - 3, text.index("so.") + 3
    signal = (text.index("says"), text.index("says") + 4)
    rendered = render_in_places(text, [signal], (start, end))
    assert rendered is not None
    assert '<span class="telling" data-at="20">Nobody</span>' in rendered.html
    assert '<span class="ev telling"' in rendered.html
    assert '<span data-at="3">Kober did it.</span>' in rendered.html
    assert re.findall(r'href="#sig-(\d)"', rendered.html) == ["1", "2"]
