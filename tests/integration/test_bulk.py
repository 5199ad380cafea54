"""One level for many answers: all or none, each with its vote and its entries, and all of it taken back at once."""

from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select, text, update

from archive.domain.at_once import AtOnceError, LeftOut, Standing
from archive.domain.bench_rules import BenchRules
from archive.domain.moderation import ReasonCode
from archive.domain.second_opinions import Basis, State
from archive.domain.source_quality import Level
from archive.services.bench.adjudicate import Ruling, adjudicate
from archive.services.bench.bulk import NothingTaggedError, Picked, SaidOfAll, tag_at_once
from archive.services.bench.cast import Said, Sight, cast
from archive.services.bench.rules import set_rules
from archive.services.bench.undo import redo, undo
from archive.services.search import Wanted, wanted_answers
from archive.services.verify import find_faults
from archive.store.acts import ActKind
from archive.store.bulk_tags import Bulk, candidates
from archive.store.ledger import read_entries, read_head
from archive.store.pages import PostRow
from archive.store.pending import Pending
from archive.store.tags import Tag
from archive.store.users import User
from archive.store.votes import Vote
from tests.integration.conftest import COLLECTION, Archive, Filled
from tests.integration.written import DYKES, thread

ANSWERS = 6


def _fill(archive: Archive) -> None:
    archive.add_moderator("maud")
    archive.add_moderator("teasel")
    answers = [
        (f"writer_{number}x", f"The counts paid for dyke {number}, or so it is said.") for number in range(ANSWERS)
    ]
    archive.import_({"a.txt": thread(DYKES, answers)}, public=True)


@pytest.fixture
def dykes(filled: Filled) -> Archive:
    """Six answers without a tag, and two moderators."""
    return filled(_fill)


def pick(rows: Sequence[PostRow]) -> list[Picked]:
    return [Picked(row.public_id, row.revision_id, row.tag_version) for row in rows]


def tag_all(archive: Archive, level: Level = Level.UNSOURCED, *, but: int = 0, **said: object) -> int:
    rows = archive.answers()[but:]
    return tag_at_once(archive.session, pick(rows), SaidOfAll(level=level, **said), moderator=archive.person("maud"))


def levels(archive: Archive) -> Counter[Level | None]:
    return Counter(row.level for row in archive.answers())


def vote(archive: Archive, row: PostRow, level: Level, name: str) -> None:
    cast(
        archive.session,
        post=row.public_id,
        revision_id=row.revision_id,
        version=row.tag_version,
        said=Said(level=level, seen=Sight.MARKS),
        moderator=archive.person(name),
    )


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    archive.session.expunge_all()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def ask_for_votes(archive: Archive, number: int) -> None:
    set_rules(archive.session, COLLECTION, BenchRules(votes_needed=number), version=0, by=archive.person("maud"))


def test_every_answer_has_its_vote_its_decision_and_their_entries(dykes: Archive) -> None:
    before = read_head(dykes.session).number
    number = tag_all(dykes, note="  None names a book. ", reason=ReasonCode.VAGUE, source="q=dyke")
    assert levels(dykes) == {Level.UNSOURCED: ANSWERS}
    bulk = dykes.session.get_one(Bulk, number)
    assert (bulk.asked, bulk.stored, bulk.left_out, bulk.source) == (ANSWERS, ANSWERS, [], "q=dyke")
    votes = dykes.session.scalars(select(Vote)).all()
    assert {
        (vote.bulk_id, vote.note, vote.reason, vote.blind, vote.counts, vote.suggestion_seen) for vote in votes
    } == {(number, "None names a book.", ReasonCode.VAGUE, False, True, False)}
    tags = dykes.session.scalars(select(Tag)).all()
    assert sorted(tag.rests_on for tag in tags) == [[vote.id] for vote in votes]
    assert {(tag.basis, tag.votes) for tag in tags} == {(Basis.SINGLE, 1)}
    acts = [entry.act for entry in read_entries(dykes.session) if entry.number > before]
    assert acts == ["bulk", *["vote"] * ANSWERS, *["tag"] * ANSWERS]
    assert faults(dykes) == []


