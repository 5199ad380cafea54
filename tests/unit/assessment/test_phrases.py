"""Phrases: how they are written, and what they match."""

import pytest

from archive.domain.assessment.phrases import Phrases, UnknownListError

LISTS = {"kin": frozenset({"mother", "uncle"}), "verb": frozenset({"told", "said"})}


def found(phrase: str, words: str) -> list[str]:
    split = words.split()
    return [" ".join(split[first:last]) for _, first, last in Phrases([(phrase, 0)], LISTS).find(split)]


@pytest.mark.parametrize(
    ("phrase", "words", "expected"),
    [
        ("my mother", "so my mother said", ["my mother"]),
        ("my|our mother", "our mother and my mother", ["our mother", "my mother"]),
        ("my late? mother", "my mother , my late mother", ["my mother", "my late mother"]),
        ("my [kin] [verb]", "my uncle told me", ["my uncle told"]),
        ("my ..2 [kin]", "my very dear uncle", ["my very dear uncle"]),
        ("my ..2 [kin]", "my very very dear uncle", []),
        ("my ..2 [kin]", "my boat . uncle", []),
        ("page #", "page 12 page twelve", ["page 12"]),
        ("2 cents # on", "2 cents 5 on", ["2 cents 5 on"]),
        ("p .? #", "p . 12 and p 13", ["p . 12", "p 13"]),
        ("i -ed", "i walked i ran", ["i walked"]),
        ("i [verb]|-ed", "i told i walked", ["i told", "i walked"]),
        ("at the end", "at the end", ["at the end"]),
        ("at the end of", "at the end", []),
    ],
)
def test_a_phrase_matches_what_it_says(phrase: str, words: str, expected: list[str]) -> None:
    assert found(phrase, words) == expected


def test_a_phrase_that_names_no_list_is_refused() -> None:
    with pytest.raises(UnknownListError, match="cousins"):
        Phrases([("my [cousins]", 0)], LISTS)


def test_the_longest_phrase_does_not_hide_a_shorter_one() -> None:
    places = Phrases([("i read", 1), ("i read somewhere", 2)], {}).find(["i", "read", "somewhere"])
    assert [place.cue for place in places] == [1, 2]
