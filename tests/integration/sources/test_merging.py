"""Which works are one: decided by hand, in the ledger, undone by new entries, and stronger than what texts say."""

import json

import pytest
from sqlalchemy import select

from archive.domain.sources import SourceKind
from archive.services.browse import NotFoundError, thread_state
from archive.services.ingest.publish import roll_back
from archive.services.sources import merging
from archive.services.sources.merging import MergeConflictError, SplitError
from archive.services.sources.pages import index_page, visible_work, work_page
from archive.store.ledger import read_entries
from archive.store.merge_proposals import open_pairs
from archive.store.source_merges import SourceMerge
from archive.store.sources import Source, SourceKey
from archive.store.threads import Thread
from archive.store.users import User
from tests.integration.conftest import BY, Archive
from tests.integration.sources.conftest import Cites, reference, shown, work
from tests.integration.written import ANNALIST, RUSTICUS, WEAVER

pytestmark = pytest.mark.usefixtures("answered")
DOI, ISBN, OTHER_ISBN = "doi:10.1000/182", "isbn:9780306406157", "isbn:9783161484100"
SALT, BARE_SALT = "work:ellwood|salt and the crown", "work:|salt and the crown"
ELLWOOD = [{"family": "Ellwood"}]


@pytest.fixture
def two(archive: Archive, cites: Cites) -> tuple[Source, Source]:
    """Two works that readers see."""
    cites(ANNALIST, reference(ISBN, title="Salt", author=ELLWOOD))
    cites(RUSTICUS, reference(DOI, title="Bells"))
    return work(archive, ISBN), work(archive, DOI)


def told(archive: Archive, subject: Source) -> list[tuple[str, str]]:
    return [(entry.actor, entry.act) for entry in read_entries(archive.session, subject=f"source {subject.public_id}")]


def decisions(archive: Archive) -> list[int]:
    return [*archive.session.scalars(select(SourceMerge.id).order_by(SourceMerge.id))]


def test_of_two_merged_works_both_addresses_lead_to_one(
    archive: Archive, two: tuple[Source, Source], maud: User
) -> None:
    salt, bells = (each.public_id for each in two)
    merging.merge(archive.session, work=salt, other=bells, note="The same book.", by=maud)
    assert shown(archive) == [("Ellwood, Salt", 2)]
    assert visible_work(archive.session, bells).public_id == salt
    assert work(archive, ISBN).names == [DOI, ISBN]
    (entry,) = read_entries(archive.session, subject=f"source {salt}")
    assert (entry.actor, entry.act) == ("maud", "merge works")
    assert json.loads(entry.detail)["names"] == [DOI]


def test_a_merge_is_undone_by_a_new_entry_and_no_text_brings_it_back(
    archive: Archive, two: tuple[Source, Source], cites: Cites, maud: User
) -> None:
    salt, bells = (each.public_id for each in two)
    merging.merge(archive.session, work=salt, other=bells, note="", by=maud)
    merging.undo(archive.session, decision=decisions(archive)[0], by=maud)
    assert shown(archive) == [("Ellwood, Salt", 1), ("Bells", 1)]
    assert visible_work(archive.session, bells).public_id == bells
    assert [act for _, act in told(archive, two[0])] == ["merge works", "undo on works"]
    cites(WEAVER, reference(ISBN, DOI))
    assert [answers for _, answers in shown(archive)] == [2, 1]


def test_a_decision_is_taken_back_once(archive: Archive, two: tuple[Source, Source], maud: User) -> None:
    merging.merge(archive.session, work=two[0].public_id, other=two[1].public_id, note="", by=maud)
    (decision,) = decisions(archive)
    merging.undo(archive.session, decision=decision, by=maud)
    with pytest.raises(MergeConflictError, match="taken back already"):
        merging.undo(archive.session, decision=decision, by=maud)
    with pytest.raises(NotFoundError):
        merging.undo(archive.session, decision=decisions(archive)[-1], by=maud)


def test_pages_of_threads_that_cite_a_work_are_made_anew_when_another_answer_changes_what_it_is(
    archive: Archive, two: tuple[Source, Source], cites: Cites, maud: User
) -> None:
    def states() -> list[object]:
        archive.session.rollback()
        threads = select(Thread.public_id).where(Thread.id.in_(citing)).order_by(Thread.id)
        return [thread_state(archive.session, one, drafts=False) for one in archive.session.scalars(threads).all()]

    citing = {archive.answer(author).thread_id for author in (ANNALIST, RUSTICUS)}
    salt, bells = (each.public_id for each in two)
    apart = states()
    merging.merge(archive.session, work=salt, other=bells, note="The same book.", by=maud)
    merged = states()
    assert not set(merged) & set(apart)
    merging.undo(archive.session, decision=decisions(archive)[0], by=maud)
    assert not set(states()) & set(merged)
    cites(WEAVER, reference(DOI, title="Bells", author=ELLWOOD))
    assert states() != apart


