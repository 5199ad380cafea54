"""Takedown: why something is taken down, who has to agree, and what of it is kept so that it stays down.

Words are known by keyed hashes of runs of words: they are found again in a later capture, and the list of them does
not say what they are.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple
from unicodedata import normalize

from archive.domain.flooding import Limit, Sent
from archive.errors import ArchiveError

MAX_WORDS, MAX_NAME, MAX_CONTACT, MAX_REPLY = 2_000, 80, 200, 2_000  # characters
MAX_PASSAGES, MAX_PASSAGE = 20, 500  # stretches of words that one takedown removes, and characters of one
_WORD = re.compile(r"(?P<word>[^\W_]+)")
_WORD_OR_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>|(?P<word>[^\W_]+)")
TELLING = 40  # characters: a shorter text may well be another person's too

# Against flooding.
REQUESTS = Limit(
    sent=Sent.TAKEDOWN,
    many="requests",
    most=5,
    within=timedelta(hours=1),
    within_words="an hour",
    waiting_for_one=5,
    waiting=1_000,
)


class ReasonClass(StrEnum):
    """Why something is taken down: the one thing that is said of it in public."""

    PERSONAL = "personal data"
    COPYRIGHT = "copyright"
    LAW = "court order or law"
    AUTHOR = "the author asks"
    HARM = "harm to somebody"
    OTHER = "another reason"


HIDES_AUTHOR = frozenset({ReasonClass.PERSONAL, ReasonClass.AUTHOR})  # of a whole post, its author's name goes too


class Scope(StrEnum):
    """What is taken down."""

    WHOLE = "whole"  # a tombstone stands in its place, and replies hang under it
    WORDS = "words"


class TakedownState(StrEnum):
    """What has become of a request."""

    REQUESTED = "requested"
    PROPOSED = "proposed"  # a moderator said what to remove; another has to agree
    IN_FORCE = "in force"
    DECLINED = "declined"
    LIFTED = "lifted"


OPEN = frozenset({TakedownState.REQUESTED, TakedownState.PROPOSED})


class TakedownNotAllowedError(ArchiveError):
    """This cannot be asked for, proposed or decided."""


class NotSaidError(TakedownNotAllowedError):
    """What has to be said with a decision is missing, or cannot be."""


class Print(NamedTuple):
    """A run of words, by its hash."""

    words: int  # how many
    sha256: str


class Edit(NamedTuple):
    """A stretch of a text that is removed."""

    start: int  # characters
    end: int  # characters, exclusive


def mark(reason: ReasonClass) -> str:
    """What stands where words were removed."""
    return f"[… removed: {reason}]"


def title_mark(reason: ReasonClass) -> str:
    """What a thread is called whose question was taken down."""
    return f"[Title removed: {reason}]"


def clean_passages(typed: str) -> list[str]:
    """The stretches of words that a moderator typed, one a line.

    :raises NotSaidError: if there are none, too many, or one that holds no word or is too long.
    """
    passages = [*dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip())]
    if not passages:
        raise NotSaidError("Type the words that are to go, exactly as they stand in the post, or take all.")
    if len(passages) > MAX_PASSAGES:
        raise NotSaidError(f"One takedown removes at most {MAX_PASSAGES} stretches. Take the whole post.")
    for passage in passages:
        if len(passage) > MAX_PASSAGE:
            raise NotSaidError(f"A stretch has at most {MAX_PASSAGE} characters. Take the whole post.")
        if not any(_words(passage)):
            raise NotSaidError(f"“{passage[:40]}” holds no word or number, so it cannot be found again.")
    return passages


def print_of(passage: str, *, key: str) -> Print:
    """The hash by which a stretch of words is found again."""
    words = [word for word, _ in _words(passage)]
    return Print(len(words), _hash(words, key))


def find_passages(text: str, prints: Sequence[Print], *, key: str) -> list[Edit]:
    """Where the words stand in a text, in order and without overlaps; also across and within tags."""
    found: list[Edit] = []
    for words in ([*_words(text)], [*_words_outside_tags(text)]):
        for size in {print_.words for print_ in prints}:
            wanted = {print_.sha256 for print_ in prints if print_.words == size}
            for first in range(len(words) - size + 1):
                run = words[first : first + size]
                if _hash([word for word, _ in run], key) in wanted:
                    found.append(Edit(run[0][1].start, run[-1][1].end))
    return _merged(found)


def removed(text: str, edits: Sequence[Edit], instead: str) -> str:
    """The text with the mark in the place of each stretch."""
    pieces, last = [], 0
    for edit in edits:
        pieces += [text[last : edit.start], instead]
        last = edit.end
    return "".join([*pieces, text[last:]])


def moved(place: Edit, edits: Sequence[Edit], instead: str) -> Edit | None:
    """Where a stretch stands after stretches were removed; None where any of it was."""
    shift = 0
    for edit in edits:
        if edit.start < place.end and place.start < edit.end:
            return None
        if edit.end <= place.start:
            shift += len(instead) - (edit.end - edit.start)
    return Edit(place.start + shift, place.end + shift)


def moved_back(place: Edit, edits: Sequence[Edit], instead: int) -> Edit:
    """Where a stretch stood before stretches were removed; one that holds of a mark held all for which that stands.

    :param instead: characters of the mark.
    """
    start, end, shift = place.start, place.end, 0
    for edit in edits:
        first = edit.start + shift
        last = first + instead
        shift += instead - (edit.end - edit.start)
        if last <= place.start:
            start = place.start - shift
        elif first <= place.start:
            start = edit.start
        if last <= place.end:
            end = place.end - shift
        elif first < place.end:
            end = edit.end
    return Edit(start, end)


def without(value: object, prints: Sequence[Print], *, key: str, instead: str) -> object:
    """A value of JSON without the words, wherever in it they stand."""
    match value:
        case str():
            return removed(value, find_passages(value, prints, key=key), instead)
        case Mapping():
            return {name: without(held, prints, key=key, instead=instead) for name, held in value.items()}
        case list():
            return [without(held, prints, key=key, instead=instead) for held in value]
    return value


def _merged(edits: Sequence[Edit]) -> list[Edit]:
    merged: list[Edit] = []
    for edit in sorted(edits):
        if merged and edit.start < merged[-1].end:
            merged[-1] = Edit(merged[-1].start, max(merged[-1].end, edit.end))
        else:
            merged.append(edit)
    return merged


def _hash(words: Sequence[str], key: str) -> str:
    return hashlib.sha256(f"{key} {' '.join(words)}".encode("utf-8", "surrogatepass")).hexdigest()


def _words(text: str) -> Iterator[tuple[str, Edit]]:
    """Yield words and numbers, however they are written, with their places; what lies between them does not count."""
    return _tokens(_WORD, text)


def _words_outside_tags(text: str) -> Iterator[tuple[str, Edit]]:
    return _tokens(_WORD_OR_TAG, text)


def _tokens(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, Edit]]:
    for found in pattern.finditer(text):
        if found.lastgroup == "word":
            yield normalize("NFKC", found["word"]).casefold(), Edit(*found.span())
