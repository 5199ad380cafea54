"""Places in a source, and passages that every edition numbers alike."""

import pytest

from archive.domain.assessment import assess


def seen(text: str, *kinds: str) -> list[str]:
    return [text[signal.start : signal.end] for signal in assess(text).signals if signal.kind in kinds]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("p. 35", "He says it on p. 35 of the first edition."),
        ("pp. 405-406", "Printed in 1950, pp. 405-406, with errors."),
        ("page 173", "The translation is from page 173 there."),
        ("p. xiv", "The preface (p. xiv) admits it."),
        ("Chapter I", "It is argued in Chapter I of it."),
        ("Sec. 54.014", "It is in Sec. 54.014 of the code."),
        ("lines 508-591", "The satire, lines 508-591, mocks it."),
        ("#page=12", "It is in https://example.org/a.pdf#page=12 there."),
        ("#article1", "It is the first there: https://example.org/summa/1001.htm#article1 (reply to the second)."),
        ("#section-2.1", "The act is at https://example.org/act.html#section-2.1, in full."),
        ("Chapter 2", "It is argued in Chapter 2 at length."),
        ('chapter called "The Salt Roads"', 'It is in volume 1, the chapter called "The Salt Roads", of that.'),
        ("chapter “The Salt Roads”", "It is in the chapter “The Salt Roads” of that."),
        ("fol. 12r", "The drawing is on fol. 12r there."),
        ("lines 508", "The satire, lines 508 and after, mocks it."),
        ("Article 48", "The constitution allowed it in Article 48."),
        ("s.128", "The act allows it (s.128) by vote."),
        ("XI:384-396", "The edition prints it (XI:384-396) whole."),
        ("at 12:34", "He admits it at 12:34 in the film."),
    ],
)
def test_a_place_is_found_with_its_exact_words(words: str, text: str) -> None:
    assert seen(text, "locator") == [words]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Caesar, Bellum civile 3.111", "The ships are in (Caesar, Bellum civile 3.111) and nothing else."),
        ("Tac. Ann. 15.44", "The fire is in Tac. Ann. 15.44 and nowhere else."),
        ("Hdt. 7.61", "The Persians wore trousers (Hdt. 7.61)."),
        ("Thucydides 2.47", "The plague begins at Thucydides 2.47."),
        ("Xenophon, Anabasis 3.3", "The slingers are in Xenophon, Anabasis 3.3."),
        ("Juvenal's 6th Satire lines 508", "See Juvenal's 6th Satire lines 508 for that."),
        ("Gal 3:28", "Paul says otherwise (Gal 3:28)."),
        ("Quran 2:256", "There is no compulsion, says Quran 2:256."),
        ("Psalm 90:10", "Seventy years, says Psalm 90:10."),
        ("Book XI of Homer's Iliad", "Paris has a bow in Book XI of Homer's Iliad, too."),
        ("Plato, Republic 514a", "The cave is in Plato, Republic 514a and after."),
    ],
)
def test_a_passage_is_found_with_its_exact_words(words: str, text: str) -> None:
    assert seen(text, "canonical") == [words]


@pytest.mark.parametrize(
    "text",
    [
        "The whole article (pp. 201-245) is about salt.",
        "It was at 7:30 pm on a Sunday.",
        "The ratio was 3:28 in favour of the motion.",
        "Tacitus was 15 then, and 44 when it was over.",
        "There were p and q, and nothing else.",
        "He said something along those lines. I do not know. It was the end of the page. I left the table. I ate.",
        "High school started at 7:20 and I woke up at 5:30. Note 2 says why.",
        "My first chapter I wrote in a month, for a multi-page CV.",
        "I am writing page 7/10 of it in my P 40.",
        "James 10:30 is a time, and so is Mark 12:30 pm.",
        "App 2.0 and Plato 2.0 are versions, Caesar 100-44 a life, Livy 2.5 million many.",
        "The thread is https://example.org/showthread.php?t=382533&page=2 there.",
        "The thread is https://example.org/t/382533#comment-12 and https://example.org/t/7#article1-comments there.",
        'I have one chapter on salt, and "The Salt Roads" is a song.',
        'Ellwood, *The Salt and the Crown*, has a chapter on "Moby Dick", and the menu a section called "Sides".',
        "The prices are at https://example.org/#section-3 and https://shop.example.org/index.html#section2 today.",
        "Rooms are at https://hotel.example.com/rooms#section4, a post at https://n.example.com/g#article1234.",
    ],
)
def test_what_only_looks_like_a_place_is_none(text: str) -> None:
    assert seen(text, "locator", "canonical") == []
