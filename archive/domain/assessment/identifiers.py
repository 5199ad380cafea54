"""Identifiers: what a stranger can type into a catalogue or an address bar and get the work."""

import re
from collections.abc import Iterator

from archive.domain.assessment.anchors import Anchor
from archive.domain.assessment.call_numbers import CALL_NUMBERS
from archive.domain.assessment.check_digits import is_isbn, is_issn
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading


def _compact(number: str) -> str:
    return re.sub(r"[\s–-]", "", number)


def _isbn(number: str) -> bool:
    return is_isbn(_compact(number))


def _issn(number: str) -> bool:
    return is_issn(_compact(number))


IDENTIFIERS = (
    Anchor(
        ("10",), "doi", "a DOI",
        re.compile(
            r"(?<![\d./])10\.\d{4,9}(?:\.\d{1,4})?/"
            r"(?:[^\s<>\"“”()\[\]{}]|\([^\s<>()]{0,60}\)){1,200}(?<![.,;:!?*_'])"
        ),
    ),
    Anchor(
        ("isbn", "isbn13|isbn10|isbns"), "isbn", "an ISBN with the right check digit",
        re.compile(
            r"ISBNs?(?:[-\s]?1[03])?(?:\s?\([^()\n]{1,20}\))?[:\s#=]{0,3}"
            r"((?:97[89][-–\s]?)?(?:\d[-–\s]?){9}[\dX])(?!\d)", re.IGNORECASE,
        ), _isbn,
    ),
    Anchor(
        ("978|979",), "isbn", "an ISBN with the right check digit",
        re.compile(r"(?<![\d-])(97[89](?:[-–]\d{1,7}){3}[-–]\d|97[89][-–]\d{10})(?![\d-])"), _isbn,
    ),
    Anchor(
        ("issn", "eissn"), "issn", "an ISSN with the right check digit",
        re.compile(r"e?-?ISSN(?:\s?\([^()\n]{1,12}\))?[:\s]{0,3}(\d{4}[-–]?\d{3}[\dX])\b", re.IGNORECASE), _issn,
    ),
    Anchor(
        ("arxiv",), "arxiv", "an arXiv number",
        re.compile(
            r"arXiv(?:\.org)?[:\s]{1,2}(?:preprint\s)?(?:arXiv:)?"
            r"(?:\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})\b",
            re.IGNORECASE,
        ),
    ),
    Anchor(
        ("jstor",), "jstor", "a JSTOR number",
        re.compile(r"JSTOR(?:\sstable)?[:\s#]{1,3}(?!(?:1[5-9]|20)\d\d\b)\d{4,10}\b", re.IGNORECASE),
    ),
    Anchor(
        ("pmid", "pmcid", "pubmed #"), "pmid", "a PubMed number",
        re.compile(r"(?:PMC?ID|PubMed)[:\s#]{1,3}(?:PMC)?\d{4,9}\b", re.IGNORECASE),
    ),
    Anchor(
        ("oclc",), "oclc", "a WorldCat number",
        re.compile(r"OCLC(?:\s(?:number|no\.?))?[:\s#]{1,3}(?:\(OCoLC\))?(?:ocm|ocn|on)?\d{3,12}\b", re.IGNORECASE),
    ),
    *CALL_NUMBERS,
)  # fmt: skip

# Links that are rarely what a claim rests on: pictures, chats, a forum's own rules.
_IDLE = re.compile(
    r"imgur\.com|discord\.gg|giphy\.com|tenor\.com|i\.redd\.it|dQw4w9WgXcQ|message/compose|/wiki/rules|\.(?:gif|jpe?g|png)\b",
    re.IGNORECASE,
)


def find_addresses(reading: Reading) -> Iterator[Hit]:
    """Yield the links of a text."""
    for first, end in reading.addresses:
        start = _shown_twice(reading.text, first, end)
        address = _without_tail(reading.text[start:end])
        if len(address) > len("https://"):
            idle = _IDLE.search(address)
            why = "a link to a picture, a chat or house rules" if idle else "a link"
            yield Hit(start, start + len(address), "url", why, 1 if idle else 2, reading.sentence_at(start))


def _shown_twice(text: str, start: int, end: int) -> int:
    """Where an address begins: of `[address](address)`, the second."""
    inner = text.find("](", start, end)
    return inner + 2 if inner > 0 and text.startswith(("http", "www."), inner + 2) else start


def _without_tail(address: str) -> str:
    """An address without the marks of the sentence around it; a bracket that it opened is its own."""
    if (closing := address.find("]")) > 0 and "[" not in address[:closing]:
        address = address[:closing]
    if ")" in address:
        address = address[: _unopened(address)]
    return address.rstrip(".,;:!?]}*_'|\\")


def _unopened(address: str) -> int:
    """Where a bracket closes that was never opened, or the end."""
    depth = 0
    for place, sign in enumerate(address):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return place
    return len(address)
