"""Learning from the archive's own tags: weights that agree better with them than those in use are put in force."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.assessment import ENGINE, Suggestion
from archive.domain.assessment.evaluation import Evaluation, evaluate
from archive.domain.assessment.learning.labelled import Labelled
from archive.errors import ArchiveError
from archive.services.assess import current_engine, suggestion_of
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.decided_texts import DecidedText, decided_texts
from archive.store.trained import TrainedModel, model_in_force, model_named, none_in_force

if TYPE_CHECKING:
    from archive.domain.assessment.learning.lessons import Trial

MIN_TAGS = 500  # to learn from
MIN_THREADS = 10  # that the tags are in, so that a part of them can be left out
MIN_NEWER = 100  # tags that weights in use have not learned from, to be held against them
TRAIN, UNDO = "train", "undo training"  # acts in the ledger
_HASH = 8  # hexadecimal digits of the weights' hash in the name of an engine

Cut = Callable[[int, int], None]  # how many parts are done, and of how many


class NothingToLearnWithError(ArchiveError):
    """SciPy is missing."""

    def __init__(self) -> None:
        super().__init__("Learning needs SciPy. Install it beside this program with: pip install scipy threadpoolctl")


class TooFewTagsError(ArchiveError):
    """There is not enough to learn from."""

    def __init__(self, *, tags: int, least: int) -> None:
        self.tags, self.least = tags, least
        super().__init__(
            f"There is too little to learn from yet: {least:,} tags are needed, and there are {tags:,}. "
            "What counts are tags in force, given by the text alone to the text that readers see now, in a language "
            "that the program has cues for."
        )


class TooFewThreadsError(ArchiveError):
    """The tags are in so few threads that what is learned from some could not be tested on others."""

    def __init__(self, *, threads: int, least: int) -> None:
        self.threads, self.least = threads, least
        super().__init__(f"The tags must be in at least {least:,} threads to learn from them, and are in {threads:,}.")


class TooFewNewerTagsError(ArchiveError):
    """The weights in use know nearly all tags."""

    def __init__(self, *, newer: int, least: int) -> None:
        self.newer, self.least = newer, least
        super().__init__(
            f"The weights in use were learned from nearly all of these tags, so that nothing fair can be said of them: "
            f"{least:,} newer tags are needed, on answers that had none, and there are {newer:,}."
        )


class NothingToUndoError(ArchiveError):
    """No learned weights are in force."""

    def __init__(self) -> None:
        super().__init__("The weights in use are those that came with the program: there is nothing to take back.")


class EngineChangedError(ArchiveError):
    """Somebody else trained meanwhile."""

    def __init__(self) -> None:
        super().__init__("Other weights were put in force meanwhile. Nothing was changed; try again.")


@dataclass(frozen=True, slots=True)
class Figures:
    """How well suggestions agree with tags."""

    exact: float  # share
    alpha: float  # Krippendorff's, nominal

    @classmethod
    def of(cls, evaluation: Evaluation) -> "Figures":
        """The two that decide. Where nothing can be told apart by chance, alpha is 0."""
        return cls(evaluation.exact or 0.0, evaluation.alpha or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What came of it."""

    tags: int  # that were learned from
    held_against: int  # of them, those on which both were compared
    learned: Figures
    in_use: Figures
    was: str  # the engine that was in use
    engine: str | None  # that is in use now; None: nothing was changed

    @property
    def figures(self) -> dict[str, object]:
        """As they are kept."""
        return {
            "learned": asdict(self.learned),
            "in_use": asdict(self.in_use),
            "was": self.was,
            "held_against": self.held_against,
        }


def is_better(learned: Figures, in_use: Figures) -> bool:
    """Whether learned weights take the place of those in use: by both figures, as each alone can be had cheaply."""
    return learned.exact > in_use.exact and learned.alpha > in_use.alpha


def in_ledger(engine: str) -> str:
    """What the ledger calls an engine."""
    return f"engine {engine}"


def lessons() -> ModuleType:
    """What needs SciPy: domain.assessment.learning.lessons.

    :raises NothingToLearnWithError: if it is not there.
    """
    try:
        return import_module("archive.domain.assessment.learning.lessons")
    except ModuleNotFoundError as error:
        raise NothingToLearnWithError from error


