"""Votes as they are stored: what they come to, one after the other, and what becomes of it when one is taken back."""

import pytest
from sqlalchemy import select, text

from archive.domain.bench_rules import BenchRules
from archive.domain.moderation import TagNotAllowedError
from archive.domain.second_opinions import Basis, State
from archive.domain.source_quality import Level
from archive.services.bench.adjudicate import (
    OwnVoteError,
    Ruling,
    VotesChangedError,
    adjudicate,
    dispute,
    open_disputes,
)
from archive.services.bench.asides import add_note, hold, holds, leave, notes, skip
from archive.services.bench.cast import Said, Sight, cast, keep
from archive.services.bench.queue import coming
from archive.services.bench.rules import set_rules
from archive.services.bench.undo import redo, undo
from archive.services.browse import NotFoundError
from archive.services.decisions import TagConflictError
from archive.services.verify import find_faults
from archive.store.ledger import read_entries
from archive.store.pending import Pending
from archive.store.tags import Tag
from archive.store.votes import Vote
from tests.integration.conftest import COLLECTION, Archive, Filled
from tests.integration.written import ANNALIST, DYKES, DYKES_FILE, ON_DYKES, RUSTICUS, thread


def _fill(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    for name in ("maud", "teasel", "wren", "ida"):
        archive.add_moderator(name)


@pytest.fixture
def desk(filled: Filled) -> Archive:
    """Two public answers, and four moderators."""
    return filled(_fill)


def ask_for(archive: Archive, votes: int) -> None:
    """Set how many votes an answer of the collection needs."""
    rules = BenchRules(votes_needed=votes, uncertain_percent=0, random_percent=0, second_percent=50)
    set_rules(archive.session, COLLECTION, rules, version=0, by=archive.person("ida"))


def vote(
    archive: Archive, name: str, level: Level, *, author: str = RUSTICUS, words: str = "", version: int | None = None
) -> int:
    row = archive.answer(author)
    start = row.text.index(words)
    said = Said(level=level, evidence=[(start, start + len(words))] if words else (), seen=Sight.MARKS)
    version = row.tag_version if version is None else version
    return cast(
        archive.session,
        post=row.public_id,
        revision_id=row.revision_id,
        version=version,
        said=said,
        moderator=archive.person(name),
    ).vote


def decided(archive: Archive, author: str = RUSTICUS) -> tuple[Level | None, Basis | None, int, int]:
    row = archive.answer(author)
    return row.level, row.basis, len(row.rests_on or ()), row.votes or 0


def state(archive: Archive) -> State | None:
    archive.session.rollback()
    return archive.session.scalar(select(Pending.state))


def rule(archive: Archive, name: str, level: Level, note: str = "The disclaimer governs both sentences.") -> None:
    row = archive.answer(RUSTICUS)
    seen = dispute(archive.session, row.public_id, moderator=archive.person(name)).seen
    adjudicate(
        archive.session,
        post=row.public_id,
        version=row.tag_version,
        seen=seen,
        ruling=Ruling(level=level, evidence=(), note=note),
        moderator=archive.person(name),
    )


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    archive.session.expunge_all()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def test_one_of_two_votes_publishes_nothing_and_an_equal_second_one_does(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.RECOLLECTED, words="I once read")
    assert (decided(desk), state(desk)) == ((None, None, 0, 0), State.WANTS_VOTE)
    vote(desk, "teasel", Level.RECOLLECTED, words="cannot name the book")
    assert (decided(desk), state(desk)) == ((Level.RECOLLECTED, Basis.AGREED, 2, 2), None)
    assert [words["text"] for words in desk.answer(RUSTICUS).evidence] == ["I once read", "cannot name the book"]
    assert faults(desk) == []


def test_the_second_vote_needs_no_newer_page_than_the_first(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.RECOLLECTED, version=0)
    vote(desk, "teasel", Level.RECOLLECTED, version=0)
    with pytest.raises(TagConflictError):
        vote(desk, "wren", Level.CITED, version=0)


def test_one_step_apart_a_third_decides(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.RECOLLECTED)
    vote(desk, "teasel", Level.UNSOURCED)
    assert (decided(desk)[0], state(desk)) == (None, State.WANTS_VOTE)
    assert coming(desk.session, desk.person("wren").id)[0] == desk.answer(RUSTICUS).public_id
    vote(desk, "wren", Level.UNSOURCED)
    assert decided(desk) == (Level.UNSOURCED, Basis.AGREED, 2, 3)


def test_what_lies_further_apart_is_decided_in_writing_by_somebody_else(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED, words="I once read")
    vote(desk, "teasel", Level.NOT_ANSWER)
    assert state(desk) is State.DISPUTED
    assert desk.answer(RUSTICUS).public_id not in coming(desk.session, desk.person("wren").id, most=9)
    (line,) = open_disputes(desk.session, desk.person("wren"))
    assert (line.levels, line.may_decide) == ([Level.CITED, Level.NOT_ANSWER], True)
    assert not open_disputes(desk.session, desk.person("maud"))[0].may_decide
    with pytest.raises(OwnVoteError):
        rule(desk, "maud", Level.CITED)
    with pytest.raises(TagNotAllowedError, match="Write down why"):
        rule(desk, "wren", Level.CITED, note="  ")
    rule(desk, "wren", Level.CITED)
    assert (decided(desk), state(desk)) == ((Level.CITED, Basis.ADJUDICATED, 0, 2), None)
    row = desk.answer(RUSTICUS)
    assert (row.note, row.tagged_by) == ("The disclaimer governs both sentences.", "wren")
    assert [words["text"] for words in row.evidence] == ["I once read"]
    with pytest.raises(NotFoundError):
        dispute(desk.session, row.public_id, moderator=desk.person("wren"))
    assert faults(desk) == []


def test_a_ruling_on_votes_that_have_changed_is_refused(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    row = desk.answer(RUSTICUS)
    seen = dispute(desk.session, row.public_id, moderator=desk.person("wren")).seen
    vote(desk, "teasel", Level.TESTIMONY)
    with pytest.raises(VotesChangedError):
        adjudicate(
            desk.session,
            post=row.public_id,
            version=row.tag_version,
            seen=seen,
            ruling=Ruling(level=Level.CITED, evidence=(), note="Because."),
            moderator=desk.person("wren"),
        )
    assert decided(desk)[0] is None


def test_who_comes_round_to_the_other_reading_settles_it(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    vote(desk, "teasel", Level.CITED)
    assert (decided(desk), state(desk)) == ((Level.CITED, Basis.AGREED, 2, 2), None)
    blind = desk.session.execute(select(Vote.level, Vote.blind, Vote.stands).order_by(Vote.id)).all()
    assert [tuple(row) for row in blind] == [
        (Level.CITED, True, True),
        (Level.NOT_ANSWER, True, False),
        (Level.CITED, False, True),
    ]


def test_an_adjudicated_level_stays_whatever_is_voted_later(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    rule(desk, "wren", Level.CITED)
    vote(desk, "ida", Level.CITED)
    assert (decided(desk)[:2], state(desk)) == ((Level.CITED, Basis.ADJUDICATED), None)
    vote(desk, "teasel", Level.NOT_ANSWER)
    assert (decided(desk)[:2], state(desk)) == ((Level.CITED, Basis.ADJUDICATED), State.DISPUTED)


def test_undo_and_redo_go_through_everything_in_its_order(desk: Archive) -> None:
    ask_for(desk, 2)
    maud, post = desk.person("maud"), desk.answer(RUSTICUS).public_id
    skip(desk.session, post=desk.answer(ANNALIST).public_id, moderator=maud)
    vote(desk, "teasel", Level.CITED)
    vote(desk, "maud", Level.NOT_ANSWER)
    vote(desk, "maud", Level.CITED)
    leave(desk.session, post=post, moderator=maud)
    assert decided(desk)[:2] == (Level.CITED, Basis.AGREED)
    kinds = []
    while (done := undo(desk.session, moderator=desk.person("maud"))) is not None:
        kinds.append((done.kind, done.level, decided(desk)[0], state(desk)))
        assert faults(desk) == []
    assert kinds == [
        ("leave", None, Level.CITED, None),
        ("vote", Level.CITED, None, State.DISPUTED),
        ("vote", Level.NOT_ANSWER, None, State.WANTS_VOTE),
        ("skip", None, None, State.WANTS_VOTE),
    ]
    again = []
    while (done := redo(desk.session, moderator=desk.person("maud"))) is not None:
        again.append((done.kind, done.level, decided(desk)[0], state(desk)))
        assert faults(desk) == []
    assert again == [
        ("skip", None, None, State.WANTS_VOTE),
        ("vote", Level.NOT_ANSWER, None, State.DISPUTED),
        ("vote", Level.CITED, Level.CITED, None),
        ("leave", None, Level.CITED, None),
    ]
    assert decided(desk) == (Level.CITED, Basis.AGREED, 2, 2)


def test_after_something_new_what_was_taken_back_is_not_done_again(desk: Archive) -> None:
    vote(desk, "maud", Level.CITED)
    undo(desk.session, moderator=desk.person("maud"))
    skip(desk.session, post=desk.answer(ANNALIST).public_id, moderator=desk.person("maud"))
    assert redo(desk.session, moderator=desk.person("maud")) is None


def test_an_adjudication_is_taken_back_and_done_again_and_the_votes_stand_meanwhile(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    rule(desk, "wren", Level.CITED)
    assert undo(desk.session, moderator=desk.person("maud")) is None  # her vote is past by the ruling
    undo(desk.session, moderator=desk.person("wren"))
    assert (decided(desk)[0], state(desk)) == (None, State.DISPUTED)
    assert faults(desk) == []
    redo(desk.session, moderator=desk.person("wren"))
    assert (decided(desk)[:2], state(desk)) == ((Level.CITED, Basis.ADJUDICATED), None)
    assert faults(desk) == []


def test_the_votes_of_who_has_not_practised_are_kept_and_do_not_count(desk: Archive) -> None:
    desk.person("teasel").practised_at = None
    desk.session.commit()
    vote(desk, "teasel", Level.CITED)
    assert (decided(desk)[0], state(desk)) == (None, None)
    assert desk.session.scalars(select(Vote.counts)).all() == [False]
    vote(desk, "maud", Level.NOT_ANSWER)
    assert decided(desk) == (Level.NOT_ANSWER, Basis.SINGLE, 1, 1)


def test_the_same_vote_a_second_time_counts_once(desk: Archive) -> None:
    assert vote(desk, "maud", Level.CITED, version=0) == vote(desk, "maud", Level.CITED, version=0)
    assert len(desk.session.scalars(select(Vote)).all()) == len(desk.session.scalars(select(Tag)).all()) == 1


def test_a_vote_that_is_kept_after_the_suggestion_says_so_once(desk: Archive) -> None:
    number = vote(desk, "maud", Level.CITED)
    keep(desk.session, vote=number, moderator=desk.person("maud"))
    keep(desk.session, vote=number, moderator=desk.person("maud"))
    acts = [entry.act for entry in read_entries(desk.session, subject=f"post {desk.answer(RUSTICUS).public_id}")]
    assert acts == ["vote", "tag", "keep vote"]
    with pytest.raises(TagNotAllowedError):
        keep(desk.session, vote=number, moderator=desk.person("teasel"))
    assert faults(desk) == []


def test_what_is_held_for_a_colleague_comes_to_nobody_else_and_to_them_first(desk: Archive) -> None:
    post = desk.answer(RUSTICUS).public_id
    hold(desk.session, post=post, meant_for="teasel", note="You know Prevenier.", moderator=desk.person("maud"))
    assert coming(desk.session, desk.person("teasel").id)[0] == post
    for name in ("maud", "wren"):
        assert post not in coming(desk.session, desk.person(name).id, most=9)
    (line,) = holds(desk.session, desk.person("teasel").id)
    assert (line.by, line.meant_for, line.note, line.mine) == ("maud", "teasel", "You know Prevenier.", True)
    vote(desk, "teasel", Level.CITED)
    assert holds(desk.session, desk.person("teasel").id) == []
    with pytest.raises(TagNotAllowedError, match="no other moderator named nobody"):
        hold(desk.session, post=post, meant_for="nobody", note="", moderator=desk.person("maud"))


def test_what_is_held_for_anybody_comes_to_everybody_else(desk: Archive) -> None:
    post = desk.answer(RUSTICUS).public_id
    hold(desk.session, post=post, meant_for="", note="", moderator=desk.person("maud"))
    assert post not in coming(desk.session, desk.person("maud").id, most=9)
    assert post in coming(desk.session, desk.person("wren").id, most=9)
    undo(desk.session, moderator=desk.person("maud"))
    assert post in coming(desk.session, desk.person("maud").id, most=9)


def test_a_note_on_an_author_stands_at_each_answer_and_one_on_an_answer_there_alone(desk: Archive) -> None:
    row, other = desk.answer(RUSTICUS), desk.answer(ANNALIST)
    for on_author in (False, True):
        add_note(
            desk.session, post=row.public_id, on_author=on_author, text=f"{on_author}", moderator=desk.person("maud")
        )
    seen = [(line.text, line.on_author, line.own) for line in notes(desk.session, row.id, moderator=0)]  # type: ignore[arg-type]
    assert seen == [("True", True, False), ("False", False, False)]
    assert notes(desk.session, other.id, moderator=desk.person("maud").id) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE vote SET level = 'pinpoint'", "its level is pinpoint, and the ledger says cited"),
        ("UPDATE vote SET stands = false", "its standing is False, and the ledger says True"),
        ("UPDATE vote SET note = 'changed'", "its note is changed"),
        ("UPDATE tag SET basis = 'agreed'", "its basis is agreed, and the ledger says single"),
        ("DELETE FROM vote", "the ledger holds it, and the table of votes does not"),
    ],
)
def test_a_vote_that_was_changed_behind_the_ledgers_back_is_named(desk: Archive, statement: str, says: str) -> None:
    vote(desk, "maud", Level.CITED)
    assert faults(desk) == []
    desk.session.execute(text(statement))
    desk.session.commit()
    assert any(says in fault for fault in faults(desk))


def recapture(archive: Archive, text: str = "It is all in Prevenier, as everybody knows by now.") -> None:
    """The answer comes once more, with another text."""
    archive.import_({"b.txt": thread(DYKES, [ON_DYKES[0], (RUSTICUS, text)])}, public=True)


def test_a_vote_on_an_earlier_text_is_not_done_again_over_a_decision_on_the_later_one(desk: Archive) -> None:
    vote(desk, "maud", Level.CITED)
    undo(desk.session, moderator=desk.person("maud"))
    recapture(desk)
    vote(desk, "teasel", Level.RECOLLECTED)
    redo(desk.session, moderator=desk.person("maud"))
    assert (desk.answer(RUSTICUS).level, desk.answer(RUSTICUS).tagged_by) == (Level.RECOLLECTED, "teasel")
    assert faults(desk) == []


def test_taking_back_a_vote_on_an_earlier_text_leaves_what_waits_on_the_later_one(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    recapture(desk)
    vote(desk, "teasel", Level.CITED)
    undo(desk.session, moderator=desk.person("maud"))
    assert state(desk) is State.WANTS_VOTE


def test_a_dispute_on_an_earlier_text_keeps_nobody_from_reading_the_later_one(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    row, wren = desk.answer(RUSTICUS), desk.person("wren")
    seen = dispute(desk.session, row.public_id, moderator=wren).seen
    recapture(desk)
    assert row.public_id in coming(desk.session, desk.person("maud").id, most=9)
    ruling = Ruling(level=Level.CITED, evidence=(), note="Because.")
    with pytest.raises(VotesChangedError):
        adjudicate(desk.session, post=row.public_id, version=row.tag_version, seen=seen, ruling=ruling, moderator=wren)


def test_a_ruling_is_refused_where_an_older_vote_was_taken_back_meanwhile(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.PINPOINT)
    vote(desk, "ida", Level.NOT_ANSWER)
    row, wren = desk.answer(RUSTICUS), desk.person("wren")
    seen = dispute(desk.session, row.public_id, moderator=wren).seen
    undo(desk.session, moderator=desk.person("maud"))
    ruling = Ruling(level=Level.CITED, evidence=(), note="Because.")
    with pytest.raises(VotesChangedError):
        adjudicate(desk.session, post=row.public_id, version=row.tag_version, seen=seen, ruling=ruling, moderator=wren)


def test_what_a_ruling_made_past_is_neither_taken_back_nor_done_again(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.NOT_ANSWER, author=ANNALIST)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    rule(desk, "wren", Level.CITED)
    undone = undo(desk.session, moderator=desk.person("maud"))
    assert undone is not None
    assert undone.level is Level.NOT_ANSWER
    while redo(desk.session, moderator=desk.person("maud")) is not None:
        pass
    assert (decided(desk)[:2], state(desk)) == ((Level.CITED, Basis.ADJUDICATED), State.WANTS_VOTE)
    past = select(Vote.stands).where(Vote.post_id == desk.answer(RUSTICUS).id)
    assert desk.session.scalars(past).all() == [False, False]
    assert faults(desk) == []


def test_what_was_taken_back_before_something_else_is_not_done_again_after_it(desk: Archive) -> None:
    maud = desk.person("maud")
    vote(desk, "maud", Level.CITED)
    undo(desk.session, moderator=maud)
    vote(desk, "maud", Level.UNSOURCED)
    undo(desk.session, moderator=desk.person("maud"))
    redo(desk.session, moderator=desk.person("maud"))
    assert decided(desk)[0] is Level.UNSOURCED
    assert redo(desk.session, moderator=desk.person("maud")) is None


def test_a_decision_is_signed_by_whose_vote_gave_the_level(desk: Archive) -> None:
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    undo(desk.session, moderator=desk.person("maud"))
    assert (desk.answer(RUSTICUS).level, desk.answer(RUSTICUS).tagged_by) == (Level.NOT_ANSWER, "teasel")
    assert faults(desk) == []


def test_who_has_not_practised_decides_nothing_alone(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    desk.person("wren").practised_at = None
    desk.session.commit()
    with pytest.raises(TagNotAllowedError, match="The practice answers come first"):
        rule(desk, "wren", Level.CITED)
    assert decided(desk)[0] is None


def test_a_vote_from_before_the_practice_counts_once_it_is_given_again(desk: Archive) -> None:
    teasel = desk.person("teasel")
    teasel.practised_at = None
    desk.session.commit()
    vote(desk, "teasel", Level.CITED)
    assert desk.answer(RUSTICUS).public_id not in coming(desk.session, teasel.id, most=9)
    desk.person("teasel").practised_at = desk.person("maud").practised_at
    desk.session.commit()
    assert desk.answer(RUSTICUS).public_id in coming(desk.session, teasel.id, most=9)
    vote(desk, "teasel", Level.CITED)
    assert decided(desk)[0] is Level.CITED


def test_what_is_held_for_a_closed_account_comes_to_the_others(desk: Archive) -> None:
    post = desk.answer(RUSTICUS).public_id
    hold(desk.session, post=post, meant_for="teasel", note="", moderator=desk.person("maud"))
    assert post not in coming(desk.session, desk.person("wren").id, most=9)
    desk.person("teasel").active = False
    desk.session.commit()
    assert post in coming(desk.session, desk.person("wren").id, most=9)


def test_the_ledger_tells_that_a_hold_and_a_look_were_taken_back_and_done_again(desk: Archive) -> None:
    post, maud = desk.answer(RUSTICUS).public_id, desk.person("maud")
    leave(desk.session, post=post, moderator=maud)
    hold(desk.session, post=post, meant_for="", note="", moderator=desk.person("maud"))
    for way in (undo, undo, redo, redo):
        way(desk.session, moderator=desk.person("maud"))
    acts = [entry.act for entry in read_entries(desk.session, subject=f"post {post}")]
    assert acts == [
        "leave as is",
        "hold",
        "take back hold",
        "take back leave as is",
        "leave as is again",
        "hold again",
    ]


def test_undo_goes_on_behind_what_stands_against_it(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "wren", Level.CITED, author=ANNALIST)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    rule(desk, "wren", Level.CITED)
    vote(desk, "ida", Level.TESTIMONY)
    desk.add_moderator("oriel")
    rule(desk, "oriel", Level.TESTIMONY)
    with pytest.raises(TagConflictError):
        undo(desk.session, moderator=desk.person("wren"))
    undone = undo(desk.session, moderator=desk.person("wren"))
    assert undone is not None
    assert undone.level is Level.CITED
    assert decided(desk)[0] is Level.TESTIMONY


def test_who_has_seen_the_suggestion_once_does_not_read_blind_after_an_undo(desk: Archive) -> None:
    vote(desk, "maud", Level.CITED)
    undo(desk.session, moderator=desk.person("maud"))
    vote(desk, "maud", Level.CITED)
    seen = desk.session.execute(select(Vote.blind, Vote.suggestion_seen).order_by(Vote.id)).all()
    assert [tuple(row) for row in seen] == [(True, False), (False, True)]


def test_who_has_decided_between_votes_does_not_read_blind_after_an_undo(desk: Archive) -> None:
    ask_for(desk, 2)
    vote(desk, "maud", Level.CITED)
    vote(desk, "teasel", Level.NOT_ANSWER)
    rule(desk, "wren", Level.CITED)
    undo(desk.session, moderator=desk.person("wren"))
    vote(desk, "wren", Level.CITED)
    newest = desk.session.scalars(select(Vote).order_by(Vote.id.desc()).limit(1)).one()
    assert not newest.blind
