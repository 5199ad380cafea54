"""Names of people, as a text writes them, in the form of CSL-JSON."""

import re

_PARTICLES = frozenset({"de", "di", "da", "du", "van", "von", "der", "den", "la", "le", "del", "al", "bin", "ibn"})
_AND = re.compile(r"\s*(?:,\s*(?:and|&)|\band\b|&|;)\s*")


def person(words: str) -> dict[str, str]:
    """One name: `Marta Ellwood`, `M. Ellwood`, `Ellwood, Marta`, `Ellwood`."""
    words = " ".join(words.split()).strip(" ,")
    if ", " in words:
        family, given = words.split(", ", 1)
        return {"family": family, "given": given}
    parts = words.split(" ")
    first = len(parts) - 1
    while first > 0 and parts[first - 1].lower() in _PARTICLES:
        first -= 1
    family, given = " ".join(parts[first:]), " ".join(parts[:first])
    return {"family": family, "given": given} if given else {"family": family}


def people(words: str) -> list[dict[str, str]]:
    """Several names, joined by “and”."""
    return [person(name) for name in _AND.split(words) if name.strip(" ,")]
