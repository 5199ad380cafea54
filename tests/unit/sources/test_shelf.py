"""Which names are of one work, as texts tell it."""

from hypothesis import given
from hypothesis import strategies as st

from archive.domain.sources.naming import contradict, kind_of
from archive.domain.sources.shelf import Shelf

DOI, OTHER_DOI, ISBN, ISSN = "doi:10.1/a", "doi:10.1/b", "isbn:9780306406157", "issn:0028-0836"
SALT, BARE_SALT = "work:ellwood|salt", "work:|salt"
PAGE, OTHER_PAGE = "url:a.org/1", "url:b.org/2"
NAMES = (DOI, OTHER_DOI, ISBN, ISSN, SALT, BARE_SALT, PAGE, OTHER_PAGE)


def test_a_name_leads_to_the_work_that_has_it() -> None:
    shelf = Shelf.of({DOI: 7})
    assert shelf.place([DOI, SALT]) == 7
    assert shelf.place([SALT]) == 7
    assert shelf.joined == []


def test_a_text_that_names_nothing_known_makes_a_work_of_all_its_names() -> None:
    shelf = Shelf.of({})
    assert shelf.place([ISBN, SALT]) == shelf.place([SALT]) < 0


def test_of_two_works_that_a_text_joins_the_older_stays() -> None:
    shelf = Shelf.of({SALT: 3, ISBN: 9, PAGE: 9})
    assert shelf.place([ISBN, SALT]) == 3
    ((into, other, names, _),) = shelf.joined
    assert (into, other, names) == (3, 9, (ISBN, PAGE))
    assert {shelf.owners[name] for name in (SALT, ISBN, PAGE)} == {3}


def test_what_a_person_told_apart_no_text_joins() -> None:
    shelf = Shelf.of({SALT: 3, ISBN: 9}, [frozenset({3, 9})])
    assert shelf.place([ISBN, SALT]) == 9
    assert (shelf.joined, shelf.doubts) == ([], {})


def test_what_a_person_told_apart_stays_apart_when_one_of_them_goes_into_a_third() -> None:
    shelf = Shelf.of({SALT: 3, ISBN: 9, PAGE: 1}, [frozenset({3, 9})])
    assert shelf.place([PAGE, SALT]) == 1
    assert shelf.place([ISBN, PAGE]) == 9


def test_two_identifiers_of_one_scheme_are_two_works_and_a_doubt() -> None:
    shelf = Shelf.of({DOI: 1, SALT: 1})
    work = shelf.place([OTHER_DOI, SALT])
    assert work not in (1, shelf.place([DOI]))
    assert list(shelf.doubts) == [(DOI, OTHER_DOI)]
    assert "a DOI of its own" in shelf.doubts[DOI, OTHER_DOI].why


def test_articles_of_one_periodical_are_not_one_work() -> None:
    shelf = Shelf.of({})
    assert shelf.place([DOI, ISSN]) != shelf.place([OTHER_DOI, ISSN])


def test_pages_with_one_author_and_title_are_one_work_and_pages_with_a_bare_title_are_not() -> None:
    shelf = Shelf.of({})
    assert shelf.place([PAGE, SALT]) == shelf.place([OTHER_PAGE, SALT])
    shelf = Shelf.of({})
    assert shelf.place([PAGE, BARE_SALT]) != shelf.place([OTHER_PAGE, BARE_SALT])
    assert "at another address" in shelf.doubts[PAGE, OTHER_PAGE].why


@given(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True), max_size=12))
def test_whatever_texts_say_every_name_is_of_one_work_and_identifiers_never_mix(texts: list[list[str]]) -> None:
    shelf = Shelf.of({DOI: 1, PAGE: 2, SALT: 3})
    for given_names in texts:
        assert shelf.place(given_names) == shelf.owners[given_names[0]]
    assert {name for names in shelf.names.values() for name in names} == set(shelf.owners)
    for work, names in shelf.names.items():
        assert {shelf.owners[name] for name in names} <= {work}
        for name in names:
            assert contradict([name], names - {name}) is None
    assert kind_of(DOI) == "doi"
