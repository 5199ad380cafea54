"""`make bench`: figures of this machine beside the limits measured in the same run.

python -m tests.bench [--posts 100000] [--large] [NAME …]
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.bench.figures import HEADINGS, LINE, Figure
from tests.bench.imports import MAILS, PLAIN, REDDIT, REDDIT_LARGE, measure_import, measure_postgresql
from tests.bench.moderating import measure_moderating
from tests.bench.reading import measure_reading
from tests.bench.serving import measure_serving, measure_serving_postgresql


def _plain(folder: Path, posts: int) -> Iterator[Figure]:
    yield from measure_import(PLAIN, folder, posts)
    yield from measure_reading(folder)


CASES: dict[str, tuple[str, Callable[[Path, int], Iterator[Figure]]]] = {
    "plain": ("{:,} posts of plain threads", _plain),
    "reddit": ("{:,} comments of Reddit", partial(measure_import, REDDIT)),
    "mbox": ("{:,} mails", partial(measure_import, MAILS)),
    "postgresql": ("{:,} comments of Reddit, PostgreSQL", measure_postgresql),
    "serving": ("readers over HTTP, {:,} posts", measure_serving),
    "serving-postgresql": ("readers over HTTP, {:,} posts, PostgreSQL", measure_serving_postgresql),
    "bench": ("moderators at the bench, over at most 20,000 of {:,} posts", measure_moderating),
    "serving-large": (
        "readers over HTTP, {:,} posts, times ten",
        lambda folder, posts: measure_serving(folder, posts * 10),
    ),
    "reddit-large": ("{:,} comments of Reddit, times ten", partial(measure_import, REDDIT_LARGE)),
}
_LARGE = frozenset({"reddit-large", "serving-large"})  # measured only when asked for


def main() -> None:
    """Measure, and print a table for each case."""
    parser = argparse.ArgumentParser(description="Figures of this machine beside limits measured in the same run.")
    parser.add_argument("--posts", type=int, default=100_000, help="of each case (%(default)s)")
    parser.add_argument("--large", action="store_true", help=f"also {', '.join(sorted(_LARGE))}: some minutes")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of cases: {', '.join(CASES)}")
    asked = parser.parse_args()
    if unknown := set(asked.names) - CASES.keys():
        parser.error(f"There is no case {', '.join(sorted(unknown))}. There are: {', '.join(CASES)}.")
    print(f"Python {sys.version.split()[0]}")
    for name in asked.names or [name for name in CASES if asked.large or name not in _LARGE]:
        _print_case(name, asked.posts)


def _print_case(name: str, posts: int) -> None:
    title, measure = CASES[name]
    print(f"\n{name}: {title.format(posts)}")
    print(LINE.format(*HEADINGS))
    with tempfile.TemporaryDirectory() as folder:
        for figure in measure(Path(folder), posts):
            print(figure, flush=True)


if __name__ == "__main__":
    main()
