"""Claims ascribed to somebody by name."""

import pytest

from archive.domain.assessment import assess


def attributions(text: str) -> list[str]:
    return [text[signal.start : signal.end] for signal in assess(text).signals if signal.kind == "attribution"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Marta Ellwood has made the same argument", "Marta Ellwood has made the same argument in earnest, long ago."),
        ("According to Marta Ellwood", "According to Marta Ellwood I should be counting them."),
        ("Ellwood makes a similar point", "On the guards Ellwood makes a similar point about their boots."),
        ("Ellwood already argued", "On the dogs: Ellwood already argued that they were none, and so do I."),
        ("Her words:", "She did not mince them. Her words:\n\n> The salt was wet.\n\nThat is all of it."),
    ],
)
def test_who_is_named_as_saying_so_is_found(words: str, text: str) -> None:
    assert attributions(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "That makes the same point again, and the case was made in the north.",
        "They refused to believe it, in those words or others.",
        "Mark her words: the salt was wet, and it would be again.",
        "Some politicians promised lower fees. Their words: no fees ever.",
        "They heard his words: no more salt.",
        "Hannibal made a similar case to the senate, and lost it.",
        "Cicero made the same argument in the senate, and the senate laughed.",
        "Otterbox makes a case for it that fits well.",
        "Ellwood refused to believe that the ships would land there.",
    ],
)
def test_nobody_named_is_nobody_found(text: str) -> None:
    assert attributions(text) == []
