"""What is named as books are, and is none: beers, taverns, songs. Their surroundings give them away."""

import re

_BEFORE, _BEHIND = 70, 50  # characters looked at

# At the end of a name.
_WARE = re.compile(
    r"\b(?:ale|IPAs?|stout|lager|porter|pils(?:ner)?|gose|saison|tavern|grill|company|malt|brewery|brewing|scale|pub|burger|"
    r"whiske?y|vodka|airport)[,.]?$",
    re.IGNORECASE,
)
_MAKER = re.compile(r"\b(?:Brew(?:ery|ing|ers|pub)|Records)$")
_SUNG = re.compile(r"\b(?:songs?|albums?|track|chords|lyrics|sings|sang)\b", re.IGNORECASE)
_DRUNK = re.compile(
    r"\b(?:drank|drink(?:ing)?|beers?|ales?|stouts?|pilsners?|IPAs?|brewed|brewery|bottles?|sours?|breweries|geuzes)\b",
    re.IGNORECASE,
)
_OF_A_PERSON = re.compile(
    r"(?!The\s)\b[A-Z][\w.-]+\s(?:[a-z]{2,3}\s)?[A-Z][\w'-]+(?:'s?)?\s(?:[\w-]+\s){0,3}(?:[*_\"“]|<\w+>)*$"
)
_BY_A_PERSON = re.compile(r"(?:[*_\"”]|</\w+>)*,?\s[Bb]y\s(?!The\s)[A-Z][\w.-]+\s(?:[A-Z]\.\s)?[A-Z]")


def ends_as_ware(name: str) -> bool:
    """Whether a name ends as those of drinks and inns do."""
    return _WARE.search(name) is not None


def is_maker(name: str) -> bool:
    """Whether a name is that of a brewery or a record company."""
    return _MAKER.search(name) is not None


def is_ware(text: str, start: int, end: int) -> bool:
    """Whether what stands at a place, with somebody named as its maker, is drunk or sung and not read."""
    before, behind = text[max(0, start - _BEFORE) : start], text[end : end + _BEHIND]
    if _SUNG.search(before) or _SUNG.search(behind):
        return True
    if _OF_A_PERSON.search(before) or _BY_A_PERSON.match(behind):
        return False
    return _DRUNK.search(before) is not None or _DRUNK.search(behind) is not None
