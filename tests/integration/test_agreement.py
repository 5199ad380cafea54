"""How often moderators went along with suggestions, as the bench tells it."""

import pytest
from sqlalchemy import event, update

from archive.domain.source_quality import Level
from archive.services.bench.take_back import undo_tag
from archive.store.agreement import Agreement, count_agreement, decided_texts, tenth_of
from archive.store.tags import StoredSuggestion, Tag
from archive.store.threads import Post
from archive.store.users import User
from tests.integration.conftest import Archive, Filled
from tests.integration.taught import FERRYMEN, teach


def _fill(archive: Archive) -> None:
    teach(archive, archive.add_moderator("maud"), threads=2, answers=6, seed=1)
    archive.session.execute(update(StoredSuggestion).values(engine="model-7", level=Level.UNSOURCED, confidence=0.73))
    archive.session.execute(update(Tag).values(suggestion_engine="model-7", suggested=Level.UNSOURCED))
    archive.session.commit()


@pytest.fixture
def archive(filled: Filled) -> Archive:
    """Twelve answers for which the same was suggested; moderators went along with every other one."""
    return filled(_fill)


def _count(archive: Archive, *, engine: str = "model-7", level: Level = Level.UNSOURCED, tenth: int = 7) -> Agreement:
    archive.session.rollback()
    return count_agreement(archive.session, engine=engine, level=level, tenth=tenth)


def _moderator(archive: Archive) -> User:
    return archive.add_moderator("teasel")


@pytest.mark.parametrize(
    ("confidence", "tenth"), [(0.0, 0), (0.099, 0), (0.1, 1), (0.3, 3), (0.699, 6), (0.7, 7), (0.999, 9), (1.0, 9)]
)
@pytest.mark.database("sqlite")
def test_a_confidence_lies_in_one_tenth(confidence: float, tenth: int) -> None:
    assert tenth_of(confidence) == tenth


def test_decided_suggestions_of_the_same_kind_are_counted(archive: Archive) -> None:
    assert _count(archive) == Agreement(6, 12)
    assert _count(archive, engine="model-8") == (0, 0)
    assert _count(archive, level=Level.CITED) == (0, 0)
    assert _count(archive, tenth=6) == _count(archive, tenth=8) == (0, 0)


@pytest.mark.parametrize(("confidence", "tenth"), [(0.7, 7), (0.8, 8), (1.0, 9), (0.0, 0)])
def test_the_bounds_of_a_tenth_belong_to_the_one_above(archive: Archive, confidence: float, tenth: int) -> None:
    archive.session.execute(update(StoredSuggestion).values(confidence=confidence))
    archive.session.commit()
    assert [_count(archive, tenth=each).decided for each in range(10)] == [12 * (each == tenth) for each in range(10)]


def test_a_tag_that_was_taken_back_does_not_count(archive: Archive) -> None:
    row = archive.answer("taught0_0")
    tag_id = archive.session.get_one(Post, row.id).tag_id
    assert tag_id is not None
    undo_tag(archive.session, post=row.public_id, tag_id=tag_id, moderator=_moderator(archive))
    assert _count(archive) == (5, 11)


def test_an_answer_counts_once_by_the_decision_in_force(archive: Archive) -> None:
    maud = archive.person("maud")
    archive.judge("taught0_0", Level.CITED, maud)
    archive.session.execute(
        update(Tag).values(suggestion_engine="model-7", suggested=Level.UNSOURCED, suggestion_seen=True)
    )
    archive.session.commit()
    assert _count(archive) == (5, 12)


def test_only_what_the_moderator_had_seen_counts(archive: Archive) -> None:
    archive.session.execute(update(Tag).values(suggestion_seen=False))
    archive.session.commit()
    assert _count(archive) == (0, 0)


def test_what_is_learned_from_are_current_texts_with_their_tags_and_words(archive: Archive) -> None:
    found = decided_texts(archive.session)
    assert len(found) == 12
    by_hearsay = [one for one in found if one.level is Level.RECOLLECTED]
    assert [one.text.startswith(FERRYMEN) for one in by_hearsay] == [True] * 6
    words = by_hearsay[0].evidence[0]
    assert by_hearsay[0].text[words["start"] : words["end"]] == words["text"]
    assert len({one.thread_id for one in found}) == 2


@pytest.mark.database("sqlite")
def test_the_count_looks_only_at_tags_by_that_engine_and_level(archive: Archive) -> None:
    asked: list[tuple[str, object]] = []
    engine = archive.session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    _count(archive)
    event.remove(engine, "before_cursor_execute", note)
    statement, values = asked[-1]
    plan = archive.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert "ix_tag_suggestion" in plan[0][-1]
    assert not [step for *_, step in plan if step.startswith("SCAN")]
