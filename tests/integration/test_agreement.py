"""How far moderators agree, from the votes that an archive holds."""

import pytest
from sqlalchemy import select, update

from archive.domain.agreement.figures import ENOUGH, ReadTwice
from archive.domain.ids import UserId
from archive.domain.source_quality import Level
from archive.services import agreement
from archive.services.agreement import AgreementPage, InShort, agreement_in_short, agreement_page, differences
from archive.services.bench.adjudicate import Ruling, adjudicate
from archive.services.bench.undo import undo
from archive.services.browse import NotFoundError
from archive.store.blind_votes import readings
from archive.store.threads import Post
from archive.store.votes import Vote
from tests.integration.conftest import Archive, Filled
from tests.integration.read_twice import add_vote, read_all, set_rules, write_answers

ANSWERS = 60
SAME, APART = (Level.CITED, Level.CITED), (Level.CITED, Level.ATTRIBUTED)


def _fill(archive: Archive) -> None:
    write_answers(archive, ANSWERS)
    set_rules(archive, drawn=100)
    readers = [archive.add_moderator(name).id for name in ("maud", "teasel", "oriel")]
    read_all(archive, archive.answers(), readers[:2], [SAME, (Level.RECOLLECTED, Level.RECOLLECTED), APART])


@pytest.fixture
def archive(filled: Filled) -> Archive:
    """Sixty answers, all drawn, that maud and teasel have read; of every third they think differently."""
    return filled(_fill)


def _page(archive: Archive, collection: str | None = None, version: int | None = None) -> AgreementPage:
    archive.session.rollback()
    return agreement_page(archive.session, collection=collection, version=version)


def _ids(archive: Archive) -> dict[str, UserId]:
    return {name: archive.person(name).id for name in ("maud", "teasel", "oriel")}


def _answer(archive: Archive, number: int) -> ReadTwice | None:
    """An answer as it is counted, if it is."""
    address = archive.answer(f"reader_{number}").public_id
    archive.session.rollback()
    collections, _ = agreement._collections(archive.session, None)
    found, _ = agreement._read_twice(archive.session, collections, None)
    return next((answer for answer in found if answer.post == address), None)


def _votes_on(archive: Archive, number: int) -> dict[str, object]:
    row = archive.answer(f"reader_{number}")
    return {"post_id": row.id, "revision_id": row.revision_id}


def test_answers_that_two_read_blind_are_counted(archive: Archive) -> None:
    page = _page(archive)
    assert page.answers == ANSWERS
    assert page.found is not None
    assert (page.found.whole.answers, page.found.whole.same) == (60, 40)
    assert [page.names[one] + page.names[other] for one, other, _ in page.found.pairs] == ["maudteasel"]
    assert page.only is None


def test_nothing_is_shown_of_fewer_than_fifty_answers(archive: Archive) -> None:
    for row in archive.answers()[ENOUGH - 1 :]:
        archive.session.execute(update(Vote).where(Vote.post_id == row.id).values(blind=False))
    archive.session.commit()
    page = _page(archive)
    assert (page.answers, page.found, page.names) == (49, None, {})
    assert agreement_in_short(archive.session, collection="history") is None
    assert differences(archive.session, collection=None) == ((), 0)


def test_only_answers_that_were_drawn_are_counted(archive: Archive) -> None:
    set_rules(archive, drawn=0)
    assert _page(archive).answers == 0
    set_rules(archive, drawn=50)
    some = _page(archive).answers
    assert 0 < some < ANSWERS
    set_rules(archive, votes=2)  # each answer is read twice, so each counts
    assert _page(archive).answers == ANSWERS


def test_a_third_vote_that_two_different_ones_called_for_is_left_out(archive: Archive) -> None:
    add_vote(archive, archive.answer("reader_2"), _ids(archive)["oriel"], Level.ATTRIBUTED)
    counted = _answer(archive, 2)
    assert counted is not None
    assert counted.levels == (Level.CITED, Level.ATTRIBUTED)
    set_rules(archive, votes=3)  # here every answer gets a third
    counted = _answer(archive, 2)
    assert counted is not None
    assert counted.levels == (Level.CITED, Level.ATTRIBUTED, Level.ATTRIBUTED)


@pytest.mark.parametrize("values", [{"blind": False}, {"counts": False}])
def test_a_vote_that_was_not_blind_or_does_not_count_is_left_out(archive: Archive, values: dict[str, bool]) -> None:
    row, teasel = archive.answer("reader_0"), _ids(archive)["teasel"]
    query = update(Vote).where(Vote.post_id == row.id, Vote.moderator_id == teasel)
    archive.session.execute(query.values(**values))
    archive.session.commit()
    assert _answer(archive, 0) is None


def test_a_revised_vote_counts_as_it_was_first_given(archive: Archive) -> None:
    row, teasel = archive.answer("reader_2"), _ids(archive)["teasel"]
    first = archive.session.query(Vote).filter_by(post_id=row.id, moderator_id=teasel).one()
    first.stands = False
    add_vote(archive, row, teasel, Level.CITED, blind=False, replaces=first.id)
    counted = _answer(archive, 2)
    assert counted is not None
    assert counted.levels == (Level.CITED, Level.ATTRIBUTED)


