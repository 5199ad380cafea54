"""Assessing what is published: everything once, in commits, whoever is stopped in between; and by the worker itself."""

from collections.abc import Iterator
from threading import Lock

import pytest
from sqlalchemy import func, select

from archive.domain.assessment import ENGINE
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services import assess
from archive.services.assess import Progress, assess_all
from archive.services.ingest.publish import publish, roll_back
from archive.services.reattach.move import Seen, move_under
from archive.services.spare_time import SpareTime
from archive.services.verify import find_faults
from archive.store.file_lock import file_lock
from archive.store.sources import Citation
from archive.store.tags import StoredSuggestion
from archive.store.unassessed import unassessed
from tests.databases import opened
from tests.fillings import Master, filling_for
from tests.integration.conftest import BY, Archive, filling_of
from tests.integration.sources.conftest import shown
from tests.integration.written import thread

LINK = "It is all explained at https://example.org/dykes in some detail."
ANSWERS = [(f"author_{number}", f"{LINK} This is number {number}.") for number in range(7)]


def _publish(archive: Archive) -> int:
    return archive.import_({"dykes.txt": thread("Who paid for the dykes?", ANSWERS)}, public=True).batch


filling = filling_for(published=filling_of(_publish))


@pytest.fixture
def published(master: Master) -> int:
    return int(master.made)


@pytest.fixture
def spare_time(archive: Archive, database_url: str) -> Iterator[SpareTime]:
    with opened(database_url) as engine:
        yield SpareTime(engine, originals=archive.vault.folder, at_work=Lock())


def stored(archive: Archive, engine: str = ENGINE) -> int:
    archive.session.rollback()
    query = select(func.count()).select_from(StoredSuggestion).where(StoredSuggestion.engine == engine)
    return archive.session.scalar(query) or 0


@pytest.mark.usefixtures("published")
def test_a_run_tells_how_far_it_is(archive: Archive) -> None:
    assert list(assess_all(archive.session, answers_a_commit=3)) == [
        Progress(0, 7, 0),
        Progress(3, 7, 3),
        Progress(6, 7, 6),
        Progress(7, 7, 7),
    ]
    assert shown(archive) == [("example.org/dykes", 7)]


@pytest.mark.usefixtures("published")
def test_a_run_that_was_stopped_is_taken_up_where_it_was(archive: Archive) -> None:
    run = assess_all(archive.session, answers_a_commit=3)
    assert [next(run), next(run)][-1].done == 3
    del run
    assert list(assess_all(archive.session, answers_a_commit=10)) == [Progress(3, 7, 0), Progress(7, 7, 4)]
    assert stored(archive) == 7


@pytest.mark.usefixtures("published")
def test_another_engine_assesses_anew_and_keeps_what_the_old_one_said(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(assess_all(archive.session))
    before = archive.session.scalars(select(Citation.id).order_by(Citation.id)).all()
    monkeypatch.setattr(assess, "ENGINE", "rules-next")
    list(assess_all(archive.session))
    assert (stored(archive), stored(archive, "rules-next")) == (7, 7)
    assert archive.session.scalars(select(Citation.id).order_by(Citation.id)).all() == before
    assert {*archive.session.scalars(select(Citation.engine))} == {"rules-next"}


def test_drafts_are_not_assessed(archive: Archive) -> None:
    batch = archive.import_({"dykes.txt": thread("Who paid for the dykes?", ANSWERS)})
    assert list(assess_all(archive.session)) == [Progress(0, 0, 0)]
    publish(archive.session, batch.batch, by=BY)
    assert list(assess_all(archive.session))[-1] == Progress(7, 7, 7)


@pytest.mark.usefixtures("published")
def test_an_answer_that_is_tagged_first_is_cited_at_once(archive: Archive) -> None:
    archive.judge("author_3", Level.CITED, archive.add_moderator("maud"))
    assert shown(archive) == [("example.org/dykes", 1)]
    assert stored(archive) == 1


def test_the_worker_assesses_what_is_published_while_it_runs(archive: Archive, spare_time: SpareTime) -> None:
    assert not spare_time.use()
    archive.import_({"dykes.txt": thread("Who paid for the dykes?", ANSWERS)}, public=True)
    while spare_time.use():
        pass
    assert stored(archive) == 7
    assert shown(archive) == [("example.org/dykes", 7)]


@pytest.mark.usefixtures("published")
def test_the_worker_does_a_piece_at_a_time(
    archive: Archive, spare_time: SpareTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.services.spare_time.ANSWERS_A_PIECE", 2)
    assert spare_time.use()
    assert stored(archive) == 2


@pytest.mark.usefixtures("published")
def test_the_worker_looks_at_nothing_again_unless_something_was_published(
    archive: Archive, spare_time: SpareTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    while spare_time.use():
        pass
    looks: list[int] = []
    monkeypatch.setattr(assess, "assess_some", lambda *_, after, **__: looks.append(after))
    spare_time.use()
    archive.judge("author_3", Level.CITED, archive.add_moderator("maud"))
    spare_time.use()
    assert looks == []
    archive.import_({"salt.txt": thread("Why was salt taxed?", [("author_9", LINK)])}, public=True)
    spare_time.use()
    assert looks == [0]


@pytest.mark.usefixtures("published")
def test_the_worker_leaves_the_database_to_an_import(archive: Archive, spare_time: SpareTime) -> None:
    with file_lock(archive.vault.folder / "import.lock", what="batch 9"):
        assert not spare_time.use()
        assert stored(archive) == 0
    spare_time.use()
    assert stored(archive) == 7


@pytest.mark.usefixtures("published")
def test_the_worker_does_nothing_beside_a_job(archive: Archive, database_url: str) -> None:
    at_work = Lock()
    with opened(database_url) as engine, at_work:
        assert not SpareTime(engine, originals=archive.vault.folder, at_work=at_work).use()
    assert stored(archive) == 0


@pytest.mark.usefixtures("published")
def test_what_was_moved_while_it_was_assessed_is_stored_where_it_is_now(archive: Archive) -> None:
    archive.import_({"salt.txt": thread("Why was salt taxed?", [("other_9", "It was easy.")])}, public=True)
    under = next(
        row for row in archive.posts(kind=PostKind.QUESTION) if row.thread_id != archive.answers()[0].thread_id
    )
    moved, by = archive.answer("author_3"), archive.add_moderator("maud")
    found = unassessed(archive.session, ENGINE, after=0, limit=10)
    seen = Seen(0, moved.parent)
    move_under(archive.session, post=moved.public_id, parent=under.public_id, seen=seen, by=by, drafts=False)
    assess.store(archive.session, found, ENGINE)
    citation = archive.session.scalars(select(Citation).where(Citation.post_id == moved.id)).one()
    suggestion = archive.session.get_one(StoredSuggestion, (moved.revision_id, ENGINE))
    assert (citation.thread_id, suggestion.thread_id) == (under.thread_id, under.thread_id)
    assert [*find_faults(archive.session, archive.vault, say=lambda _: None)] == []


def test_what_was_withdrawn_while_it_was_assessed_is_left_out(archive: Archive, published: int) -> None:
    found = unassessed(archive.session, ENGINE, after=0, limit=10)
    roll_back(archive.session, published, reason="", by=BY)
    assess.store(archive.session, found, ENGINE)
    assert (len(found), stored(archive), shown(archive)) == (7, 0, [])
