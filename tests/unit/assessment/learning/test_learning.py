"""What is learned, and that a test never asks about what was learned from."""

import random
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from archive.domain.assessment.engine import assess
from archive.domain.assessment.features import features_of
from archive.domain.assessment.learning import validation
from archive.domain.assessment.learning.corpus import Corpus, corpus_of
from archive.domain.assessment.learning.folds import folds
from archive.domain.assessment.learning.labelled import Labelled
from archive.domain.assessment.learning.lessons import Trial, cross_validated
from archive.domain.assessment.learning.regression import fit, fit_choice
from archive.domain.assessment.learning.training import Learned, Outcome, apply, as_model, learn
from archive.domain.assessment.looking import look
from archive.domain.assessment.model import LEVELS, UnreadableModelError, model_from
from archive.domain.assessment.pooling import Integers
from archive.domain.assessment.word_classes import classes_of
from archive.domain.source_quality import Level

BINS = [(4, tenth % 4) for tenth in range(10)]
THINGS = ("salt", "carts", "guards", "tolls", "granaries", "ferries", "mills", "bridges")
SAYINGS = {
    Level.RECOLLECTED: "I read somewhere that the {a} and the {b} were dear.",
    Level.TESTIMONY: "My grandfather told me how he hid the {a} from the {b}.",
    Level.UNSOURCED: "The {a} were counted every spring, and so were the {b}.",
    Level.NOT_ANSWER: "What about the {a}? And who paid for the {b}?",
}


def texts(count: int = 60) -> Iterator[Labelled]:
    dice = random.Random(7)
    for number in range(count):
        level = list(SAYINGS)[number % len(SAYINGS)]
        a, b = dice.sample(THINGS, 2)
        said = SAYINGS[level].format(a=a, b=b)
        text = f"There were {a} in the north. {said}"
        start = text.index(said)
        has_evidence = level not in (Level.UNSOURCED, Level.NOT_ANSWER)
        evidence = ((start, len(text)),) if has_evidence else ()
        yield Labelled(text=text, level=level, evidence=evidence, group=f"thread {number // 4}")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return corpus_of(list(texts()), min_texts=3)


@pytest.fixture(scope="module")
def learned(corpus: Corpus) -> Learned:
    return learn(corpus, np.arange(len(corpus.levels)))


def test_texts_of_one_group_are_never_in_two_parts() -> None:
    groups = ["a"] * 5 + ["b"] * 3 + ["c", "d", "e", "f"]
    parts = [{groups[n] for n in part} for part in folds(groups, 3)]
    assert sum(map(len, parts)) == len(set(groups))
    assert sorted(n for part in folds(groups, 3) for n in part) == list(range(len(groups)))


class Spied(NamedTuple):
    """A cross-validation, and the groups that were learned from and tested in each of its parts."""

    result: Trial
    seen: list[set[str]]
    asked: list[set[str]]


@pytest.fixture(scope="module")
def spied() -> Spied:
    seen: list[set[str]] = []
    asked: list[set[str]] = []

    def learning(corpus: Corpus, chosen: Integers) -> Learned:
        seen.append({corpus.groups[n] for n in chosen})
        return learn(corpus, chosen)

    def applying(corpus: Corpus, learned: Learned, chosen: Integers) -> Outcome:
        asked.append({corpus.groups[n] for n in chosen})
        return apply(corpus, learned, chosen)

    beside = [Labelled(text=one.text, level=one.level, group=one.group, is_tested=False) for one in texts(8)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "learn", learning)
        patch.setattr(validation, "apply", applying)
        result = cross_validated([*texts(), *beside], say=lambda done, whole: None)
    return Spied(result, seen, asked)


def test_no_text_is_tested_by_weights_that_have_seen_its_group(spied: Spied) -> None:
    assert len(spied.seen) == len(spied.asked) == validation.FOLDS
    assert all(not seen & asked for seen, asked in zip(spied.seen, spied.asked, strict=True))


def test_what_differs_in_its_words_is_told_apart_and_only_what_is_tested_is_counted(spied: Spied) -> None:
    evaluation = spied.result.evaluation
    assert evaluation.counted == len(spied.result.suggestions) == len(list(texts()))
    assert evaluation.exact is not None
    assert evaluation.exact > 0.9
    assert evaluation.evidence_first == 1


def test_the_same_rows_give_the_same_weights() -> None:
    rows = csr_matrix(np.eye(4))
    truth = np.array([0, 1, 0, 1])
    once, again = (fit(rows, truth, classes=2, weights=np.ones(4), c=1.0, steps=50) for _ in range(2))
    assert (once.features == again.features).all()
    assert (once.chances(rows).argmax(1) == truth).all()