def test_a_vote_that_a_decision_has_set_aside_counts_on(archive: Archive) -> None:
    archive.session.execute(update(Vote).where(Vote.post_id == archive.answer("reader_2").id).values(stands=False))
    archive.session.commit()
    counted = _answer(archive, 2)
    assert counted is not None
    assert len(counted.readings) == 2


def test_a_vote_that_was_taken_back_is_left_out_and_so_is_what_follows_it(archive: Archive) -> None:
    write_answers(archive, 1, name="late")
    row, by = archive.answer("late_0"), _ids(archive)
    add_vote(archive, row, by["maud"], Level.CITED)
    add_vote(archive, row, by["teasel"], Level.PINPOINT, undone=True)
    assert _page(archive).answers == ANSWERS
    add_vote(archive, row, by["teasel"], Level.CITED)  # by then the suggestion had been seen
    assert _page(archive).answers == ANSWERS
    add_vote(archive, row, by["oriel"], Level.CITED)
    assert _page(archive).answers == ANSWERS + 1


def test_answers_that_are_not_public_are_left_out(archive: Archive) -> None:
    row = archive.answer("reader_0")
    archive.session.execute(update(Post).where(Post.id == row.id).values(public=False))
    archive.session.commit()
    assert _page(archive).answers == ANSWERS - 1


def test_a_collection_is_counted_alone(archive: Archive) -> None:
    write_answers(archive, 55, collection="roads", name="walker")
    set_rules(archive, votes=2, collection="roads")
    by = _ids(archive)
    read_all(archive, archive.answers()[ANSWERS:], [by["maud"], by["oriel"]], [SAME])
    everywhere, roads = _page(archive), _page(archive, "roads")
    assert (everywhere.answers, roads.answers) == (115, 55)
    assert roads.found is not None
    assert roads.found.whole.share == 1
    assert roads.chosen is not None
    assert roads.chosen.slug == "roads"
    with pytest.raises(NotFoundError):
        _page(archive, "nowhere")


def test_a_version_of_the_codebook_is_counted_alone(archive: Archive) -> None:
    numbers = [row.id for row in archive.answers()[:5]]
    archive.session.execute(update(Vote).where(Vote.post_id.in_(numbers)).values(codebook_version=1))
    archive.session.commit()
    page = _page(archive, version=2)
    assert (page.answers, page.versions) == (55, [1, 2])
    assert page.found is not None
    assert _page(archive, version=1).found is None


def test_the_short_form_has_the_figures_of_the_long_one(archive: Archive) -> None:
    page, short = _page(archive), agreement_in_short(archive.session, collection="history")
    assert page.found is not None
    assert short == InShort(page.found.whole, is_of_newest=False)


def test_the_short_form_is_of_the_newest_answers_where_there_are_many(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement, "MOST_IN_SHORT", 54)
    short = agreement_in_short(archive.session, collection="history")
    assert short is not None
    assert (short.figures.answers, short.is_of_newest) == (54, True)


@pytest.mark.database("sqlite")
def test_the_short_form_looks_at_no_vote_where_no_answer_is_drawn(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_rules(archive, drawn=0)
    monkeypatch.setattr(agreement, "readings", None)
    assert agreement_in_short(archive.session, collection="history") is None


def test_differences_are_listed_with_the_last_read_first(archive: Archive) -> None:
    listed, all_of_them = differences(archive.session, collection=None)
    assert all_of_them == len(listed) == 20
    assert [one.answer.post for one in listed[:2]] == [archive.answer(f"reader_{at}").public_id for at in (59, 56)]
    assert (listed[0].byline, listed[0].text[:15]) == ("reader_59", "The 59th ferry ")
    assert not any(one.answer.is_same for one in listed)


def test_a_bounded_look_says_so_and_takes_the_newest(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "MOST_ANSWERS", 55)
    page = _page(archive)
    assert (page.answers, page.only) == (55, 55)
    assert _answer(archive, 4) is None
    assert _answer(archive, 59) is not None


def test_votes_given_on_the_bench_count_until_they_are_taken_back(archive: Archive) -> None:
    write_answers(archive, 1, name="late")
    maud, teasel = archive.person("maud"), archive.person("teasel")
    archive.judge("late_0", Level.CITED, maud)
    archive.judge("late_0", Level.UNSOURCED, teasel)
    address = archive.answer("late_0").public_id
    archive.session.rollback()
    counted = readings(archive.session, collection=None, most=100)
    assert [row.level for row in counted if row.post == address] == [Level.CITED, Level.UNSOURCED]
    assert _page(archive).answers == ANSWERS + 1
    undo(archive.session, moderator=teasel)
    assert _page(archive).answers == ANSWERS


def test_votes_count_on_when_somebody_has_decided_between_them(archive: Archive) -> None:
    write_answers(archive, 1, name="late")
    archive.judge("late_0", Level.CITED, archive.person("maud"))
    archive.judge("late_0", Level.UNSOURCED, archive.person("teasel"))
    row = archive.answer("late_0")
    adjudicate(
        archive.session,
        post=row.public_id,
        version=row.tag_version,
        seen=archive.session.scalars(select(Vote.id).where(Vote.post_id == row.id).order_by(Vote.id)).all(),
        ruling=Ruling(level=Level.CITED, evidence=[], note="The book is named, and was held in the hand."),
        moderator=archive.person("oriel"),
    )
    assert _page(archive).answers == ANSWERS + 1
    differing, _ = differences(archive.session, collection=None)
    assert row.public_id in [one.answer.post for one in differing]
