"""Names of people and bodies, as a text writes them, in the form of CSL-JSON."""

import re

from archive.domain.assessment.cue_lists import ENGLISH
from archive.domain.assessment.names import NAME

_PARTICLES = frozenset({"de", "di", "da", "du", "van", "von", "der", "den", "la", "le", "del", "al", "bin", "ibn"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_TITLES = frozenset(
    ["dr", "prof", "professor", "sir", "mr", "mrs", "ms", "lord", "lady", "general", "historian", "author"]
)
_INTRODUCING = frozenset(
    {"see", "read", "reading", "try", "check", "source", "sources", "cf", "including", "consider", "edit", "regarding"}
    | {"using", "citing", "quoting", "per", "via", "besides", "while", "whereas", "given"}
)
# Countries that are no family names, and what ends the name of a place or of a firm.
_COUNTRIES = frozenset(
    {"america", "australia", "austria", "britain", "canada", "china", "denmark", "egypt", "europe", "germany", "greece"}
    | {"india", "italy", "japan", "mexico", "norway", "poland", "portugal", "russia", "scotland", "spain", "sweden"}
)
_BODIES = frozenset({"brewery", "brewing", "city", "company", "county"})
_AND = re.compile(r",?\s+(?:and|&(?:amp;)?)\s+|;\s+|,\s+(?=[A-Z][\w'-]+\s[A-Z])")
_INVERTED = re.compile(
    r"\s*([A-ZÀ-ÖØ-Þ][\w'-]{1,24}),\s{1,2}"
    r"((?:[A-Z]\.[\s-]?){1,4}(?:[A-Z][\w'-]{1,20})?(?<!\s)|[A-Z][\w'-]{1,20}(?:\s[A-Z]\.?)?)(?=,|\s|$)"
    r"[\s,]*(?:(?:and|&(?:amp;)?)\s+)?"
)
_SURNAMES = re.compile(r"([A-ZÀ-ÖØ-Þ][\w'-]{2,24}), ([A-ZÀ-ÖØ-Þ][\w'-]{2,24}),? (?:and|&) ([A-ZÀ-ÖØ-Þ][\w'-]{2,24}),?")
_CAPITALS = re.compile(r"[A-Z]{2,}")
_INITIALS_TOGETHER = re.compile(r"(?<=[A-Z]\.)(?=[A-Z])")

# Several names in a row, as before a title or behind “by”.
NAMES = rf"(?:{NAME})(?:(?:,\s(?:{NAME})){{0,4}},?\s(?:and|&(?:amp;)?)\s(?:{NAME}))?(?:,?\set\sal\.?)?"


def person(words: str) -> dict[str, str]:
    """One name: `Marta Ellwood`, `M. Ellwood`, `Ellwood`; `{}` where the words name nobody."""
    words = " ".join(words.replace("&amp;", "&").split()).strip(" ,;:")
    if "'s " in words:
        return {}  # whose that is, is another
    parts = _without_introduction(words.split(" ")) if words else []
    if not parts or not any(part[0].isupper() for part in parts):
        return {}
    if parts[-1].lower() in (_BODIES if len(parts) > 1 else _COUNTRIES):
        return {}
    if parts[0].lower() in ("the",) or (len(parts) == 1 and len(parts[0]) > 1 and parts[0].isupper()):
        return {"literal": " ".join(parts)}
    while len(parts) > 1 and _CAPITALS.fullmatch(parts[-1]) and not parts[0].isupper():
        parts.pop()  # “Marta Ellwood ISBN …”
    suffix = parts.pop() if len(parts) > 2 and parts[-1].lower().rstrip(".") in _SUFFIXES else ""
    first = len(parts) - 1
    while first > 0 and parts[first - 1].lower() in _PARTICLES:
        first -= 1
    family, given = " ".join(parts[first:]), _INITIALS_TOGETHER.sub(" ", " ".join(parts[:first]))
    return {"family": family, **({"given": given} if given else {}), **({"suffix": suffix} if suffix else {})}


def people(words: str) -> list[dict[str, str]]:
    """Several names: `Marta Ellwood and Ivo Brandt`, `Ellwood, M., & Brandt, I.`; whom “et al.” means is not said."""
    words = re.sub(r",?\s*\bet\sal\b.*$", "", words, flags=re.DOTALL)
    if (surnames := _SURNAMES.fullmatch(words)) is not None:
        return [{"family": name} for name in surnames.groups()]
    names, here = [], 0
    while turned := _INVERTED.match(words, here):
        names.append({"family": turned[1], "given": turned[2].strip()})
        here = turned.end()
    return names + [name for part in _AND.split(words[here:]) if (name := person(part))]


def _without_introduction(parts: list[str]) -> list[str]:
    """A name without what stands before it: the word that begins a sentence, a title."""
    while parts and (
        (word := parts[0].lower().rstrip(".,:")) in _TITLES
        or word in _INTRODUCING
        or (word in ENGLISH.lists["ordinary"] and word != "the")
    ):
        parts = parts[1:]
    return parts
