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
        ("Chapter 2", "It is argued in Chapter 2 at length."),
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
        ("Tac. Ann. 15.44", "The fire is in Tac. Ann. 15.44 and nowhere else."),
        ("Hdt. 7.61", "The Persians wore trousers (Hdt. 7.61)."),
        ("Thucydides 2.47", "The plague begins at Thucydides 2.47."),
        ("Xenophon, Anabasis 3.3", "The slingers are in Xenophon, Anabasis 3.3."),
        ("Juvenal's 6th Satire lines 508", "See Juvenal's 6th Satire lines 508 for that."),
        ("Gal 3:28", "Paul says otherwise (Gal 3:28)."),
        ("Quran 2:256", "There is no compulsion, says Quran 2:256."),
        ("Psalm 90:10", "Seventy years, says Psalm 90:10."),
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
    ],
)
def test_what_only_looks_like_a_place_is_none(text: str) -> None:
    assert seen(text, "locator", "canonical") == []
