"""Any text at all: no exception, spans that hold, and time that grows with length only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.domain.assessment import KINDS, MAX_CHARACTERS, assess
from archive.domain.assessment.reading import Reading
from tests.stalls import calls, finishing

PIECES = [
    "I read ", "somewhere ", "*Salt and the Crown* ", "by ", "Marta Ellwood ", "'s ", '"', "“", "”", "> ", "\n", "\n\n",
    "p. 12 ", "https://example.org/?t=1 ", "(1987) ", "? ", ". ", "my uncle told me ", "İ", "\x00", "😀", "_", "**",
    "Tac. Ann. 15.44 ", "IIRC ", "I cannot cite it ", "according to ", "argues ", "&gt; ", "ISBN ",
    "978-0-306-40615-7 ",
]  # fmt: skip
LONG = [
    "a", ">", "> a\n", '"', '"A ', "*", "*A ", "_A ", "\n", "\n ", "A ", "Abc of ", "A's ", "A by A ", "(", "(Aaa ",
    "(1990", "http://", "http://a ", "p. 1 ", "1", "10.1000/", "ISBN 9-", "f. 1 op. ", "i read ", "my ", "<i>",
    "<blockquote>", "[a](", "`", "?", "a? ", "Tac. ", "Gal 1: ", "İ", "\x00", ":)", "Aaa, ", "according to ", "RG 1, ",
]  # fmt: skip
HOSTILE = [
    "Argues ", "Zed Argues ", "ZED ARGUED ", "According To Zed ", "Zed Later Argues ", "later ", "later argues ",
    "According To The Wiki Zed ", '"Zed" ', "[Zed](1999) ", "(Zed Zed 1999) ", "Zed (1999) ", "(1999, p. 1) ", "“Zed ",
    "12 ", "1:1 ", "IV:1 ", "ZED ", "Zed’s ", "Zed By Zed ", "read The Zed ", "<blockquote ", "[", "]", "((", "))",
    "“", "”", "(1999", "Zed, ", "Zed. ", "Zed & Zed (1999) ", "*Zed* by Zed ", "``Zed'' ", "RG 1 ", "&gt;",
]  # fmt: skip


def assert_sound(text: str) -> None:
    suggestion = assess(text)
    assert [signal.start for signal in suggestion.signals] == sorted(signal.start for signal in suggestion.signals)
    for signal in suggestion.signals:
        assert 0 <= signal.start < signal.end <= len(text)
        assert signal.kind in KINDS
    assert (suggestion.level is None and suggestion.confidence == 0) or 0 < suggestion.confidence < 1
    assert suggestion.path


@given(st.text())
def test_any_text_is_assessed_and_its_spans_lie_within_it(text: str) -> None:
    assert_sound(text)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_heap_of_what_rules_look_for_is_assessed(text: str) -> None:
    assert_sound(text)
    assert assess(text) == assess(text)


@pytest.mark.parametrize("piece", [*LONG, *HOSTILE])
def test_a_very_long_text_costs_no_more_than_its_length(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.domain.assessment.reading.MAX_CHARACTERS", 2 * MAX_CHARACTERS)
    text = "</blockquote>" + piece * (2 * MAX_CHARACTERS // len(piece))
    once = calls(lambda: assess(text[:10_000]))
    assert calls(lambda: assess(text[:20_000])) < 2.1 * once
    with finishing():  # the regular expressions of the rules, whose steps are no calls
        assert_sound(text)


def test_quoted_html_reaches_from_its_first_opening_to_its_first_end() -> None:
    text = "</blockquote>a<blockquote><BLOCKQUOTE class='x'>b</blockquote>c</blockquote>d<blockquote>e</BLOCKQUOTE>f"
    assert Reading(text).own.replace("\n", "") == "</blockquote>ac</blockquote>df"


def test_a_megabyte_on_one_line_is_read_at_its_beginning_and_says_so() -> None:
    suggestion = assess("It was so. " * 100_000 + "https://example.org/")
    assert suggestion.path[0] == "Only the first 200,000 characters were read"
    assert "url" not in {signal.kind for signal in suggestion.signals}


def test_lone_surrogates_do_no_harm() -> None:
    assert_sound("I remember \ud800 reading \udfff it")
