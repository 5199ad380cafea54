"""`footnote evaluate` and `footnote train`: how well suggestions agree with people, and weights that agree better."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from archive.cli.evaluation import evaluation_lines
from archive.cli.labelled import beside, in_threads, labelled_by_list, labelled_texts
from archive.cli.output import opened, say
from archive.cli.plots import draw
from archive.domain.assessment import assess
from archive.domain.assessment.evaluation import Evaluation
from archive.domain.assessment.evaluation import evaluate as hold_against
from archive.domain.assessment.learning.labelled import Labelled
from archive.services import training
from archive.services.ledger import Actor

if TYPE_CHECKING:
    from archive.domain.assessment.learning import lessons

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_Command = TypeVar("_Command", bound=Callable[..., object])


def _beside(command: _Command) -> _Command:
    labels = click.option("--labels", type=_FILE, help="A list of labels for texts that stand in the files of --texts.")
    texts = click.option(
        "--texts", type=_FILE, multiple=True, help="An exported collection; may be given several times."
    )
    return labels(texts(command))


@click.command("evaluate")
@click.argument("file", type=_FILE)
@click.option("--cross-validate", is_flag=True, help="Weights learned anew from four fifths of the texts, five times.")
@_beside
@click.option("--pictures", type=_FOLDER, help="A folder for plots of confidence and confusion.")
def evaluate(
    *, file: Path, cross_validate: bool, labels: Path | None, texts: tuple[Path, ...], pictures: Path | None
) -> None:
    """Hold the engine against labelled texts: JSON lines {"text": …, "level": …}.

    With --cross-validate the weights are not those that came with the program: each text is suggested a level by
    weights that have seen no text of its group. Texts of --texts that have a label in --labels are learned from, too,
    but never tested on.
    """
    evaluation = _cross_validated(_learned_from(file, labels, texts)).evaluation if cross_validate else _evaluated(file)
    click.echo("\n".join(evaluation_lines(evaluation)))
    if pictures:
        _drawn(evaluation, pictures)


@click.command("train")
@click.option("--from", "file", type=_FILE, help="A file of labelled texts, instead of the archive's own tags.")
@_beside
@click.option("--write", type=_FOLDER, help="A folder for the weights of --from, and their card.")
@click.option("--pictures", type=_FOLDER, help="A folder for plots of confidence and confusion, beside --write.")
@click.option("--undo", is_flag=True, help="Use again what was used before the weights that were learned last.")
def train(
    *,
    file: Path | None,
    labels: Path | None,
    texts: tuple[Path, ...],
    write: Path | None,
    pictures: Path | None,
    undo: bool,
) -> None:
    """Learn from the archive's own tags, and use what was learned where it agrees better with them.

    At least 500 tags are needed. Each is tested by weights that have seen no answer of its thread; if these agree no
    better than the weights in use, nothing is changed. Suggestions that were made before stay as they are. --undo puts
    the weights that were in use before in force again.

    With --from and --write: the weights that come with the program are made anew. For those who change cues or rules.
    """
    others = file or write or labels or texts or pictures
    if undo and others:
        raise click.UsageError("--undo stands alone.")
    if undo:
        _take_back()
    elif file and write:
        _train_from_file(
            _learned_from(file, labels, texts), [file, *([labels] if labels else []), *texts], write, pictures
        )
    elif others:
        raise click.UsageError("--from and --write belong together; --labels and --texts belong to them.")
    else:
        _train_from_tags()


def _drawn(evaluation: Evaluation, folder: Path) -> None:
    for name in draw(evaluation, folder):
        say(f"Drawn: {folder / name}")


def _evaluated(file: Path) -> Evaluation:
    rows = list(labelled_texts(file))
    labels = [row.level if row.is_tested else None for row in rows]
    return hold_against(labels, [assess(row.text) for row in rows], [row.evidence for row in rows])


def _learned_from(file: Path, labels: Path | None, texts: tuple[Path, ...]) -> list[Labelled]:
    tested = list(labelled_texts(file))
    if labels is None:
        return tested
    others = labelled_by_list(labels, [file, *texts])
    say(f"{len(others):,} more texts have a label in {labels.name}.")
    return [*in_threads(tested, texts), *beside(tested, others)]


def _cross_validated(labelled: Sequence[Labelled]) -> "lessons.Trial":
    with _testing() as show:
        tested: lessons.Trial = training.lessons().cross_validated(labelled, say=show)
    return tested


@contextmanager
def _testing() -> Iterator[Callable[[int, int], None]]:
    """A bar for a test in parts."""
    with click.progressbar(length=100, label="Testing", file=sys.stderr) as bar:
        yield lambda done, whole: bar.update(100 * done // whole - bar.pos)


def _train_from_tags() -> None:
    with opened() as (session, _, _), _testing() as show:
        trained = training.train(session, by=Actor.of(None), say=show)
    say(
        f"Learned from {trained.tags:,} tags, and tested on {trained.held_against:,} by weights that had not seen them."
    )
    say(f"Learned:  {_in_words(trained.learned)}")
    say(f"In use:   {_in_words(trained.in_use)}, by {trained.was}")
    if trained.engine is None:
        say("What was learned is not better by both figures. Nothing was changed.")
    else:
        say(f"In use from now on: {trained.engine}. “footnote train --undo” takes that back.")
        say("New suggestions are worked out as they are needed; “footnote assess” does all of them now.")


def _take_back() -> None:
    with opened() as (session, _, _):
        engine = training.undo(session, by=Actor.of(None))
    say(f"In use again: {engine}. What was suggested meanwhile is kept.")


def _in_words(figures: training.Figures) -> str:
    return f"{figures.exact:.1%} exact, alpha {figures.alpha:.3f}"


def _train_from_file(labelled: Sequence[Labelled], files: Sequence[Path], folder: Path, pictures: Path | None) -> None:
    tested = _cross_validated(labelled)
    lines = list(evaluation_lines(tested.evaluation))
    model = training.lessons().learned(tested, language="en")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "en.tsv").write_text(model.to_text(), "utf-8")
    (folder / "en.card.txt").write_text("\n".join(_card(files, tested, lines)) + "\n", "utf-8")
    say(f"Written: {folder / 'en.tsv'}, and its card.")
    if pictures:
        _drawn(tested.evaluation, pictures)


def _card(files: Sequence[Path], tested: "lessons.Trial", lines: Sequence[str]) -> Iterator[str]:
    yield "What the weights of en.tsv were learned from, and how they did on texts that they had not seen."
    yield "Made by “footnote train --from … --write …”; do not edit."
    yield ""
    yield from (f"{sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files)
    yield ""
    yield f"texts learned from   {int((tested.corpus.weights > 0).sum())}"
    yield f"temperature          {tested.temperature}"
    yield ""
    yield "Five-fold cross-validation, no group on both sides:"
    yield from lines
