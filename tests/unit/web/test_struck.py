"""Words that are struck through in a text: readable, marked, and within the walls like all others."""

import pytest

from archive.domain.records import Markup
from archive.web.safe_html import render

_NOTE = '<a class="ref m{0}" id="a-r{0}" href="#a-n{0}" role="doc-noteref" aria-label="{1}">{0}</a>'


def note(number: int, *, struck: bool) -> str:
    return _NOTE.format(number, f"Struck: note {number}" if struck else f"Note {number}")


def html(text: str, *words: str, struck: set[int], markup: Markup = Markup.PLAIN) -> str:
    spans = [(text.index(word), text.index(word) + len(word)) for word in words]
    return str(render(text, markup, spans=spans, ids="a", struck=frozenset(struck)).html)


@pytest.mark.parametrize("markup", [Markup.PLAIN, Markup.MARKDOWN])
def test_struck_words_stand_in_an_element_of_their_own_with_their_number(markup: Markup) -> None:
    shown = html("As in Doe, A Book, so.", "Doe, A Book", struck={1}, markup=markup)
    assert f'As in <s class="struck">Doe, A Book</s>{note(1, struck=True)}, so.' in shown


def test_evidence_that_overlaps_struck_words_keeps_its_own_line() -> None:
    shown = html("As in Doe, A Book, so.", "As in Doe", "Doe, A Book", struck={2})
    assert (
        f'<span class="ev">As in </span><s class="struck">Doe</s>{note(1, struck=False)}'
        f'<s class="struck">, A Book</s>{note(2, struck=True)}, so.'
    ) in shown


def test_a_struck_link_is_struck_within_and_its_number_stands_behind_it() -> None:
    shown = html("See https://example.org/x now.", "https://example.org/x", struck={1})
    assert f'<s class="struck">https://example.org/x</s></a>{note(1, struck=True)} now.' in shown


def test_struck_words_are_escaped_as_all_words_are() -> None:
    shown = html("As in <script>alert(1)</script> so.", "<script>alert(1)</script>", struck={1})
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
