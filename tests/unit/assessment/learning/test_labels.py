"""Labels without texts find the texts that they are for."""

import pytest

from archive.domain.assessment.learning.labels import LabelLineError, key_of, labelled_with, read_labels
from archive.domain.assessment.looking import look
from archive.domain.records import Markup
from archive.domain.source_quality import Level

MARKDOWN = "I *read somewhere* that salt was dear. See https://example.org/salt for more."
HTML = "<p>I <em>read somewhere</em> that salt was dear. See https://example.org/salt for more.</p>"


def key(text: str, markup: Markup = Markup.PLAIN) -> str:
    return key_of(look(text, markup).reading)


def line(text: str, evidence: str = "", level: str = "recollected", confidence: int = 3) -> str:
    return f"{key(text)}\t{level}\t{confidence}\t{evidence}\n"


def found(labels: str, text: str, markup: Markup = Markup.PLAIN) -> list[str]:
    (one,) = labelled_with(read_labels([labels]), [(text, markup, "thread")])
    return [text[start:end] for start, end in one.evidence]


def test_a_text_has_one_key_however_it_is_marked_up() -> None:
    assert key(MARKDOWN, Markup.MARKDOWN) == key(HTML, Markup.HTML)
    assert key(MARKDOWN) != key(MARKDOWN.replace("dear", "cheap"))


def test_the_words_that_decide_are_found_in_either_markup() -> None:
    labels = line(MARKDOWN, "1-3")
    assert found(labels, MARKDOWN, Markup.MARKDOWN) == ["read somewhere"]
    assert found(labels, HTML, Markup.HTML) == ["read somewhere"]


def test_an_address_can_decide() -> None:
    assert found(line(MARKDOWN, "@0", level="cited"), MARKDOWN) == ["https://example.org/salt"]
    assert found(line(MARKDOWN, "@1", level="cited"), MARKDOWN) == []


def test_a_text_that_stands_twice_is_taken_once_and_an_unknown_one_is_left() -> None:
    texts = [(MARKDOWN, Markup.PLAIN, "a"), (MARKDOWN, Markup.PLAIN, "b"), ("Something else.", Markup.PLAIN, "c")]
    assert [one.group for one in labelled_with(read_labels([line(MARKDOWN)]), texts)] == ["a"]


def test_a_label_of_which_its_coder_was_unsure_is_not_learned_from() -> None:
    (one,) = labelled_with(read_labels([line(MARKDOWN, confidence=1)]), [(MARKDOWN, Markup.PLAIN, "a")])
    assert (one.level, one.weight) == (Level.RECOLLECTED, 0)


@pytest.mark.parametrize("bad", ["key\tcited\t3\n", "key\tcited by pigeon\t3\t\n", "key\tcited\tsure\t\n"])
def test_a_line_that_is_none_is_named(bad: str) -> None:
    with pytest.raises(LabelLineError, match="line 2"):
        read_labels(["# for people\n", bad])