def train(session: Session, *, by: Actor, say: Cut) -> Trained:
    """Learn from all tags, and put in force what was learned if it agrees better with them than what is in use.

    Each tag is tested by weights that have seen no answer of its thread. Trained weights that are in use are held only
    against tags that they have not seen either.

    :param say: is told how far the test is.
    :raises TooFewTagsError: if there are fewer than MIN_TAGS.
    :raises TooFewThreadsError: if these are in fewer than MIN_THREADS.
    :raises TooFewNewerTagsError: if trained weights are in use, and fewer than MIN_NEWER tags have come since on posts
        that had none before.
    :raises NothingToLearnWithError: if all that is there, and SciPy is not.
    :raises EngineChangedError: if other weights were put in force meanwhile.
    """
    was, taught = current_engine(session), _taught(session)
    if len(taught) < MIN_TAGS:
        raise TooFewTagsError(tags=len(taught), least=MIN_TAGS)
    if (threads := len({one.labelled.group for one in taught})) < MIN_THREADS:
        raise TooFewThreadsError(threads=threads, least=MIN_THREADS)
    unseen = _unseen(session, was, taught)
    school = lessons()
    tested: Trial = school.cross_validated([one.labelled for one in taught], say=say)
    learned = _figures([taught[n].labelled for n in unseen], [tested.suggestions[n] for n in unseen])
    in_use = _figures([taught[n].labelled for n in unseen], [taught[n].suggestion for n in unseen])
    better = is_better(learned, in_use)
    weights = school.learned(tested, language="en").to_text() if better else ""
    trained = Trained(
        tags=len(taught),
        held_against=len(unseen),
        learned=learned,
        in_use=in_use,
        was=was,
        engine=f"{ENGINE}+{sha256(weights.encode()).hexdigest()[:_HASH]}" if better else None,
    )
    if better:
        _install(session, trained, weights, newest_tag=max(one.tag_id for one in taught), by=by)
    return trained


def undo(session: Session, *, by: Actor) -> str:
    """Put in force what was before the weights in use; its engine.

    :raises NothingToUndoError: if no learned weights are in force.
    """
    with writing(session):
        model = model_in_force(session)
        if model is None:
            raise NothingToUndoError
        before = None if model.before_id is None else session.get_one(TrainedModel, model.before_id)
        none_in_force(session)
        if before is not None:
            before.in_force = True
        session.flush()
        engine = current_engine(session)
        detail: dict[str, object] = {"in_force": before.engine if before else None}
        record(session, by=by, act=UNDO, subject=in_ledger(model.engine), detail=detail)
    return engine


@dataclass(frozen=True, slots=True)
class _Taught:
    """A tag to be learned from, and what was suggested for its text."""

    tag_id: int
    first_tag_id: int  # that its post ever had
    labelled: Labelled
    suggestion: Suggestion


def _taught(session: Session) -> Sequence[_Taught]:
    found = []
    for row in decided_texts(session):
        suggestion = suggestion_of(session, row.text, row.markup)
        if suggestion.level is not None:
            found.append(_Taught(row.tag_id, row.first_tag_id, _labelled(row), suggestion))
    return found


def _labelled(row: DecidedText) -> Labelled:
    return Labelled(
        text=row.text,
        markup=row.markup,
        level=row.level,
        evidence=tuple((words["start"], words["end"]) for words in row.evidence),
        group=str(row.thread_id),
    )


def _unseen(session: Session, engine: str, taught: Sequence[_Taught]) -> Sequence[int]:
    """Those tags, by their place, on posts from which the weights in use have not learned.

    A post that had a tag by then does not count, though it has another now: its text was learned from.
    """
    model = model_named(session, engine)
    if model is None:
        return range(len(taught))
    unseen = [n for n, one in enumerate(taught) if one.first_tag_id > model.newest_tag]
    if len(unseen) < MIN_NEWER:
        raise TooFewNewerTagsError(newer=len(unseen), least=MIN_NEWER)
    return unseen


def _figures(texts: Sequence[Labelled], suggestions: Sequence[Suggestion]) -> Figures:
    levels = [one.level for one in texts]
    return Figures.of(evaluate(levels, suggestions, [one.evidence for one in texts]))


def _install(session: Session, trained: Trained, weights: str, *, newest_tag: int, by: Actor) -> None:
    with writing(session):
        if current_engine(session) != trained.was:
            raise EngineChangedError
        before = model_in_force(session)
        none_in_force(session)
        engine = trained.engine or ENGINE
        model = model_named(session, engine) or TrainedModel(engine=engine, base=ENGINE, weights=weights)
        model.figures, model.tags, model.newest_tag, model.at = trained.figures, trained.tags, newest_tag, now()
        model.before_id = before.id if before is not None and before is not model else None
        model.in_force = True
        session.add(model)
        session.flush()
        record(
            session,
            by=by,
            act=TRAIN,
            subject=in_ledger(engine),
            detail={**trained.figures, "tags": trained.tags, "weights": sha256(weights.encode()).hexdigest()},
        )
