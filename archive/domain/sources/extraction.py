"""The references of a text, from what the rules of assessment see in it."""

import re
from collections.abc import Iterator, Sequence

from archive.domain.assessment.engine import examine
from archive.domain.assessment.kinds import Hit
from archive.domain.records import Markup
from archive.domain.sources.addresses import read_address
from archive.domain.sources.numbers import number_of
from archive.domain.sources.reference import Csl, Manner, Reference, SourceKind
from archive.domain.sources.works import fold, work_keys

_NUMBERED = frozenset({"doi", "isbn", "issn", "arxiv", "jstor", "pmid", "oclc"})
_LOCATOR_WITHIN = 80  # characters behind a reference
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+", re.IGNORECASE)


def references_in(text: str, markup: Markup = Markup.PLAIN) -> list[Reference]:
    """Return the works that a text names, in order; the places are those in the text as received."""
    hits, _ = examine(text, markup)
    locators = [hit for hit in hits if hit.kind == "locator"]
    not_read = {hit.sentence for hit in hits if hit.kind == "not_consulted"}
    return [
        _referring(text, hit, named, locators, not_read)
        for hit in hits
        if (named := _work(text[hit.start : hit.end], hit)) is not None
    ]


_Named = tuple[SourceKind, tuple[str, ...], Csl]


def _work(words: str, hit: Hit) -> _Named | None:
    if hit.kind in _NUMBERED:
        return number_of(SourceKind(hit.kind), words)
    if hit.kind == "url":
        return _of_address(words) if hit.strength > 1 else None
    if hit.kind in ("archival", "canonical"):
        return SourceKind(hit.kind), (f"{hit.kind}:{fold(words)}",), {"title": words}
    if hit.kind in ("reference", "candidate"):
        csl: Csl = {"title": _TAG.sub("", words)}
        keys = work_keys(csl)
        return (SourceKind.WORK, keys, csl) if keys else None
    return None


def _of_address(words: str) -> _Named | None:
    match = _ADDRESS.search(words)
    address = read_address(match[0]) if match else None
    if address is None:
        return None
    url = (f"url:{address.value}",)
    if address.numbered:
        return address.numbered._replace(keys=address.numbered.keys + url)
    return SourceKind.URL, url, {"type": address.type, "URL": address.url}


def _referring(text: str, hit: Hit, named: _Named, locators: Sequence[Hit], not_read: set[int]) -> Reference:
    kind, keys, csl = named
    place = next(_places(hit, locators), None)
    manner = Manner.CONSULTED
    if hit.kind == "candidate":
        manner = Manner.NOT_READ if hit.sentence in not_read else Manner.RECALLED
    return Reference(
        start=hit.start,
        end=hit.end,
        kind=kind,
        keys=keys,
        csl=csl,
        locator=text[place.start : place.end] if place else None,
        locator_span=(place.start, place.end) if place else None,
        manner=manner,
    )


def _places(hit: Hit, locators: Sequence[Hit]) -> Iterator[Hit]:
    for place in locators:
        if hit.start <= place.start < hit.end + _LOCATOR_WITHIN and place.sentence == hit.sentence:
            yield place