def test_a_bulk_does_what_single_votes_do(dykes: Archive) -> None:
    tag_all(dykes, but=1)
    vote(dykes, dykes.answers()[0], Level.UNSOURCED, "maud")

    def told(tag: Tag) -> tuple[object, ...]:
        return (
            tag.act,
            tag.level,
            tag.note,
            tag.evidence,
            tag.basis,
            tag.votes,
            tag.closes,
            len(tag.rests_on),
            tag.suggestion_seen,
        )

    assert len({repr(told(tag)) for tag in dykes.session.scalars(select(Tag))}) == 1
    assert {row.tag_version for row in dykes.answers()} == {1}


def test_what_others_decided_or_read_meanwhile_is_left_as_it_is_and_named(dykes: Archive) -> None:
    rows = dykes.answers()
    vote(dykes, rows[0], Level.CITED, "teasel")
    number = tag_at_once(dykes.session, pick(rows), SaidOfAll(level=Level.UNSOURCED), moderator=dykes.person("maud"))
    bulk = dykes.session.get_one(Bulk, number)
    assert bulk.left_out == [[rows[0].public_id, LeftOut.DECIDED]]
    assert (bulk.asked, bulk.stored) == (ANSWERS, ANSWERS - 1)
    assert levels(dykes) == {Level.UNSOURCED: ANSWERS - 1, Level.CITED: 1}
    assert faults(dykes) == []


def test_what_a_colleague_has_read_and_nobody_decided_is_left_out_too(dykes: Archive) -> None:
    ask_for_votes(dykes, 2)
    rows = dykes.answers()
    vote(dykes, rows[1], Level.CITED, "teasel")
    number = tag_at_once(dykes.session, pick(rows), SaidOfAll(level=Level.CITED), moderator=dykes.person("maud"))
    assert dykes.session.get_one(Bulk, number).left_out == [[rows[1].public_id, LeftOut.READ]]
    assert levels(dykes) == {None: ANSWERS}
    states = Counter(dykes.session.scalars(select(Pending.state)))
    assert states == {State.WANTS_VOTE: ANSWERS}


def test_where_two_votes_are_needed_a_bulk_is_the_first_and_a_colleague_decides(dykes: Archive) -> None:
    ask_for_votes(dykes, 2)
    tag_all(dykes)
    vote(dykes, dykes.answers()[2], Level.UNSOURCED, "teasel")
    assert levels(dykes) == {Level.UNSOURCED: 1, None: ANSWERS - 1}
    undo(dykes.session, moderator=dykes.person("maud"))
    assert levels(dykes) == {None: ANSWERS}
    assert dykes.session.scalars(select(Pending.votes)).all() == [1]
    assert faults(dykes) == []


def test_nothing_is_stored_when_all_were_decided_meanwhile(dykes: Archive) -> None:
    rows = dykes.answers()
    for row in rows:
        vote(dykes, row, Level.CITED, "teasel")
    before = read_head(dykes.session)
    with pytest.raises(NothingTaggedError, match="every answer that you chose was left out \\(decided meanwhile\\)"):
        tag_at_once(dykes.session, pick(rows), SaidOfAll(level=Level.UNSOURCED), moderator=dykes.person("maud"))
    assert read_head(dykes.session) == before
    assert dykes.session.scalar(select(func.count(Bulk.id))) == 0


