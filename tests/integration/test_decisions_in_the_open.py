"""What readers learn of votes: nothing before they decide, and on how many a decision rests."""

import pytest

from archive.domain.objections import ObjectionNotAllowedError, ObjectionState
from archive.domain.public_log import LogAct
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.services.bench.history import history
from archive.services.bench.undo import undo
from archive.services.objections.objecting import Given, OtherTag, object_to, reverse
from archive.services.objections.pages import decided_alone, objection_line
from archive.services.public_log import basis_of, log_page
from archive.store.public_log import Wanted
from tests.integration.conftest import Archive, Filled
from tests.integration.test_votes import RUSTICUS, _fill, ask_for, decided, faults, rule, vote

GIVEN = Given(
    reason="It names the book.", expected=None, reference="", locator="", identifier="", name="", by_author=True
)


@pytest.fixture
def desk(filled: Filled) -> Archive:
    """Two public answers, each of which needs two votes, and four moderators."""
    archive = filled(_fill)
    ask_for(archive, 2)
    return archive


def log(archive: Archive) -> list[tuple[LogAct, Level | None, str]]:
    archive.session.rollback()
    rows = log_page(archive.session, Wanted(), before=None).rows
    return [(row.entry.act, row.entry.level, basis_of(row.tag) if row.tag else "") for row in rows]


def question(archive: Archive) -> int:
    row = archive.answer(RUSTICUS)
    return object_to(
        archive.session, post=row.public_id, version=row.tag_version, given=GIVEN, objector=None, seen_as=()
    )


def test_votes_that_decide_nothing_are_neither_in_the_log_nor_in_the_history_nor_questioned(desk: Archive) -> None:
    vote(desk, "maud", Level.RECOLLECTED)
    vote(desk, "teasel", Level.TESTIMONY)
    assert log(desk) == []
    assert history(desk.session, desk.answer(RUSTICUS).public_id) == []
    with pytest.raises(ObjectionNotAllowedError, match="no tag now"):
        question(desk)


def test_a_decision_of_several_says_so_and_is_nobodys_alone(desk: Archive) -> None:
    vote(desk, "maud", Level.RECOLLECTED)
    vote(desk, "teasel", Level.RECOLLECTED)
    assert log(desk) == [(LogAct.TAG, Level.RECOLLECTED, "2 of 2 agree")]
    row = desk.answer(RUSTICUS)
    (entry,) = history(desk.session, row.public_id)
    assert (entry.basis, entry.together, entry.by) == ("2 of 2 agree", True, "teasel")
    assert not decided_alone(desk.session, row.id, desk.person("teasel").id)


def test_a_decision_between_readings_is_in_the_log_as_such(desk: Archive) -> None:
    vote(desk, "maud", Level.RECOLLECTED)
    vote(desk, "teasel", Level.TESTIMONY)
    rule(desk, "wren", Level.TESTIMONY)
    assert log(desk) == [(LogAct.ADJUDICATION, Level.TESTIMONY, "Decided between two readings")]
    assert faults(desk) == []


def test_an_objection_to_what_several_decided_sets_their_votes_aside_and_undo_puts_them_back(desk: Archive) -> None:
    vote(desk, "maud", Level.RECOLLECTED)
    vote(desk, "teasel", Level.RECOLLECTED)
    number, row = question(desk), desk.answer(RUSTICUS)
    tag = OtherTag(revision_id=row.revision_id, version=row.tag_version, level=Level.CITED, evidence=[])
    reverse(desk.session, objection_id=number, tag=tag, reply="It does.", moderator=desk.person("wren"))
    assert decided(desk)[:2] == (Level.CITED, Basis.OBJECTION)
    undo(desk.session, moderator=desk.person("wren"))
    assert decided(desk) == (Level.RECOLLECTED, Basis.AGREED, 2, 2)
    assert objection_line(desk.session, number).objection.state is ObjectionState.OPEN
    assert [act for act, _, _ in log(desk)] == [LogAct.UNDO, LogAct.ANSWER, LogAct.TAG, LogAct.TAG]
    assert faults(desk) == []
