"""The table of first against second votes, and all figures as comma-separated values."""

from collections.abc import Iterator, Sequence

from archive.domain.agreement.confusion import Confusion
from archive.domain.agreement.figures import Figures
from archive.domain.source_quality import Level
from archive.services.agreement import AgreementPage
from archive.web.agreement.words import month_words
from archive.web.csv_table import as_csv

_HEAT = (0.04, 0.10, 0.15)  # shares of the row that the next darker shade begins with
_HEAD = ("table", "row", "answers", "same", "alpha", "low", "high")


def heat(table: Confusion[Level], first: Level, second: Level) -> int:
    """The shade of a cell: 5 on the diagonal, 0 for an empty one, and the darker the larger its share of the row."""
    count = table.count(first, second)
    if first is second:
        return 5
    if not count:
        return 0
    share = count / sum(table.count(first, level) for level in Level)
    return 1 + sum(share >= bound for bound in _HEAT)


def figures_csv(page: AgreementPage) -> str:
    """All figures of a page; only their head where the answers are too few.

    A field that a program would take for a formula has an apostrophe before it.
    """
    return as_csv(_HEAD, _rows(page))


def _rows(page: AgreementPage) -> Iterator[Sequence[str]]:
    if page.found is None:
        return
    for measure, figures in page.found.measures:
        yield _row("measure", measure.name, figures)
    for level, figures in page.found.levels:
        yield _row("level", level, figures)
    for one, other, figures in page.found.pairs:
        yield _row("pair", f"{page.names[one]} and {page.names[other]}", figures)
    for month, figures in page.found.months:
        yield _row("month", month_words(month), figures)
    for version, figures in page.found.versions:
        yield _row("codebook", f"version {version}", figures)
    for first in Level:
        for second in Level:
            yield (
                "first and second vote",
                f"{first} and {second}",
                str(page.found.table.count(first, second)),
                *[""] * 4,
            )


def _row(table: str, name: str, figures: Figures) -> Sequence[str]:
    if not figures.enough:
        return (table, name, str(figures.answers), *[""] * 4)
    low, high = figures.interval or (None, None)
    numbers = ["" if number is None else f"{number:.6f}" for number in (figures.alpha, low, high)]
    return (table, name, str(figures.answers), str(figures.same), *numbers)
