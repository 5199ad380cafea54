"""Items of CSL-JSON as RIS: a line for each field, and nothing to escape but line breaks, which no value has.

Format: Research Information Systems' RIS format, as of 2011.
"""

from collections.abc import Iterator, Mapping

from archive.domain.citing.fields import Name, date_of, names_of, text_of

_TYPES = {
    "article": "ELEC",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "entry-encyclopedia": "ENCYC",
    "motion_picture": "VIDEO",
    "paper-conference": "CONF",
    "periodical": "SER",
    "post": "ICOMM",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
}
_PEOPLE = (("author", "AU"), ("editor", "ED"), ("translator", "A4"))
_FIELDS = (
    ("title", "TI"),
    ("container-title", "T2"),
    ("publisher", "PB"),
    ("publisher-place", "CY"),
    ("edition", "ET"),
    ("volume", "VL"),
    ("issue", "IS"),
    ("DOI", "DO"),
    ("ISBN", "SN"),
    ("ISSN", "SN"),
    ("archive", "DB"),
    ("archive_location", "AN"),
    ("genre", "M3"),
    ("URL", "UR"),
    ("note", "N1"),
    ("id", "ID"),
)
_BREAK = "\r\n"


def ris(item: Mapping[str, object]) -> str:
    """One record, with a blank line behind it."""
    lines = [f"TY  - {_TYPES.get(text_of(item, 'type'), 'GEN')}"]
    lines += [f"{tag}  - {value}" for tag, value in _written(item) if value]
    return _BREAK.join([*lines, "ER  - ", "", ""])


def _written(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for role, tag in _PEOPLE:
        yield from ((tag, _name(name)) for name in names_of(item, role))
    issued, seen = date_of(item, "issued"), date_of(item, "accessed")
    yield "PY", str(issued[0]) if issued else ""
    yield "DA", _date(issued)
    yield "Y2", _date(seen)
    for field, tag in _FIELDS:
        yield tag, text_of(item, field)
    first, _, last = text_of(item, "page").replace("–", "-").partition("-")
    yield "SP", first.strip()
    yield "EP", last.strip()


def _name(name: Name) -> str:
    """A comma stands between family and given names, and nowhere else."""
    if name.is_whole:
        return name.family.replace(",", " ").replace("  ", " ")
    return f"{name.family.replace(',', ' ')}, {name.given.replace(',', ' ')}"


def _date(parts: tuple[int, ...]) -> str:
    """2019/03/09/, with what is not known left empty."""
    if not parts:
        return ""
    known = [f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])]
    return "/".join([*known, *[""] * (4 - len(known))])
