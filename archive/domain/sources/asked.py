"""A work as somebody names it in a search: by one of its names, or by words."""

from archive.domain.assessment.kinds import NUMBERS
from archive.domain.sources.addresses import read_address
from archive.domain.sources.naming import fit_name, is_scheme
from archive.domain.sources.numbers import number_of
from archive.domain.sources.reference import SourceKind


def names_asked(words: str) -> tuple[str, ...]:
    """The names that somebody may mean who types a DOI, an ISBN or an address in any spelling; none for mere words."""
    scheme, _, value = words.partition(":")
    scheme = scheme.lower()
    if scheme in ("http", "https") or words.lower().startswith("www."):
        return _of_address(words)
    if scheme == "url" and value:
        return (*_of_address(value), fit_name(words))
    if is_scheme(scheme) and value:
        found = number_of(SourceKind(scheme), value) if scheme in NUMBERS else None
        return (*(found.keys if found else ()), fit_name(f"{scheme}:{value}"))
    if words.startswith("10.") and "/" in words:
        found = number_of(SourceKind.DOI, words)
        return found.keys if found else ()
    return ()


def _of_address(words: str) -> tuple[str, ...]:
    address = read_address(words)
    if address is None:
        return ()
    return (*(address.numbered.keys if address.numbered else ()), fit_name(f"url:{address.value}"))
