"""Under which post another may belong: what speaks for it, strongest first, and how that is seen in the words."""

import re
from collections.abc import Iterator
from enum import StrEnum

from archive.domain.records import Markup

MOST_PASSAGES = 3
_LEAST_WORDS, _MOST_WORDS = 4, 12  # of a passage: fewer are said by many
_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>+[ \t>]*(?P<words>[^\n]*)$", re.MULTILINE)
_QUOTED_HTML = re.compile(r"<blockquote\b[^>]*>(?P<words>.{0,20000}?)</blockquote>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,2000}>")
_WORD = re.compile(r"[^\W_]+")
# "@ansel …", or "ansel, …" and "Ansel Kruse: …" on the first line.
_ADDRESSED = re.compile(r"\s*(?:@(?P<at>[\w.-]{2,60})|(?P<name>[^\s,:.@][^,:\n]{1,59})[,:](?=\s))")


class Reason(StrEnum):
    """What speaks for a parent."""

    QUOTED = "quoted"
    SUBJECT = "subject"
    ADDRESSED = "addressed"
    SIBLING = "sibling"
    QUESTION = "question"


# In this order they are shown.
REASONS: dict[Reason, str] = {
    Reason.QUOTED: "The post quotes its words.",
    Reason.SUBJECT: "It bears the same subject.",
    Reason.ADDRESSED: "The post begins by speaking to its author.",
    Reason.SIBLING: "Another post that answers the same missing one was put there, or is that post.",
    Reason.QUESTION: "It is the question of the thread.",
}
# The same of one that a person followed, as the end of a sentence.
FOLLOWED: dict[Reason, str] = {
    Reason.QUOTED: "it quotes the words of that post",
    Reason.SUBJECT: "both bear the same subject",
    Reason.ADDRESSED: "it begins by speaking to the author of that post",
    Reason.SIBLING: "another answer to the same missing post was put there, or is that post",
    Reason.QUESTION: "that is the question of the thread",
}
RANK = {reason: rank for rank, reason in enumerate(REASONS)}


def quoted_passages(text: str, markup: Markup) -> Iterator[tuple[str, ...]]:
    """Yield the words of the first passages that a post quotes, as they stand one after the other."""
    found = 0
    for words in _quoted(text, markup):
        passage = tuple(_WORD.findall(words))[:_MOST_WORDS]
        if len(passage) >= _LEAST_WORDS:
            yield passage
            found += 1
        if found == MOST_PASSAGES:
            return


def _quoted(text: str, markup: Markup) -> Iterator[str]:
    if markup is Markup.HTML:
        return (_TAG.sub(" ", match["words"]) for match in _QUOTED_HTML.finditer(text))
    return (match["words"] for match in _QUOTED_LINE.finditer(text))


def contains(text: str, passage: tuple[str, ...]) -> bool:
    """Whether a text has these words one after the other, and not as a quotation itself."""
    own = _QUOTED_LINE.sub("\n", text)
    return f" {' '.join(passage).casefold()} " in f" {' '.join(_WORD.findall(own)).casefold()} "


def addressed_name(text: str) -> str | None:
    """Whom the first words of a post may speak to, in lower case; None where they speak to nobody."""
    match = _ADDRESSED.match(text[:200])
    if match is None:
        return None
    return " ".join((match["at"] or match["name"]).split()).rstrip(".-").casefold()


def is_called(author: str, name: str) -> bool:
    """Whether an author may be addressed by that name: by the whole of theirs, or the first word of it."""
    own = " ".join(author.split()).casefold()
    return name in (own, own.partition(" ")[0])
