"""Weights that an archive learns from its own tags."""

import json

import pytest
from sqlalchemy import select, text

from archive.domain.assessment import ENGINE
from archive.domain.source_quality import Level
from archive.services import training
from archive.services.assess import assess_all, current_engine, suggestion_for
from archive.services.bench.take_back import undo_tag
from archive.services.training import (
    EngineChangedError,
    NothingToUndoError,
    TooFewNewerTagsError,
    TooFewTagsError,
    TooFewThreadsError,
    Trained,
)
from archive.services.verify import find_faults
from archive.store.ledger import read_entries
from archive.store.tags import StoredSuggestion, Tag
from archive.store.trained import TrainedModel, model_in_force
from tests.integration.conftest import BY, Archive, Filled
from tests.integration.taught import FERRYMEN, teach

THREADS, ANSWERS = 12, 10


def _fill(archive: Archive) -> None:
    teach(archive, archive.add_moderator("maud"), threads=THREADS, answers=ANSWERS, seed=1)


@pytest.fixture
def tagged(filled: Filled) -> Archive:
    """An archive whose house rule no weights from elsewhere know, in 120 tags."""
    return filled(_fill)


@pytest.fixture
def taught(tagged: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """The same, where as few tags are enough."""
    monkeypatch.setattr(training, "MIN_TAGS", 100)
    monkeypatch.setattr(training, "MIN_NEWER", 40)
    return tagged


def _train(archive: Archive) -> Trained:
    return training.train(archive.session, by=BY, say=lambda done, whole: None)


def _said_of_ferrymen(archive: Archive) -> tuple[Level | None, str]:
    row = next(row for row in archive.answers() if row.text.startswith(FERRYMEN))
    said = suggestion_for(archive.session, revision_id=row.revision_id, text=row.text, markup=row.markup)
    return said.level, said.engine


def test_what_agrees_better_is_put_in_force_and_suggests_from_then_on(taught: Archive) -> None:
    assert _said_of_ferrymen(taught) == (Level.UNSOURCED, ENGINE)
    told: list[tuple[int, int]] = []
    trained = training.train(taught.session, by=BY, say=lambda done, whole: told.append((done, whole)))
    assert trained.engine is not None
    assert trained.engine.startswith(f"{ENGINE}+")
    assert (trained.tags, trained.held_against, trained.was) == (120, 120, ENGINE)
    assert trained.learned.exact > 0.9
    assert trained.in_use.exact < 0.7
    assert told[-1] == (5, 5)
    assert current_engine(taught.session) == trained.engine
    assert _said_of_ferrymen(taught) == (Level.RECOLLECTED, trained.engine)


def test_training_and_its_undo_stand_in_the_ledger(taught: Archive) -> None:
    trained = _train(taught)
    training.undo(taught.session, by=BY)
    learned, taken_back = list(read_entries(taught.session))[-2:]
    assert (learned.act, learned.subject) == ("train", f"engine {trained.engine}")
    detail = json.loads(learned.detail)
    assert detail["tags"] == 120
    assert detail["learned"] == {"exact": trained.learned.exact, "alpha": trained.learned.alpha}
    assert (taken_back.act, taken_back.subject) == ("undo training", f"engine {trained.engine}")
    assert json.loads(taken_back.detail) == {"in_force": None}


def test_suggestions_stay_under_the_engine_that_made_them(taught: Archive) -> None:
    for _ in assess_all(taught.session):
        pass
    trained = _train(taught)
    for _ in assess_all(taught.session):
        pass
    kept = select(StoredSuggestion.engine, StoredSuggestion.level).join_from(
        StoredSuggestion, Tag, Tag.revision_id == StoredSuggestion.revision_id
    )
    kept = kept.where(Tag.level == Level.RECOLLECTED).distinct()
    assert set(taught.session.execute(kept)) == {(ENGINE, Level.UNSOURCED), (trained.engine, Level.RECOLLECTED)}


def test_a_tag_names_the_weights_that_suggested(taught: Archive) -> None:
    trained = _train(taught)
    teach(taught, taught.add_moderator("teasel"), threads=1, answers=2, seed=3, name="later")
    (newest,) = taught.session.scalars(select(Tag).order_by(Tag.id.desc()).limit(1))
    assert (newest.suggestion_engine, newest.suggested) == (trained.engine, Level.RECOLLECTED)


def test_undo_goes_back_step_by_step_to_what_came_with_the_program(taught: Archive) -> None:
    first = _train(taught)
    _teach_otherwise(taught)
    second = _train(taught)
    assert second.was == first.engine
    assert second.engine not in (None, first.engine)
    assert training.undo(taught.session, by=BY) == first.engine
    assert training.undo(taught.session, by=BY) == ENGINE
    with pytest.raises(NothingToUndoError):
        training.undo(taught.session, by=BY)
    assert taught.session.scalars(select(TrainedModel.in_force)).all() == [False, False]


def test_weights_in_use_are_held_only_against_tags_that_they_have_not_seen(taught: Archive) -> None:
    _train(taught)
    with pytest.raises(
        TooFewNewerTagsError, match="40 newer tags are needed, on answers that had none, and there are 0"
    ):
        _train(taught)
    teach(taught, taught.add_moderator("teasel"), threads=6, answers=10, seed=2, name="later")
    assert _train(taught).held_against == 60


def test_a_text_whose_tag_was_given_anew_has_been_seen_all_the_same(taught: Archive) -> None:
    _train(taught)
    _teach_otherwise(taught)  # tags anew as many old answers as there are new ones
    assert _train(taught).held_against == 60


def test_what_is_no_better_changes_nothing(taught: Archive) -> None:
    _train(taught)
    teach(taught, taught.add_moderator("teasel"), threads=6, answers=10, seed=2, name="later")
    before = current_engine(taught.session)
    trained = _train(taught)  # both weights know the rule by now
    assert trained.engine is None
    assert current_engine(taught.session) == before
    assert next(reversed(list(read_entries(taught.session)))).act == "tag"


def test_after_an_undo_the_same_tags_teach_the_same_weights_again(taught: Archive) -> None:
    first = _train(taught)
    training.undo(taught.session, by=BY)
    assert _train(taught).engine == first.engine
    assert training.undo(taught.session, by=BY) == ENGINE


def test_weights_for_another_version_of_the_engine_are_left_aside(taught: Archive) -> None:
    _train(taught)
    model = model_in_force(taught.session)
    assert model is not None
    model.base = "model-0"
    taught.session.commit()
    assert current_engine(taught.session) == ENGINE
    assert _said_of_ferrymen(taught) == (Level.UNSOURCED, ENGINE)


def test_of_two_who_train_at_once_the_second_is_told(taught: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    learned = training.is_better

    def meanwhile(*figures: training.Figures) -> bool:
        monkeypatch.setattr(training, "is_better", learned)
        assert _train(taught).engine
        return True

    monkeypatch.setattr(training, "is_better", meanwhile)
    with pytest.raises(EngineChangedError):
        _train(taught)


def test_only_tags_in_force_on_texts_in_known_languages_count(taught: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    maud = taught.add_moderator("teasel")
    text = "Die Fährleute erzählen, dass Salz für zwölf Pfennige den Fluss hinauf gebracht wurde, und zwar oft."
    taught.import_({"de.txt": f"Was kostete das Salz?\n\nby clio_reads7\n\nfaehrmann_9\n\n{text}\n"}, public=True)
    taught.judge("faehrmann_9", Level.RECOLLECTED, maud)
    undo_tag(
        taught.session,
        post=taught.answer("taught0_1").public_id,
        tag_id=taught.session.scalars(select(Tag.id).where(Tag.post_id == taught.answer("taught0_1").id)).one(),
        moderator=maud,
    )
    monkeypatch.setattr(training, "MIN_TAGS", 120)
    with pytest.raises(TooFewTagsError, match="120 tags are needed, and there are 119"):
        _train(taught)


def test_tags_in_too_few_threads_teach_nothing(taught: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MIN_THREADS", THREADS + 1)
    with pytest.raises(TooFewThreadsError, match="at least 13 threads"):
        _train(taught)


def _faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    archive.session.expunge_all()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def test_what_was_learned_and_taken_back_verifies(taught: Archive) -> None:
    _train(taught)
    assert _faults(taught) == []
    training.undo(taught.session, by=BY)
    assert _faults(taught) == []


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("UPDATE trained_model SET weights = weights || ' '", "they are not those that were learned."),
        ("UPDATE trained_model SET engine = 'model-1+00000000'", "the ledger does not know of them."),
        ("UPDATE trained_model SET in_force = false", "in force are those of the program, and the ledger says "),
        ("DELETE FROM trained_model", "the ledger holds them, and the table of weights does not."),
    ],
)
def test_weights_that_were_changed_behind_the_back_of_the_archive_are_named(
    taught: Archive, damage: str, named: str
) -> None:
    _train(taught)
    taught.session.execute(text(damage))
    taught.session.commit()
    assert any(fault.startswith("Weights") and named in fault for fault in _faults(taught))


@pytest.mark.database("sqlite")
def test_five_hundred_tags_are_needed_and_the_command_says_how_many_there_are(tagged: Archive) -> None:
    told = tagged.run("train")
    assert told.exit_code == 1
    assert "500 tags are needed, and there are 120." in told.stderr


@pytest.mark.database("sqlite")
def test_the_command_says_both_figures_and_what_is_in_use_now(taught: Archive) -> None:
    told = taught.run("train").stderr
    assert "Learned from 120 tags" in told
    assert "Learned:  100.0% exact, alpha 1.000" in told
    assert "In use:   50.0% exact, alpha " in told
    assert f"In use from now on: {ENGINE}+" in told
    assert f"In use again: {ENGINE}. " in taught.run("train", "--undo").stderr
    assert "nothing to take back" in taught.run("train", "--undo").stderr
    assert "--undo stands alone" in taught.run("train", "--undo", "--write", str(taught.folder)).stderr


@pytest.fixture
def without_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(training, "import_module", missing)


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("without_scipy")
def test_without_scipy_the_command_says_what_to_install_where_tags_suffice(taught: Archive) -> None:
    told = taught.run("train")
    assert told.exit_code == 1
    assert "Learning needs SciPy. Install it beside this program with: pip install scipy threadpoolctl" in told.stderr


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("without_scipy")
def test_without_scipy_the_command_says_first_that_tags_are_too_few(tagged: Archive) -> None:
    told = tagged.run("train")
    assert "500 tags are needed, and there are 120." in told.stderr
    assert "SciPy" not in told.stderr


def _teach_otherwise(archive: Archive) -> None:
    """Tags by which the first weights are wrong: the house has changed its mind on what ferrymen say."""
    teach(archive, archive.add_moderator("teasel"), threads=6, answers=10, seed=2, name="later")
    for row in archive.answers():
        if row.text.startswith(FERRYMEN):
            archive.judge(row.byline or "", Level.TESTIMONY, archive.person(row.tagged_by))
