"""What is typed is read as words, filters and how they are joined; nothing is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.searching import Filter, Query, Term, parse
from archive.domain.searching.narrowing import narrowed
from archive.domain.searching.operators import NAMED_OTHERWISE, OPERATORS
from archive.domain.searching.parsing import not_searched
from archive.domain.searching.said import said

_PIECES = st.sampled_from(
    [
        '"',
        "(",
        ")",
        "-",
        "=",
        " ",
        "OR ",
        "AND ",
        "NOT ",
        "a",
        "é",
        "..",
        ",",
        ">",
        "2012",
        *(f"{o}:" for o in OPERATORS),
    ]
)


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("grain", "posts with “grain”"),
        ("grain price", "posts with “grain”, with “price”"),
        ('"grain price" =grain', "posts with the words “grain price” side by side, with exactly “grain”"),
        ("“grain price", "posts with the words “grain price” side by side"),
        ("grain -price NOT tax", "posts with “grain”, without “price”, without “tax”"),
        ("a OR b", "posts with “a” or with “b”"),
        ("a b OR c", "posts (with “a” and with “b”) or with “c”"),
        ("a (b OR c)", "posts with “a”, (with “b” or with “c”)"),
        ("a -quality:none", "posts with “a”, leaving out those not yet tagged"),
        ("a -(b OR c)", "posts with “a”, not (with “b” or with “c”)"),
        ("a AND b", "posts with “a”, with “b”"),
        ("OR", "posts with exactly “OR”"),
        ("a OR", "posts with “a”, with exactly “OR”"),
        ("((a b", "posts with “a”, with “b”"),
        ("a)) b", "posts with “a”, with “b”"),
        ("a a a", "posts with “a”"),
        ("well-known", "posts with the words “well known” side by side"),
        ("https://x.org/y", "posts with the words “https x org y” side by side"),
        ("std::vector grain:*", "posts with the words “std vector” side by side, with “grain”"),
        ("Author:x", "posts by “x”"),
        ('author:"A B" -author:c', "posts by “A B”, leaving out those by “c”"),
        ("collection:history", "posts in the collection “history”"),
        ("quality:sourced", "posts tagged “Cited, with page” or “Cited”"),
        (
            "quality:recollected..cited",
            "posts tagged “Cited” or “Attributed, not cited” or “From memory”",
        ),
        ("quality:cited..recollected", "posts tagged “Cited” or “Attributed, not cited” or “From memory”"),
        ("quality:none,not-answer", "posts tagged “Not an answer” or not yet tagged"),
        ("cites:doi:10.1016/S0140(05)67 (cites:foo)", "posts citing “doi:10.1016/S0140(05)67”, citing “foo”"),
        ("domain:https://www.Example.org/x", "posts citing a page on “example.org”"),
        ("in:answers,reply", "posts that are answers or replies"),
        ("before:2012 after:2011-03", "posts posted before 2012, posted after 2011-03"),
        ("date:2012..2014 date:2011", "posts posted from 2012 to the end of 2014, posted in 2011"),
        (
            "score:>3 score:=-2 score:5",
            "posts with a score of more than 3, with a score of exactly -2, with a score of at least 5",
        ),
        ("has:links has:quote,tag", "posts with a link, with a quotation or a moderator’s tag"),
        ("status:moved,revised", "posts moved by a person of this archive or received in several texts"),
        ('topic:"water works"', "posts in threads on the topic “water works”"),
        ("by:maud", "posts tagged by the moderator “maud”"),
    ],
)
def test_it_is_said_in_words_how_a_search_was_read(typed: str, read_as: str) -> None:
    query = parse(typed)
    assert said(query, endings=False) == read_as
    assert query.is_searched
    assert not query.ignored
    assert not query.left_out


@pytest.mark.parametrize(
    ("typed", "why", "instead"),
    [
        ("a colour:water", "There is no operator “colour”.", "a water"),
        ("a autor:me", "There is no operator “autor”.", "a author:me"),
        ("a from:me b", "There is no operator “from”.", "a author:me b"),
        ("a quality:splendid", "A level is one of", ""),
        ("a quality:testimony..cited", "A range goes along the spine", ""),
        ("a quality:..", "A range wants a level", ""),
        ("a date:2014-13", "A date is a year, a month or a day", ""),
        ("a before:yesterday", "A date is a year, a month or a day", ""),
        ("a before:0000", "A date is a year", ""),
        ("a after:9999", "A date is a year", ""),
        ("a date:2014..2012", "It wants a beginning and an end", ""),
        ("a score:many", "A score is a figure", ""),
        ("a in:thread", "It takes one of question, answer, reply", ""),
        ("a has:luck", "It takes one of link, quote, tag", ""),
        ("a status:withdrawn", "What is taken down, and drafts, cannot be searched", ""),
        ("a author:", "It wants a name right behind it", ""),
        ("a domain:/", "A domain is the name of a place on the web", ""),
        ("a cites:%", "wants a work right behind it", ""),
    ],
)
def test_what_cannot_be_read_is_left_out_and_explained(typed: str, why: str, instead: str) -> None:
    query = parse(typed)
    assert said(query, endings=False).startswith("posts with “a”")
    (ignored,) = query.ignored
    assert why in ignored.why
    assert ignored.instead == instead


def test_the_operator_for_moderators_is_no_operator_for_others() -> None:
    assert "for moderators" in parse("a by:maud", without=frozenset({"by"})).ignored[0].why
    assert parse("a moderator:maud", without=frozenset({"by"})).ignored[0].instead == "a maud"


def test_every_operator_has_examples_that_it_reads_and_other_names_lead_to_it() -> None:
    for operator in OPERATORS.values():
        for example in operator.examples:
            assert not parse(example).ignored, example
    assert not set(NAMED_OTHERWISE) & set(OPERATORS)
    assert set(NAMED_OTHERWISE.values()) <= set(OPERATORS)


@pytest.mark.parametrize("typed", ["", "-a", "-(a b)", "a OR -b", '""', "-author:x", "- ( ) AND"])
def test_what_says_only_what_posts_are_not_is_no_search(typed: str) -> None:
    query = parse(typed)
    assert not query.is_searched
    assert not_searched(query)


def test_words_are_found_where_they_were_typed() -> None:
    query = parse("ab (cd OR =ef) -gh")
    assert [query.text[slice(*term.place)] for term in query.terms] == ["ab", "cd", "=ef", "gh"]
    assert query.wanted == (Term(("ab",), exact=False), Term(("cd",), exact=False), Term(("ef",)))


def test_a_long_search_is_cut_and_says_so() -> None:
    assert "first 500 characters" in parse("grain " * 100).left_out[0]
    assert "first 20 words" in parse(" ".join(f"w{number}" for number in range(30))).left_out[0]
    assert len(parse("cites:a cites:b cites:c cites:d cites:e cites:f").filters) == 5


@pytest.mark.parametrize(
    ("typed", "narrower"),
    [
        ("tulip", "in:answer tulip"),
        ("tulip NOT", "in:answer tulip NOT"),
        ("tulip -", "in:answer tulip -"),
        ("NOT tulip", "in:answer NOT tulip"),
        ("tulip OR rose", "in:answer (tulip OR rose)"),
        ("tulip OR", "in:answer tulip OR"),
        ("OR tulip", "in:answer (OR tulip)"),
        ("tulip (rose OR", "in:answer tulip (rose OR"),
        ('tulip "red rose', 'in:answer tulip "red rose"'),
        ("tulip) rose", "in:answer tulip) rose"),
        ("tulip) OR rose", "in:answer tulip) OR rose"),
        ("in:answer tulip", "in:answer in:answer tulip"),
        ("", "in:answer"),
    ],
)
def test_a_search_is_narrowed_by_an_operator_that_nothing_typed_can_reach(typed: str, narrower: str) -> None:
    assert narrowed(typed, "in:answer") == narrower


@given(st.text(max_size=80) | st.lists(_PIECES, max_size=40).map("".join))
def test_whatever_is_typed_a_narrower_search_finds_only_what_the_operator_asks_for(typed: str) -> None:
    clauses = parse(narrowed(typed, "in:question")).clauses
    assert [one for one in clauses if isinstance(one, Filter) and one.text == "question"]


@given(st.text(max_size=80) | st.lists(_PIECES, max_size=40).map("".join))
def test_nothing_typed_is_an_error(typed: str) -> None:
    query = parse(typed)
    assert isinstance(query, Query)
    assert said(query)
    assert all(len(term.words) for term in query.terms)
