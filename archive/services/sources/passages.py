"""The words around a place in a text, as a page quotes them: on its line, cut at words, without tags."""

from typing import NamedTuple

from archive.domain.records import Markup
from archive.domain.visible_words import visible_words

_AROUND = 140  # characters before and behind


class Quoted(NamedTuple):
    """A stretch of a text, and what stands beside it."""

    before: str
    words: str
    behind: str


def quote(text: str, start: int, end: int, markup: Markup) -> Quoted:
    """The stretch, and what stands beside it on its line."""
    before, behind = text[max(0, start - 2 * _AROUND) : start], text[end : end + 2 * _AROUND]
    if markup is Markup.HTML:
        before, behind = _without_half_tags(before), _without_half_tags(behind)
    before, behind = _seen(before, markup).rpartition("\n")[2], _seen(behind, markup).partition("\n")[0]
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:].partition(" ")[2]
    if len(behind) > _AROUND:
        behind = behind[:_AROUND].rpartition(" ")[0] + " …"
    return Quoted(before, _seen(text[start:end], markup).strip() or text[start:end], behind)


def _seen(piece: str, markup: Markup) -> str:
    return visible_words(piece, markup) or ("" if markup is Markup.HTML and "<" in piece else piece)


def _without_half_tags(piece: str) -> str:
    """What is left when a tag that begins before the piece, or ends behind it, is taken off."""
    opened, closed = piece.find("<"), piece.find(">")
    if closed >= 0 and not 0 <= opened < closed:
        piece = piece[closed + 1 :]
    return piece[: piece.rfind("<")] if piece.rfind("<") > piece.rfind(">") else piece
