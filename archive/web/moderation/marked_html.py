"""HTML on the bench: as readers see it, and every word still knows where it stands in the text as received.

What a browser would make otherwise of, or what is too long or too deep, is shown without its tags.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from archive.domain.html_tokens import TokenKind, tokens
from archive.domain.records import Markup
from archive.web.moderation.marked_text import Paragraph, Piece, Shown, shown
from archive.web.prose.characters import fit
from archive.web.prose.cuts import Span
from archive.web.prose.places import find_places
from archive.web.safe_html import MAX_SHOWN_LENGTH, MAX_SHOWN_LINES, render, render_in_places

_BREAKS = frozenset({"p", "br", "div", "li", "dt", "dd", "pre", "blockquote", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})


def shown_answer(text: str, markup: Markup, spans: Sequence[Span], telling: Span | None = None) -> Shown:
    """The answer on the bench.

    :param telling: one more span, marked otherwise; its number is the last.
    """
    if markup is not Markup.HTML:
        return shown(text, spans, telling=telling)
    rendered = render_in_places(text, spans, telling)
    if rendered is not None:
        return Shown([], cut=rendered.cut, html=rendered)
    begun = fit(text[:MAX_SHOWN_LENGTH])
    found = without_tags(begun, spans, telling)
    return Shown(found[:MAX_SHOWN_LINES], cut=len(begun) < len(text) or len(found) > MAX_SHOWN_LINES)


def shown_beside(text: str, markup: Markup, *, share: int) -> Shown:
    """What the answer answers.

    :param share: the number of texts that share the room of one.
    """
    if markup is not Markup.HTML:
        return shown(text, share=share)
    begun = text[: MAX_SHOWN_LENGTH // share]
    rendered = render(begun, markup)
    return Shown([], cut=rendered.cut or len(begun) < len(text), html=rendered)


def without_tags(text: str, spans: Sequence[Span], telling: Span | None = None) -> list[Paragraph]:
    """The words of an HTML text as paragraphs of one line, in pieces that know their place."""
    breaks = [token.start for token in tokens(text) if token.kind is not TokenKind.WORDS and token.value in _BREAKS]
    found: list[Paragraph] = []
    for _, places in groupby(find_places(text, spans, telling), key=lambda place: bisect_right(breaks, place.start)):
        line = [
            Piece(
                place.start,
                place.words,
                marked=place.marked,
                ends=tuple(place.ends),
                to=None if place.literal else place.end,
                telling=place.telling,
            )
            for place in places
        ]
        if any(piece.text.strip() for piece in line):
            found.append([line])
    return found
