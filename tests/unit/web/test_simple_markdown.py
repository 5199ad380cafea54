"""Markdown that is simple needs no parser, and comes to what the parser would have made of it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.web.prose.characters import fit
from archive.web.prose.markdown import markdown_html, reddit_html
from archive.web.prose.paragraphs import paragraphs_html
from archive.web.safe_html import walls

PIECES = (
    *(
        "word",
        "Two words",
        "a, b; c: d?",
        "“So”",
        "(1. no list",
        "1930 it",
        "and/or",
        "r/history",
        "ur/me",
        "u/me",
        "’tis",
    ),
    *(" ", "  ", "\n", "\n\n", "\n\n\n", "\n    ", "> ", "\n> ", "\n\n> ", "- item", "2. two", "---", "===", "\\"),
    *(
        "*",
        "**",
        "*a*",
        "**b c**",
        " *it*, ",
        "_a_",
        "&",
        " & ",
        "&amp;",
        "'",
        "!",
        "(",
        ")",
        "[",
        "]",
        "/",
        "://",
        "~",
        "^",
    ),
    *(
        "[a](http://a.example/b?c=d&e=f)",
        "[x & y](https://ex.org/)",
        "[a_b](http://a.example/c_d)",
        "![",
        "[u/me](http://a.b/)",
    ),
    *(
        " http://a.b.c/d",
        " https://ex.org/a/b. ",
        "(http://a.b/c)",
        "http://EX.org/a ",
        " http://xn--a.b/c",
        " http://1.2/a ",
    ),
)
SIMPLE = st.lists(st.one_of(st.sampled_from(PIECES), st.characters(categories=("L", "N", "M", "P"))), max_size=10)


@given(SIMPLE.map("".join), st.sampled_from((markdown_html, reddit_html)))
@example("*a*b* c*", markdown_html)
@example("[a](http://a.example/?b&copy=c)", markdown_html)
@example("**a** *b*.", reddit_html)
@settings(max_examples=600)
def test_simple_markdown_comes_to_what_parser_and_walls_make_of_it(text, parsed):
    text = fit(text)
    plain = paragraphs_html(text)
    if plain is not None:
        assert plain == walls(parsed(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "He wrote: “No.”\n\nThen,\nin 1930,  nothing.\n",
        "> Who *said* so?\n> And when?\n\n**He** did, and/or she. A & B.",
        "See [this & that](https://example.org/a?b=1&c=2), and https://example.org/d/e.",
        "[a](http://a.example/b_c)",
    ],
)
def test_what_most_people_write_needs_no_parser(text):
    assert paragraphs_html(text) == walls(reddit_html(text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "*a",
            "a_b",
            "r/history",
            "a\n- b",
            "1. a",
            "a&b",
            "<b>",
            "a  \nb",
            " a",
            "a\n===",
            "#a",
            "a\tb",
            "x" * 20_001,
        ),
        *(
            "*a*b",
            "[a](javascript:1)",
            "[a]",
            "![a](http://b.example/)",
            "> a\nb",
            ">a",
            "a ^b",
            "*a* " * 501,
            "a" + '"' * 5_001,
            "[a](http://b.example/" + "_" * 5_001 + ")",
            "`a`",
            "",
        ),
    ],
)
def test_whatever_may_mean_more_is_parsed(text):
    assert paragraphs_html(text) is None