def test_all_or_nothing(dykes: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_head(dykes.session)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("archive.services.bench.lone.put_all_in_force", fail)
    with pytest.raises(RuntimeError):
        tag_all(dykes)
    assert read_head(dykes.session) == before
    assert levels(dykes) == {None: ANSWERS}
    assert dykes.session.scalars(select(Vote)).all() == []


@pytest.mark.parametrize("number", [0, 501])
def test_none_and_too_many_are_refused(dykes: Archive, number: int) -> None:
    picked = pick(dykes.answers()[:1]) * number
    with pytest.raises(AtOnceError):
        tag_at_once(dykes.session, picked, SaidOfAll(level=Level.CITED), moderator=dykes.person("maud"))


def test_whoever_has_not_practised_tags_no_many(dykes: Archive) -> None:
    dykes.session.execute(update(User).where(User.name == "maud").values(practised_at=None))
    dykes.session.commit()
    with pytest.raises(AtOnceError, match="practice"):
        tag_all(dykes)


def test_a_search_that_is_too_long_to_be_kept_with_the_bulk_is_refused(dykes: Archive) -> None:
    said = SaidOfAll(level=Level.CITED, source="q=" + "%F0%90%90%80" * 1000)
    with pytest.raises(AtOnceError, match="too long"):
        tag_at_once(dykes.session, pick(dykes.answers()[:1]), said, moderator=dykes.person("maud"))


def test_one_undo_takes_all_back_and_one_redo_gives_it_again(dykes: Archive) -> None:
    tag_all(dykes)
    maud = dykes.person("maud")
    undone = undo(dykes.session, moderator=maud)
    assert undone is not None
    assert (undone.kind, undone.answers, undone.level, undone.post) == (ActKind.BULK, ANSWERS, Level.UNSOURCED, None)
    assert levels(dykes) == {None: ANSWERS}
    assert faults(dykes) == []
    again = redo(dykes.session, moderator=dykes.person("maud"))
    assert again is not None
    assert again.answers == ANSWERS
    assert levels(dykes) == {Level.UNSOURCED: ANSWERS}
    undo(dykes.session, moderator=dykes.person("maud"))
    assert levels(dykes) == {None: ANSWERS}
    assert {row.tag_version for row in dykes.answers()} == {4}
    assert faults(dykes) == []


def test_undo_leaves_what_a_colleague_has_decided_between_readings(dykes: Archive) -> None:
    tag_all(dykes)
    row = dykes.answers()[0]
    vote(dykes, row, Level.CITED, "teasel")
    row = dykes.answers()[0]
    adjudicate_by(dykes, row, Level.PINPOINT)
    undone = undo(dykes.session, moderator=dykes.person("maud"))
    assert undone is not None
    assert undone.answers == ANSWERS - 1
    assert levels(dykes) == {Level.PINPOINT: 1, None: ANSWERS - 1}
    assert faults(dykes) == []
    again = redo(dykes.session, moderator=dykes.person("maud"))
    assert again is not None
    assert again.answers == ANSWERS - 1
    assert levels(dykes) == {Level.PINPOINT: 1, Level.UNSOURCED: ANSWERS - 1}
    assert faults(dykes) == []


def test_undo_leaves_the_vote_of_a_colleague_to_decide(dykes: Archive) -> None:
    tag_all(dykes)
    vote(dykes, dykes.answers()[0], Level.UNSOURCED, "teasel")
    vote(dykes, dykes.answers()[1], Level.CITED, "teasel")
    undo(dykes.session, moderator=dykes.person("maud"))
    assert [row.level for row in dykes.answers()] == [Level.UNSOURCED, Level.CITED, *[None] * (ANSWERS - 2)]
    assert faults(dykes) == []
    again = redo(dykes.session, moderator=dykes.person("maud"))
    assert again is not None
    assert again.answers == ANSWERS - 2
    assert [row.level for row in dykes.answers()][:3] == [Level.UNSOURCED, Level.CITED, Level.UNSOURCED]
    assert faults(dykes) == []


def test_own_single_tags_are_given_anew_where_that_is_asked_for_and_come_back_by_undo(dykes: Archive) -> None:
    vote(dykes, dykes.answers()[0], Level.CITED, "maud")
    vote(dykes, dykes.answers()[1], Level.UNSOURCED, "maud")
    number = tag_all(dykes, own=True)
    assert dykes.session.get_one(Bulk, number).left_out == [[dykes.answers()[1].public_id, LeftOut.SAME]]
    assert levels(dykes) == {Level.UNSOURCED: ANSWERS}
    assert faults(dykes) == []
    undo(dykes.session, moderator=dykes.person("maud"))
    assert levels(dykes) == {Level.CITED: 1, Level.UNSOURCED: 1, None: ANSWERS - 2}
    redo(dykes.session, moderator=dykes.person("maud"))
    assert levels(dykes) == {Level.UNSOURCED: ANSWERS}
    assert faults(dykes) == []


def test_own_single_tags_stay_as_they_are_where_nothing_else_is_asked_for(dykes: Archive) -> None:
    vote(dykes, dykes.answers()[0], Level.CITED, "maud")
    number = tag_all(dykes)
    assert dykes.session.get_one(Bulk, number).left_out == [[dykes.answers()[0].public_id, LeftOut.DECIDED]]
    assert levels(dykes) == {Level.CITED: 1, Level.UNSOURCED: ANSWERS - 1}


def test_how_answers_stand_that_a_search_finds(dykes: Archive) -> None:
    rows = dykes.answers()
    vote(dykes, rows[0], Level.CITED, "maud")
    vote(dykes, rows[1], Level.CITED, "teasel")
    maud = dykes.person("maud").id
    found = candidates(dykes.session, wanted_answers(dykes.session, Wanted(text="dyke"), limit=100), maud)
    assert [one.standing for one in found] == [Standing.OWN, Standing.DECIDED, *[Standing.FREE] * (ANSWERS - 2)]
    assert [one.public_id for one in found] == [row.public_id for row in rows]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(text="dyke 3"), 1),
        (Wanted(text="counts -3"), ANSWERS - 1),
        (Wanted(text="gulden"), 0),
        (Wanted(collection="history"), ANSWERS),
        (Wanted(collection="elsewhere"), 0),
        (Wanted(author="writer_2x"), 1),
        (Wanted(levels=frozenset({None})), ANSWERS),
        (Wanted(text="dyke", levels=frozenset({Level.CITED})), 0),
    ],
)
def test_answers_are_wanted_by_words_or_by_what_else_they_are(dykes: Archive, wanted: Wanted, found: int) -> None:
    hits = wanted_answers(dykes.session, wanted, limit=100)
    assert wanted.says_which
    assert len(dykes.session.execute(select(hits)).all()) == found


