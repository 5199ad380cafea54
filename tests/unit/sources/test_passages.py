"""The words around a citation, as its work's page quotes them."""

from hypothesis import given
from hypothesis import strategies as st

from archive.domain.records import Markup
from archive.services.sources.passages import quote


def test_a_passage_is_quoted_on_its_line() -> None:
    text = "First line.\nHe says so in Salt, p. 3, at last.\nLast line."
    start = text.index("Salt")
    assert quote(text, start, start + 4, Markup.PLAIN) == ("He says so in ", "Salt", ", p. 3, at last.")


def test_a_long_line_is_cut_at_words_with_the_cuts_marked() -> None:
    text = "word " * 100 + "Salt" + " word" * 100
    quoted = quote(text, 500, 504, Markup.PLAIN)
    assert quoted.before.startswith("… word ")
    assert quoted.behind.endswith(" word …")
    assert len(quoted.before) < 150


def test_html_is_quoted_without_its_tags_also_where_one_is_cut() -> None:
    text = f'<p class="{"x" * 260}">He says <a href="https://e.org/a">so &amp; in <i>Salt</i></a> <b>now</b></p>'
    start = text.index("Salt")
    assert quote(text, start, start + 4, Markup.HTML) == ("He says so & in ", "Salt", " now ")
    whole = text.index("<a ")
    assert quote(text, whole, text.index("</a>") + 4, Markup.HTML).words == "so & in Salt"


@given(st.text("ab <>&;/\n", max_size=60), st.integers(0, 60), st.integers(0, 60), st.sampled_from(Markup))
def test_any_place_in_any_text_can_be_quoted(text: str, one: int, other: int, markup: Markup) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    quoted = quote(text, start, end, markup)
    assert "\n" not in quoted.before
    assert "\n" not in quoted.behind
