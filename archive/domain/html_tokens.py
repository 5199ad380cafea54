"""HTML cut into tags, words and references to characters, each with its place in the text.

As a browser cuts it (HTML Living Standard, 13.2.5, "Tokenization"), as far as words go: in a tag that is never closed
the text ends, and so it does in a comment. One pass, whatever comes.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from html import unescape
from typing import NamedTuple

_SPECIAL = re.compile(r"<(?=[a-zA-Z/!?])|&(?=[#a-zA-Z])")
_ATTRIBUTE = (
    r"(?P<name>[^\s/>][^\s/>=]*+)"
    r"(?:\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s>\"'][^\s>]*+)|(?=>))|(?!\s*+=))"
)
_WHOLE_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)(?:[\s/]++|" + re.sub(r"\?P<\w+>", "?:", _ATTRIBUTE) + r")*+>")
_ATTRIBUTES = re.compile(r"[\s/]*+" + _ATTRIBUTE)
_COMMENT_END = re.compile(r"--!?>")
_EMPTY_COMMENT = re.compile(r"<!---?>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_UNSEEN = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in ("script", "style")}


class TokenKind(Enum):
    """What a stretch of HTML is."""

    WORDS = auto()
    REFERENCE = auto()
    OPENING = auto()
    CLOSING = auto()


class Token(NamedTuple):
    """A stretch of HTML. What is neither (comments, scripts) comes as no token."""

    kind: TokenKind
    start: int  # characters from the start of the text
    end: int  # characters, exclusive
    value: str  # of a tag its name in small letters; of words and references what is seen


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens in order."""
    here = at = 0  # where words begin, and where to look on
    while special := _SPECIAL.search(text, at):
        found, end = _special(text, special.start())
        if end == special.start():  # neither a tag nor a reference
            at = end + 1
            continue
        if here < special.start():
            yield Token(TokenKind.WORDS, here, special.start(), text[here : special.start()])
        if found:
            yield found
            if found.kind is TokenKind.OPENING and found.value in _UNSEEN:
                unseen = _UNSEEN[found.value].search(text, end)
                end = unseen.start() if unseen else len(text)
        here = at = end
    if here < len(text):
        yield Token(TokenKind.WORDS, here, len(text), text[here:])


def attribute(text: str, tag: Token, name: str) -> str | None:
    """The value of a tag's attribute, its references read; None where it has none."""
    for match in _ATTRIBUTES.finditer(text, tag.start + 1 + len(tag.value), tag.end - 1):
        if match["name"].lower() == name:
            value = match["double"] or match["single"] or match["bare"]
            return unescape(value) if value else None
    return None


def _special(text: str, start: int) -> tuple[Token | None, int]:
    """What begins with the sign at `start`, and where it ends; there itself, where the sign is one like others."""
    if text[start] == "&":
        return _reference(text, start)
    follows = text[start + 1 : start + 3].lstrip("/")[:1]
    if follows.isascii() and follows.isalpha():
        return _tag(text, start)
    if text.startswith("<!--", start):
        comment = _EMPTY_COMMENT.match(text, start) or _COMMENT_END.search(text, start + 4)
        return None, comment.end() if comment else len(text)
    if start + 2 >= len(text) and text[start + 1] == "/":
        return None, start
    end = text.find(">", start)
    return None, end + 1 if end >= 0 else len(text)


def _reference(text: str, start: int) -> tuple[Token | None, int]:
    reference = _REFERENCE.match(text, start)
    seen = unescape(reference[0]) if reference else ""
    if reference is None or seen == reference[0]:
        return None, start
    return Token(TokenKind.REFERENCE, start, reference.end(), seen or "\ufffd"), reference.end()


def _tag(text: str, start: int) -> tuple[Token | None, int]:
    tag = _WHOLE_TAG.match(text, start)
    if tag is None:
        return None, len(text)
    kind = TokenKind.CLOSING if tag[1] else TokenKind.OPENING
    return Token(kind, start, tag.end(), tag[2].lower()), tag.end()
