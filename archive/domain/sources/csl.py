"""CSL-JSON of works: joined from what several references say, and named in lists.

Format: https://docs.citationstyles.org/en/stable/specification.html, and its csl-data.json schema.
"""

from collections.abc import Callable, Mapping

from archive.domain.sources.reference import Csl
from archive.domain.sources.works import year_of

_ANY_TYPE = frozenset({"document", "webpage"})  # says less than any other type
_NOTHING: tuple[object, ...] = (None, "", [], {})


# What a work without a name is called by.
_NUMBERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    *((field, f"{field} {{}}".format) for field in ("DOI", "ISBN", "ISSN", "PMID")),
    ("PMCID", str),
    ("number", str),
)


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
    author, title = _authors(csl), str(csl.get("title") or csl.get("genre") or "")
    if title:
        named = f"{author}, {title}" if author and author.casefold() not in title.casefold() else title
        return f"{named} ({csl['container-title']})" if csl.get("type") == "entry-encyclopedia" else named
    if author:
        year = year_of(csl)
        return f"{author} ({year})" if year else author
    return next((name(str(csl[field])) for field, name in _NUMBERS if csl.get(field)), "") or _place(csl)


def _place(csl: Mapping[str, object]) -> str:
    item = ", ".join(str(csl[field]) for field in ("archive", "archive_location") if csl.get(field))
    url = str(csl.get("URL") or "").split("://", 1)[-1].removeprefix("www.")
    return item or url or "A work without a name"


def _says_more(field: str, old: object, new: object) -> bool:
    if field == "type":
        return old in _ANY_TYPE and new not in _ANY_TYPE
    if field == "title":
        return len(str(new)) > len(str(old)) and str(new).casefold().startswith(str(old).casefold())
    if field in ("author", "editor") and isinstance(old, list) and isinstance(new, list):
        return len(new) >= len(old) and _length(new) > _length(old) and _families(old) == _families(new)[: len(old)]
    return False


def _families(people: list[object]) -> list[str]:
    return [name.casefold() for name in _names(people, "family", "literal")]


def _length(names: list[object]) -> int:
    return sum(len(str(part)) for name in names if isinstance(name, dict) for part in name.values())


def _authors(csl: Mapping[str, object]) -> str:
    people = csl.get("author") or csl.get("editor")
    names = _names(people, "family", "literal") if isinstance(people, list) else []
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)


def _names(people: list[object], *parts: str) -> list[str]:
    """Of each person the first of the parts of a name that is given."""
    named = (next((str(one[part]) for part in parts if one.get(part)), "") for one in people if isinstance(one, dict))
    return [name for name in named if name]
