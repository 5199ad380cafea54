"""Any text at all: no exception, places that hold, and time that grows with length only."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.domain.html_tokens import TokenKind, tokens
from archive.domain.records import Markup
from archive.domain.sources import SourceKind, display_title, references_in
from tests.stalls import calls, finishing

PIECES = [
    "I read ", "*Salt and the Crown* ", "by ", "Marta Ellwood ", "Marta Ellwood's ", "'s ", '"', "“", "”", "> ", "\n",
    "\n\n", "p. 12 ", "page 3 of ", "https://example.org/?t=1 ", "(1987) ", "(Lyon: Guild Press, 1987)", ". ", "İ",
    "\x00",
    "😀", "_", "**", "Tac. Ann. 15.44 ", "1 Kings 3:16 ", "IIRC ", "I cannot cite it ", "in his memoir ", "&gt; ",
    "&amp; ",
    "ISBN 978-0-306-40615-7 ",
    "doi:10.1000/182 ", "RGASPI f. 17 op. 2 d. 577, l. 5 ", "quoted in ", "[", "](", ")",
    "https://en.wikipedia.org/wiki/Salt_tax#Uses ", "https://youtu.be/abcdefghijk?t=91s", "Ellwood, M. (1987). Salt. ",
    "Ellwood, Marta. *Salt*. ", "(Ellwood and Brandt, 1987, p. 5) ", "et al. ", "Wikipedia article on ",
    "http://[", "http://a:b",
]  # fmt: skip
TAGS = [
    "<p>", "</p>", "<br>", "<em>", "</em>", '<a href="https://doi.org/10.1000/182">', "</a>", "<blockquote>",
    "</blockquote>", "&quot;", "&#8217;", "<", "'", '<img src="https://a.org/c.png">', "<code>", "</code>",
]  # fmt: skip
HOSTILE = [
    "http://a.b/", "http://a.b/(", "https://web.archive.org/web/", "https://google.com/url?q=",
    "https://doi.org/10.1000/",
    "[a](https://a.b/", "Zed's ", "Zed, A. ", "Zed, A. (1999). ", "\nZed, ", "in his memoir ", "Zed’s memoirs ",
    "memoirs of ",
    "*Zed* ", '"Zed", *Zed* ', "*Zed* by Zed and ", "Zed and Zed's *Zed* ", "Zed et al. (1999) ", "f. 1 op. 1 d. 1 ",
    "WO 208/3450 ", "RG 1, box 1 ", "Papers, box 1 ", "Gal 1:1 ", "Book I of the Iliad ", "Wikipedia article on Zed ",
    "p. 1 of ", "ISBN 0-306-40615-2 ", "quoted in ", "(Zed Press, 1999) ", "Zed Press ", "&amp;", "www.a.b ",
]  # fmt: skip

_LONG = 100_000  # characters


def assert_sound(text: str, markup: Markup = Markup.PLAIN) -> None:
    last = 0
    for reference in references_in(text, markup):
        assert last <= reference.start < reference.end <= len(text)
        assert reference.keys
        assert len(set(reference.keys)) == len(reference.keys)
        for key in reference.keys:
            scheme, _, value = key.partition(":")
            assert scheme in {*SourceKind, "pmcid"}
            assert value
        assert (reference.locator is None) is (reference.locator_span is None)
        if reference.locator_span:
            start, end = reference.locator_span
            assert 0 <= start < end <= len(text)
        assert reference.csl["type"]
        assert json.loads(json.dumps(reference.csl)) == reference.csl
        assert display_title(reference.csl)
        last = reference.start


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(Markup))
def test_places_lie_in_the_text_as_received(text: str, markup: Markup) -> None:
    assert_sound(text, markup)
    assert references_in(text, markup) == references_in(text, markup)


@given(st.text(), st.sampled_from(Markup))
def test_any_text_is_read(text: str, markup: Markup) -> None:
    assert_sound(text, markup)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES + TAGS), max_size=40).map("".join))
def test_places_in_html_never_cut_a_tag_or_a_reference_to_a_sign(html: str) -> None:
    inside = {
        place
        for token in tokens(html)
        if token.kind is not TokenKind.WORDS
        for place in range(token.start + 1, token.end)
    }
    assert_sound(html, Markup.HTML)
    for reference in references_in(html, Markup.HTML):
        assert not {reference.start, reference.end} & inside


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_locator_stands_in_the_text_word_for_word(text: str) -> None:
    for reference in references_in(text):
        if reference.locator_span:
            assert text[slice(*reference.locator_span)] == reference.locator


@pytest.mark.parametrize("piece", [*PIECES, *TAGS, *HOSTILE])
def test_a_very_long_text_costs_no_more_than_its_length(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = piece * (_LONG // len(piece))
    once = calls(lambda: references_in(text[:10_000]))
    assert calls(lambda: references_in(text[:20_000])) < 2.2 * once
    with finishing():
        assert_sound(text)
    with finishing():
        assert_sound(text, Markup.HTML)
