"""Names of works: what kind of work each is of, which one is the strongest, and which cannot be of one work."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from archive.domain.sources.reference import SourceKind
from archive.domain.sources.works import RECORDS, family_of, fold, fold_title

MAX_NAME = 500  # characters, as stored
_FORWARDERS = frozenset({"doi.org", "dx.doi.org"})
_DIGEST = 16  # bytes

# By how surely a name of a scheme finds the work, the surest first.
_KINDS: dict[str, SourceKind] = {
    "doi": SourceKind.DOI,
    "isbn": SourceKind.ISBN,
    "arxiv": SourceKind.ARXIV,
    "jstor": SourceKind.JSTOR,
    "pmid": SourceKind.PMID,
    "pmcid": SourceKind.PMID,
    "oclc": SourceKind.OCLC,
    "archival": SourceKind.ARCHIVAL,
    "canonical": SourceKind.CANONICAL,
    "issn": SourceKind.ISSN,
    "url": SourceKind.URL,
    "work": SourceKind.WORK,
}
_RANKS = {scheme: rank for rank, scheme in enumerate(_KINDS)}
# Schemes in which one work has one name, so that two of them are of two works, or of two editions.
_ONE_NAME_EACH = frozenset(_KINDS) - {"url", "work"}


def scheme_of(name: str) -> str:
    """What stands before the first colon: "doi" of "doi:10.1000/182"."""
    return name.partition(":")[0]


def is_scheme(word: str) -> bool:
    """Whether names begin so."""
    return word in _KINDS


def kind_of(name: str) -> SourceKind:
    """What identifies a work that has this name."""
    return _KINDS[scheme_of(name)]


def by_strength(names: Iterable[str]) -> list[str]:
    """The names, the surest first."""
    return sorted(names, key=lambda name: (_RANKS[scheme_of(name)], name))


def host_of(names: Iterable[str]) -> str | None:
    """Where on the web the work lies; None where no name is an address, but for those that lead elsewhere."""
    for name in names:
        scheme, _, value = name.partition(":")
        host = value.partition("/")[0].partition("?")[0]
        if scheme == "url" and host and host not in _FORWARDERS:
            return host[:255]
    return None


def fit_name(name: str) -> str:
    """A name as it is stored: of a longer one, its beginning and what tells it from others that begin so."""
    if len(name) <= MAX_NAME:
        return name
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).hexdigest()
    return f"{name[: MAX_NAME - len(digest) - 1]}…{digest}"


def contradict(mine: Iterable[str], theirs: Iterable[str]) -> str | None:
    """The scheme in which two works have each a name of their own; None where they may be one."""
    schemes = {scheme_of(name) for name in mine} & {scheme_of(name) for name in theirs} & _ONE_NAME_EACH
    return min(schemes, key=_RANKS.__getitem__, default=None)


def is_title_alone(name: str) -> bool:
    """Whether a name says nothing but a title, which many works may have."""
    return name.startswith("work:|")


def words_of(csl: Mapping[str, object], names: Sequence[str]) -> str:
    """The words by which a work is found, folded, a blank before and behind each."""
    said = [str(csl.get(field) or "") for field in ("title", "container-title", "publisher", "genre", "archive")]
    for field in ("author", "editor", "translator"):
        people = csl.get(field)
        for person in people if isinstance(people, list) else []:
            said += map(str, person.values()) if isinstance(person, dict) else []
    said += [name.partition(":")[2] for name in names]
    return f" {' '.join(dict.fromkeys(fold(' '.join(said)).split()))} "


def title_key(csl: Mapping[str, object]) -> str | None:
    """By which works of one title are found; None where there is none."""
    title = fold_title(str(csl.get("title") or "")) or fold(str(csl.get("genre") or ""))
    return _key(RECORDS.get(title, title))


def family_key(csl: Mapping[str, object]) -> str | None:
    """By which works of one author are found; None where nobody is named."""
    return _key(family_of(csl))


def _key(words: str) -> str | None:
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if words else None
