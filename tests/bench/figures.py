"""A figure, and the line it is printed on."""

from dataclasses import dataclass

LINE = "{:<48} {:>12} {:>12} {:>6}  {}"
HEADINGS = ("what", "ours", "limit", "ratio", "goal")
_DIGITS = {"ms": 2, "s": 1, "×": 2, "%": 2}  # behind the point, by unit


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of ours and, where there is one, of the limit."""

    what: str
    ours: float
    unit: str
    limit: float | None = None
    goal: str = "–"

    def __str__(self) -> str:
        ratio = "–" if self.limit is None else f"{self.ours / self.limit:.2f}"
        return LINE.format(self.what, self._words(self.ours), self._words(self.limit), ratio, self.goal)

    def _words(self, value: float | None) -> str:
        if value is None:
            return "–"
        blank = "" if self.unit in ("/s", "") else " "
        return f"{value:,.{_DIGITS.get(self.unit, 0)}f}{blank}{self.unit}"
