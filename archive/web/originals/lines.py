"""The lines of a file around a post, each in pieces that are of the post or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from archive.services.views import OriginalPage
from archive.web.safe_html import MAX_SHOWN_LINES


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file."""

    number: int | None  # in the file, from 1; None where it was not counted
    pieces: Sequence[tuple[str, bool]]  # text, and whether it is of the post
    inside: bool  # whether any of it is of the post
    first: bool  # whether the post begins in it


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of the file."""

    lines: Sequence[Line]
    cut: bool  # whether it is only the beginning of the post's stretch


def lines(page: OriginalPage) -> Shown:
    """What the page shows of the file, line by line."""
    found: list[Line] = []
    begun = False
    every = _lines(page)
    for number, pieces in enumerate(islice(every, MAX_SHOWN_LINES), start=page.first_line or 1):
        inside = any(of_post for _, of_post in pieces)
        found.append(Line(number if page.first_line is not None else None, pieces, inside, inside and not begun))
        begun = begun or inside
    rest = next(every, ())
    return Shown(found, page.cut_within or any(of_post for _, of_post in rest))


def _lines(page: OriginalPage) -> Iterator[list[tuple[str, bool]]]:
    line: list[tuple[str, bool]] = []
    for text, of_post in ((page.before, False), (page.stretch, True), (page.after, False)):
        first, *further = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if first or (of_post and further):
            line.append((first, of_post))
        for piece in further:
            yield line
            line = [(piece, of_post)] if piece or of_post else []
    if line and any(text for text, _ in line):
        yield line
