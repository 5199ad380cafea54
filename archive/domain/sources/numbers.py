"""Identifiers of works: from the way in which a text writes a number to its one key and its CSL."""

import re
from collections.abc import Callable
from typing import NamedTuple

from archive.domain.assessment.check_digits import is_isbn, is_issn
from archive.domain.sources.reference import Csl, SourceKind


class Numbered(NamedTuple):
    """A work by its number."""

    kind: SourceKind
    keys: tuple[str, ...]
    csl: Csl


_ISBN = re.compile(r"(?:97[89][\s-]?)?(?:\d[\s-]?){9}[\dXx](?!\d)")
_ISSN = re.compile(r"\d{4}-?\d{3}[\dXx]\b")
_ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[a-z]{2})?/\d{7}", re.IGNORECASE)
_DIGITS = re.compile(r"\d{3,12}")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_JSTOR_DOI = re.compile(r"10\.2307/(\d{3,10})")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(\S+)")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def number_of(kind: SourceKind, words: str) -> Numbered | None:
    """Return the work that the words name by a number of this kind; None where there is none in them."""
    return _READERS[kind](words)


def doi(words: str) -> Numbered | None:
    match = _DOI.search(words)
    if match is None:
        return None
    name = _bare(match[0])
    folded = name.lower()  # the names are the same in capitals and small letters: DOI Handbook, 2.4
    keys = [f"doi:{folded}"]
    if jstor_number := _JSTOR_DOI.fullmatch(folded):
        keys.append(f"jstor:{jstor_number[1]}")
    if preprint := _ARXIV_DOI.fullmatch(folded):
        keys.append(f"arxiv:{_version_off(preprint[1])}")
    return Numbered(SourceKind.DOI, tuple(keys), {"type": "document", "DOI": name})


def isbn(words: str) -> Numbered | None:
    for match in _ISBN.finditer(words):
        digits = re.sub(r"[\s-]", "", match[0]).upper()
        if is_isbn(digits):
            long = digits if len(digits) == 13 else _isbn_13(digits)
            return Numbered(SourceKind.ISBN, (f"isbn:{long}",), {"type": "book", "ISBN": long})
    return None


def issn(words: str) -> Numbered | None:
    match = _ISSN.search(words)
    digits = match[0].replace("-", "").upper() if match else ""
    if not is_issn(digits):
        return None
    number = f"{digits[:4]}-{digits[4:]}"
    return Numbered(SourceKind.ISSN, (f"issn:{number.lower()}",), {"type": "periodical", "ISSN": number})


def arxiv(words: str) -> Numbered | None:
    match = _ARXIV.search(words)
    if match is None:
        return None
    name = match[0].lower()
    csl: Csl = {"type": "article", "number": f"arXiv:{match[0]}", "archive": "arXiv"}
    return Numbered(SourceKind.ARXIV, (f"arxiv:{name}",), csl)


def jstor(words: str) -> Numbered | None:
    match = _DIGITS.search(words)
    csl: Csl = {"type": "document", "number": f"JSTOR {match[0]}" if match else ""}
    return Numbered(SourceKind.JSTOR, (f"jstor:{match[0]}",), csl) if match else None


def pmid(words: str) -> Numbered | None:
    """A number of PubMed, or with the letters PMC one of PubMed Central, which numbers the same works otherwise."""
    match = _DIGITS.search(words)
    if match is None:
        return None
    number = match[0].lstrip("0")
    if "pmc" in words.lower():
        return Numbered(SourceKind.PMID, (f"pmcid:{number}",), {"type": "article-journal", "PMCID": f"PMC{number}"})
    return Numbered(SourceKind.PMID, (f"pmid:{number}",), {"type": "article-journal", "PMID": number})


def oclc(words: str) -> Numbered | None:
    match = _DIGITS.search(words)
    number = match[0].lstrip("0") if match else ""
    return (
        Numbered(SourceKind.OCLC, (f"oclc:{number}",), {"type": "document", "number": f"OCLC {number}"})
        if number
        else None
    )


_READERS: dict[SourceKind, Callable[[str], Numbered | None]] = {
    SourceKind.DOI: doi,
    SourceKind.ISBN: isbn,
    SourceKind.ISSN: issn,
    SourceKind.ARXIV: arxiv,
    SourceKind.JSTOR: jstor,
    SourceKind.PMID: pmid,
    SourceKind.OCLC: oclc,
}


def _bare(name: str) -> str:
    """A DOI without the marks of the sentence around it; a bracket that it opened is its own."""
    while (
        (bare := name.rstrip(".,;:!?*_'"))
        and (opened := _PAIRS.get(bare[-1]))
        and bare.count(opened) < bare.count(bare[-1])
    ):
        name = bare[:-1]
    return bare


def _isbn_13(digits: str) -> str:
    """The long form of a book's number: ISO 2108, annex C."""
    body = f"978{digits[:9]}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _version_off(name: str) -> str:
    return re.sub(r"v\d+$", "", name)
