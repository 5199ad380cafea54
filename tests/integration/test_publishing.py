"""Drafts are seen by nobody; a batch is published as a whole, and taken out as a whole."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select, text

from archive.domain.batch import Balance, BatchState, BatchStateError
from archive.domain.source_quality import Level
from archive.services.bench.history import history
from archive.services.bench.item import queues
from archive.services.bench.queue import coming
from archive.services.bench.undo import undo
from archive.services.browse import (
    NotFoundError,
    front_page,
    revisions_page,
    thread_page,
    visible_post,
)
from archive.services.collections.authors import author_page
from archive.services.collections.pages import collection_page
from archive.services.ingest.publish import NoSuchBatchError, find_batch, publish, roll_back
from archive.services.ingest.run import run_batch
from archive.services.originals import original_page
from archive.services.scripts import list_threads, show_thread
from archive.services.search import search
from archive.store.ledger import read_entries
from archive.store.listing import ThreadOrder
from archive.store.threads import Thread
from archive.store.users import User
from tests.integration.conftest import BY, Archive
from tests.integration.written import ANNALIST, DYKES, DYKES_FILE, ON_DYKES, RUSTICUS, SALT_FILE, WEAVER, lines, thread

Counts = Callable[[Balance], dict[str, int]]
CHANGED = thread(DYKES, [ON_DYKES[0], (RUSTICUS, "The comital accounts name every gulden.")])


def test_a_draft_is_seen_nowhere(archive: Archive, make_user: Callable[..., User]) -> None:
    archive.import_({"a.txt": DYKES_FILE})
    session, drafts = archive.session, archive.posts()
    front = front_page(session)
    assert (front.threads, front.answers, list(front.collections), list(front.recent)) == (0, 0, [], [])
    with pytest.raises(NotFoundError):
        collection_page(session, "history", ThreadOrder.RECEIVED, before=None)
    (thread_id,) = {line["id"] for line in list_threads(session, collection=None)}
    with pytest.raises(NotFoundError):
        thread_page(session, thread_id, drafts=False)
    for row in drafts:
        with pytest.raises(NotFoundError):
            visible_post(session, row.public_id, drafts=False)
        with pytest.raises(NotFoundError):
            author_page(session, row.author_id, before=None)
    assert search(session, "dykes").total == search(session, "levy").total == 0
    assert coming(session, make_user("maud", "moderator").id) == []
    assert list(queues(session)) == []


def test_an_archivist_sees_the_draft(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE})
    (line,) = list_threads(archive.session, collection="history")
    page = thread_page(archive.session, line["id"], drafts=True)
    assert page.is_draft
    assert [answer.post.author for answer in page.answers] == [ANNALIST, RUSTICUS]


def test_a_changed_text_in_a_draft_leaves_the_public_page_as_it_was(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    archive.import_({"b.txt": CHANGED})
    row = archive.answer(RUSTICUS)
    assert (row.text, row.revision_number) == (ON_DYKES[1][1], 1)
    assert search(archive.session, "gulden").total == 0
    _, revisions = revisions_page(archive.session, row.public_id, drafts=False)
    assert len(revisions) == 1


def test_new_answers_in_a_draft_are_not_counted(archive: Archive) -> None:
    archive.import_({"a.txt": thread(DYKES, ON_DYKES[:1])}, public=True)
    archive.import_({"b.txt": DYKES_FILE})
    front = front_page(archive.session)
    assert front.answers == front.recent[0].answers == 1
    page = thread_page(archive.session, front.recent[0].public_id, drafts=False)
    assert (page.all_answers, len(page.answers)) == (1, 1)


def test_only_publishing_makes_a_public_page_newer(archive: Archive) -> None:
    archive.import_({"a.txt": thread(DYKES, ON_DYKES[:1])}, public=True)

    def stands() -> list[tuple[int, datetime]]:
        archive.session.rollback()
        return [
            (row.version, row.changed_at) for row in archive.session.execute(select(Thread.version, Thread.changed_at))
        ]

    before = stands()
    draft = archive.import_({"b.txt": DYKES_FILE})
    assert draft.balance.added == 1
    assert stands() == before
    publish(archive.session, draft.batch, by=BY)
    ((version, changed_at),) = stands()
    assert version > before[0][0]
    assert changed_at > before[0][1]


def test_publishing_shows_everything_at_once(archive: Archive) -> None:
    imported = archive.import_({"a.txt": DYKES_FILE, "b.txt": SALT_FILE}, public=True)
    assert find_batch(archive.session, imported.batch).state is BatchState.PUBLISHED
    front = front_page(archive.session)
    assert (front.threads, front.answers) == (2, 4)
    assert search(archive.session, "levy").total == 1


def test_publishing_twice_is_refused(archive: Archive) -> None:
    imported = archive.import_({"a.txt": DYKES_FILE}, public=True)
    with pytest.raises(BatchStateError, match="is published, so you cannot publish it"):
        publish(archive.session, imported.batch, by=BY)


def test_what_was_not_read_in_cannot_be_published(archive: Archive) -> None:
    batch = archive.receive({"a.txt": DYKES_FILE})
    with pytest.raises(BatchStateError, match="not yet read in"):
        publish(archive.session, batch, by=BY)
    with pytest.raises(NoSuchBatchError):
        publish(archive.session, batch + 1, by=BY)


def test_rolling_back_takes_everything_out_and_a_new_import_brings_the_same_addresses(
    archive: Archive, counts: Counts
) -> None:
    imported = archive.import_({"a.txt": DYKES_FILE}, public=True)
    before = archive.posts(drafts=False)
    roll_back(archive.session, imported.batch, reason="The wrong file", by=BY)
    assert front_page(archive.session).threads == 0
    assert list(list_threads(archive.session, collection=None)) == []
    again = archive.import_({"a.txt": DYKES_FILE}, public=True)
    assert counts(again.balance) == {"added": 3}
    assert archive.posts(drafts=False) == before


def test_rolling_back_a_draft_takes_it_out(archive: Archive, counts: Counts) -> None:
    imported = archive.import_({"a.txt": DYKES_FILE})
    (line,) = list_threads(archive.session, collection=None)
    roll_back(archive.session, imported.batch, reason="", by=BY)
    assert list(list_threads(archive.session, collection=None)) == []
    with pytest.raises(NotFoundError):
        show_thread(archive.session, line["id"])
    with pytest.raises(NotFoundError):
        thread_page(archive.session, line["id"], drafts=True)
    with pytest.raises(BatchStateError):
        roll_back(archive.session, imported.batch, reason="", by=BY)
    assert counts(archive.import_({"a.txt": DYKES_FILE}).balance) == {"added": 3}


def test_a_batch_that_was_only_received_can_be_rolled_back(archive: Archive, counts: Counts) -> None:
    batch = archive.receive({"a.txt": DYKES_FILE})
    roll_back(archive.session, batch, reason="", by=BY)
    with pytest.raises(BatchStateError):
        archive.read_in(batch)
    assert counts(archive.import_({"a.txt": DYKES_FILE}).balance) == {"added": 3}


def test_what_another_batch_holds_too_stays_public(archive: Archive) -> None:
    first = archive.import_({"a.txt": DYKES_FILE}, public=True)
    second = archive.import_({"b.txt": DYKES_FILE + "\n", "c.txt": SALT_FILE}, public=True)
    before = archive.posts(drafts=False)
    roll_back(archive.session, first.batch, reason="", by=BY)
    assert archive.posts(drafts=False) == before
    roll_back(archive.session, second.batch, reason="", by=BY)
    assert archive.posts(drafts=False) == []


def test_the_same_file_in_two_batches_stays_public_when_one_is_rolled_back(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    second = archive.import_({"a.txt": DYKES_FILE}, public=True)
    before = archive.posts(drafts=False)
    roll_back(archive.session, second.batch, reason="", by=BY)
    assert archive.posts(drafts=False) == before


def test_rolling_back_a_change_brings_the_older_text_back(archive: Archive, counts: Counts) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    second = archive.import_({"b.txt": CHANGED}, public=True)
    assert search(archive.session, "gulden").total == 1
    roll_back(archive.session, second.batch, reason="", by=BY)
    assert archive.answer(RUSTICUS).text == ON_DYKES[1][1]
    assert search(archive.session, "gulden").total == 0
    again = archive.import_({"b.txt": CHANGED}, public=True)
    assert counts(again.balance) == {"unchanged": 2, "changed": 1}
    assert (archive.answer(RUSTICUS).revision_number, search(archive.session, "gulden").total) == (2, 1)


def test_rolling_back_the_older_text_leaves_the_newer_one(archive: Archive) -> None:
    first = archive.import_({"a.txt": DYKES_FILE}, public=True)
    archive.import_({"b.txt": CHANGED}, public=True)
    roll_back(archive.session, first.batch, reason="", by=BY)
    row = archive.answer(RUSTICUS)
    page = thread_page(archive.session, front_page(archive.session).recent[0].public_id, drafts=False)
    views = {answer.post.author: answer.post for answer in page.answers}
    assert row.text == views[RUSTICUS].text == "The comital accounts name every gulden."
    _, revisions = revisions_page(archive.session, row.public_id, drafts=False)
    assert len(revisions) == views[RUSTICUS].revisions == 1


def test_an_older_draft_published_late_does_not_hide_the_newer_text(archive: Archive) -> None:
    first = archive.import_({"a.txt": DYKES_FILE})
    archive.import_({"b.txt": CHANGED}, public=True)
    publish(archive.session, first.batch, by=BY)
    assert archive.answer(RUSTICUS).revision_number == 2


def test_the_tag_outlives_a_rollback(archive: Archive, make_user: Callable[..., User]) -> None:
    imported = archive.import_({"a.txt": DYKES_FILE}, public=True)
    archive.judge(RUSTICUS, Level.RECOLLECTED, make_user("maud", "moderator"))
    roll_back(archive.session, imported.batch, reason="", by=BY)
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    row = archive.answer(RUSTICUS)
    assert (row.level, row.tagged_by, row.tag_version) == (Level.RECOLLECTED, "maud", 1)


def test_a_tag_goes_with_the_text_that_it_was_given_to_and_comes_back_with_it(
    archive: Archive, make_user: Callable[..., User]
) -> None:
    moderator = make_user("maud", "moderator")
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    cited = archive.import_({"b.txt": CHANGED}, public=True)
    archive.judge(RUSTICUS, Level.CITED, moderator)
    roll_back(archive.session, cited.batch, reason="", by=BY)
    row = archive.answer(RUSTICUS)
    assert (row.revision_number, row.level, row.evidence, row.tag_version) == (1, None, None, 1)
    page = thread_page(archive.session, archive.session.scalars(select(Thread.public_id)).one(), drafts=False)
    assert page.shares == {None: 2}
    assert coming(archive.session, moderator.id) != []
    assert [entry.evidence for entry in history(archive.session, row.public_id)] == [[]]
    archive.import_({"b.txt": CHANGED}, public=True)
    assert (archive.answer(RUSTICUS).level, archive.answer(RUSTICUS).tagged_by) == (Level.CITED, "maud")


def test_undo_passes_over_what_was_withdrawn(archive: Archive, make_user: Callable[..., User]) -> None:
    moderator = make_user("maud", "moderator")
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    salt = archive.import_({"b.txt": SALT_FILE}, collection="salt", public=True)
    archive.judge(RUSTICUS, Level.RECOLLECTED, moderator)
    archive.judge(WEAVER, Level.UNSOURCED, moderator)
    roll_back(archive.session, salt.batch, reason="", by=BY)
    undone = undo(archive.session, moderator=moderator)
    assert undone is not None
    assert undone.post == archive.answer(RUSTICUS).public_id


def test_an_original_is_shown_from_a_file_that_is_published(archive: Archive) -> None:
    private = lines(DYKES_FILE).replace('{"text"', '{"email": "zed@secret.example", "text"')
    dump = archive.import_({"dump.jsonl": private}, public=True)
    archive.import_({"clean.txt": DYKES_FILE}, public=True)
    post = archive.answer(RUSTICUS).public_id

    def name(*, drafts: bool = False) -> str:
        page = original_page(archive.session, archive.vault, post, revision=None, drafts=drafts, around=drafts)
        assert ("secret" in page.before + page.after) is (drafts and page.name.endswith("jsonl"))
        return page.name.rpartition("/")[2]

    assert name() == "dump.jsonl"
    assert name(drafts=True) == "dump.jsonl"
    roll_back(archive.session, dump.batch, reason="It holds addresses", by=BY)
    assert name() == "clean.txt"


def test_a_batch_that_was_cut_off_can_be_rolled_back(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = interrupted(archive, monkeypatch)
    assert find_batch(archive.session, batch).state is BatchState.IMPORTING
    roll_back(archive.session, batch, reason="", by=BY)
    assert list(list_threads(archive.session, collection=None)) == []
    files = {"a.txt": DYKES_FILE, "b.txt": SALT_FILE}
    assert counts(archive.import_(files).balance) == {"added": 6}


def test_a_batch_that_is_rolled_back_while_it_is_read_stays_so(archive: Archive) -> None:
    batch = archive.receive({"a.txt": DYKES_FILE})

    def take_back(_done: int, _whole: int, _posts: int) -> None:
        if find_batch(archive.session, batch).state is BatchState.IMPORTING:
            roll_back(archive.session, batch, reason="The wrong file", by=BY)

    with pytest.raises(BatchStateError, match="rolled back"):
        run_batch(archive.session, archive.vault, batch, by=BY, publish_it=True, progress=take_back)
    assert find_batch(archive.session, batch).state is BatchState.ROLLED_BACK
    assert archive.posts(drafts=False) == []


def test_what_a_rolled_back_batch_had_brought_counts_as_added_however_it_is_cut(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a.txt": DYKES_FILE, "b.txt": SALT_FILE, "c.txt": DYKES_FILE}
    imported = archive.import_(files)
    roll_back(archive.session, imported.batch, reason="", by=BY)
    monkeypatch.setattr("archive.services.ingest.chunks.CHUNK_POSTS", 1)
    preview = archive.preview(files).balance
    again = archive.import_(files).balance
    assert counts(again) == {"added": 6, "duplicate": 3}
    assert again == preview == imported.balance


def test_the_ledger_tells_of_receiving_reading_publishing_and_rolling_back(archive: Archive) -> None:
    imported = archive.import_({"a.txt": DYKES_FILE}, public=True)
    roll_back(archive.session, imported.batch, reason="  Wrong file  ", by=BY)
    entries = list(read_entries(archive.session, subject=f"batch {imported.batch}"))
    assert [entry.act for entry in entries] == ["receive", "import", "publish", "roll back"]
    assert entries[-1].detail == '{"reason":"Wrong file","was":"published"}'
    assert {entry.actor for entry in entries} == {"command line"}


def interrupted(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> int:
    """A batch of two threads, of which one was read in."""

    class PowerCutError(BaseException):
        """Nothing catches it."""

    def cut(done: int, whole: int, posts: int) -> None:
        if posts:
            raise PowerCutError

    from archive.services.ingest.run import run_batch

    batch = archive.receive({"a.txt": DYKES_FILE, "b.txt": SALT_FILE})
    with monkeypatch.context() as patch:
        patch.setattr("archive.services.ingest.chunks.CHUNK_POSTS", 1)
        with pytest.raises(PowerCutError):
            run_batch(archive.session, archive.vault, batch, by=BY, progress=cut)
    return batch


@pytest.mark.database("postgresql")
def test_postgresql_knows_how_much_a_large_batch_made_public(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    known = text("SELECT reltuples FROM pg_class WHERE relname IN ('post', 'revision_text')")
    unsorted = text("SELECT gin_clean_pending_list('ix_revision_text_search')")  # pages; asking sorts them
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    before = archive.session.scalars(known).all()
    assert archive.session.scalar(unsorted)
    monkeypatch.setattr("archive.services.ingest.publish.MANY", 3)
    archive.import_({"b.txt": SALT_FILE}, public=True)
    assert archive.session.scalars(known).all() == [len(archive.posts())] * 2 != before
    assert not archive.session.scalar(unsorted)
