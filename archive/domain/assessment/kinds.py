"""The kinds of signal: what a page calls each, and which level each speaks for."""

from dataclasses import dataclass
from typing import NamedTuple

from archive.domain.source_quality import Level


@dataclass(frozen=True, slots=True)
class Kind:
    """What a person is told about a kind of signal."""

    name: str  # the heading of a note
    favours: tuple[Level, ...]  # the levels in whose favour it speaks; none where it only warns


_SOURCED = (Level.CITED, Level.PINPOINT)

NUMBERS = ("doi", "isbn", "issn", "arxiv", "jstor", "pmid", "oclc")  # by which catalogues know a work
RETRIEVABLE = (*NUMBERS, "archival", "canonical")  # lead to the work without its title
REFERENCES = (*RETRIEVABLE, "reference", "url")
PLACES = ("locator", "archival", "canonical")  # in a work

KINDS: dict[str, Kind] = {
    "url": Kind("Link", _SOURCED),
    "doi": Kind("DOI", _SOURCED),
    "isbn": Kind("ISBN", _SOURCED),
    "issn": Kind("ISSN", _SOURCED),
    "arxiv": Kind("arXiv number", _SOURCED),
    "jstor": Kind("JSTOR number", _SOURCED),
    "pmid": Kind("PubMed number", _SOURCED),
    "oclc": Kind("WorldCat number", _SOURCED),
    "archival": Kind("Archival call number", (Level.PINPOINT,)),
    "canonical": Kind("Passage of a text", (Level.PINPOINT,)),
    "reference": Kind("Reference", _SOURCED),
    "locator": Kind("Place in the source", (Level.PINPOINT,)),
    "candidate": Kind("Work named, not cited", (Level.RECOLLECTED, Level.ATTRIBUTED)),
    "attribution": Kind("Named, not cited", (Level.ATTRIBUTED,)),
    "vague": Kind("By whom?", (Level.UNSOURCED,)),
    "chatbot": Kind("From a chatbot", (Level.ATTRIBUTED,)),
    "recollection": Kind("Said to be from memory", (Level.RECOLLECTED,)),
    "withheld": Kind("Said not to be citable", (Level.RECOLLECTED,)),
    "secondhand": Kind("Passed on from someone", (Level.RECOLLECTED,)),
    "not_consulted": Kind("Said not to have been read", ()),
    "promise": Kind("Sources promised", ()),
    "request": Kind("Asks for a source", (Level.NOT_ANSWER,)),
    "testimony": Kind("Own experience", (Level.TESTIMONY,)),
    "witness": Kind("Told by a witness", (Level.TESTIMONY,)),
    "conjecture": Kind("Own guess", (Level.CONJECTURE,)),
    "credential": Kind("Credentials, no source", ()),
    "question": Kind("Question", (Level.NOT_ANSWER,)),
    "thanks": Kind("Thanks or greeting", (Level.NOT_ANSWER,)),
    "laughter": Kind("Joke or reaction", (Level.NOT_ANSWER,)),
    "reaction": Kind("Talk to another writer", (Level.NOT_ANSWER,)),
    "advice": Kind("Advice", (Level.NOT_ANSWER,)),
    "removed": Kind("Removed, or a notice", (Level.NOT_ANSWER,)),
    "block_quote": Kind("Someone else’s words", ()),
    "quotation": Kind("Quotation without source", (Level.UNSOURCED,)),
}


class Hit(NamedTuple):
    """Something seen in the text, with what the decision needs to know of it."""

    start: int  # characters from the start of the text
    end: int  # characters, exclusive
    kind: str  # a key of KINDS
    why: str
    strength: int  # 2 settles the matter alone, 1 only adds up
    sentence: int
