"""Objections to tags: their way through the moderators, and back; and the public log of all that."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Delete, Update, delete, event, func, select, update
from sqlalchemy.orm import Session

from archive.domain.flooding import EnoughError, TooManyError
from archive.domain.moderation import TagNotAllowedError
from archive.domain.objections import OBJECTIONS, ObjectionNotAllowedError, ObjectionState
from archive.domain.public_log import LogAct
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.bench.history import history
from archive.services.bench.take_back import undo_tag
from archive.services.bench.undo import undo
from archive.services.browse import NotFoundError, thread_state
from archive.services.decisions import TagConflictError
from archive.services.ingest.publish import roll_back
from archive.services.objections.objecting import (
    Given,
    ObjectionStateError,
    OtherTag,
    keep,
    object_to,
    open_again,
    reverse,
)
from archive.services.objections.pages import (
    decided_alone,
    objection_line,
    questionable,
    questioned,
    questions,
    queue_page,
    waiting_objections,
)
from archive.services.reattach.move import Seen, move_under
from archive.services.verify import find_faults
from archive.store.ledger import read_entries
from archive.store.objections import Objection
from archive.store.pages import PostRow
from archive.store.public_log import LogEntry, Wanted, log_rows
from archive.store.threads import Post
from archive.store.users import User
from tests.integration.citing import FORGETFUL, LEAGUE, NAMER, ON_LEAGUE, SCHOLAR
from tests.integration.conftest import BY, Archive, Filled
from tests.integration.written import DYKES, thread

GIVEN = Given(
    reason="The answer names page 94 of the memoirs.",
    expected=Level.PINPOINT,
    reference="Khrushchev, Memoirs",
    locator="p. 94",
    identifier="",
    name="Ada",
    by_author=False,
)


def _fill(archive: Archive) -> None:
    archive.import_({"a.txt": thread(LEAGUE, ON_LEAGUE)}, public=True)
    maud = archive.add_moderator("maud")
    archive.add_moderator("teasel")
    archive.judge(FORGETFUL, Level.RECOLLECTED, maud)
    archive.judge(NAMER, Level.ATTRIBUTED, maud)


@pytest.fixture
def told(filled: Filled) -> Archive:
    """A thread with two answers that maud tagged, and another moderator, teasel."""
    return filled(_fill)


def question(
    archive: Archive,
    author: str = FORGETFUL,
    *,
    given: Given = GIVEN,
    seen_as: tuple[str, ...] = (),
    objector: User | None = None,
) -> int:
    row = archive.answer(author)
    return object_to(
        archive.session,
        post=row.public_id,
        version=row.tag_version,
        given=given,
        objector=objector,
        seen_as=seen_as,
    )


def answer(archive: Archive, number: int, *, level: Level | None = None, by: str = "teasel") -> None:
    """Keep the tag, or give another level."""
    row, moderator = _row(archive, number), archive.person(by)
    if level is None:
        keep(
            archive.session,
            objection_id=number,
            version=row.tag_version,
            reply="It is not in the text.",
            moderator=moderator,
        )
    else:
        tag = OtherTag(revision_id=row.revision_id, version=row.tag_version, level=level, evidence=[(0, 6)])
        reverse(archive.session, objection_id=number, tag=tag, reply="You are right.", moderator=moderator)


def _row(archive: Archive, number: int) -> PostRow:
    post = objection_line(archive.session, number).post.public_id
    return next(row for row in archive.answers() if row.public_id == post)


def state(archive: Archive, number: int = 1) -> ObjectionState:
    archive.session.rollback()
    return archive.session.scalars(select(Objection.state).where(Objection.id == number)).one()


def acts(archive: Archive, author: str = FORGETFUL) -> list[str]:
    return [entry.act for entry in read_entries(archive.session, subject=f"post {archive.answer(author).public_id}")]


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def logged(archive: Archive, **wanted: object) -> list[tuple[LogAct, Level | None, str]]:
    archive.session.rollback()
    rows = log_rows(archive.session, Wanted(**wanted), before=None, limit=50)  # type: ignore[arg-type]
    return [(row.entry.act, row.entry.level, row.by) for row in rows]


def test_an_objection_waits_for_a_moderator_and_changes_nothing(told: Archive) -> None:
    number = question(told)
    (line,) = queue_page(told.session, after=0).objections
    assert (line.objection.id, line.level, line.tagged_by) == (number, Level.RECOLLECTED, "maud")
    assert (line.objection.reason, line.objection.objector_name, line.objector) == (GIVEN.reason, "Ada", None)
    assert waiting_objections(told.session) == 1
    assert told.answer(FORGETFUL).level is Level.RECOLLECTED
    *_, entry = read_entries(told.session, subject=f"post {told.answer(FORGETFUL).public_id}")
    assert (entry.act, entry.actor) == ("object", "a reader")
    assert questioned(told.session, [line.post]) == {}
    assert questions(told.session, line.post.public_id).waiting == 1
    assert faults(told) == []


def test_a_moderator_keeps_the_tag_and_the_reply_is_there_for_all(told: Archive) -> None:
    number, post = question(told), told.answer(FORGETFUL).public_id
    address = questionable(told.session, post).thread.public_id
    before = thread_state(told.session, address, drafts=False).version
    answer(told, number)
    line = objection_line(told.session, number)
    assert (line.objection.state, line.objection.reply) == (ObjectionState.KEPT, "It is not in the text.")
    assert (line.objection.outcome, line.answered_by, line.by_the_same) == (Level.RECOLLECTED, "teasel", False)
    assert thread_state(told.session, address, drafts=False).version > before
    assert len(history(told.session, post)) == 1
    assert [one.objection.id for one in questions(told.session, post).answered[line.objection.tag_id]] == [number]
    assert questioned(told.session, [line.post])[line.post.id].times == 1
    assert acts(told)[-2:] == ["object", "answer objection"]
    assert faults(told) == []


def test_a_moderator_gives_another_level_and_the_history_says_why(told: Archive) -> None:
    number, post = question(told), told.answer(FORGETFUL).public_id
    answer(told, number, level=Level.PINPOINT)
    assert told.answer(FORGETFUL).level is Level.PINPOINT
    newest = history(told.session, post)[0]
    assert (newest.was, newest.level, newest.because) == (Level.RECOLLECTED, Level.PINPOINT, "on an objection")
    assert newest.note == "On an objection: You are right."
    assert [words.end for words in newest.evidence] == [6]
    assert state(told) is ObjectionState.CHANGED
    assert acts(told)[-4:] == ["object", "set votes aside", "tag", "answer objection"]
    assert faults(told) == []


def test_undo_of_the_tag_opens_the_objection_again_and_undo_of_that_answers_it(told: Archive) -> None:
    number, post = question(told), told.answer(FORGETFUL).public_id
    answer(told, number, level=Level.PINPOINT)
    undo(told.session, moderator=told.person("teasel"))
    assert (told.answer(FORGETFUL).level, state(told)) == (Level.RECOLLECTED, ObjectionState.OPEN)
    assert waiting_objections(told.session) == 1
    undo_tag(told.session, post=post, tag_id=history(told.session, post)[0].id, moderator=told.person("maud"))
    assert (told.answer(FORGETFUL).level, state(told)) == (Level.PINPOINT, ObjectionState.CHANGED)
    back_and_again = ["undo", "reopen objection", "put votes back", "undo", "answer objection", "set votes aside"]
    assert acts(told)[-6:] == back_and_again
    assert faults(told) == []


def test_a_tag_is_not_brought_back_once_its_objection_was_answered_otherwise(told: Archive) -> None:
    number, post = question(told), told.answer(FORGETFUL).public_id
    answer(told, number, level=Level.PINPOINT)
    undo(told.session, moderator=told.person("teasel"))
    answer(told, number, by="maud")
    in_force = history(told.session, post)[0].id
    with pytest.raises(TagNotAllowedError, match="was answered otherwise since by maud"):
        undo_tag(told.session, post=post, tag_id=in_force, moderator=told.person("teasel"))
    assert (told.answer(FORGETFUL).level, state(told)) == (Level.RECOLLECTED, ObjectionState.KEPT)
    assert faults(told) == []


def test_a_later_tag_leaves_the_reply_as_it_is(told: Archive) -> None:
    answer(told, question(told), level=Level.PINPOINT)
    told.judge(FORGETFUL, Level.CITED, told.person("maud"))
    assert state(told) is ObjectionState.CHANGED
    undo(told.session, moderator=told.person("maud"))
    assert (told.answer(FORGETFUL).level, state(told)) == (Level.PINPOINT, ObjectionState.CHANGED)


def test_a_reply_that_kept_the_tag_is_taken_back_and_the_objection_waits_again(told: Archive) -> None:
    number = question(told)
    with pytest.raises(ObjectionStateError):
        open_again(told.session, objection_id=number, moderator=told.person("maud"))
    answer(told, number)
    open_again(told.session, objection_id=number, moderator=told.person("maud"))
    assert state(told) is ObjectionState.OPEN
    assert acts(told)[-2:] == ["answer objection", "reopen objection"]
    answer(told, number, level=Level.CITED)
    assert state(told) is ObjectionState.CHANGED
    assert faults(told) == []


def test_the_second_of_two_who_answer_is_told_and_changes_nothing(told: Archive) -> None:
    number = question(told)
    answer(told, number)
    with pytest.raises(ObjectionStateError, match=r"was answered by teasel on .* has not been stored"):
        answer(told, number, level=Level.CITED, by="maud")
    assert told.answer(FORGETFUL).level is Level.RECOLLECTED
    assert len(logged(told)) == 3


def test_whoever_answers_below_a_tag_that_somebody_else_gave_meanwhile_is_told(told: Archive) -> None:
    number, row = question(told), told.answer(FORGETFUL)
    told.judge(FORGETFUL, Level.CITED, told.person("maud"))
    teasel = told.person("teasel")
    with pytest.raises(TagConflictError, match="maud tagged this answer"):
        keep(told.session, objection_id=number, version=row.tag_version, reply="No.", moderator=teasel)
    tag = OtherTag(revision_id=row.revision_id, version=row.tag_version, level=Level.PINPOINT, evidence=[])
    with pytest.raises(TagConflictError):
        reverse(told.session, objection_id=number, tag=tag, reply="Yes.", moderator=teasel)
    assert (told.answer(FORGETFUL).level, state(told)) == (Level.CITED, ObjectionState.OPEN)


def test_a_reply_is_written_and_another_level_is_another(told: Archive) -> None:
    number = question(told)
    version, teasel = told.answer(FORGETFUL).tag_version, told.person("teasel")
    with pytest.raises(ObjectionNotAllowedError, match="Write a reply"):
        keep(told.session, objection_id=number, version=version, reply=" \0 ", moderator=teasel)
    with pytest.raises(ObjectionNotAllowedError, match="“From memory” already"):
        answer(told, number, level=Level.RECOLLECTED)


def test_only_a_tag_that_is_in_force_is_questioned(told: Archive) -> None:
    with pytest.raises(ObjectionNotAllowedError, match="no tag now"):
        question(told, SCHOLAR)
    stale = told.answer(FORGETFUL)
    told.judge(FORGETFUL, Level.CITED, told.person("maud"))
    with pytest.raises(TagConflictError):
        object_to(told.session, post=stale.public_id, version=stale.tag_version, given=GIVEN, objector=None, seen_as=())
    undo(told.session, moderator=told.person("maud"))
    number = question(told)
    assert objection_line(told.session, number).objection.tag_id == history(told.session, stale.public_id)[-1].id


def test_who_floods_is_stopped_and_enough_objections_wait_for_one_answer(
    told: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(OBJECTIONS.waiting_for_one):
        question(told)
    with pytest.raises(EnoughError, match="wait for a moderator already"):
        question(told)
    monkeypatch.setattr("archive.services.objections.objecting.OBJECTIONS", replace(OBJECTIONS, most=2, waiting=5))
    here = ("address 192.0.2.1", "browser a")
    for _ in range(2):
        answer(told, question(told, NAMER, seen_as=here))
    with pytest.raises(TooManyError, match="2 objections came from here within an hour"):
        question(told, NAMER, seen_as=("address 192.0.2.1",))
    question(told, NAMER, seen_as=("address 192.0.2.2",))
    question(told, NAMER)
    with pytest.raises(EnoughError, match="More objections wait"):
        question(told, NAMER)
    question(told, NAMER, objector=told.person("maud"))


def test_with_the_text_goes_the_objection_to_its_tag(told: Archive) -> None:
    changed = [(author, text + " And more.") for author, text in ON_LEAGUE]
    later = told.import_({"c.txt": thread(LEAGUE, changed)}, public=True)
    told.judge(FORGETFUL, Level.CITED, told.person("maud"))
    number = question(told)
    answered = question(told)
    answer(told, answered)
    shown = len(logged(told))
    roll_back(told.session, later.batch, reason="", by=BY)
    assert queue_page(told.session, after=0).objections == []
    for act in (lambda: objection_line(told.session, number), lambda: answer(told, number)):
        with pytest.raises(NotFoundError):
            act()
    assert questions(told.session, told.answer(FORGETFUL).public_id).answered == {}
    assert len(logged(told)) == shown - 2
    assert faults(told) == []


def test_whoever_gave_the_tag_alone_is_known_where_somebody_else_may_answer(told: Archive) -> None:
    row = told.answer(FORGETFUL)
    assert decided_alone(told.session, row.id, told.person("maud").id)
    assert not decided_alone(told.session, row.id, told.person("teasel").id)
    told.session.execute(update(User).where(User.name == "teasel").values(active=False))
    assert not decided_alone(told.session, row.id, told.person("maud").id)


def test_the_log_has_every_decision_and_is_narrowed_by_what_it_says(told: Archive) -> None:
    answer(told, question(told), level=Level.PINPOINT)
    undo(told.session, moderator=told.person("teasel"))
    everything = logged(told)
    assert everything == [
        (LogAct.UNDO, Level.RECOLLECTED, "teasel"),
        (LogAct.ANSWER, Level.PINPOINT, "teasel"),
        (LogAct.TAG, Level.PINPOINT, "teasel"),
        (LogAct.TAG, Level.ATTRIBUTED, "maud"),
        (LogAct.TAG, Level.RECOLLECTED, "maud"),
    ]
    assert logged(told, act=LogAct.TAG) == everything[2:]
    assert logged(told, moderator="maud") == everything[3:]
    assert logged(told, level=Level.RECOLLECTED) == [everything[0], everything[4]]
    assert logged(told, collection="history") == everything
    assert logged(told, collection="nowhere") == []
    first = told.session.scalars(select(func.min(LogEntry.at))).one()
    assert logged(told, until=first + timedelta(microseconds=1)) == everything[4:]
    assert logged(told, since=first + timedelta(microseconds=1)) == everything[:4]


@pytest.mark.parametrize(
    ("damage", "told_of"),
    [
        ([update(Objection).values(reason="Nothing.")], "its reason is Nothing."),
        ([update(Objection).values(reply="Something else.")], "its reply is Something else."),
        (
            [delete(LogEntry).where(LogEntry.objection_id.is_not(None)), delete(Objection)],
            "the ledger holds it, and the table does not",
        ),
        ([update(LogEntry).values(level=Level.CITED)], "does not say what decision 1 says"),
        ([update(LogEntry).values(moderator_id=2)], "does not say what decision 1 says"),
        ([update(LogEntry).values(moderator_id=1)], "does not say what the reply to objection 1 says"),
        ([delete(LogEntry).where(LogEntry.tag_id == 2)], "Tag 2: the public log does not have it."),
        ([delete(LogEntry).where(LogEntry.objection_id == 1)], "the public log does not have the reply"),
    ],
)
def test_what_is_edited_or_removed_is_found(told: Archive, damage: list[Update | Delete], told_of: str) -> None:
    answer(told, question(told))
    assert faults(told) == []
    for statement in damage:
        told.session.execute(statement)
    told.session.commit()
    assert any(told_of in fault for fault in faults(told)), faults(told)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(collection="history"),
        Wanted(level=Level.CITED),
        Wanted(act=LogAct.ANSWER),
        Wanted(moderator="maud"),
        Wanted(collection="history", act=LogAct.UNDO, moderator="maud"),
    ],
)
def test_however_long_the_log_is_a_page_of_it_is_read_from_an_index_in_order(told: Archive, wanted: Wanted) -> None:
    asked: list[str] = []
    last = told.session.get_one(LogEntry, 2)
    event.listen(told.session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    log_rows(told.session, wanted, before=None, limit=50)
    log_rows(told.session, wanted, before=last, limit=50)
    queries = [query for query in asked if "FROM log_entry" in query]
    assert len(queries) == 2
    for query in queries:
        blanks = tuple("2024-05-01" for _ in range(query.count("?")))
        plan = [row[3] for row in told.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", blanks)]
        assert any(re.match(r"(SEARCH|SCAN) log_entry USING INDEX ix_log_entry_", step) for step in plan), plan
        assert not any("TEMP B-TREE" in step for step in plan), plan


def test_an_objection_goes_with_its_answer_to_another_thread_and_is_found_there(told: Archive) -> None:
    number, row = question(told), told.answer(FORGETFUL)
    told.import_({"b.txt": thread(DYKES, [("dyke_reeve", "They were of clay, says Schama.")])}, public=True)
    other = next(post for post in told.posts(drafts=False, kind=PostKind.QUESTION) if post.thread_id != row.thread_id)
    seen, maud = Seen(0, row.parent), told.person("maud")
    move_under(told.session, post=row.public_id, parent=other.public_id, seen=seen, by=maud, drafts=False)
    line = objection_line(told.session, number)
    assert line.objection.thread_id == other.thread_id
    answer(told, number, level=Level.CITED)
    assert faults(told) == []


def test_of_many_who_reply_at_once_one_is_heard_and_the_others_are_told(told: Archive) -> None:
    number, row = question(told), told.answer(FORGETFUL)
    engine, names = told.session.get_bind(), ["maud", "teasel"] * 3
    told.session.rollback()
    together = threading.Barrier(len(names))

    def attempt(name: str) -> bool:
        together.wait()
        with Session(engine, expire_on_commit=False) as session:
            moderator = session.scalars(select(User).where(User.name == name)).one()
            try:
                keep(session, objection_id=number, version=row.tag_version, reply=f"By {name}.", moderator=moderator)
            except ObjectionStateError:
                return False
            return True

    with ThreadPoolExecutor(len(names)) as pool:
        assert list(pool.map(attempt, names, timeout=120)).count(True) == 1
    assert acts(told).count("answer objection") == 1
    assert len(logged(told, act=LogAct.ANSWER)) == 1
    assert faults(told) == []


def test_what_is_no_answer_any_more_waits_for_nobody_until_it_is_one_again(told: Archive) -> None:
    question(told)
    row, above, maud = told.answer(FORGETFUL), told.answer(SCHOLAR), told.person("maud")
    seen, parent = Seen(0, row.parent), above.public_id
    move_under(told.session, post=row.public_id, parent=parent, seen=seen, by=maud, drafts=False)
    assert (waiting_objections(told.session), queue_page(told.session, after=0).objections) == (0, [])
    moved = next(post for post in told.posts(drafts=False) if post.public_id == row.public_id)
    seen = Seen(told.session.scalars(select(Post.placement_id).where(Post.id == moved.id)).one() or 0, parent)
    move_under(told.session, post=row.public_id, parent=row.parent, seen=seen, by=maud, drafts=False)
    assert (waiting_objections(told.session), len(queue_page(told.session, after=0).objections)) == (1, 1)
