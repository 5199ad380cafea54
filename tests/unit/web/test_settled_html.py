"""The last wall is spared what it would give back as it is, and nothing else."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.web.prose.characters import fit
from archive.web.prose.markdown import markdown_html, reddit_html
from archive.web.prose.settled import is_settled
from archive.web.safe_html import first_wall, walls

LINK = '<a href="https://a.example/b?c=d&amp;e=%20" rel="nofollow noopener ugc">'
TAGS = ("p", "blockquote", "ul", "ol", "li", "pre", "code", "em", "strong", "s", "sup", "table", "td")
PIECES = (
    *(f"<{end}{tag}>" for tag in TAGS for end in ("", "/")),
    *(LINK, "</a>", "<br>", "<hr>", "a", " ", "\n", "&amp;", "&amp;lt;", "&", "\xa0", "\xad", '"', "é", "‘", "\u2028"),
    *('<a href="http://a.example/(b)">', '<a href="http://é.example">', '<ol start="3">', "<script>", "<svg>"),
)
SIGNS = (
    *("a", "b c", "*", "**", "_", "`", "~~", "^", "> ", "- ", "1. ", "# ", "\n", "\n\n", "    ", "  \n", "---", "\\"),
    *(
        "[a & b](https://a.example/?c=d&e=f)",
        "[x](",
        ")",
        "https://b.example/é",
        "<http://c.example/>",
        "![p](http://d.e/)",
    ),
    *("<b>", "&amp;", "&lt;", "&", "<", '"', "'", "r/history", "|", "```\n", "\xa0", "“"),
)
HTML, MARKDOWN = (st.lists(st.sampled_from(some), max_size=14).map("".join) for some in (PIECES, SIGNS))


@given(HTML)
@example("<pre>\n</pre>")
@example("<p><em>a</em><em><em>b</em></em></p>")
@settings(max_examples=300)
def test_html_that_is_settled_passes_the_last_wall_unchanged(html):
    html = first_wall(html)
    if is_settled(html):
        assert walls(html) == html


@given(MARKDOWN, st.sampled_from((markdown_html, reddit_html)))
@settings(max_examples=300)
def test_markdown_that_is_settled_passes_the_last_wall_unchanged(text, parsed):
    html = first_wall(parsed(fit(text)) or "")
    if is_settled(html):
        assert walls(html) == html


def test_what_people_write_is_settled():
    for text in (
        "> He *wrote*: “No.” [a & b](https://a.example/?c=1&d=2)",
        "1. one\n2. **two**\n   - `x < y`\n\n    code\n\n---\n",
        "a  \nb^c ~~d~~ http://a.example/b",
    ):
        assert is_settled(first_wall(reddit_html(text))), text


def test_what_a_browser_might_move_or_a_wall_spell_otherwise_is_not():
    for html in (
        *(
            "<p>a",
            "</p>",
            "a",
            "<ul>a</ul>",
            "<p><p></p></p>",
            "<em>a</em>",
            "<pre>\n</pre>",
            "<li>a</li>",
            "<td></td>",
        ),
        *("<p>&</p>", "<p>\xa0</p>", "<p>a < b</p>", "<p>&copy;</p>", "<p><em><em>a</em></em></p>", "<p id=a>b</p>"),
        *('<p><a href="https://xn--e.example/\'">a</a></p>', f"<p>{LINK}{LINK}a</a></a></p>", "<p>\ufdd0</p>"),
        *("<blockquote>" * 30 + "</blockquote>" * 30,),
    ):
        assert not is_settled(html), html