def test_a_row_that_weighs_nothing_teaches_nothing() -> None:
    rows = csr_matrix(np.array([[1.0, 0], [1.0, 0], [0, 1.0]]))
    weights = fit(rows, np.array([0, 1, 1]), classes=2, weights=np.array([1.0, 0, 1.0]), c=10.0, steps=50)
    assert weights.chances(rows)[0].argmax() == 0


def test_of_rows_that_are_alike_the_place_decides_which_is_chosen() -> None:
    rows = csr_matrix(np.array([[1.0, 0], [1.0, 1], [1.0, 2], [1.0, 0], [1.0, 1], [1.0, 0]]))
    of, wanted = np.array([0, 0, 0, 1, 1, 2]), np.array([True, False, False, True, False, True])
    told = fit_choice(rows, of, wanted, weights=np.ones(6), c=10.0, steps=50)
    assert told[1] < -1
    assert told[0] == pytest.approx(0)


def test_where_nothing_is_wanted_no_choice_is_learned() -> None:
    told = fit_choice(
        csr_matrix(np.eye(3)), np.array([0, 0, 1]), np.zeros(3, dtype=bool), weights=np.ones(3), c=1.0, steps=50
    )
    assert not told.any()


def test_of_several_sentences_that_say_the_same_the_first_decides_where_people_marked_the_first() -> None:
    around = "The mills were counted every spring."
    said = ["My grandfather told me how he hid the salt.", "My grandmother told me how she hid the carts."]
    orders = [(said[0], said[1]), (said[1], said[0])]
    labelled = [
        Labelled(
            text=f"{around} {one} {other} {around}",
            level=Level.TESTIMONY,
            evidence=((len(around) + 1, len(around) + 1 + len(one)),),
            group=f"thread {number}",
        )
        for number, (one, other) in enumerate(orders * 15)
    ]
    corpus = corpus_of([*texts(), *labelled], min_texts=3)
    model = as_model(corpus, learn(corpus, np.arange(len(corpus.levels))), language="en", temperature=1.0, tested=BINS)
    for one, other in orders:
        text = f"{around} {one} {other} {around}"
        telling = assess(text, model=model).telling
        assert telling is not None
        assert text[slice(*telling)] == one


def test_the_weights_say_of_a_text_what_was_learned(corpus: Corpus, learned: Learned) -> None:
    """Learning multiplies matrices, and weighing adds up rows: both must read the same features."""
    model = as_model(corpus, learned, language="en", temperature=1.0, tested=BINS)
    labelled = list(texts())
    looks = [look(one.text) for one in labelled]
    weighed = model.weigh([features_of(seen.reading, classes_of(seen.reading), seen.hits) for seen in looks])
    outcome = apply(corpus, learned, np.arange(len(labelled)))
    assert np.allclose([one.chances for one in weighed], outcome.chances, atol=1e-4)
    assert np.allclose(np.vstack([one.sentences for one in weighed]), outcome.sentences, atol=1e-4)
    assert np.allclose(np.concatenate([one.telling for one in weighed]), outcome.telling, atol=1e-4)


def test_a_file_of_weights_is_read_as_it_was_written(corpus: Corpus, learned: Learned) -> None:
    model = as_model(corpus, learned, language="en", temperature=1.25, tested=BINS)
    read = model_from(model.to_text())
    assert read.to_text() == model.to_text()
    assert read.temperature == 1.25
    assert read.tested == tuple(BINS)
    for one in texts(8):
        mine, theirs = assess(one.text, model=model), assess(one.text, model=read)
        assert mine.level is theirs.level is one.level
        assert mine.confidence == pytest.approx(theirs.confidence, abs=0.01)


@pytest.mark.parametrize(
    "broken", ["", "{}", '{"format": 99, "language": "en", "temperature": 1}', "salt\tand\tpepper"]
)
def test_what_is_no_file_of_weights_is_refused(broken: str) -> None:
    with pytest.raises(UnreadableModelError):
        model_from(broken)


def test_many_texts_at_once_come_out_as_one_after_the_other(corpus: Corpus, learned: Learned) -> None:
    model = as_model(corpus, learned, language="en", temperature=1.0, tested=BINS)
    said = [*(one.text for one in texts(8)), "", "https://example.org/salt", "Salt."]
    looks = [look(text) for text in said]
    features = [features_of(seen.reading, classes_of(seen.reading), seen.hits) for seen in looks]
    for together, alone in zip(model.weigh(features), (model.weigh([one])[0] for one in features), strict=True):
        assert np.allclose(together.chances, alone.chances)
        assert np.allclose(together.sentences, alone.sentences)


def test_chances_are_of_all_levels(corpus: Corpus, learned: Learned) -> None:
    outcome = apply(corpus, learned, np.array([0]))
    assert outcome.chances.shape == (1, len(LEVELS))
    assert outcome.chances.sum() == pytest.approx(1)
