"""Reading: words, sentences, and whose words they are."""

from hypothesis import given
from hypothesis import strategies as st

from archive.domain.assessment.reading import MAX_CHARACTERS, Reading


def sentences(text: str) -> list[str]:
    reading = Reading(text)
    return [text[slice(*reading.stretch(first, last))] for first, last in reading.sentences]


def test_a_sentence_does_not_end_behind_an_abbreviation_or_an_initial() -> None:
    assert sentences("See p. 35 by J. Smith. It is short.") == ["See p. 35 by J. Smith.", "It is short."]


def test_a_sentence_ends_behind_the_writer() -> None:
    assert sentences("So did I. He left.") == ["So did I.", "He left."]


def test_a_paragraph_ends_a_sentence() -> None:
    assert sentences("No stop here\n\nNext one") == ["No stop here\n", "Next one"]


def test_dots_and_marks_make_no_sentence_of_their_own() -> None:
    assert sentences("Well... really?!") == ["Well...", "really?"]


def test_quoted_lines_are_not_the_writers_words() -> None:
    reading = Reading("> I remember reading it\n> in a book\nNo, you do not.\n&gt; Yes I do")
    assert "remember" not in reading.words
    assert "yes" not in reading.words
    assert [word for word in reading.words if word != "\n"] == ["no", "you", "do", "not", "."]


def test_a_hidden_line_of_reddit_is_the_writers_own() -> None:
    assert "uncle" in Reading(">!My uncle did it!<").words


def test_a_quotation_in_html_is_not_the_writers_words() -> None:
    assert "remember" not in Reading("<blockquote>I remember</blockquote><p>You do not</p>").words


def test_the_words_of_an_address_are_not_the_writers() -> None:
    reading = Reading("At https://example.org/i-remember-reading now")
    assert reading.words == ["at", "now"]


def test_typographic_apostrophes_are_read_as_plain_ones() -> None:
    assert Reading("I don’t know").words == ["i", "don't", "know"]


@given(st.text(max_size=300))
def test_every_word_stands_where_it_is_said_to_stand(text: str) -> None:
    reading = Reading(text)
    for word, start in zip(reading.words, reading.starts, strict=True):
        assert len(text[start : start + len(word)]) == len(word)
        assert reading.text[start : start + len(word)].lower() == word or not word.isascii()


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    reading = Reading("a " * MAX_CHARACTERS)
    assert reading.is_cut
    assert len(reading.text) == MAX_CHARACTERS
