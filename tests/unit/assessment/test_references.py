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
        ("A splendid salt", "I listen to “A splendid salt” by Brandt now."),
        ("Salt in the nineteenth century", "I got this from Salt in the nineteenth century by Marta Ellwood."),
        ("Salt: A History", "There is a table on page 105 of Salt: A History (M. Ellwood, 2004)."),
        ("The Salt Roads", "The Salt Roads is a great book on it."),
        ("Salt Roads", "She is the author of *Salt Roads*, which is short."),
        ("Ellwood, M. (1987). Salt and the crown", "Ellwood, M. (1987). Salt and the crown. Guild Press."),
        ("Ellwood, Marta. Salt and the Crown", "* Ellwood, Marta. Salt and the Crown. Guild Press, 1987."),
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
        "He was compared to Edward Salter by The Daily Herald.",
        "I drank Stone's *Ruination* there; I like Almanac's *Golden Gose*.",
        "What is the song Flat Salt by Marta Ellwood about?",
        "1. **Salt 1, The Main Salt:** These are still relevant.",
        'It\'s called "Director", and I never see "Belgian" on labels.',
        "San Marino's Old Brewing in 1965 made it, and the Salters' Association and the Program.",
        "We met in the *Hotel Henri de Salines* again.",
        'It is in the chapter titled "The Salt Roads", near the end.',
    ],
)
def test_capitals_and_marks_alone_are_no_reference(text: str) -> None:
    assert references(text) == []


def test_titles_below_a_heading_are_references() -> None:
    text = "Here is the reading list:\n\nSalt and the Crown\n\nThe Farmers General: A History\n\nthat is all of it"
    assert references(text) == ["Salt and the Crown", "The Farmers General: A History"]


def test_whose_a_book_is_is_not_its_title() -> None:
    assert references("I recommend Ivo Brandt's *Salt Roads of the North*.") == ["Salt Roads of the North"]


def test_bullets_do_not_pair_with_italics() -> None:
    text = "* Marta Ellwood, *Salt and the Crown* (1987)\n* Ivo Brandt, *The Farmers General* (2003)"
    assert references(text) == ["Salt and the Crown", "The Farmers General"]
