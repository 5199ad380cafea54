"""Marks in Markdown, where a sign in the wrong place would change what the text means.

So each stretch is tried, first as it is, then without the punctuation at its ends, then reaching
out to the brackets or blanks around it, until the rendering without the signs is the one that
the text has without them. A stretch for which none will do is left unmarked; its note still
quotes the words. Each try is a rendering, so a text that is long or full of signs is given few.
"""

from collections.abc import Callable, Iterator, Sequence

from archive.web.prose.characters import without_marks
from archive.web.prose.marks import Stretch, insert, numbers_in
from archive.web.prose.weight import cost

MAX_TRIES = 60  # renderings spent on one text
MAX_COST = 400_000  # of all of them: a tenth of a second
Render = Callable[[str], str | None]


def mark_words(text: str, html: str, wanted: Sequence[Stretch], *, render: Render) -> str:
    """The HTML of the text with signs for as many of the stretches as can have them.

    :param html: what the text renders to without marks.
    """
    tries = min(MAX_TRIES, MAX_COST // max(cost(text), 1)) - 1
    if not wanted or tries < 0:
        return html
    everything = _try(text, html, wanted, render)
    if everything is not None:
        return everything
    accepted: list[Stretch] = []
    best = html
    for stretch in wanted:
        for variant in _variants(text, stretch):
            if not tries:
                return best
            tries -= 1
            marked = _try(text, html, [*accepted, variant], render)
            if marked is not None:
                accepted.append(variant)
                best = marked
                break
    return best


def _try(text: str, html: str, wanted: Sequence[Stretch], render: Render) -> str | None:
    """The marked HTML, if the marks change nothing else and all of them stand in running text."""
    marked = render(insert(text, wanted))
    if marked is None or without_marks(marked) != html:
        return None
    return marked if numbers_in(marked) >= {stretch.number for stretch in wanted} else None


def _variants(text: str, stretch: Stretch) -> Iterator[Stretch]:
    starts, ends = _starts(text, stretch), _ends(text, stretch)
    pairs = sorted(
        ((first, second) for first in range(len(starts)) for second in range(len(ends))),
        key=lambda pair: (sum(pair), pair),
    )
    for first, second in pairs:
        if starts[first] < ends[second]:
            yield Stretch(stretch.number, starts[first], ends[second])


def _starts(text: str, stretch: Stretch) -> list[int]:
    line = text.rfind("\n", 0, stretch.start) + 1
    inward = stretch.start
    while inward < stretch.end - 1 and not text[inward].isalnum():
        inward += 1
    outward = [text.rfind(sign, line, stretch.start + 1) for sign in "[<"]
    blank = max(text.rfind(sign, line, stretch.start) for sign in " \t") + 1
    return _different([stretch.start, inward, *(place for place in outward if place >= 0), max(blank, line)])


def _ends(text: str, stretch: Stretch) -> list[int]:
    line = text.find("\n", stretch.end)
    line = len(text) if line < 0 else line
    inward = stretch.end
    while inward > stretch.start + 1 and not text[inward - 1].isalnum():
        inward -= 1
    outward = [text.find(sign, stretch.end - 1, line) + 1 for sign in ")>"]
    blanks = [place for sign in " \t" if (place := text.find(sign, stretch.end, line)) >= 0]
    return _different([stretch.end, inward, *(place for place in outward if place > 0), min([*blanks, line])])


def _different(places: list[int]) -> list[int]:
    return list(dict.fromkeys(places))