def test_merging_twice_counts_once(archive: Archive, two: tuple[Source, Source], maud: User) -> None:
    salt, bells = (each.public_id for each in two)
    merging.merge(archive.session, work=salt, other=bells, note="", by=maud)
    with pytest.raises(MergeConflictError, match="one work already"):
        merging.merge(archive.session, work=salt, other=bells, note="", by=maud)
    assert len(decisions(archive)) == 1


def test_names_that_are_split_off_are_a_work_of_their_own(archive: Archive, cites: Cites, maud: User) -> None:
    cites(ANNALIST, reference(ISBN, SALT, title="Salt and the Crown", author=ELLWOOD))
    cites(RUSTICUS, reference(SALT, title="Salt and the Crown", author=ELLWOOD))
    assert [answers for _, answers in shown(archive)] == [2]
    old = work(archive, ISBN).public_id
    new = merging.split(archive.session, work=old, names=[SALT], note="Another edition.", by=maud).public_id
    assert new != old
    assert [(title, answers) for title, answers in shown(archive)] == [("Ellwood, Salt and the Crown", 1)] * 2
    cites(WEAVER, reference(ISBN, SALT))
    assert work(archive, ISBN).id != work(archive, SALT).id


def test_a_split_is_undone(archive: Archive, cites: Cites, maud: User) -> None:
    cites(ANNALIST, reference(ISBN, SALT, title="Salt and the Crown"))
    cites(RUSTICUS, reference(SALT, title="Salt and the Crown"))
    old = work(archive, ISBN).public_id
    new = merging.split(archive.session, work=old, names=[SALT], note="", by=maud).public_id
    merging.undo(archive.session, decision=decisions(archive)[-1], by=maud)
    assert [answers for _, answers in shown(archive)] == [2]
    assert visible_work(archive.session, new).public_id == old


def test_the_name_from_which_an_address_was_made_can_be_split_off(archive: Archive, cites: Cites, maud: User) -> None:
    cites(ANNALIST, reference(ISBN, SALT), reference(SALT, start=9, end=12))
    old = work(archive, ISBN).public_id
    new = merging.split(archive.session, work=old, names=[ISBN], note="", by=maud).public_id
    assert new != old
    assert {work(archive, ISBN).public_id, work(archive, SALT).public_id} == {old, new}


def test_a_work_keeps_at_least_one_name(archive: Archive, two: tuple[Source, Source], maud: User) -> None:
    with pytest.raises(SplitError):
        merging.split(archive.session, work=two[0].public_id, names=[ISBN], note="", by=maud)
    with pytest.raises(SplitError):
        merging.split(archive.session, work=two[0].public_id, names=[], note="", by=maud)
    with pytest.raises(MergeConflictError):
        merging.split(archive.session, work=two[0].public_id, names=[DOI], note="", by=maud)
    assert decisions(archive) == []


def test_a_merge_whose_names_were_split_since_is_not_taken_back(
    archive: Archive, two: tuple[Source, Source], maud: User
) -> None:
    salt, bells = (each.public_id for each in two)
    merging.merge(archive.session, work=salt, other=bells, note="", by=maud)
    merging.split(archive.session, work=salt, names=[DOI], note="", by=maud)
    with pytest.raises(MergeConflictError, match="moved since"):
        merging.undo(archive.session, decision=decisions(archive)[0], by=maud)
    merging.undo(archive.session, decision=decisions(archive)[1], by=maud)
    merging.undo(archive.session, decision=decisions(archive)[0], by=maud)
    assert shown(archive) == [("Ellwood, Salt", 1), ("Bells", 1)]


def test_a_merge_is_not_taken_back_where_no_name_would_be_left(
    archive: Archive, two: tuple[Source, Source], maud: User
) -> None:
    salt, bells = (each.public_id for each in two)
    merging.merge(archive.session, work=salt, other=bells, note="", by=maud)
    merging.split(archive.session, work=salt, names=[ISBN], note="", by=maud)
    with pytest.raises(MergeConflictError, match="moved since"):
        merging.undo(archive.session, decision=decisions(archive)[0], by=maud)


def test_what_a_text_joined_can_be_taken_apart(archive: Archive, cites: Cites, maud: User) -> None:
    cites(ANNALIST, reference(ISBN, title="Salt"))
    cites(RUSTICUS, reference(DOI, title="Bells"))
    cites(WEAVER, reference(ISBN, DOI))
    assert [answers for _, answers in shown(archive)] == [3]
    merging.undo(archive.session, decision=decisions(archive)[0], by=maud)
    assert shown(archive) == [("Salt", 2), ("Bells", 1)]


