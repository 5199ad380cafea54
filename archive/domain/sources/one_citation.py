"""What makes a title and a link or a number one citation: where a work appeared, and a title right before a link."""

import re
from typing import NamedTuple

from archive.domain.assessment.names import FULL_NAME
from archive.domain.assessment.titles import is_title
from archive.domain.sources.beside import tidy_title
from archive.domain.sources.people import people
from archive.domain.sources.reference import Csl

_LONGEST = 160  # characters between a title and its number
_BEFORE = 200  # characters before a link in which its title stands
_LONGEST_NAME = 60
_MOST_COMMAS = 8
_CONTAINER = (
    r"(?P<container>[*_]{0,2}[A-Z][\w'&-]{1,20}"
    r"(?:\s(?:(?:of|the|and|for|in|de|la)\s){0,2}[A-Z][\w'&-]{0,20}){0,6}[*_]{0,2})"
)
_PIECE = (
    r"[ ,:(]{1,3}(?:(?:[Vv]ol|[Nn]o|[Nn]r|pp?)\.\s?|(?:[Vv]olume|[Ii]ssue|number|pages?)\s)?"
    r"\d{1,5}(?:[-–—]{1,2}\d{1,5})?(?:\(\d{1,4}\))?\)?"
)
_APPEARED = re.compile(
    rf"[,.]?[*_\"”’]{{0,3}}[, ]{{0,2}}(?:[Ii]n\s)?{_CONTAINER}?(?P<numbers>(?:{_PIECE}){{0,8}})"
    r"[.,:]?\s?(?:\(?(?:doi|DOI|PMC?ID|JSTOR|(?:[Aa]vailable\s)?(?:online\s)?at)\b[ :]{0,3})?[(<]?"
)
_LEADS_TO = re.compile(r",?\s(?:(?:(?:available\s|online\s){0,2}(?:at|from)):?\s)?[(<]?$")
_NAME_BEFORE = re.compile(rf"(?<![\w.&-])(?P<names>{FULL_NAME})$")
_ANOTHER = re.compile(r"(?:\band|&|,)\s$")
_FEWEST = 3  # words of a title that begins with an article
# “Marta Ellwood, The Director of Salt Studies” and “Marta Ellwood, The Lyon Times” say who she is and where she wrote.
_OFFICES = frozenset(
    {"author", "chair", "chairman", "director", "editor", "founder", "head", "king", "minister", "owner"}
    | {"president", "queen", "secretary"}
)
_NEWSPAPERS = re.compile(
    r"\b(?:Atlantic|Chronicle|Economist|Gazette|Globe|Guardian|Herald|Independent|Journal|Mail|News|Observer|Post|Review"
    r"|Standard|Star|Sun|Telegraph|Times|Tribune)$"
)


class TitleBefore(NamedTuple):
    """A title and its author right before a link."""

    csl: Csl
    start: int  # of the author


def is_where_it_appeared(between: str, *, in_journal: bool) -> bool:
    """Whether the words are a journal and its numbers: no end of a sentence, no other title and no other author.

    :param in_journal: whether the journal was already read, so that only its numbers are left.
    """
    if len(between) > _LONGEST or ";" in between or "\n" in between or not any(map(str.isdigit, between)):
        return False
    appeared = _APPEARED.fullmatch(between)
    if appeared is None or not appeared["numbers"]:
        return False
    container = appeared["container"]
    return in_journal == (container is None)


def title_before(own: str, earliest: int, address: int) -> TitleBefore | None:
    """Return what “Marta Ellwood, The Salt Roads, at” says of the link behind it; None where nothing is said so."""
    first = max(earliest, address - _BEFORE, own.rfind("\n", 0, address) + 1)
    before = own[first:address]
    if ", " not in before or (leads := _LEADS_TO.search(before, max(0, len(before) - 30))) is None:
        return None
    before = before[: leads.start()]
    comma = before.find(", ")
    for _ in range(_MOST_COMMAS):
        if comma < 0:
            return None
        if (name := _NAME_BEFORE.search(before, max(0, comma - _LONGEST_NAME), comma)) is not None:
            words = before[comma + 2 :]
            names = people(name["names"])
            if names and _is_plain_title(words) and not _ANOTHER.search(before[: name.start()]):
                return TitleBefore({"title": tidy_title(words), "author": names}, first + name.start())
        comma = before.find(", ", comma + 2)
    return None


def _is_plain_title(words: str) -> bool:
    """Whether words without a mark are a title: with an article at their beginning, and with capitals."""
    return (
        words.startswith(("The ", "A ", "An "))
        and len(words.split()) >= _FEWEST
        and not any(sign in words for sign in '.?!;"“”*_()[]')
        and words.split()[1].lower() not in _OFFICES
        and not _NEWSPAPERS.search(words)
        and is_title(words)
    )
