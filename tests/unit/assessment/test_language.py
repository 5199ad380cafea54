"""A text in a language without cues is suggested nothing."""

import pytest

from archive.domain.assessment import assess

OTHERS = {
    "German": "Meine Großmutter hat mir oft erzählt, dass der Winter sehr kalt war und niemand genug zu essen hatte.",
    "French": "Le sel était vendu au grenier du roi et chaque famille devait en acheter une quantité fixée par la loi.",
    "Spanish": "La sal se vendía en los almacenes del rey y cada familia tenía que comprar la cantidad fijada por ley.",
    "Dutch": "Het zout werd verkocht in de pakhuizen van de koning en ieder gezin moest er een hoeveelheid van kopen.",
    "Russian": "Соль продавалась на королевских складах, и каждая семья должна была покупать определённое количество.",
    "Greek": "Το αλάτι πωλούνταν στις αποθήκες του βασιλιά και κάθε οικογένεια έπρεπε να αγοράζει μια ποσότητα.",
    "Chinese": "盐在国王的仓库里出售，每个家庭都必须购买法律规定的数量。",
}
ENGLISH = [
    "The gabelle fell hardest on the northern provinces, where every household bought seven kilograms a head.",
    "Bruguière, Necker and Calonne: each promised reform; none delivered before 1789.",
    "Salt.",
    "https://example.org/salt",
]


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_suggested_for_another_language(language: str) -> None:
    suggestion = assess(OTHERS[language])
    assert suggestion.level is None
    assert suggestion.second is None
    assert "language" in suggestion.path[-1]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_known_and_so_is_what_is_of_no_language(text: str) -> None:
    assert assess(text).level is not None


def test_what_is_linked_in_another_language_is_still_seen() -> None:
    kinds = {signal.kind for signal in assess(OTHERS["German"] + " https://example.org/salz").signals}
    assert "url" in kinds
