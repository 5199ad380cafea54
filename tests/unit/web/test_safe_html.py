"""A stranger's text never becomes more than text, whatever it tries."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.domain.records import Markup as Written
from archive.web.prose.characters import fit, one_kind_of_line_end
from archive.web.prose.markdown_marks import MAX_TRIES, mark_words
from archive.web.prose.marks import stretches
from archive.web.prose.plain import plain_html
from archive.web.safe_html import ATTRIBUTES, MAX_HTML_BYTES, TAGS, check_addresses, render, walls
from tests.stalls import calls

HOSTILE = Path(__file__).parents[4] / "shared" / "data" / "hostile" / "xss"
OWN_HOSTILE = [
    "[a](javascript:123)",
    "[a](JAVASCRIPT&colon;alert(1))",
    "[a](/logout)",
    "[a](//evil.example/x)",
    "![x](https://tracker.example/p.gif)",
    "<javascript:alert(1)>",
    "http://good.example@evil.example/",
    'http://a.example/"onmouseover=alert(1)',
    "http://a.example/<script>alert(1)</script>",
    "http://a.example/`onload=x`",
    "https://exa\u202emple.org/gpj.exe",
    "https://xn--80ak6aa92e.com/",
    "> " * 5000 + "deep",
    ">" * 5000 + "<img src=x onerror=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "\ufdd0\ufdd2<b>\ufdd1\ufdd2",
    "&#xFDD0;&#64976;&#64978;x&#64977;",
    "\x00\x01\x0b\x0c\x1b[31m\x7f\x85\u2028\ud800\udfff\ufffe\U0001ffff",
    '```"><img src=x onerror=alert(1)>\ncode\n```',
    "[x]: javascript:alert(1)\n\n[x]",
    "[x](https://a.example 'title\" onclick=\"x')",
    "# heading <h1 id=x>\n\nsetext\n===",
    "<div hx-get=/x hx-trigger=load>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;",
]
WORDS = st.lists(
    st.sampled_from(
        [
            "> ", ">", ">>", "\n", "\n\n", "\r\n", "\r", " ", "\t", "a", "b c", "&", "<b>", "</p>", '"', "'", "\xa0",
            "http://ex.org", "https://a.example/b?c=d&e=f", "HTTP://EX.ORG/(a)", "http://", "://", ").", "*", "_", "`",
            "[x](", ")", "[", "]", "# ", "- ", "1. ", "|", "\ufdd0\ufdd2", "\ufdd1", "\x00", "\u2028", "&amp;",
        ]
    ),
    max_size=60,
).map("".join)  # fmt: skip
TEXTS = st.one_of(WORDS, st.text(max_size=300))


class Reader(HTMLParser):
    """Reads HTML and holds it to the allow-list."""

    def __init__(self, *, marked: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.marked, self.faults, self.words, self.open = marked, [], [], []
        self.deepest = 0

    def handle_starttag(self, tag, attrs):
        ours = self.marked and (dict(attrs).get("class") or "").split(" ")[0] in ("ev", "ref")
        if tag not in TAGS and not ours:
            self.faults.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()) and not ours:
                self.faults.append(f"{tag} {name}={value}")
            if name == "href" and not ours and not (value or "").lower().startswith(("http://", "https://", "mailto:")):
                self.faults.append(f"href={value}")
        if tag not in ("br", "hr"):
            self.open.append(tag)
        self.deepest = max(self.deepest, len(self.open))
        if tag == "a" and self.open.count("a") > 1:
            self.faults.append("a link in a link")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_comment(self, data):
        self.faults.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    def handle_data(self, data):
        self.words.append(data)


def read(html, *, marked=False):
    reader = Reader(marked=marked)
    reader.feed(str(html))
    reader.close()
    assert not reader.faults
    assert not reader.open
    return reader


def hostile_inputs():
    found = list(OWN_HOSTILE)
    for path in sorted(HOSTILE.glob("*.jsonl")) if HOSTILE.is_dir() else []:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            found.append(row.get("input") or row["payload"])
    return found


def test_the_hostile_inputs_of_the_project_are_there():
    if not HOSTILE.is_dir():
        pytest.skip("../shared/data/hostile/xss is not beside this checkout; only our own inputs were tried")
    assert len(hostile_inputs()) > len(OWN_HOSTILE) + 50


@pytest.mark.parametrize("written", Written)
def test_hostile_text_becomes_nothing_but_what_the_allow_list_holds(written):
    for text in hostile_inputs():
        read(render(text, written).html)


@given(TEXTS)
@example("http://a.example/x\xa0y")
@example("a\n\n\n> b\n\n>> c\nd")
def test_both_walls_leave_what_the_plain_renderer_writes_as_it_is(text):
    html = plain_html(one_kind_of_line_end(fit(text)))
    assert walls(html) == html


@given(TEXTS, st.sampled_from(Written))
def test_any_text_renders_within_the_allow_list(text, written):
    rendered = render(text, written)
    assert read(rendered.html).deepest <= 110
    assert not rendered.cut
    rendered.html.encode()


@given(TEXTS, st.sampled_from(Written), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=4))
def test_marks_change_no_word_and_are_well_formed(text, written, spans):
    plain, marked = render(text, written), render(text, written, spans=spans, ids="a1")
    reader = read(marked.html, marked=True)
    words = "".join(reader.words)
    numbers = [str(number) for number in sorted(marked.placed)]
    for number in numbers:
        assert f'id="a1-r{number}" href="#a1-n{number}"' in marked.html
    assert sorted(without_refs(marked.html)[1]) == sorted(numbers)
    assert without_refs(marked.html)[0] == "".join(read(plain.html).words)
    assert len(words) >= len(numbers)


def without_refs(html):
    """The words of the HTML without the numbers of notes, and these numbers."""
    words, numbers, in_ref = [], [], False

    class Splitter(HTMLParser):
        def handle_starttag(self, tag, attrs):
            nonlocal in_ref
            in_ref = in_ref or (dict(attrs).get("class") or "").startswith("ref ")

        def handle_endtag(self, tag):
            nonlocal in_ref
            in_ref = in_ref and tag != "a"

        def handle_data(self, data):
            (numbers if in_ref else words).append(data)

    splitter = Splitter()
    splitter.feed(str(html))
    splitter.close()
    return "".join(words), numbers


@pytest.mark.parametrize("written", Written)
def test_marked_words_are_exactly_those_of_the_span(written):
    text = "First sentence. Molotov later commented in his memoir that.\n\nSecond & last."
    start = text.index("Molotov")
    end = text.index(" that")
    html = render(text, written, spans=[(start, end), (text.index("Second"), len(text))], ids="a7").html
    assert '<span class="ev">Molotov later commented in his memoir</span><a class="ref m1" id="a7-r1"' in html
    assert '<span class="ev">Second &amp; last.</span><a class="ref m2"' in html


def test_a_mark_over_two_paragraphs_is_ended_and_taken_up_again():
    html = render("one two\n\nthree four", Written.PLAIN, spans=[(4, 14)], ids="a1").html
    assert '<p>one <span class="ev">two</span></p><p><span class="ev">three</span><a class="ref m1"' in html


def test_a_mark_on_an_address_in_markdown_stands_on_the_words_of_its_link():
    text = "See [Smith 2010](https://ex.org/paper) for it."
    start = text.index("https")
    rendered = render(text, Written.MARKDOWN, spans=[(start, start + len("https://ex.org/paper"))], ids="a1")
    assert rendered.placed == {1}
    assert 'href="https://ex.org/paper"' in rendered.html
    assert '<span class="ev">Smith 2010</span></a><a class="ref m1"' in rendered.html


def test_a_mark_never_stands_inside_the_bold_signs_of_markdown():
    text = "It is **most certainly** so."
    rendered = render(text, Written.MARKDOWN, spans=[(7, 22)], ids="a1")
    assert "<strong>" in rendered.html
    assert rendered.placed == {1}


def test_raw_html_is_shown_and_not_obeyed():
    for written in set(Written) - {Written.HTML}:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in render("<script>alert(1)</script>", written).html


def test_foreign_html_is_brought_down_to_the_tags_of_our_pages():
    picture = '<img src="https://ex.org/m.png" alt="map">'
    html = f"<h1>Kalka</h1><div>A <b>bold</b> <kbd>key</kbd> {picture}</div><script>x</script>"
    assert render(html, Written.HTML).html == (
        "<p><strong>Kalka</strong></p><p>A <strong>bold</strong> <code>key</code> "
        '<a href="https://ex.org/m.png" rel="nofollow noopener ugc">map</a></p>'
    )


def test_foreign_html_that_is_too_deep_or_too_long_is_shown_in_its_words():
    for html in ("<blockquote>" * 200 + "deep &amp; down", "<p>long &amp; down</p>" * 4_000):
        shown = render(html, Written.HTML).html
        assert "&lt;" not in shown
        assert " &amp; down" in shown


def test_marks_in_foreign_html_stand_on_its_words():
    html = "<p>As <i>Molotov</i> wrote in his memoir.</p>"
    start = html.index("wrote")
    rendered = render(html, Written.HTML, spans=[(start, html.index("."))], ids="a1")
    assert '<em>Molotov</em> <span class="ev">wrote in his memoir</span>' in rendered.html


def test_reddit_raises_words_links_names_and_takes_no_spoiler_for_a_quotation():
    html = render("E = mc^2 and ^(so on), says u/some_one in /r/AskHistorians.\n\n>!the butler!<", Written.REDDIT).html
    assert "mc<sup>2</sup> and <sup>so on</sup>," in html
    assert 'href="https://www.reddit.com/user/some_one" rel="nofollow noopener ugc">u/some_one</a>' in html
    assert "<p>&gt;!the butler!&lt;</p>" in html
    assert "/r/foo</a>" in render("https://ex.org/r/foo", Written.REDDIT).html.replace("https://ex.org", "")
    assert "reddit.com" not in render("https://ex.org/r/foo", Written.REDDIT).html


def test_a_picture_becomes_a_link_to_it():
    html = render("![the map](https://ex.org/map.png)", Written.MARKDOWN).html
    assert '<a href="https://ex.org/map.png" rel="nofollow noopener ugc">the map</a>' in html
    assert "<img" not in html


def test_an_address_that_passes_bleach_is_stopped_behind_it():
    assert check_addresses('<a href="javascript:123">x</a>') == "<a>x</a>"
    assert check_addresses('<a href="java&#10;script:1" rel="x">x</a>') == '<a rel="x">x</a>'
    assert check_addresses('<a href="HTTPS://ex.org/?a&amp;b">x</a>') == '<a href="HTTPS://ex.org/?a&amp;b">x</a>'


def test_the_check_of_addresses_stands_behind_the_walls():
    assert "href" not in walls('<p><a href="https:evil.example">x</a></p>')


def test_the_number_of_a_note_that_ends_within_a_link_stands_behind_the_link():
    html = render("see http://ex.org/abc now", Written.PLAIN, spans=[(0, 12)], ids="a1").html
    assert html.count("<a ") == 2
    assert '</a><a class="ref m1"' in html


def test_a_link_ends_before_the_full_stop_and_the_bracket_of_its_sentence():
    html = render("(see http://ex.org/a_(b).)", Written.PLAIN).html
    assert ">http://ex.org/a_(b)</a>.)" in html


def test_quotation_is_nested_as_deep_as_its_signs_and_no_deeper_than_a_hundred():
    assert render("> a\n>> b\nc", Written.PLAIN).html == (
        "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><p>c</p>"
    )
    assert read(render(">" * 9000 + " x", Written.PLAIN).html).deepest == 101


def test_markdown_deeper_than_the_parser_goes_loses_no_word():
    assert "deep down" in render("> " * 400 + "deep down", Written.MARKDOWN).html


MOST_CALLS = 2_500_000  # of functions, for one text: about half a second's worth


def render_in_few_calls(*args, **options):
    """What becomes of a text, which must not keep a page waiting."""
    found = []
    assert calls(lambda: found.append(render(*args, **options))) < MOST_CALLS
    return found[0]


@pytest.mark.parametrize("written", Written)
@pytest.mark.parametrize(
    "text",
    [
        "&" * 3_000_000,
        "\n" * 2_000_000,
        "a\n\n" * 700_000,
        "http://ex.org/a " * 150_000,
        "> a\n>> b\n" * 200_000,
        (">" * 99 + "a\nb\n") * 20_000,
        "😀" * 1_000_000,
        "[a](" * 9_000,
        "*a " * 13_000,
        "`" * 40_000,
        "| a " * 9_000 + "\n" + "|---" * 9_000,
        "![" * 19_000,
        "<" * 40_000,
        "- " * 19_000,
    ],
    ids=range(14),
)
def test_a_rendered_text_is_at_most_a_mib_and_soon_there(text, written):
    rendered = render_in_few_calls(text, written)
    assert len(rendered.html.encode()) <= MAX_HTML_BYTES
    assert rendered.cut or len(text) <= 160_000


COSTLY = {
    "narrow tables": "a|b\n-|-\n",
    "setext headings": "a\n=\n",
    "headings": "# a\n",
    "bold": "**a**",
    "bold paragraphs": "**a**\n\n",
    "emphasis": "*a_",
    "quotations": "> a\n\n",
    "lists": "- a\n",
    "code": "`a` ",
    "raised": "^a ",
    "ampersands": "&",
    "HTML headings": "<h1>a</h1>",
    "HTML cells": "<td>a</td>",
    "HTML bold": "<b>a",
    "HTML without an end": "<a ",
    "HTML without an end around tags": "<x <b>",
}


@pytest.mark.parametrize("marked", [False, True], ids=["bare", "marked"])
@pytest.mark.parametrize("written", [Written.MARKDOWN, Written.REDDIT, Written.HTML])
@pytest.mark.parametrize("piece", COSTLY.values(), ids=COSTLY)
def test_a_post_made_of_signs_costs_no_more_than_a_page_may_take(piece, written, marked):
    text = (piece * 40_000)[:39_900]
    spans = [(i * 37, i * 37 + 11) for i in range(50)] if marked else []
    render_in_few_calls(text, written, spans=spans, ids="a")


def test_a_reference_that_is_repeated_does_not_make_a_post_large():
    text = f"[a]: http://ex.org/{'b' * 30_000}\n\n" + "[a] " * 1_900
    assert render(text, Written.MARKDOWN).html.startswith("<p>[a]: ")


def test_what_has_too_many_tags_for_a_page_is_shown_as_it_was_written():
    assert "<strong>" in render("**a**\n\n" * 1_000, Written.MARKDOWN).html
    for written in (Written.MARKDOWN, Written.REDDIT):
        html = render("**a**\n\n" * 2_000, written).html
        assert html == "<p>**a**</p>" * 2_000
    assert "<" not in render("<h1>a</h1>" * 2_000, Written.HTML).html.replace("<p>", "").replace("</p>", "")


def test_marks_cost_few_renderings_where_the_text_is_full_of_signs():
    tried = []

    def renderer(text):
        tried.append(text)

    def count(text):
        tried.clear()
        wanted = stretches(text, [(i * 5, i * 5 + 4) for i in range(60)])
        assert mark_words(text, "<p>", wanted, render=renderer) == "<p>"
        return len(tried)

    assert count("A word or two. " * 20) == MAX_TRIES
    assert count("A word or two. " * 2_500) == 10
    assert count("*a* " * 3_000) == 2
    assert count("*a* " * 9_000) == 0


def test_words_that_are_not_marked_for_the_cost_are_not_among_the_placed():
    text = "a : - = ! " * 3_900
    assert render("a : - = ! ", Written.MARKDOWN, spans=[(0, 3)], ids="a").placed == {1}
    rendered = render(text, Written.MARKDOWN, spans=[(0, 3)], ids="a")
    assert rendered.placed == frozenset()
    assert not rendered.cut


def test_the_footer_of_a_mail_stands_below_a_line_and_none_of_it_is_lost() -> None:
    text = "Paid in salt.\n-- \nIlse <3\nhttps://quay.example/\n"
    html = str(render(text, Written.MAIL).html)
    assert html.startswith("<p>Paid in salt.</p><hr><p>-- <br>\nIlse &lt;3<br>")
    assert walls(html) == html
    assert "<hr>" not in render(text, Written.PLAIN).html
    marked = render(text, Written.MAIL, spans=[(0, 25)], ids="x")
    assert marked.placed == {1}
    assert marked.html.count("<hr>") == 1
