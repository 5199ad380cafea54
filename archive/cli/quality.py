"""`footnote assess`, `assess-text`, `evaluate`, `calibrate`: the engine that suggests a level."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import click
import orjson

from archive.cli.evaluation import evaluation_lines
from archive.cli.output import opened, put, say
from archive.domain.assessment import assess as assess_one
from archive.domain.assessment.confidence import confidence_table
from archive.domain.assessment.engine import examine
from archive.domain.assessment.evaluation import evaluate as evaluate_engine
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services.assess import Progress, assess_all
from archive.web.words import duration_words

_CUT_OFF = 130  # exit code, as shells have it for Ctrl-C
_Show = Callable[[Progress, float], None]


class LabelledFileError(ArchiveError):
    """A line of a file of labelled texts cannot be read."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.path, self.line = path, line
        super().__init__(f"{path}, line {line}: {reason}.")


@click.command("assess")
def assess() -> None:
    """Work out suggestions, and the works that are cited, for all published answers ahead of time.

    Whatever stops it, the same command goes on from there. What an earlier version of the engine suggested is kept.
    """
    started = perf_counter()
    with opened() as (session, _, _), _kept_if_cut_off(), _shown() as show:
        for progress in assess_all(session):
            show(progress, perf_counter() - started)
    say("Every published answer has its suggestion, and the works that it cites are in the index.")


@click.command("assess-text")
def assess_text() -> None:
    """Suggest a level for texts: JSON lines {"text": …} on stdin, JSON lines on stdout."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        text = _text_of(Path("stdin"), number, line)["text"]
        suggestion = assess_one(text)
        put(
            {
                "level": suggestion.level,
                "confidence": round(suggestion.confidence, 3),
                "path": suggestion.path,
                "spans": [
                    {
                        "start": signal.start,
                        "end": signal.end,
                        "type": signal.kind,
                        "text": text[signal.start : signal.end],
                        "why": signal.why,
                    }
                    for signal in suggestion.signals
                ],
            }
        )


@click.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def evaluate(*, file: Path) -> None:
    """Hold the engine against labelled texts: JSON lines {"text": …, "level": …}."""
    labelled = list(_labelled(file))
    evaluation = evaluate_engine([level for _, level in labelled], [assess_one(text) for text, _ in labelled])
    click.echo("\n".join(evaluation_lines(evaluation)))


@click.command("calibrate")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def calibrate(*, files: tuple[Path, ...]) -> None:
    """Print the engine's table of confidence, counted anew from labelled texts.

    For those who change cues, points or the decision tree.
    """
    outcomes = []
    for file in files:
        for text, level in _labelled(file):
            if level is not None:
                decision = examine(text).decision
                outcomes.append((decision.leaf, decision.level is level))
    click.echo(confidence_table(outcomes), nl=False)


@contextmanager
def _kept_if_cut_off() -> Iterator[None]:
    """Say what becomes of it at Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        say("Cut off. What was assessed is kept; the same command goes on from there.")
        sys.exit(_CUT_OFF)


@contextmanager
def _shown() -> Iterator[_Show]:
    """A bar on a terminal, and a line a commit elsewhere."""
    if not sys.stderr.isatty():
        yield lambda progress, seconds: say(f"{_in_words(progress, seconds)}.")
        return
    with click.progressbar(length=1000, label="Assessing", show_eta=False, file=sys.stderr) as bar:

        def show(progress: Progress, seconds: float) -> None:
            bar.label = _in_words(progress, seconds)
            bar.update(round(1000 * progress.done / max(progress.all, 1)) - bar.pos)

        yield show


def _in_words(progress: Progress, seconds: float) -> str:
    """How far it is, how fast, and how long it will still take, once that can be said."""
    told = f"{progress.done:,} of {progress.all:,} answers assessed"
    if not progress.now or seconds <= 0:
        return told
    left = (progress.all - progress.done) * seconds / progress.now
    return f"{told}, {progress.now / seconds:,.0f} a second, {duration_words(left)} left"


def _labelled(file: Path) -> Iterator[tuple[str, Level | None]]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                row = _text_of(file, number, line)
                yield row["text"], _level_of(file, number, row.get("level"))


def _text_of(path: Path, number: int, line: bytes) -> dict[str, str]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise LabelledFileError(path, number, f"not JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise LabelledFileError(path, number, "not an object with a “text”")
    return row


def _level_of(path: Path, number: int, name: str | None) -> Level | None:
    try:
        return None if name is None else Level(name)
    except ValueError:
        raise LabelledFileError(path, number, f"“{name}” is not a level") from None
