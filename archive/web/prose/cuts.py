"""Where spans begin and end in a text."""

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

Span = tuple[int, int]  # characters: start, and end, exclusive


class Cuts:
    """Where spans begin and end, sorted once, so that a line looks only at those within it."""

    def __init__(self, spans: Sequence[Span], telling: Span | None = None) -> None:
        """:param telling: one more span, which is looked for apart from the others."""
        self.ends: dict[int, list[int]] = defaultdict(list)  # by place, the numbers of the spans that end there
        opened: dict[int, int] = defaultdict(int)  # by place, how many more spans begin there than end
        for number, (start, end) in enumerate((*spans, *([telling] if telling else [])), start=1):
            if start < end:
                self.ends[end].append(number)
                opened[start] += number <= len(spans)
                opened[end] -= number <= len(spans)
        self._telling = telling or (0, 0)
        self._places = sorted(opened)
        self._depths = [0, *itertools.accumulate(opened[place] for place in self._places)]

    def within(self, start: int, end: int) -> list[int]:
        """The cuts behind `start` and before `end`."""
        return self._places[bisect_right(self._places, start) : bisect_left(self._places, end)]

    def is_marked(self, place: int) -> bool:
        """Whether a span holds the character at a place."""
        return self._depths[bisect_right(self._places, place)] > 0

    def is_telling(self, place: int) -> bool:
        """Whether the span that is apart holds the character at a place."""
        return self._telling[0] <= place < self._telling[1]


def without_blanks(text: str, span: Span) -> Span:
    """The span without blanks at its ends, so that it ends within a line."""
    start, end = max(span[0], 0), min(span[1], len(text))
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
