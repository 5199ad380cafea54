"""A link or a number that somebody typed into a field: which work it names, or what is wrong with it."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from archive.domain.assessment.check_digits import is_isbn, is_issn
from archive.domain.sources import Csl, Reference, SourceKind, merged_csl, references_in
from archive.domain.sources.addresses import read_address
from archive.domain.sources.numbers import number_of
from archive.errors import ArchiveError

_LINK = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_BARE_LINK = re.compile(r"(?!10\.)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}(?:/\S*)?", re.IGNORECASE)
_DOI = re.compile(r"(?:doi[:\s]{0,2})?10\.\d{4,9}/\S+", re.IGNORECASE)
_ISBN = re.compile(r"(?:ISBN(?:-1[03])?[:\s]{0,3})?([\d][\d\s-]{7,20}[\dX])", re.IGNORECASE)
_ISBN_WITHIN = re.compile(r"ISBN(?:-1[03])?[:\s]{0,3}([\d][\d -]{7,20}[\dX])", re.IGNORECASE)
_ISSN = re.compile(r"(?:e?ISSN[:\s]{0,3})?(\d{4}-\d{3}[\dX])|e?ISSN[:\s]{0,3}(\d{7}[\dX])", re.IGNORECASE)
_LABELLED = re.compile(r"(arxiv|jstor|pmid|pmcid|oclc)\b", re.IGNORECASE)
_LABELS = {"pmcid": "pmid"}
_LOOKS_LIKE_ISBN = (9, 14)  # digits: what has one too few or one too many was meant as one

WRONG_ISBN = (
    "The check digit of this ISBN does not fit, so a digit is wrong or two are swapped. "
    "Compare it with the book or its catalogue."
)
WRONG_ISSN = (
    "The check digit of this ISSN does not fit, so a digit is wrong or two are swapped. Compare it with the journal."
)
NO_PAGE = (
    "This link leads to no page of a work: its address is not complete, or it is of a picture, a chat or a search."
)
UNKNOWN = (
    "This is neither a link nor a number that is known here. Give a link, a DOI, ISBN, ISSN, arXiv, JSTOR, PMID or "
    "OCLC number, or an archive’s call number; or leave the field empty."
)
_IN_DOI = "/:;().,-_"


class IdentifierError(ArchiveError):
    """What was typed names no work."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The work that was typed."""

    keys: tuple[str, ...]
    csl: Csl


NOTHING = Typed((), {})


def read_identifier(text: str) -> Typed:
    """What a field for a link or a number holds; nothing, if it is empty.

    :raises IdentifierError: if it names no work, or its check digit does not fit.
    """
    text = text.strip()
    if not text:
        return NOTHING
    for read in (_link, _doi, _issn, _isbn, _labelled, _call_number):
        found = read(text)
        if found is not None:
            return found
    raise IdentifierError(UNKNOWN)


def read_reference(text: str) -> Typed:
    """What a reference in words says of its work.

    :raises IdentifierError: if it has an ISBN of which the check digit does not fit.
    """
    for match in _ISBN_WITHIN.finditer(text):
        if not is_isbn(_digits(match[1])):
            raise IdentifierError(WRONG_ISBN)
    typed = NOTHING
    for reference in references_in(text):
        typed = joined(typed, Typed(reference.keys, reference.csl))
    return typed


def joined(first: Typed, second: Typed) -> Typed:
    """What both say of one work."""
    return Typed(tuple(dict.fromkeys((*first.keys, *second.keys))), merged_csl(first.csl, second.csl))


def link_of(identifier: str) -> str | None:
    """Where the link or number that somebody typed leads: the address as it was read; None where it leads nowhere."""
    try:
        csl = read_identifier(identifier).csl
    except IdentifierError:
        return None
    url, doi = csl.get("URL"), csl.get("DOI")
    if isinstance(url, str) and url.startswith(("https://", "http://")):
        return url
    return f"https://doi.org/{quote(doi, safe=_IN_DOI)}" if isinstance(doi, str) else None


def _link(text: str) -> Typed | None:
    if not (_LINK.fullmatch(text) or _BARE_LINK.fullmatch(text)):
        return None
    address = read_address(text)
    if address is None:
        raise IdentifierError(NO_PAGE)
    own = Typed((f"url:{address.value}",), address.csl)
    return own if address.numbered is None else joined(Typed(address.numbered.keys, address.numbered.csl), own)


def _doi(text: str) -> Typed | None:
    return _number(SourceKind.DOI, text) if _DOI.fullmatch(text) else None


def _isbn(text: str) -> Typed | None:
    match = _ISBN.fullmatch(text)
    if match is None:
        return None
    digits = _digits(match[1])
    fewest, most = _LOOKS_LIKE_ISBN
    if len(digits) not in (10, 13):
        if text[:4].upper() == "ISBN" or fewest <= len(digits) <= most:
            raise IdentifierError(f"An ISBN has 10 or 13 digits, and this has {len(digits)}.")
        return None
    if not is_isbn(digits):
        raise IdentifierError(WRONG_ISBN)
    return _number(SourceKind.ISBN, digits)


def _issn(text: str) -> Typed | None:
    match = _ISSN.fullmatch(text)
    if match is None:
        return None
    if not is_issn(_digits(match[1] or match[2])):
        raise IdentifierError(WRONG_ISSN)
    return _number(SourceKind.ISSN, text)


def _labelled(text: str) -> Typed | None:
    match = _LABELLED.match(text)
    if match is None:
        return None
    label = match[1].lower()
    return _number(SourceKind(_LABELS.get(label, label)), text)


def _call_number(text: str) -> Typed | None:
    found: list[Reference] = [
        reference for reference in references_in(text) if reference.kind in (SourceKind.ARCHIVAL, SourceKind.CANONICAL)
    ]
    return Typed(found[0].keys, found[0].csl) if found else None


def _number(kind: SourceKind, text: str) -> Typed | None:
    found = number_of(kind, text)
    return Typed(found.keys, found.csl) if found else None


def _digits(number: str) -> str:
    return re.sub(r"[\s-]", "", number).upper()
