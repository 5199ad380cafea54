"""Keys of works that have no identifier: author and title, author and year, or a title alone."""

import re
import unicodedata
from collections.abc import Mapping

_ARTICLE = re.compile(r"^(?:the|an?) (?=.)")
_NOT_WORDS = re.compile(r"[\W_]+")

# What people leave behind under no title of their own, by the one word under which all its names are one.
RECORDS = {
    **dict.fromkeys(("memoir", "memoirs"), "memoirs"),
    "autobiography": "autobiography",
    **dict.fromkeys(("diary", "diaries", "journals", "private journals"), "diaries"),
    **dict.fromkeys(("letters", "correspondence"), "letters"),
    **dict.fromkeys(("thesis", "dissertation"), "thesis"),
}
_RECORD_OF = re.compile(
    r"(?:the )?(?:complete |collected |private |secret )?"
    r"(?P<record>memoirs?|autobiography|diary|diaries|letters) of (?P<name>.+)",
    re.IGNORECASE,
)

NO_PERSON = re.compile(
    r"(?:ions|ness|ment|ism|ity|war|revolution|life|days|years|times|youth|hope|crowds)$", re.IGNORECASE
)

# Works of reference that are known by one name, and by initials.
STANDING_WORKS = {
    "oxford english dictionary": "Oxford English Dictionary",
    "oed": "Oxford English Dictionary",
    "merriam webster": "Merriam-Webster",
    "merriam - webster": "Merriam-Webster",
    "merriam-webster": "Merriam-Webster",
    "encyclopaedia britannica": "Encyclopædia Britannica",
    "encyclopedia britannica": "Encyclopædia Britannica",
    "stanford encyclopedia of": "Stanford Encyclopedia of Philosophy",
}


def fold(words: str) -> str:
    """Words as they are compared: small letters without accents, marks or blanks around them."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))
    bare = bare.casefold().replace("&", " and ").replace("'", "").replace("’", "").replace("æ", "ae").replace("ø", "o")
    return _NOT_WORDS.sub(" ", bare).strip()


def fold_title(title: str) -> str:
    """A title as it is compared: without the article at its beginning."""
    return _ARTICLE.sub("", fold(title), count=1)


def families_of(csl: Mapping[str, object]) -> list[str]:
    """The family names of the authors as they are compared; of a work without any, those of its editors."""
    people = csl.get("author") or csl.get("editor")
    names = [name for name in people if isinstance(name, dict)] if isinstance(people, list) else []
    return [fold(str(name.get("family") or name.get("literal") or "")) for name in names]


def family_of(csl: Mapping[str, object]) -> str:
    """The first of them; "" where nobody is named."""
    return next(iter(families_of(csl)), "")


def year_of(csl: Mapping[str, object]) -> str:
    """The year in which it was issued; "" where none is given."""
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    return str(parts[0][0]) if parts and parts[0] else ""


def record_of(title: str) -> tuple[str, str] | None:
    """What a title that names its own author says: of “Memoirs of Marta Ellwood”, the kind and the name."""
    record = _RECORD_OF.fullmatch(title.strip())
    is_person = record and record["name"][0].isupper() and not NO_PERSON.search(record["name"])
    return (record["record"], record["name"]) if record and is_person else None


def work_keys(csl: Mapping[str, object]) -> tuple[str, ...]:
    """The keys of a work by what is said of it; none where that is too little to tell it from others."""
    title = str(csl.get("title") or "")
    if record := record_of(title):
        return (f"work:{fold(record[1].split()[-1])}|{RECORDS[record[0].lower()]}",)
    if folded := fold_title(title):
        return (f"work:{family_of(csl)}|{RECORDS.get(folded, folded)}",)
    families, genre = families_of(csl), RECORDS.get(fold(str(csl.get("genre") or "")), "")
    if genre and families:
        return (f"work:{families[0]}|{genre}",)
    year = year_of(csl)
    return (f"work:{'+'.join(families[:3])}|{year}",) if families and year else ()
