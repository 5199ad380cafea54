"""Identifiers: what a stranger can type into a catalogue or an address bar and get the work."""

import re
from collections.abc import Iterator

from archive.domain.assessment.anchors import Anchor
from archive.domain.assessment.check_digits import is_isbn, is_issn
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading


def _compact(number: str) -> str:
    return re.sub(r"[\s-]", "", number)


def _isbn(number: str) -> bool:
    return is_isbn(_compact(number))


def _issn(number: str) -> bool:
    return is_issn(_compact(number))


_CALL_NUMBER = "the call number of an archival item"

# Call numbers count down to the item. Sources: the citation guides of the archives named.
IDENTIFIERS = (
    Anchor(("10",), "doi", "a DOI", re.compile(r"10\.\d{4,9}/[^\s<>\"“”]{1,200}")),
    Anchor(
        ("isbn",), "isbn", "an ISBN with the right check digit",
        re.compile(r"ISBN(?:-1[03])?[:\s#]{0,3}((?:97[89][- ]?)?(?:\d[- ]?){9}[\dX])(?!\d)", re.IGNORECASE), _isbn,
    ),
    Anchor(
        ("978|979",), "isbn", "an ISBN with the right check digit",
        re.compile(r"(?<![\d-])(97[89](?:-\d{1,7}){3}-\d)(?![\d-])"), _isbn,
    ),
    Anchor(
        ("issn", "eissn"), "issn", "an ISSN with the right check digit",
        re.compile(r"e?ISSN[:\s]{0,3}(\d{4}-\d{3}[\dX])\b", re.IGNORECASE), _issn,
    ),
    Anchor(
        ("arxiv",), "arxiv", "an arXiv number",
        re.compile(r"arXiv[:\s]{1,2}(?:\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})\b", re.IGNORECASE),
    ),
    Anchor(("jstor",), "jstor", "a JSTOR number", re.compile(r"JSTOR[:\s#]{1,3}\d{4,10}\b", re.IGNORECASE)),
    Anchor(
        ("pmid", "pmcid"), "pmid", "a PubMed number",
        re.compile(r"PM(?:ID|CID)[:\s#]{1,3}(?:PMC)?\d{4,9}\b", re.IGNORECASE),
    ),
    Anchor(
        ("oclc",), "oclc", "a WorldCat number",
        re.compile(r"OCLC[:\s#]{1,3}(?:ocm|ocn|on)?\d{3,12}\b", re.IGNORECASE),
    ),
    Anchor(  # Russian state archives: fond, opis, delo; the archive's name stands before, if at all
        ("f|fond|rgaspi|garf|rgva|rgani|tsgae|avprf",), "archival", _CALL_NUMBER,
        re.compile(
            r"(?:[A-Z][A-Za-z]{2,6},?\s)?(?:f|fond)\.?\s?\d{1,5},?\s{0,2}(?:op|opis'?)\.?\s?\d{1,4}[a-z]?"
            r",?\s{0,2}(?:d|delo|ed\.\s?khr)\.?\s?\d{1,5}", re.IGNORECASE,
        ),
    ),
    Anchor(  # The National Archives, Kew: department, series, piece
        ("tna|pro|adm|air|cab|co|fo|ho|hw|kv|prem|wo",), "archival", _CALL_NUMBER,
        re.compile(r"(?:(?:TNA|PRO)[:,]?\s{1,2}[A-Z]{1,4}|ADM|AIR|CAB|CO|FO|HO|HW|KV|PREM|WO)\s?\d{1,4}/\d{1,5}(?:/\d{1,5})?\b"),
    ),
    Anchor(  # National Archives, Washington: record group, and in it a box, an entry or a roll
        ("rg",), "archival", _CALL_NUMBER,
        re.compile(r"RG[-\s]?\d{1,3},?\s[^.;\n]{0,60}?\b(?:box|entry|roll|file)\s?\d{1,5}", re.IGNORECASE),
    ),
    Anchor(  # British Library and other English collections of manuscripts
        ("add|additional|cotton|harley|royal|sloane|egerton|lansdowne|stowe|arundel",), "archival", _CALL_NUMBER,
        re.compile(r"[A-Z][a-z]{2,9}\.?\s(?:MSS?\.?|Charters?)\s(?:[A-Z][\w.]{0,12}\s){0,2}(?:[A-Z]\.?\s?)?[\dxvi]{1,6}\b"),
    ),
    Anchor(  # Bodleian Library
        ("ms bodl|laud|rawl|douce|ashmole|digby",), "archival", _CALL_NUMBER,
        re.compile(r"MS\.?\s(?:Bodl|Laud|Rawl|Douce|Ashmole|Digby)\.?\s(?:\w{1,8}\.?\s){0,2}\d{1,5}\b"),
    ),
    Anchor(  # Bibliothèque nationale de France
        ("bnf",), "archival", _CALL_NUMBER,
        re.compile(
            r"BnF,?\s(?:MSS?\.?\s)?(?:\w{1,10}\.?\s){0,2}?(?:fr|lat|gr|n\.?a\.?[fl])\.?\s?\d{2,6}\b", re.IGNORECASE
        ),
    ),
    Anchor(  # Bundesarchiv
        ("barch|bundesarchiv",), "archival", _CALL_NUMBER,
        re.compile(r"(?:BArch|Bundesarchiv),?\s(?:R|NS|RH|RM|RW|N)\s?\d{1,4}/\d{1,5}\b"),
    ),
)  # fmt: skip

# Links that are rarely what a claim rests on: pictures, chats, a forum's own rules.
_IDLE = re.compile(
    r"imgur\.com|discord\.gg|giphy\.com|tenor\.com|i\.redd\.it|dQw4w9WgXcQ|message/compose|/wiki/rules|\.(?:gif|jpe?g|png)\b",
    re.IGNORECASE,
)


def find_addresses(reading: Reading) -> Iterator[Hit]:
    """Yield the links of a text."""
    for start, end in reading.addresses:
        address = _without_tail(reading.text[start:end])
        if len(address) > len("https://"):
            idle = _IDLE.search(address)
            why = "a link to a picture, a chat or house rules" if idle else "a link"
            yield Hit(start, start + len(address), "url", why, 1 if idle else 2, reading.sentence_at(start))


def _without_tail(address: str) -> str:
    """An address without the marks of the sentence around it; a bracket that it opened is its own."""
    while (bare := address.rstrip(".,;:!?]}*_'")) and bare.endswith(")") and bare.count("(") < bare.count(")"):
        address = bare[:-1]
    return bare
