"""Large batches are published and rolled back by a worker, once, whatever becomes of it."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from archive.domain.batch import BatchAct, BatchState
from archive.services.ingest import batch_orders
from archive.services.ingest.batch_orders import OrderedError
from archive.services.ingest.publish import find_batch, roll_back
from archive.services.ingest.watching import Course, Progress
from archive.services.jobs import Jobs
from archive.services.ledger import Actor
from archive.store.batch_orders import find_order
from archive.store.ledger import LedgerEntry
from tests.integration.conftest import Archive
from tests.integration.written import BELLS_FILE, DYKES_FILE

POSTS = 4


@pytest.fixture
def large(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> int:
    """A draft of more posts than are published while a browser waits."""
    monkeypatch.setattr(batch_orders, "AT_ONCE", POSTS - 1)
    return archive.import_({"a.txt": DYKES_FILE, "b.txt": BELLS_FILE}).batch


def test_a_large_batch_is_published_and_rolled_back_by_a_worker(
    *,
    archive: Archive,
    jobs: Jobs,
    work_off: Callable[[], int],
    maud: Actor,
    progress: Callable[[int], Progress],
    large: int,
) -> None:
    for act, course, state in (
        (BatchAct.PUBLISH, Course.PUBLISHING, BatchState.PUBLISHED),
        (BatchAct.ROLL_BACK, Course.ROLLING_BACK, BatchState.ROLLED_BACK),
    ):
        assert batch_orders.takes_long(archive.session, large, act)
        for _ in range(2):
            batch_orders.order(archive.session, large, act, by=maud, instance=jobs.places.instance, reason=" Wrong. ")
            jobs.change(large)
        assert (progress(large).course, progress(large).ordered_by) == (course, "maud")
        assert work_off() == 2
        assert find_batch(archive.session, large).state is state
        assert progress(large).course is Course.ENDED
    query = select(LedgerEntry.actor, LedgerEntry.act, LedgerEntry.detail).order_by(LedgerEntry.number)
    assert [(actor, act, json.loads(detail)) for actor, act, detail in archive.session.execute(query)][-2:] == [
        ("maud", "publish", {}),
        ("maud", "roll back", {"reason": "Wrong.", "was": "published"}),
    ]


def test_what_readers_do_not_see_is_rolled_back_at_once(archive: Archive, large: int) -> None:
    assert not batch_orders.takes_long(archive.session, large, BatchAct.ROLL_BACK)


def test_a_batch_is_not_rolled_back_while_it_is_to_be_published(
    archive: Archive, jobs: Jobs, maud: Actor, large: int
) -> None:
    instance = jobs.places.instance
    batch_orders.order(archive.session, large, BatchAct.PUBLISH, by=maud, instance=instance)
    with pytest.raises(OrderedError, match="is being published"):
        batch_orders.order(archive.session, large, BatchAct.ROLL_BACK, by=maud, instance=instance)


def test_an_order_that_was_lost_is_found_and_one_that_cannot_be_done_any_more_is_dropped(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor, large: int
) -> None:
    batch_orders.order(archive.session, large, BatchAct.PUBLISH, by=maud, instance=jobs.places.instance)
    roll_back(archive.session, large, reason="", by=maud)
    archive.session.rollback()
    jobs.look_for_work()
    assert work_off() == 1
    assert find_order(archive.session, large) is None
    assert find_batch(archive.session, large).state is BatchState.ROLLED_BACK


def test_what_kills_three_workers_is_not_published_until_somebody_orders_it_again(
    *,
    archive: Archive,
    jobs: Jobs,
    work_off: Callable[[], int],
    maud: Actor,
    progress: Callable[[int], Progress],
    large: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = jobs.places.instance

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    batch_orders.order(archive.session, large, BatchAct.PUBLISH, by=maud, instance=instance)
    with monkeypatch.context() as patch:
        patch.setattr(batch_orders, "publish_within", killed)
        for _ in range(batch_orders.MOST_TRIES):
            with pytest.raises(SystemExit):
                batch_orders.carry_out(archive.session, large, instance=instance)
    jobs.change(large)
    work_off()
    assert "ended 3 times" in (progress(large).undone or "")
    assert find_batch(archive.session, large).state is BatchState.DRAFT
    batch_orders.order(archive.session, large, BatchAct.PUBLISH, by=maud, instance=instance)
    assert progress(large).undone is None
    jobs.change(large)
    work_off()
    assert find_batch(archive.session, large).state is BatchState.PUBLISHED


def test_another_data_folder_leaves_an_order_alone(archive: Archive, jobs: Jobs, maud: Actor, large: int) -> None:
    batch_orders.order(archive.session, large, BatchAct.PUBLISH, by=maud, instance="another")
    batch_orders.carry_out(archive.session, large, instance=jobs.places.instance)
    assert find_batch(archive.session, large).state is BatchState.DRAFT
