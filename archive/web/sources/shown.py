"""A work as pages show it: its title apart from who made it, and what else is said of it, each with where it leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from archive.domain.sources import Manner, SourceKind
from archive.domain.sources.naming import scheme_of
from archive.store.sources import Source
from archive.web.prose.links import split_links

KIND_WORDS = {
    SourceKind.DOI: "DOI",
    SourceKind.ISBN: "Book with an ISBN",
    SourceKind.ARXIV: "arXiv",
    SourceKind.JSTOR: "JSTOR",
    SourceKind.PMID: "PubMed",
    SourceKind.OCLC: "Library record (OCLC)",
    SourceKind.ARCHIVAL: "Archival item",
    SourceKind.CANONICAL: "Classical text",
    SourceKind.ISSN: "Periodical (ISSN)",
    SourceKind.URL: "Web page",
    SourceKind.WORK: "Author and title",
}
MANNER_WORDS = {
    Manner.CONSULTED: "",
    Manner.RECALLED: "from memory",
    Manner.VIA: "cited by way of another work",
    Manner.NOT_READ: "named, and not read",
}
_SCHEME_WORDS = {"doi": "DOI", "isbn": "ISBN", "issn": "ISSN", "arxiv": "arXiv", "jstor": "JSTOR", "pmid": "PMID"}
_SCHEME_WORDS |= {"pmcid": "PMCID", "oclc": "OCLC", "archival": "Archive", "canonical": "Text", "url": "Address"}
_SCHEME_WORDS |= {"work": "Author and title"}
_OPENED_AT = {
    "doi": "https://doi.org/{}",
    "arxiv": "https://arxiv.org/abs/{}",
    "jstor": "https://www.jstor.org/stable/{}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/PMC{}/",
    "oclc": "https://search.worldcat.org/oclc/{}",
}
_SAID = (
    ("container-title", "In"),
    ("publisher", "Publisher"),
    ("publisher-place", "Place"),
    ("edition", "Edition"),
    ("volume", "Volume"),
    ("issue", "Issue"),
    ("page", "Pages"),
    ("archive", "Archive"),
    ("archive_location", "Signature"),
)
_PEOPLE = (("author", "Author"), ("editor", "Editor"), ("translator", "Translator"))
_UPRIGHT = frozenset({"webpage", "post", "article-journal", "article", "chapter", "entry-encyclopedia"})


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is said of a work."""

    label: str
    words: str
    address: str | None = None  # where it leads


@dataclass(frozen=True, slots=True)
class Titled:
    """What a work is called."""

    people: str  # "" where nobody is named; ends in a comma and a blank
    title: str
    slanted: bool  # as titles of books are


def titled(work: Source) -> Titled:
    """What a work is called, in two pieces."""
    title = str(work.csl.get("title") or "")
    slanted = bool(title) and work.csl.get("type") not in _UPRIGHT
    if title and work.title.endswith(title):
        return Titled(work.title[: -len(title)], title, slanted)
    return Titled("", work.title, slanted=False)


def facts(work: Source) -> list[Fact]:
    """What public answers say of a work, and the identifiers that they give."""
    return [*_said(work.csl), *(named(name, work) for name in work.names if scheme_of(name) != "work")]


def named(name: str, work: Source | None = None) -> Fact:
    """A name of a work in words, with where it leads."""
    scheme, _, value = name.partition(":")
    label = _SCHEME_WORDS[scheme]
    if scheme == "url":
        url = str(work.csl.get("URL") or "") if work else ""
        return Fact(label, value, linkable(url if value.split("/")[0] in url else f"https://{value}"))
    if scheme == "work":
        family, _, title = value.partition("|")
        return Fact(label, f"{family.replace('+', ' and ')}: {title}" if family else title)
    return Fact(label, value, linkable(_OPENED_AT[scheme].format(value)) if scheme in _OPENED_AT else None)


def linkable(url: str) -> str | None:
    """The address, if it is one that is linked anywhere in this archive."""
    return url if [*split_links(url)] == [(url, url)] else None


def _said(csl: Mapping[str, object]) -> Iterator[Fact]:
    for field, label in _PEOPLE:
        if names := [_full_name(person) for person in cast("list[object]", csl.get(field) or [])]:
            yield Fact(label if len(names) == 1 else f"{label}s", "; ".join(names))
    if year := _date(csl):
        yield Fact("Year", year)
    for field, label in _SAID:
        if value := csl.get(field):
            yield Fact(label, str(value))


def _full_name(person: object) -> str:
    if not isinstance(person, dict):
        return str(person)
    return str(person.get("literal") or " ".join(filter(None, (person.get("given"), person.get("family")))))


def _date(csl: Mapping[str, object]) -> str:
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    return "–".join(str(part[0]) for part in parts if part) if isinstance(parts, list) else ""
