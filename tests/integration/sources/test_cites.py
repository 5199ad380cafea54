"""`cites:` in a search: the same on both databases, with other words and without, and never an error."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from archive.domain.searching import Filter, Not, Term, parse
from archive.domain.sources import Manner
from archive.services.ingest.publish import roll_back
from archive.services.search import SearchPage, search
from archive.services.transaction import writing
from archive.store.sources import Citation
from tests.integration.conftest import BY, Archive
from tests.integration.sources.conftest import Cites, reference, work
from tests.integration.written import ANNALIST, RUSTICUS, WEAVER

ISBN, DOI, PAGE = "isbn:9780306406157", "doi:10.1000/182", "url:example.org/dykes"
MEMOIRS = "work:khrushchev|memoirs"
KHRUSHCHEV = [{"family": "Khrushchev", "given": "Nikita"}]


@pytest.fixture
def cited(archive: Archive, answered: int, cites: Cites) -> Archive:
    """Three answers: one cites memoirs with an ISBN, one remembers them, one cites two other works."""
    cites(ANNALIST, reference(ISBN, MEMOIRS, title="Memoirs", author=KHRUSHCHEV))
    cites(RUSTICUS, reference(MEMOIRS, title="Memoirs", author=KHRUSHCHEV, manner=Manner.RECALLED))
    cites(WEAVER, reference(DOI, title="100% salt_tax"), reference(PAGE, start=9, end=12, title="Dykes and salt"))
    return archive


def authors(page: SearchPage) -> set[str | None]:
    assert len(page.hits) == page.total
    return {hit.post.author for hit in page.hits}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cites:khrushchev", {ANNALIST, RUSTICUS}),
        ("CITES:Khrushch", {ANNALIST, RUSTICUS}),
        ('cites:"memoirs nikita"', {ANNALIST, RUSTICUS}),
        ("cites:rushchev", set()),
        ("cites:khrushchev answer", {ANNALIST, RUSTICUS}),
        (f"cites:khrushchev {ANNALIST}", {ANNALIST}),
        ("cites:khrushchev nowhere", set()),
        (f"cites:khrushchev -{RUSTICUS}", {ANNALIST}),
        ("cites:khrushchev cites:salt", set()),
        ("answer -cites:khrushchev", {WEAVER}),
        ("cites:salt -cites:khrushchev", {WEAVER}),
        ("answer NOT cites:salt", {ANNALIST, RUSTICUS}),
        ("cites:isbn:0-306-40615-2", {ANNALIST, RUSTICUS}),
        ("cites:ISBN:978-0-306-40615-7", {ANNALIST, RUSTICUS}),
        ("cites:doi:10.1000/182", {WEAVER}),
        ("cites:10.1000/182", {WEAVER}),
        ("cites:https://doi.org/10.1000/182", {WEAVER}),
        ("cites:http://www.example.org/dykes/", {WEAVER}),
        ("cites:url:example.org/dykes", {WEAVER}),
        ("cites:doi:10.1000/183", set()),
        ("answer -cites:doi:10.1000/183", {ANNALIST, RUSTICUS, WEAVER}),
        ("cites:salt_tax", {WEAVER}),
        ("cites:%", set()),
        ("cites:", set()),
    ],
)
def test_it_finds_answers_that_cite(cited: Archive, query: str, found: set[str]) -> None:
    assert authors(search(cited.session, query)) == found


def test_the_address_of_a_work_stands_for_it(cited: Archive) -> None:
    page = search(cited.session, f"cites:{work(cited, MEMOIRS).public_id}")
    assert authors(page) == {ANNALIST, RUSTICUS}
    assert page.cited[0][0].title == "Khrushchev, Memoirs"


def test_it_says_that_no_answer_names_a_work(cited: Archive) -> None:
    page = search(cited.session, "cites:doi:10.1000/183")
    assert page.searched
    assert page.cited[0][0].is_unknown


def test_what_was_rolled_back_is_found_no_more(cited: Archive, answered: int) -> None:
    roll_back(cited.session, answered, reason="", by=BY)
    for query in ("cites:khrushchev", "cites:doi:10.1000/182"):
        assert search(cited.session, query).total == 0


def test_only_what_must_not_be_cited_is_no_search(cited: Archive) -> None:
    page = search(cited.session, "-cites:khrushchev")
    assert not page.searched
    assert "or a work that it must cite" in " ".join(page.left_out)


@pytest.mark.parametrize("query", ["cites:", "CITES: salt", 'answer cites:""', "-cites:", "cites:%"])
def test_where_no_work_is_named_it_says_what_to_type(cited: Archive, query: str) -> None:
    page = search(cited.session, query)
    said = " ".join([*page.left_out, *(one.why for one in page.ignored)])
    assert "a word of its title or author, a DOI, an ISBN, an address" in said
    assert "only signs" not in said


def test_a_hit_shows_which_works_that_were_asked_for_it_cites_and_the_words(cited: Archive, cites: Cites) -> None:
    cites(RUSTICUS, reference(MEMOIRS, title="Memoirs", start=3, end=9, locator="p. 4"), reference(DOI, title="Tax"))
    (hit,) = search(cited.session, f"cites:khrushchev {RUSTICUS}").hits
    (citing,) = hit.cites
    assert (citing.work.public_id, citing.locator) == (work(cited, MEMOIRS).public_id, "p. 4")
    assert citing.quoted.words == "answer"
    (hit,) = search(cited.session, f"cites:khrushchev cites:doi:10.1000/182 {RUSTICUS}").hits
    assert {one.work.names[0] for one in hit.cites} == {ISBN, DOI}


def test_a_hit_shows_no_work_that_was_not_asked_for(cited: Archive) -> None:
    assert [hit.cites for hit in search(cited.session, "answer -cites:khrushchev").hits] == [[]]
    assert all(not hit.cites for hit in search(cited.session, "answer").hits)


def test_it_is_read_as_a_work_and_nothing_else_is() -> None:
    query = parse('cites:a "cites:b" recites:c cites: -cites:"d e" cites')
    assert query.clauses == (
        Filter("cites", "a", "a"),
        Term(("cites", "b")),
        Not(Filter("cites", "d e", "d e")),
        Term(("cites",), exact=False),
    )
    assert [one.typed for one in query.ignored] == ["recites:c", "cites:"]


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_typed_behind_it_breaks_it(cited: Archive, typed: str) -> None:
    for query in (f"cites:{typed}", f'cites:"{typed}" answer', f"cites:doi:{typed}", f"-{typed} cites:salt"):
        search(cited.session, query)


def test_a_citation_whose_words_were_taken_down_finds_nothing(cited: Archive) -> None:
    with writing(cited.session):
        cited.session.execute(update(Citation).where(Citation.post_id == cited.answer(WEAVER).id).values(sealed=True))
    for query in ("cites:salt", "domain:example.org"):
        assert search(cited.session, query).total == 0
    assert search(cited.session, "answer").facets.domains == []
