"""What one citation says of a work, from its author to its link, is said of one work."""

import pytest

from archive.domain.sources import Reference, references_in


def one(text: str) -> Reference:
    found = references_in(text)
    assert len(found) == 1, [(reference.keys, text[reference.start : reference.end]) for reference in found]
    return found[0]


@pytest.mark.parametrize(
    "text",
    [
        'It is so: Ellwood, "Salt and the Crown", Review of Taxes 58, no. 3 (2017), https://doi.org/10.1000/182',
        'Ellwood, "Salt and the Crown," Review of Taxes 58, no. 3 (2017), https://doi.org/10.1000/182',
        'See Ellwood, "Salt and the Crown," *Review of Taxes* 58, no. 3 (2017): 245-67, https://doi.org/10.1000/182',
        'Marta Ellwood, "Salt and the Crown," Review of Taxes 58 (2017), pp. 245–67, doi:10.1000/182',
        "Marta Ellwood, *Salt and the Crown*, Review of Taxes 58(3), 2017, https://doi.org/10.1000/182",
        "Marta Ellwood, *Salt and the Crown*, *Review of Taxes*, vol. 58, no. 3, 2017, doi:10.1000/182",
    ],
)
def test_a_journal_and_its_numbers_do_not_keep_a_title_from_its_doi(text: str) -> None:
    reference = one(text)
    assert reference.keys[0] == "doi:10.1000/182"
    assert reference.keys[-1] == "work:ellwood|salt and the crown"


@pytest.mark.parametrize(
    "between",
    [
        "Review of Taxes 58, no. 3 (2017); https://doi.org/10.1000/182",
        "Review of Taxes 58, no. 3 (2017). The other is https://doi.org/10.1000/182",
        'Review of Taxes 58 (2017), and Ivo Brandt, "Sea Lanes," https://doi.org/10.1000/182',
        "Review of Taxes 58 (2017), Ivo Brandt 12, https://doi.org/10.1000/182",
        "Review of Taxes 58, no. 3 (2017)\n\nhttps://doi.org/10.1000/182",
    ],
)
def test_what_ends_a_citation_keeps_its_title_from_the_next_doi(between: str) -> None:
    first, *_, last = references_in(f'Ellwood, "Salt and the Crown," {between}')
    assert first.keys == ("work:ellwood|salt and the crown",)
    assert last.keys[0] == "doi:10.1000/182"


def test_the_numbers_of_a_journal_that_is_not_marked_are_kept() -> None:
    csl = one('Ivo Brandt, "Lawn and Salt," Review of Taxes 19, no. 6 (2005), 62-68.').csl
    assert (csl["volume"], csl["issue"], csl["page"]) == ("19", "6", "62-68")
    assert csl["container-title"] == "Review of Taxes"
    assert csl["issued"] == {"date-parts": [[2005]]}


@pytest.mark.parametrize("word", ["Elsewhere", "Finally", "UNESCO", "Australia"])
def test_a_word_alone_that_names_nobody_is_no_author_of_an_article(word: str) -> None:
    assert "author" not in one(f'{word}, "Lawn and Salt," Review of Taxes 19, no. 6 (2005), 62-68.').csl


@pytest.mark.parametrize(
    "text",
    [
        "There is a translation by Ven. M. Ellwood, The Salt and the Crown, at https://example.org/a",
        "Marta Ellwood, The Salt and the Crown, https://example.org/a",
        "Marta Ellwood, The Salt and the Crown (https://example.org/a) has it.",
    ],
)
def test_a_title_and_an_author_right_before_a_link_belong_to_it(text: str) -> None:
    reference = one(text)
    assert reference.keys == ("url:example.org/a", "work:ellwood|salt and the crown")
    assert text[reference.start : reference.end].startswith(("Marta", "M."))


@pytest.mark.parametrize(
    "text",
    [
        "Ask Marta Ellwood, Professor of Medieval History, at https://example.org/a",
        "Ask Marta Ellwood, the writer, at https://example.org/a",
        "Marta Ellwood, The Salt. It is also at https://example.org/a",
        "Ask Marta Ellwood, The Director of Salt Studies, at https://example.org/a",
        "Marta Ellwood, The New Lyon Times, at https://example.org/a",
        "Ivo Brandt and Marta Ellwood, The Roads of Salt, at https://example.org/a",
    ],
)
def test_what_stands_before_a_link_and_may_be_no_title_says_nothing_of_it(text: str) -> None:
    assert [reference.csl for reference in references_in(text) if "url:example.org/a" in reference.keys] == [
        {"type": "webpage", "URL": "https://example.org/a"}
    ]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("work:dash|tulipomania", "I read Mike Dash, Tulipomania, on a train years ago."),
        ("work:|david copperfield ivanhoe", "I read David Copperfield, Ivanhoe, on a train years ago."),
        ("work:|animal farm ivanhoe", "I read Animal Farm, Ivanhoe, on a train years ago."),
    ],
)
def test_one_word_behind_a_name_is_a_title(key: str, text: str) -> None:
    assert one(text).keys == (key,)


def test_italics_in_brackets_do_not_end_a_title() -> None:
    text = "Ellwood, M. R. et al. On the salt of hops (*Humulus lupulus* L.) and beer. 1999."
    assert one(text).csl["title"] == "On the salt of hops (Humulus lupulus L.) and beer"


def test_a_title_ends_with_no_opening_bracket() -> None:
    assert one("Ellwood, M. R. et al. On the salt of hops (*Humulus*. 1999.").csl["title"] == "On the salt of hops"


@pytest.mark.parametrize(
    "text",
    [
        'It is from Australia\'s "Courier Mail of Lyon", [there](https://example.org/a).',
        "It was Cigar City's [Great Salt Shortage of 2013](https://example.org/a).",
    ],
)
def test_a_country_or_a_city_is_no_author(text: str) -> None:
    assert all("author" not in reference.csl for reference in references_in(text))
