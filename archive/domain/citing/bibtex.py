"""Items of CSL-JSON as BibTeX, for BibTeX and biblatex.

Braces are counted by every reader, escaped or not, so each is written as a command; whatever else TeX would take for
its own is escaped, but in addresses, which biblatex takes as they are.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from archive.domain.citing.fields import Name, date_of, names_of, text_of

_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
_FIELDS = (
    ("title", "title"),
    ("publisher", "publisher"),
    ("publisher-place", "address"),
    ("edition", "edition"),
    ("volume", "volume"),
    ("issue", "number"),
    ("DOI", "doi"),
    ("ISBN", "isbn"),
    ("ISSN", "issn"),
    ("note", "note"),
)
_CONTAINERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_MISC = (("container-title", "howpublished"), ("genre", "type"))
_AS_IT_IS = frozenset({"url", "doi", "isbn", "issn", "year", "month", "urldate"})
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
_SPECIAL = re.compile("[" + re.escape("".join(_TEX)) + "]")
_NO_KEY = re.compile(r"[^A-Za-z0-9-]+")
_AND = re.compile(r"\band\b", re.IGNORECASE)
_URL_SAFE = "!#$%&'()*+,-./:;=?@_~[]"


def bibtex(item: Mapping[str, object]) -> str:
    """One entry, with a line break at its end."""
    kind = _TYPES.get(text_of(item, "type"), "misc")
    lines = [f"  {name} = {{{value}}}" for name, value in _written(item, kind) if value]
    return ",\n".join([f"@{kind}{{{_NO_KEY.sub('-', text_of(item, 'id'))}", *lines]) + "\n}\n"


def _written(item: Mapping[str, object], kind: str) -> Iterator[tuple[str, str]]:
    for role in ("author", "editor"):
        yield role, " and ".join(_name(name) for name in names_of(item, role))
    for field, name in (
        *_FIELDS,
        *(_MISC if kind == "misc" else [("container-title", _CONTAINERS.get(kind, "series"))]),
    ):
        value = text_of(item, field)
        yield name, _bare(value) if name in _AS_IT_IS else _title(value) if name == "title" else _escaped(value)
    yield "pages", _escaped(text_of(item, "page")).replace("–", "--")
    archive = ", ".join(filter(None, (text_of(item, "archive"), text_of(item, "archive_location"))))
    yield "organization" if kind == "misc" else "archive", _escaped(archive)
    yield "url", quote(text_of(item, "URL"), safe=_URL_SAFE)
    issued, seen = date_of(item, "issued"), date_of(item, "accessed")
    yield "year", str(issued[0]) if issued else ""
    yield "month", str(issued[1]) if len(issued) > 1 else ""
    yield "day", str(issued[2]) if len(issued) > 2 else ""
    yield "urldate", "-".join(f"{part:02}" for part in seen)


def _name(name: Name) -> str:
    """A name that is whole stands in braces of its own, so that nobody divides it; so does one with an "and" in it."""
    family, given = _escaped(name.family), _escaped(name.given)
    if name.is_whole:
        return f"{{{family}}}"
    parts = [f"{{{part}}}" if _AND.search(part) or "," in part else part for part in (family, given)]
    return ", ".join(parts)


def _title(title: str) -> str:
    """A second pair of braces keeps its capitals."""
    return f"{{{_escaped(title)}}}" if title else ""


def _bare(value: str) -> str:
    return "".join(sign for sign in value if sign not in "{}\\%")


def _escaped(words: str) -> str:
    return _SPECIAL.sub(lambda found: _TEX[found[0]], words)