def test_wanted_answers_come_in_order_behind_one_and_no_more_than_asked_for(dykes: Archive) -> None:
    rows = dykes.answers()
    hits = wanted_answers(dykes.session, Wanted(text="dyke"), after=rows[1].revision_id, limit=2)
    assert [row.post_id for row in dykes.session.execute(select(hits))] == [rows[2].id, rows[3].id]


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(text="-dyke"), Wanted(text="?!", collection="history")])
def test_a_search_that_leaves_nothing_out_wants_no_answers(wanted: Wanted) -> None:
    assert not wanted.says_which


def adjudicate_by(archive: Archive, row: PostRow, level: Level) -> None:
    archive.add_moderator("wilhelmina")
    standing = select(Vote.id).where(Vote.post_id == row.id, Vote.stands).order_by(Vote.id)
    adjudicate(
        archive.session,
        post=row.public_id,
        version=row.tag_version,
        seen=archive.session.scalars(standing).all(),
        ruling=Ruling(level=level, evidence=[], note="Seen."),
        moderator=archive.person("wilhelmina"),
    )


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE bulk SET level = 'cited'", "Bulk 1: its level is cited, and the ledger says unsourced."),
        ('UPDATE bulk SET left_out = \'[["00000000000000","same"]]\'', "Bulk 1: its left_out is"),
        ("UPDATE bulk SET moderator_id = 2", "Bulk 1: its moderator is teasel, and the ledger says maud."),
        ("DELETE FROM bulk", "Bulk 1: the ledger holds it, and the table of bulks does not."),
        ("UPDATE vote SET bulk_id = NULL WHERE id = 1", "Bulk 1: it gave 6 votes, and 5 are of it."),
        ("UPDATE bulk SET id = 7", "Bulk 7: the ledger does not know of it."),
    ],
)
def test_a_bulk_that_is_changed_or_removed_behind_the_ledger_is_found(dykes: Archive, damage: str, found: str) -> None:
    tag_all(dykes)
    assert faults(dykes) == []
    dykes.session.execute(text(damage))
    dykes.session.commit()
    assert any(fault.startswith(found) for fault in faults(dykes))
