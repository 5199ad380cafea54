"""CSL-JSON of works: joined from what several references say, and named in lists.

Format: https://docs.citationstyles.org/en/stable/specification.html, and its csl-data.json schema.
"""

from collections.abc import Mapping
from typing import cast

from archive.domain.sources.reference import Csl

_ANY_TYPE = frozenset({"document", "webpage"})  # says less than any other type
_NOTHING: tuple[object, ...] = (None, "", [], {})


def merged_csl(old: Mapping[str, object], new: Mapping[str, object]) -> Csl:
    """Return what two references say of one work: what `old` says stays, and `new` adds what it does not say.

    A name in full takes the place of the same name in part, a longer title that of its beginning, and a type that
    says more that of one that says less.
    """
    merged: Csl = dict(old)
    for field, value in new.items():
        if value in _NOTHING:
            continue
        former = merged.get(field)
        if former in _NOTHING or _says_more(field, former, value):
            merged[field] = value
    return merged


def display_title(csl: Mapping[str, object]) -> str:
    """Return what a list calls the work: its author and title, or what there is of it."""
    author = _authors(csl)
    title = next((str(csl[field]) for field in ("title", "genre") if csl.get(field)), "")
    year = _year(csl)
    if title:
        return f"{author}, {title}" if author and author.casefold() not in title.casefold() else title
    if author:
        return f"{author} ({year})" if year else author
    for field in ("DOI", "ISBN", "ISSN", "PMID", "PMCID", "number", "archive_location", "URL"):
        if value := csl.get(field):
            text = str(value)
            return text.split("://", 1)[-1].removeprefix("www.") if field == "URL" else f"{field} {text}"
    return "A work without a name"


def _says_more(field: str, old: object, new: object) -> bool:
    if field == "type":
        return old in _ANY_TYPE and new not in _ANY_TYPE
    if field == "title":
        return len(str(new)) > len(str(old)) and str(new).casefold().startswith(str(old).casefold())
    if field in ("author", "editor") and isinstance(old, list) and isinstance(new, list):
        return len(new) >= len(old) and _length(new) > _length(old) and _families(old) == _families(new)[: len(old)]
    return False


def _families(names: list[object]) -> list[str]:
    return [str(name.get("family") or name.get("literal")).casefold() for name in names if isinstance(name, dict)]


def _length(names: list[object]) -> int:
    return sum(len(str(part)) for name in names if isinstance(name, dict) for part in name.values())


def _authors(csl: Mapping[str, object]) -> str:
    people = csl.get("author") or csl.get("editor") or []
    names = [
        str(name.get("family") or name.get("literal") or "")
        for name in cast("list[dict[str, str]]", people)
        if isinstance(name, dict)
    ]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(filter(None, names))


def _year(csl: Mapping[str, object]) -> str:
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    return str(parts[0][0]) if parts and parts[0] else ""
