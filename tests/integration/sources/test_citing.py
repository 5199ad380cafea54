"""Works and citations: one work under many names, counted from what readers see, and from nothing else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.sources import Manner
from archive.domain.sources.verdicts import Verdict
from archive.services.checking.check import check
from archive.services.ingest.publish import publish, roll_back
from archive.services.reattach.move import Seen, move_under
from archive.services.search import search
from archive.services.sources.citing import cite
from archive.services.transaction import writing
from archive.services.verify import find_faults
from archive.store.checks import CitationCheck
from archive.store.citations import CitingText
from archive.store.cited import citations_of
from archive.store.source_merges import MergeProposal, ProposalState, SourceMerge
from archive.store.sources import Citation, Source
from archive.store.users import User
from tests.databases import opened
from tests.integration.conftest import BY, Archive
from tests.integration.sources.conftest import Cites, reference, shown, work
from tests.integration.written import ANNALIST, RUSTICUS, WEAVER, thread

pytestmark = pytest.mark.usefixtures("answered")
DOI, ISBN, OTHER_ISBN = "doi:10.1000/182", "isbn:9780306406157", "isbn:9783161484100"
SALT = "work:ellwood|salt and the crown"


def test_a_work_that_two_answers_name_alike_is_one(archive: Archive, cites: Cites) -> None:
    for author in (ANNALIST, RUSTICUS):
        cites(author, reference(SALT, title="Salt and the Crown"))
    assert shown(archive) == [("Salt and the Crown", 2)]


def test_an_answer_that_names_a_work_twice_counts_once(archive: Archive, cites: Cites) -> None:
    cites(ANNALIST, reference(DOI, start=0, end=5), reference(DOI, start=9, end=14))
    assert [answers for _, answers in shown(archive)] == [1]


def test_only_answers_that_remember_it_and_do_no_more_count_as_from_memory(archive: Archive, cites: Cites) -> None:
    remembered = Manner.RECALLED
    cites(ANNALIST, reference(DOI, manner=remembered))
    cites(RUSTICUS, reference(DOI, start=0, end=5, manner=remembered), reference(DOI, start=9, end=14))
    found = work(archive, DOI)
    assert (found.answers, found.from_memory) == (2, 1)


def test_a_text_that_gives_two_names_of_a_work_joins_two_works(archive: Archive, cites: Cites) -> None:
    cites(ANNALIST, reference(ISBN, ISBN=ISBN[5:]))
    cites(RUSTICUS, reference(SALT, title="Salt and the Crown"))
    first, second = work(archive, ISBN), work(archive, SALT)
    cites(WEAVER, reference(ISBN, SALT, title="Salt and the Crown"))
    assert shown(archive) == [("Salt and the Crown", 3)]
    assert work(archive, SALT).id == first.id
    assert archive.session.get_one(Source, second.id).merged_into_id == first.id
    (merge,) = archive.session.scalars(select(SourceMerge))
    assert (merge.by_id, merge.source_id, merge.other_id) == (None, first.id, second.id)


def test_two_editions_are_a_doubt_and_stay_two(archive: Archive, cites: Cites) -> None:
    cites(ANNALIST, reference(ISBN, SALT, title="Salt and the Crown"))
    cites(RUSTICUS, reference(OTHER_ISBN, SALT, title="Salt and the Crown"))
    assert [answers for _, answers in shown(archive)] == [1, 1]
    (doubt,) = archive.session.scalars(select(MergeProposal))
    assert (doubt.key_a, doubt.key_b, doubt.state) == (ISBN, OTHER_ISBN, ProposalState.OPEN)


def test_what_is_said_of_a_work_comes_from_all_that_cite_it(archive: Archive, cites: Cites) -> None:
    cites(ANNALIST, reference(ISBN))
    cites(RUSTICUS, reference(ISBN, title="Salt and the Crown", author=[{"family": "Ellwood"}]))
    found = work(archive, ISBN)
    assert found.title == "Ellwood, Salt and the Crown"
    assert found.words.split() == ["salt", "and", "the", "crown", "ellwood", "9780306406157"]


def test_a_draft_says_nothing_of_a_work(archive: Archive, cites: Cites) -> None:
    later = archive.import_({"salt.txt": thread("Why was salt taxed?", [("secret_9", "It is in my new book.")])})
    publish(archive.session, later.batch, by=BY)
    cites(ANNALIST, reference(ISBN, ISBN=ISBN[5:]))
    cites("secret_9", reference(ISBN, "work:secret|my new book", title="My new book"))
    assert work(archive, ISBN).title == "My new book"
    roll_back(archive.session, later.batch, reason="", by=BY)
    found = work(archive, ISBN)
    assert (found.answers, found.names) == (1, [ISBN])
    assert "new" not in found.words
    assert found.title == f"ISBN {ISBN[5:]}"


def test_what_a_withdrawn_text_said_of_a_work_is_shown_nowhere(archive: Archive, cites: Cites, maud: User) -> None:
    answers = [("secret_9", "It is in my new book.")]
    later = archive.import_({"salt.txt": thread("Why was salt taxed?", answers)}, public=True)
    cites(ANNALIST, reference(ISBN, ISBN=ISBN[5:]))
    (mine,) = archive.session.scalars(select(Citation))
    post = archive.answer(ANNALIST).public_id
    check(archive.session, post=post, citation=mine.id, seen=0, verdict=Verdict.FOUND, note="", moderator=maud)
    cites("secret_9", reference(ISBN, "work:secret|my new book", title="My new book", URL="https://new.example/book"))
    cites(ANNALIST, engine="test-2")
    title = citations_of(archive.session, [mine.revision_id])[0].title
    roll_back(archive.session, later.batch, reason="", by=BY)
    (row,) = citations_of(archive.session, [mine.revision_id])
    assert (title, row.title, row.has_page) == ("My new book", f"ISBN {ISBN[5:]}", False)
    found = work(archive, ISBN)
    assert (found.answers, found.title, found.csl, found.names, found.words) == (0, "", {}, [], "")
    assert (found.title_key, found.family_key, found.domain) == (None, None, None)
    assert list(find_faults(archive.session, archive.vault, say=lambda _: None)) == []


def test_what_was_rolled_back_counts_again_when_it_comes_back(archive: Archive, cites: Cites, answered: int) -> None:
    cites(ANNALIST, reference(DOI))
    roll_back(archive.session, answered, reason="", by=BY)
    assert shown(archive) == []
    answers = [(author, f"An answer by {author}, in some words.") for author in (ANNALIST, RUSTICUS, WEAVER)]
    archive.import_({"dykes.txt": thread("Who paid for the dykes?", answers)}, public=True)
    assert [answers for _, answers in shown(archive)] == [1]


def test_a_new_text_of_an_answer_does_not_cite_what_the_old_one_did(archive: Archive, cites: Cites) -> None:
    cites(ANNALIST, reference(DOI))
    again = thread("Who paid for the dykes?", [(ANNALIST, "I was wrong about that, and take it back.")])
    archive.import_({"again.txt": again}, public=True)
    assert archive.answer(ANNALIST).revision_number == 2
    assert shown(archive) == []


def test_a_newer_run_takes_the_place_of_what_an_earlier_one_found(archive: Archive, cites: Cites) -> None:
    cites(ANNALIST, reference(DOI, start=0, end=5), reference(ISBN, start=9, end=14))
    before = archive.session.scalars(select(Citation.id).where(Citation.key == DOI)).one()
    cites(ANNALIST, reference(DOI, start=1, end=6, title="Salt"), engine="test-2")
    (citation,) = archive.session.scalars(select(Citation))
    assert (citation.id, citation.start, citation.engine, citation.is_current) == (before, 1, "test-2", True)
    assert shown(archive) == [("Salt", 1)]


def test_a_citation_that_somebody_looked_up_outlives_a_run_that_does_not_find_it(
    archive: Archive, cites: Cites, maud: User
) -> None:
    cites(ANNALIST, reference(DOI))
    citation = archive.session.scalars(select(Citation)).one()
    with writing(archive.session):
        archive.session.add(
            CitationCheck(
                thread_id=citation.thread_id,
                citation_id=citation.id,
                verdict=Verdict.FOUND,
                note="",
                moderator_id=maud.id,
                at=now(),
            )
        )
    cites(ANNALIST, engine="test-2")
    archive.session.expire_all()
    (citation,) = archive.session.scalars(select(Citation))
    assert not citation.is_current
    assert shown(archive) == []
    cites(RUSTICUS, reference(DOI))
    assert [hit.post.author for hit in search(archive.session, "cites:doi:10.1000/182").hits] == [RUSTICUS]


def test_a_title_with_and_without_its_author_is_a_doubt(archive: Archive, cites: Cites) -> None:
    cites(ANNALIST, reference(SALT, title="Salt and the Crown", author=[{"family": "Ellwood"}]))
    cites(RUSTICUS, reference("work:|salt and the crown", title="Salt and the Crown"))
    (doubt,) = archive.session.scalars(select(MergeProposal))
    assert {doubt.key_a, doubt.key_b} == {SALT, "work:|salt and the crown"}


def test_answers_that_name_new_works_at_once_make_one_of_each(archive: Archive, database_url: str) -> None:
    works = [reference(name, start=place, end=place + 1) for place, name in enumerate((DOI, ISBN, SALT))]
    texts = [
        CitingText(thread_id=row.thread_id, post_id=row.id, revision_id=row.revision_id, references=order)
        for row, order in zip(archive.answers(), permutations(works), strict=False)
    ]
    archive.session.rollback()
    together = threading.Barrier(len(texts))

    def attempt(text: CitingText) -> None:
        with Session(engine, expire_on_commit=False) as session:
            together.wait()
            with writing(session):
                cite(session, [text], engine="test-1")

    with opened(database_url) as engine, ThreadPoolExecutor(len(texts)) as pool:
        list(pool.map(attempt, texts, timeout=120))
    assert archive.session.scalar(select(func.count()).select_from(Source)) == 3
    assert [answers for _, answers in shown(archive)] == [3, 3, 3]


def test_citations_go_along_with_an_answer_that_is_moved(archive: Archive, cites: Cites, maud: User) -> None:
    archive.import_({"salt.txt": thread("Why was salt taxed?", [("other_9", "Because it was easy.")])}, public=True)
    cites(ANNALIST, reference(DOI))
    moved, under = archive.answer(ANNALIST), archive.answer("other_9")
    seen = Seen(0, moved.parent)
    move_under(archive.session, post=moved.public_id, parent=under.public_id, seen=seen, by=maud, drafts=False)
    citation = archive.session.scalars(select(Citation)).one()
    assert citation.thread_id == under.thread_id != moved.thread_id
    assert list(find_faults(archive.session, archive.vault, say=lambda _: None)) == []
    assert shown(archive) == []  # it is a reply there, and answers are counted
