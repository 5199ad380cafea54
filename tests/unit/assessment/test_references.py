"""Works named in running text."""

import pytest

from archive.domain.assessment import assess


def references(text: str) -> list[str]:
    return [text[signal.start : signal.end] for signal in assess(text).signals if signal.kind == "reference"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Salt and the Crown", "The numbers are in *Salt and the Crown* by Marta Ellwood."),
        ("Salt and the Crown", "It is all in Marta Ellwood's *Salt and the Crown*, which is short."),
        ("Salt and the Crown", 'I would recommend "Salt and the Crown" to anybody.'),
        ("Salt and the Crown", "It is all in “Salt and the Crown” (Lyon, 1987)."),
        ("Salt and the Crown", "It is all in <i>Salt and the Crown</i>, a book on taxes."),
        ("Salt and the Crown", "It is all in Salt and the Crown by Marta Ellwood."),
        ("Palimpsest", "Vidal relates it in his memoir *Palimpsest* with some relish."),
        ("Ellwood et al. (1987", "The count goes back to Ellwood et al. (1987)."),
        ("(Ellwood and Brandt, 1987", "There were six regions (Ellwood and Brandt, 1987)."),
        ("University Press", "The edition of Oxford University Press has a map."),
        ("Wikipedia article", "The Wikipedia article has a map."),
    ],
)
def test_a_work_with_an_author_a_year_or_a_reader_is_a_reference(words: str, text: str) -> None:
    assert references(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "It was *absolutely not* what they expected.",
        'They called it "Allah" in one film and "God" in the other.',
        "The Soviet Union's Red Army was beaten by General Winter.",
        'I read "The price of salt was never a matter of weight" on a wall.',
        "The ship *Carpathia* came too late.",
        "He was killed by John Smith in the Second World War.",
        "The war (1914) was a surprise to the Foreign Office.",
        "* salt\n* pepper\n* bread",
    ],
)
def test_capitals_and_marks_alone_are_no_reference(text: str) -> None:
    assert references(text) == []


def test_bullets_do_not_pair_with_italics() -> None:
    text = "* Marta Ellwood, *Salt and the Crown* (1987)\n* Ivo Brandt, *The Farmers General* (2003)"
    assert references(text) == ["Salt and the Crown", "The Farmers General"]
