"""One reference in one text: the work, the place in it, and how its writer says that it is known."""

from dataclasses import dataclass
from enum import StrEnum

Csl = dict[str, object]  # an item of CSL-JSON without an id


class Manner(StrEnum):
    """How the writer says that the work is known."""

    CONSULTED = "consulted"
    RECALLED = "recalled"
    VIA = "cited via"  # quoted in another work, which is what was read
    NOT_READ = "not read"


class SourceKind(StrEnum):
    """What identifies a work."""

    URL = "url"
    DOI = "doi"
    ISBN = "isbn"
    ISSN = "issn"
    ARXIV = "arxiv"
    JSTOR = "jstor"
    PMID = "pmid"  # of PubMed, or of PubMed Central
    OCLC = "oclc"
    ARCHIVAL = "archival"
    CANONICAL = "canonical"
    WORK = "work"  # an author, a title, a year: whatever is named of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A place in a text where a work is named."""

    start: int  # characters from the start of the text as received
    end: int  # characters, exclusive
    kind: SourceKind  # of the strongest key
    keys: tuple[str, ...]  # normalised, "<scheme>:<value>", the strongest first; never empty
    csl: Csl  # only what the text says
    locator: str | None  # the place in the work, in the text's own words
    locator_span: tuple[int, int] | None
    manner: Manner
