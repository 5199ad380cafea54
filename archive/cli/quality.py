"""`footnote assess`, `assess-text`: the engine that suggests a level."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import click

from archive.cli.labelled import text_of
from archive.cli.output import opened, put, say
from archive.domain.assessment import assess as assess_one
from archive.domain.assessment import explain
from archive.domain.source_quality import Level
from archive.services.assess import Progress, assess_all
from archive.web.words import duration_words

_CUT_OFF = 130  # exit code, as shells have it for Ctrl-C
_Show = Callable[[Progress, float], None]


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
        text = text_of(Path("stdin"), number, line)["text"]
        suggestion = assess_one(text)
        put(
            {
                "level": suggestion.level,
                "confidence": suggestion.confidence,
                "second": suggestion.second,
                "second_confidence": suggestion.second_confidence,
                "path": suggestion.path,
                "reasons": _reasons(text, suggestion.level),
                "changes": suggestion.changes,
                "telling": text[slice(*suggestion.telling)] if suggestion.telling else None,
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


def _reasons(text: str, level: Level | None) -> list[dict[str, object]]:
    return [] if level is None else [{"name": one.name, "weight": one.weight} for one in explain(text, level)]


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
