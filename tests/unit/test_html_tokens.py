"""HTML cut into tokens: what is a tag, what is a reference, what is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.html_tokens import TokenKind, attribute, tokens
from tests.stalls import calls, finishing

_SHORT = {TokenKind.WORDS: "", TokenKind.REFERENCE: "&", TokenKind.OPENING: "<", TokenKind.CLOSING: "</"}
CASES = {
    "words alone": ("a > b", ["a > b"]),
    "a tag": ("a<B class='x'>b</b >", ["a", "<b", "b", "</b"]),
    "a sign that closes nothing within quotation marks": ("<a title=\"x>y\" alt='>'>b", ["<a", "b"]),
    "a stray quotation mark in a tag": ("<a it's>b", ["<a", "b"]),
    "signs that begin nothing": ("1 < 2 <3 & 4 &5 && <<", ["1 < 2 <3 & 4 &5 && <<"]),
    "a sign before a tag": ("<<b>", ["<", "<b"]),
    "references": ("a&amp;b&#8217;&#x2019;&hellip;", ["a", "&&", "b", "&’", "&’", "&…"]),
    "what only looks like a reference": ("&xothing; &; &#; &amp", ["&xothing; &; &#; &amp"]),
    "a comment": ("a<!-- <b> -- > -->b<!-->c<!---->d", ["a", "b", "c", "d"]),
    "other things that are not seen": ("<!DOCTYPE html>a<?php ?>b</>c</ d>e", ["a", "b", "c", "e"]),
    "script and style": (
        "a<script>'</b>'</script>b<STYLE>i{}</STYLE>c",
        ["a", "<script", "</script", "b", "<style", "</style", "c"],
    ),
    "a tag that never ends": ("a<b c", ["a"]),
    "a quotation in a tag that never ends": ('a<b c="d>e', ["a"]),
    "a comment that never ends": ("a<!-- b>", ["a"]),
    "a script that never ends": ("a<script>b<b>", ["a", "<script"]),
    "a sign at the very end": ("a</", ["a</"]),
    "a tag that closes itself": ("a<br/>b<br / >", ["a", "<br", "b", "<br"]),
}
PIECES = [
    "<",
    "<a ",
    "<a href=",
    '"',
    "'",
    "=",
    " ",
    "/",
    ">",
    "</",
    "<!--",
    "--",
    "!",
    "&",
    "&amp",
    ";",
    "<script>",
    "x",
]


@pytest.mark.parametrize(("html", "expected"), CASES.values(), ids=CASES)
def test_html_is_cut_as_a_browser_cuts_it(html: str, expected: list[str]) -> None:
    assert [_SHORT[token.kind] + token.value for token in tokens(html)] == expected


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ('<a href="x&amp;y">', "x&y"),
        ("<a HREF = 'x'>", "x"),
        ("<a rel=y href=x>", "x"),
        ("<a/href=x/y>", "x/y"),
        ('<a title="href=y">', None),
        ("<a href>", None),
        ('<a href="">', None),
        ("<a>", None),
    ],
)
def test_an_attribute_is_read_wherever_it_stands(tag: str, value: str | None) -> None:
    assert attribute(tag, next(tokens(tag)), "href") == value


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_tokens_stand_in_order_and_words_stand_where_they_are_said_to_stand(html: str) -> None:
    last = 0
    for token in tokens(html):
        assert last <= token.start < token.end <= len(html)
        assert token.kind is not TokenKind.WORDS or token.value == html[token.start : token.end]
        last = token.end


@pytest.mark.parametrize(
    "piece", [*PIECES, "<a b='", "<a =", "<a b= ", "</a", "<!-- -", "<x <b>", "&amp;", "<b>", "&a"]
)
def test_a_million_signs_cost_no_more_than_their_number(piece: str) -> None:
    once = calls(lambda: list(tokens(piece * 1_000)))
    assert calls(lambda: list(tokens(piece * 2_000))) <= 2.1 * once + 20
    with finishing():
        list(tokens(piece * 1_000_000))
