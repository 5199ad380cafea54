"""Locators: the place inside a source. And passages of texts that every edition numbers alike."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

from archive.domain.assessment.anchors import Anchor
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading

_FULL_ARTICLE = 10  # pages; a range as wide says where the article stands, not where the claim does


def _names(names: list[str]) -> tuple[str, str]:
    """The names as one phrase of first words, and as one expression, the longest first."""
    words = sorted({name.lower().split()[0].rstrip(".") for name in names})
    firsts = "|".join(form for word in words for form in (word, f"{word}'s"))
    return firsts, "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _is_pinpoint(pages: str) -> bool:
    first, _, last = re.sub(r"[-–—]+", "-", pages).partition("-")
    if not (first.strip().isdecimal() and last.strip().isdecimal()):
        return True
    return int(last) - int(first) < _FULL_ARTICLE


_CANON = tomllib.loads((files("archive.domain.assessment") / "canon.toml").read_text("utf-8"))
_SCRIPTURE_WORDS, _SCRIPTURE = _names(_CANON["verse"]["names"])
_AUTHOR_WORDS, _AUTHORS = _names(_CANON["passage"]["names"])

_NUMBER = r"(?:\d{1,5}|[ivxlc]{1,7})\b"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?!\d|:|\s?[ap]\.?m)\b"

LOCATORS = (
    Anchor(
        ("p|pp|pg|page|pages",), "locator", "a page",
        re.compile(
            r"(?:pages?|pp|pg|p)\.?\s?((?:\d{1,4}|[ivxlc]{1,7})\b(?:\s?[-–—]{1,2}\s?\d{1,4}\b)?)", re.IGNORECASE
        ),
        _is_pinpoint,
    ),
    Anchor(
        ("ch|chap|chapter|chapters",), "locator", "a chapter",
        re.compile(rf"ch(?:ap|apters?)?\.?\s{_NUMBER}(?:\.\d{{1,3}})?", re.IGNORECASE),
    ),
    Anchor(
        ("fol|fols|folio|folios",), "locator", "a folio",
        re.compile(r"fol(?:s|ios?)?\.?\s?\d{1,4}[rv]?\b", re.IGNORECASE),
    ),
    Anchor(
        ("line|lines|verse|verses|footnote|fn|table|figure|fig|appendix",), "locator", "a place in the source",
        re.compile(rf"(?:lines?|verses?|footnote|fn|table|figure|fig|appendix)\.?\s#?{_NUMBER}", re.IGNORECASE),
    ),
    Anchor(
        ("article|art|section|sec|s",), "locator", "an article or a section",
        re.compile(r"(?:Article|Art\.|Section|Sec\.|s\.)\s?(?:\d{1,4}|[IVX]{1,6})\b"),
    ),
    Anchor(
        ("vol|volume",), "locator", "a volume and a page",
        re.compile(r"vol(?:ume|\.)\s(?:\d{1,3}|[IVX]{1,6}),\s(?:no|pp?)\.\s?\d{1,4}\b", re.IGNORECASE),
    ),
    Anchor(
        ("at|around|from|timestamp|minute|starting #",), "locator", "a time in a recording",
        re.compile(rf"(?:(?:at|around|from|timestamp)\s(?:about\s)?{_CLOCK}|minute\s\d{{1,3}}\b)", re.IGNORECASE),
    ),
    Anchor(("# : #",), "locator", "a time in a recording", re.compile(rf"(?m:^)\s?{_CLOCK}(?=\s?[-–])")),
    Anchor(("[roman] : #",), "locator", "a volume and a page", re.compile(r"[IVXL]{2,6}:\d{1,4}(?:-\d{1,4})?\b")),
    Anchor(
        (f"{_SCRIPTURE_WORDS} .? # :",), "canonical", "chapter and verse",
        re.compile(rf"(?:{_SCRIPTURE})\.?,?\s\d{{1,3}}:\d{{1,3}}(?:[-–]\d{{1,3}})?\b"),
    ),
    Anchor(
        (_AUTHOR_WORDS,), "canonical", "a passage that every edition numbers alike",
        re.compile(
            rf"(?:{_AUTHORS})(?:'s?)?\.?\*?,?\s\(?(?:\*?[A-Z0-9][\w.]{{1,14}}\*?,?\s){{0,2}}"
            r"\*?(?:\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?:[-–]\d{1,3})?\b|\d{2,5}[-–]\d{2,5}\b|lines?\s\d{1,5}(?:[-–]\d{1,5})?\b)"
        ),
    ),
)  # fmt: skip

_IN_ADDRESS = re.compile(
    r"wikipedia\.org/wiki/[^\s#]{1,200}#\w{2,80}|[?&#;](?:pg=\w{1,8}|t=[\dhms]{1,10}|time_continue=\d{1,6})|[&#;]page=\d{1,5}",
    re.IGNORECASE,
)


def find_places_in_addresses(reading: Reading) -> Iterator[Hit]:
    """Yield the places given inside links: a page of a scanned book, a time in a film, a section."""
    for start, end in reading.addresses:
        for match in _IN_ADDRESS.finditer(reading.text, start, end):
            yield Hit(*match.span(), "locator", "a place given inside the link", 2, reading.sentence_at(start))