def test_a_pair_in_doubt_is_merged_or_dismissed_and_can_be_in_doubt_again(
    archive: Archive, cites: Cites, maud: User
) -> None:
    cites(ANNALIST, reference(SALT, title="Salt and the Crown", author=ELLWOOD))
    cites(RUSTICUS, reference(BARE_SALT, title="Salt and the Crown"))
    (pair,) = open_pairs(archive.session, after=0, limit=9)
    merging.dismiss(archive.session, pair=pair.id, note="Two books.", by=maud)
    assert list(open_pairs(archive.session, after=0, limit=9)) == []
    with pytest.raises(MergeConflictError, match="decided since"):
        merging.dismiss(archive.session, pair=pair.id, note="", by=maud)
    merging.undo(archive.session, decision=decisions(archive)[0], by=maud)
    assert [row.id for row in open_pairs(archive.session, after=0, limit=9)] == [pair.id]
    merging.merge(archive.session, work=pair.a.public_id, other=pair.b.public_id, note="", by=maud)
    assert list(open_pairs(archive.session, after=0, limit=9)) == []


def test_a_work_that_nobody_public_cites_is_not_found(
    archive: Archive, two: tuple[Source, Source], answered: int, maud: User
) -> None:
    salt, bells = (each.public_id for each in two)
    roll_back(archive.session, answered, reason="", by=BY)
    with pytest.raises(NotFoundError):
        work_page(archive.session, salt)
    with pytest.raises(NotFoundError):
        merging.merge(archive.session, work=salt, other=bells, note="", by=maud)
    assert index_page(archive.session).total == 0


def test_the_index_is_narrowed_by_kind_domain_and_words(archive: Archive, cites: Cites) -> None:
    cites(
        ANNALIST, reference("url:example.org/dykes", title="On dykes"), reference(ISBN, start=9, title="Ünïcode_Salz")
    )
    cites(RUSTICUS, reference("url:example.org/dykes"))

    def titles(**narrowed: object) -> list[str]:
        return [found.title for found in index_page(archive.session, **narrowed).works]  # type: ignore[arg-type]

    assert titles() == ["On dykes", "Ünïcode_Salz"]
    assert titles(kind=SourceKind.ISBN) == ["Ünïcode_Salz"]
    assert titles(domain="example.org") == ["On dykes"]
    assert titles(words="UNICODE_s") == ["Ünïcode_Salz"]
    assert titles(words="dyk on") == ["On dykes"]
    assert titles(words="ykes") == titles(words="unicodeXsalz") == []


def test_what_narrows_the_index_further_is_counted_of_what_the_other_choices_leave(
    archive: Archive, cites: Cites
) -> None:
    cites(ANNALIST, reference("url:example.org/dykes", title="On dykes"), reference(ISBN, start=9, title="Salt"))
    cites(RUSTICUS, reference("url:example.org/salt", title="Salt"), reference("url:example.net/salt", title="Bells"))
    everything = index_page(archive.session)
    assert (everything.kinds, everything.domains) == (
        {SourceKind.URL: 3, SourceKind.ISBN: 1},
        [("example.org", 2), ("example.net", 1)],
    )
    assert index_page(archive.session, kind=SourceKind.ISBN).domains == []
    assert index_page(archive.session, domain="example.org").kinds == {SourceKind.URL: 2}
    of_dykes = index_page(archive.session, words="dykes")
    assert (of_dykes.kinds, of_dykes.domains) == ({SourceKind.URL: 1}, [("example.org", 1)])


def test_pages_of_the_index_and_of_a_work_hold_everything_once(
    archive: Archive, cites: Cites, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.services.sources.pages.WORKS_A_PAGE", 2)
    monkeypatch.setattr("archive.services.sources.pages.ANSWERS_A_PAGE", 1)
    works = [reference(f"url:example.org/{number}", start=number, end=number + 1) for number in range(5)]
    cites(ANNALIST, *works)
    cites(RUSTICUS, works[3])
    seen: list[str] = []
    page = index_page(archive.session)
    while True:
        seen += [found.names[0] for found in page.works]
        if page.further is None:
            break
        page = index_page(archive.session, after=page.further)
    assert seen == [f"url:example.org/{number}" for number in (3, 0, 1, 2, 4)]
    first = work_page(archive.session, work(archive, works[3].keys[0]).public_id)
    second = work_page(archive.session, first.work.public_id, after=first.further)
    assert [answer.post.byline for page in (first, second) for answer in page.answers] == [RUSTICUS, ANNALIST]
    assert second.further is None


def test_no_name_is_ever_of_two_works(archive: Archive, two: tuple[Source, Source], maud: User) -> None:
    merging.merge(archive.session, work=two[0].public_id, other=two[1].public_id, note="", by=maud)
    assert archive.session.scalars(select(SourceKey.key).order_by(SourceKey.key)).all() == [DOI, ISBN]
