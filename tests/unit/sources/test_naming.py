"""Names of works: the surest first, never too long to be stored, and the words by which a work is found."""

import pytest

from archive.domain.sources import SourceKind
from archive.domain.sources.asked import names_asked
from archive.domain.sources.naming import MAX_NAME, by_strength, fit_name, host_of, kind_of, title_key, words_of


def test_every_kind_of_source_is_that_of_some_scheme() -> None:
    assert {kind_of(f"{kind}:x") for kind in SourceKind} == set(SourceKind)


def test_an_identifier_comes_before_an_address_and_an_address_before_a_title() -> None:
    assert by_strength(["work:a|b", "url:a.org", "isbn:1", "doi:10.1/x"]) == [
        "doi:10.1/x",
        "isbn:1",
        "url:a.org",
        "work:a|b",
    ]


def test_names_that_are_too_long_stay_apart() -> None:
    one, two = ("doi:10.1/" + "x" * MAX_NAME + end for end in "ab")
    assert len(fit_name(one)) == MAX_NAME
    assert fit_name(one) != fit_name(two)
    assert fit_name("doi:10.1/x") == "doi:10.1/x"


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (["isbn:1", "url:example.org/a/b"], "example.org"),
        (["url:example.org?a=b"], "example.org"),
        (["doi:10.1/x", "url:doi.org/10.1/x"], None),
        (["work:a|b"], None),
    ],
)
def test_the_host_of_a_work_is_that_of_its_address(names: list[str], host: str | None) -> None:
    assert host_of(names) == host


def test_a_work_is_found_by_title_people_and_names_whatever_their_accents() -> None:
    csl = {"title": "Émile, ou de l’éducation", "author": [{"family": "Rousseau", "given": "J.-J."}]}
    assert words_of(csl, ["isbn:9780306406157"]) == " emile ou de leducation rousseau j 9780306406157 "


def test_an_article_before_a_title_does_not_tell_it_from_another() -> None:
    assert title_key({"title": "The Great Terror"}) == title_key({"title": "great terror"}) is not None
    assert title_key({}) is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("doi:10.1000/ABC", "doi:10.1000/abc"),
        ("10.1000/abc", "doi:10.1000/abc"),
        ("https://doi.org/10.1000/abc", "doi:10.1000/abc"),
        ("ISBN:0-306-40615-2", "isbn:9780306406157"),
        ("http://www.example.org/a/?utm_source=x", "url:example.org/a"),
        ("url:example.org/a", "url:example.org/a"),
        ("work:khrushchev|memoirs", "work:khrushchev|memoirs"),
    ],
)
def test_a_name_is_understood_in_any_spelling(typed: str, name: str) -> None:
    assert name in names_asked(typed)


@pytest.mark.parametrize("typed", ["khrushchev", "great terror", "10.5", "re:view", ":", "doi:"])
def test_words_are_no_name(typed: str) -> None:
    assert names_asked(typed) == ()
