"""Tagging: every decision with its words, none overwritten unseen, none lost."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.ledger import find_faults
from archive.domain.moderation import TagNotAllowedError
from archive.domain.records import PostKind
from archive.domain.second_opinions import State
from archive.domain.shipped_codebook import SHIPPED_VERSION
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services.bench.asides import skip
from archive.services.bench.cast import Said, Sight, cast
from archive.services.bench.history import history
from archive.services.bench.item import queue_item, queues
from archive.services.bench.queue import coming
from archive.services.bench.take_back import undo_tag
from archive.services.bench.undo import undo
from archive.services.browse import NotFoundError
from archive.services.decisions import TagConflictError
from archive.services.post_views import post_views
from archive.services.views import PostView
from archive.store.ledger import read_entries, read_head
from archive.store.pending import Pending
from archive.store.tags import Tag
from archive.store.threads import Post
from archive.store.users import User
from tests.databases import opened
from tests.integration.conftest import Archive
from tests.integration.written import (
    ANNALIST,
    DYKES,
    DYKES_FILE,
    ON_DYKES,
    RUSTICUS,
    SALT_FILE,
    WEAVER,
    lines,
    thread,
)

Users = Callable[..., User]


@pytest.fixture
def maud(make_user: Users) -> User:
    return make_user("maud", "moderator")


@pytest.fixture
def teasel(make_user: Users) -> User:
    return make_user("teasel", "moderator")


def decide(
    archive: Archive,
    author: str,
    level: Level,
    moderator: User,
    *,
    words: str = "",
    version: int | None = None,
    note: str = "",
) -> PostView:
    row = archive.answer(author)
    start = row.text.index(words)
    cast(
        archive.session,
        post=row.public_id,
        revision_id=row.revision_id,
        version=row.tag_version if version is None else version,
        said=Said(level=level, evidence=[(start, start + len(words))] if words else [], note=note, seen=Sight.MARKS),
        moderator=moderator,
    )
    return post_views(archive.session, [archive.answer(author)], drafts=False)[0]


def test_a_tag_keeps_its_level_words_moderator_and_codebook(archive: Archive, maud: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    words = "cannot name the book"
    view = decide(archive, RUSTICUS, Level.RECOLLECTED, maud, words=words, note="  As he says himself. ")
    assert view.decision is not None
    assert (view.decision.level, view.decision.by, view.decision.note) == (
        Level.RECOLLECTED,
        "maud",
        "As he says himself.",
    )
    assert view.decision.codebook_version == SHIPPED_VERSION
    (span,) = view.decision.evidence
    assert view.text[span.start : span.end] == span.text == words
    (entry,) = history(archive.session, view.public_id)
    assert (entry.level, entry.by, entry.in_force, entry.revision_number) == (Level.RECOLLECTED, "maud", True, 1)


def test_who_thinks_otherwise_of_a_tagged_answer_leaves_it_as_it_is_until_somebody_decides(
    archive: Archive, maud: User, teasel: User
) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    decide(archive, RUSTICUS, Level.UNSOURCED, maud)
    view = decide(archive, RUSTICUS, Level.TESTIMONY, teasel)
    assert view.decision is not None
    assert (view.decision.level, view.decision.by, view.tag_version) == (Level.UNSOURCED, "maud", 1)
    assert archive.session.scalars(select(Pending.state)).all() == [State.DISPUTED]


def test_a_stale_page_changes_nothing_and_says_who_was_there(archive: Archive, maud: User, teasel: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    decide(archive, RUSTICUS, Level.UNSOURCED, maud)
    before = read_head(archive.session)
    with pytest.raises(TagConflictError, match=r"maud tagged this answer “No source given” on \d+ .* UTC") as caught:
        decide(archive, RUSTICUS, Level.CITED, teasel, version=0)
    assert (caught.value.by, caught.value.level, caught.value.version) == ("maud", Level.UNSOURCED, 1)
    assert archive.answer(RUSTICUS).level is Level.UNSOURCED
    assert read_head(archive.session) == before
    assert archive.session.scalar(select(func.count(Tag.id))) == 1


def test_undo_brings_back_what_was_there_before(archive: Archive, maud: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    decide(archive, RUSTICUS, Level.UNSOURCED, maud)
    decide(archive, RUSTICUS, Level.RECOLLECTED, maud, words="I once read")
    undone = undo(archive.session, moderator=maud)
    assert undone is not None
    assert (undone.post, undone.level) == (archive.answer(RUSTICUS).public_id, Level.RECOLLECTED)
    assert archive.answer(RUSTICUS).level is Level.UNSOURCED
    undo(archive.session, moderator=maud)
    assert archive.answer(RUSTICUS).level is None
    assert undo(archive.session, moderator=maud) is None
    acts = [entry.act.value for entry in history(archive.session, archive.answer(RUSTICUS).public_id)]
    assert acts == ["undo", "undo", "tag", "tag"]


def test_undo_goes_back_from_answer_to_answer(archive: Archive, maud: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    decide(archive, ANNALIST, Level.ATTRIBUTED, maud)
    decide(archive, RUSTICUS, Level.RECOLLECTED, maud)
    undo(archive.session, moderator=maud)
    assert (archive.answer(ANNALIST).level, archive.answer(RUSTICUS).level) == (Level.ATTRIBUTED, None)
    undo(archive.session, moderator=maud)
    assert archive.answer(ANNALIST).level is None


def test_with_ones_own_vote_taken_back_the_other_one_decides(archive: Archive, maud: User, teasel: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    decide(archive, RUSTICUS, Level.UNSOURCED, maud)
    decide(archive, RUSTICUS, Level.CITED, teasel)
    undo(archive.session, moderator=maud)
    assert archive.answer(RUSTICUS).level is Level.CITED
    assert archive.session.scalars(select(Pending)).all() == []
    undo(archive.session, moderator=teasel)
    assert archive.answer(RUSTICUS).level is None


def test_a_decision_no_longer_in_force_cannot_be_taken_back(archive: Archive, maud: User, teasel: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    decide(archive, RUSTICUS, Level.UNSOURCED, maud)
    post = archive.answer(RUSTICUS).public_id
    first = history(archive.session, post)[0].id
    decide(archive, RUSTICUS, Level.CITED, maud)
    with pytest.raises(TagConflictError):
        undo_tag(archive.session, post=post, tag_id=first, moderator=teasel)
    undo_tag(archive.session, post=post, tag_id=history(archive.session, post)[0].id, moderator=teasel)
    assert archive.answer(RUSTICUS).level is Level.UNSOURCED


def test_a_changed_text_keeps_its_tag_and_says_of_which_revision(archive: Archive, maud: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    decide(archive, RUSTICUS, Level.RECOLLECTED, maud, words="I once read")
    changed = thread(DYKES, [ON_DYKES[0], (RUSTICUS, "It is all in Prevenier.")])
    archive.import_({"b.txt": changed}, public=True)
    row = archive.answer(RUSTICUS)
    (view,) = post_views(archive.session, [row], drafts=False)
    assert view.decision is not None
    assert (view.revision_number, view.decision.revision_number, view.decision.level) == (2, 1, Level.RECOLLECTED)
    assert view.decision.evidence[0].text == "I once read"


@pytest.mark.parametrize("span", [(-1, 3), (3, 3), (5, 2), (0, 10_000)])
def test_evidence_outside_the_text_is_refused(archive: Archive, maud: User, span: tuple[int, int]) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    row = archive.answer(RUSTICUS)
    with pytest.raises(TagNotAllowedError, match="not in this text"):
        cast(
            archive.session,
            post=row.public_id,
            revision_id=row.revision_id,
            version=0,
            said=Said(level=Level.CITED, evidence=[span], seen=Sight.MARKS),
            moderator=maud,
        )
    assert archive.answer(RUSTICUS).level is None


def test_questions_drafts_and_other_posts_revisions_are_not_tagged(archive: Archive, maud: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    archive.import_({"b.txt": SALT_FILE})
    (question,) = archive.posts(drafts=False, kind=PostKind.QUESTION)
    draft = next(row for row in archive.posts() if row.byline == WEAVER)
    answer, other = archive.answer(RUSTICUS), archive.answer(ANNALIST)

    def attempt(post: PublicId, revision: int) -> None:
        cast(
            archive.session,
            post=post,
            revision_id=revision,
            version=0,
            said=Said(level=Level.CITED, seen=Sight.MARKS),
            moderator=maud,
        )

    with pytest.raises(TagNotAllowedError, match="Only answers are tagged"):
        attempt(question.public_id, question.revision_id)
    with pytest.raises(NotFoundError):
        attempt(draft.public_id, draft.revision_id)
    with pytest.raises(NotFoundError):
        attempt(answer.public_id, other.revision_id)
    with pytest.raises(ArchiveError):
        attempt(PublicId("no\0such"), answer.revision_id)


def test_a_note_may_hold_anything_that_a_person_can_type(archive: Archive, maud: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    view = decide(archive, RUSTICUS, Level.CITED, maud, note="<script>\n'; DROP TABLE tag; -- \u202e ☃\0")
    assert view.decision is not None
    assert view.decision.note.startswith("<script>\n'; DROP TABLE tag; -- \u202e ☃")
    with pytest.raises(TagNotAllowedError, match="at most 2,000"):
        decide(archive, RUSTICUS, Level.CITED, maud, note="x" * 2001)


def test_the_queue_gives_each_answer_once_and_what_was_skipped_last(archive: Archive, maud: User, teasel: User) -> None:
    archive.import_({"a.txt": DYKES_FILE, "b.txt": SALT_FILE}, public=True)
    waiting = [row.public_id for row in archive.answers()]
    (first,) = coming(archive.session, maud.id)
    assert first == waiting[0]
    skip(archive.session, post=first, moderator=maud)
    skip(archive.session, post=first, moderator=maud)
    seen = []
    while (post := coming(archive.session, maud.id)[0]) != first:
        seen.append(post)
        row = next(row for row in archive.answers() if row.public_id == post)
        cast(
            archive.session,
            post=post,
            revision_id=row.revision_id,
            version=0,
            said=Said(level=Level.CITED, seen=Sight.SUGGESTION),
            moderator=maud,
        )
    assert seen == waiting[1:]
    assert coming(archive.session, teasel.id) == [first]


def test_each_collection_has_a_queue_of_its_own(archive: Archive, maud: User) -> None:
    archive.import_({"a.txt": DYKES_FILE}, collection="water", public=True)
    archive.import_({"b.txt": SALT_FILE}, collection="salt", public=True)
    decide(archive, WEAVER, Level.UNSOURCED, maud)
    assert {row.slug: (row.waiting, row.decided) for row in queues(archive.session)} == {
        "water": (2, 0),
        "salt": (1, 1),
    }
    (post,) = coming(archive.session, maud.id, collection="salt")
    item = queue_item(archive.session, post, moderator=maud.id, collection="salt")
    assert (item.thread.collection, item.progress.waiting, item.progress.today) == ("salt", 1, 1)
    assert [other.author for other in item.siblings] == [WEAVER]
    assert item.question is not None


def test_twenty_moderators_at_once_lose_nothing(archive: Archive, maud: User, database_url: str) -> None:
    answers, moderators = 12, 20
    archive.import_(
        {"a.txt": thread(DYKES, [(f"writer_{number}x", f"Answer {number}.") for number in range(answers)])}, public=True
    )
    posts = [(row.public_id, row.revision_id) for row in archive.answers()]
    maud_id = maud.id
    archive.session.rollback()
    acknowledged: Counter[str] = Counter()
    conflicts: Counter[str] = Counter()
    together = threading.Barrier(moderators)

    def moderate(number: int) -> None:
        together.wait()
        with Session(engine, expire_on_commit=False) as session:
            moderator = session.get_one(User, maud_id)
            for turn in range(6):
                post, revision = posts[(number + turn) % 3 if turn % 2 else (number + turn) % answers]
                version = session.scalar(select(Post.tag_version).where(Post.public_id == post)) or 0
                try:
                    cast(
                        session,
                        post=post,
                        revision_id=revision,
                        version=version,
                        said=Said(
                            level=list(Level)[(number + turn) % 8],
                            evidence=[(0, 6)],
                            note=f"{number}.{turn}",
                            seen=Sight.MARKS,
                        ),
                        moderator=moderator,
                    )
                    acknowledged[f"{number}.{turn}"] += 1
                except TagConflictError:
                    conflicts[f"{number}.{turn}"] += 1

    with opened(database_url) as engine, ThreadPoolExecutor(moderators) as pool:
        for done in [pool.submit(moderate, number) for number in range(moderators)]:
            done.result(timeout=120)
    stored = Counter(archive.session.scalars(select(Tag.note)))
    assert stored == acknowledged
    assert acknowledged.total() + conflicts.total() == moderators * 6
    versions = archive.session.scalars(select(Post.tag_version)).all()
    assert sum(versions) == acknowledged.total()
    assert list(find_faults(read_entries(archive.session), read_head(archive.session))) == []


def test_of_many_who_saw_the_same_page_one_is_stored(archive: Archive, maud: User, database_url: str) -> None:
    archive.import_({"a.jsonl": lines(DYKES_FILE)}, public=True)
    row, maud_id = archive.answer(RUSTICUS), maud.id
    archive.session.rollback()
    together = threading.Barrier(8)

    def attempt(number: int) -> bool:
        together.wait()
        with Session(engine, expire_on_commit=False) as session:
            try:
                cast(
                    session,
                    post=row.public_id,
                    revision_id=row.revision_id,
                    version=0,
                    said=Said(level=list(Level)[number], seen=Sight.MARKS),
                    moderator=session.get_one(User, maud_id),
                )
            except TagConflictError:
                return False
            return True

    with opened(database_url) as engine, ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(attempt, range(8), timeout=120))
    assert stored.count(True) == 1
    assert archive.answer(RUSTICUS).level is list(Level)[stored.index(True)]
    assert archive.answer(RUSTICUS).tag_version == 1
