"""The works that a text names, with what it says of them, their places and how they are known."""

import pytest

from archive.domain.records import Markup
from archive.domain.sources import Manner, Reference, SourceKind, references_in


def one(text: str, markup: Markup = Markup.PLAIN) -> Reference:
    found = references_in(text, markup)
    assert len(found) == 1, [(reference.keys, text[reference.start : reference.end]) for reference in found]
    return found[0]


ELLWOOD = "work:ellwood|salt and the crown"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (ELLWOOD, "It is all in Marta Ellwood's *Salt and the Crown* there."),
        (ELLWOOD, 'It is all in "Salt and the Crown" by Marta Ellwood there.'),
        (ELLWOOD, "It is all in Salt and the Crown by M. Ellwood there."),
        (ELLWOOD, "Marta Ellwood, *Salt and the Crown* (Lyon, 1987), has it."),
        (ELLWOOD, "I'd recommend Ellwood's Salt and the Crown on this."),
        (ELLWOOD, "I read Marta Ellwood's The Salt and the Crown on this."),
        (ELLWOOD, "Ellwood writes in her book *Salt and the Crown* that it was so."),
        (ELLWOOD, "See *Salt & the Crown* (Marta Ellwood, 1987)."),
        (ELLWOOD, "* Ellwood, Marta. *Salt and the Crown*. Lyon: Guild Press, 1987."),
        (ELLWOOD, "Ellwood, M. (1987). Salt and the crown. Lyon: Guild Press."),
        (ELLWOOD, "Ellwood, Marta. Salt and the Crown. Guild Press, 1987."),
        (ELLWOOD, "Sources: Marta Ellwood, The Salt and the Crown (Guild Press, 1987), and others."),
        (ELLWOOD, "As Marta Ellwood argues in Salt and the Crown (1987), it was so."),
        (ELLWOOD, 'See Ellwood, M. Ada. "Salt and the Crown." Lyon: Guild Press, 1987.'),
        (ELLWOOD, "Marta Ellwood, Salt and the Crown, volume 1, has it."),
        ("work:|salt and the crown", "It is told in Salt and the Crown (Guild University Press, 1987)."),
        ("work:|ellwoods salt roads", '"Ellwood\'s Salt Roads", Review of Taxes 14 (1912), has it.'),
        ("work:ellwood+brandt+unseen|1987", "There were six (Ellwood, Brandt, & Unseen, 1987)."),
        ("work:ellwood|1987", "There were six (see Ellwood, 1987)."),
        (
            "work:ellwood|memoirs of extraordinary delusions",
            "See Marta Ellwood, Memoirs of Extraordinary Delusions, p. 3.",
        ),
        ("work:ellwood|1987", "Ellwood (1987) argues that it was so."),
        ("work:holland|rubicon", "I've read Tom Holland's Rubicon on it."),
        ("work:|salt wars", "There is a documentary called The Salt Wars, which is good."),
        ("work:goebbels|diaries", "It is in Goebbels' diaries at length."),
        ("work:|salt and the crown", "I'm reading *Salt and the Crown* now."),
        ("work:|1491", "I'd recommend 1491."),
        ("work:|cats cradle", "Try reading Cat's Cradle, which is short."),
        ("work:holland|rubicon", "It is told in Tom Holland's *Rubicon* at length."),
        ("work:obrien|gods peace", "It is in Bruce O'Brien's \"God's Peace\" at length."),
        ("work:|wikipedia salt tax", 'The Wikipedia article on "Salt tax" has a map.'),
        ("work:|oxford english dictionary", "The OED has it."),
        ("work:ellwood+brandt|1987", "There were six (Ellwood and Brandt, 1987)."),
        ("work:ellwood|memoirs", "Ellwood later commented in her memoir that it was so."),
        ("work:ellwood|memoirs", "It is told in the memoirs of Marta Ellwood at length."),
        ("work:ellwood|memoirs", "Marta Ellwood's memoirs have it."),
        ("work:ellwood|memoirs", "I read the Memoirs of Marta Ellwood on this."),
        ("work:ellwood|autobiography", "In her autobiography Marta Ellwood said so."),
    ],
)
def test_a_work_has_one_key_however_it_is_named(key: str, text: str) -> None:
    assert one(text).keys == (key,)


@pytest.mark.parametrize(
    "text",
    [
        "I read Foucault and Derrida. You read Reddit or Slashdot.",
        "He was compared to Edward Snowden by The New York Times.",
        "My favourite is Stone's *Golden Gate Ale*, or the *Goose Island Tavern*.",
        "**Brasseurs de Salines** (1483 Ottawa St.) is open.",
        'I never see "Belgian" on any labels. It\'s like "President" or "Director".',
        "They said so in their letters, and I wrote my memoir, my diary and my thesis.",
        "Someone offers a Wikipedia page, and another the wiki article.",
        "I recommend the book Marta Ellwood (one of us) wrote on it.",
        "I bought salt in San Marino's Old Brewing Company in 1965.",
    ],
)
def test_what_is_named_like_a_work_is_none(text: str) -> None:
    assert references_in(text) == []


def test_what_the_text_says_of_a_work_is_kept() -> None:
    text = 'Ivo Brandt, "Lawn and Salt," *Review of Taxes* 19, no. 6 (2005), 62-68.'
    assert one(text).csl == {
        "type": "article-journal",
        "title": "Lawn and Salt",
        "author": [{"family": "Brandt", "given": "Ivo"}],
        "container-title": "Review of Taxes",
        "volume": "19",
        "issue": "6",
        "issued": {"date-parts": [[2005]]},
        "page": "62-68",
    }


def test_an_entry_of_a_bibliography_gives_its_authors_year_and_publisher() -> None:
    reference = one("Ellwood, M., & Brandt, I. (1987). Salt and the crown. Lyon: Guild Press.")
    assert reference.csl == {
        "type": "book",
        "title": "Salt and the crown",
        "author": [{"family": "Ellwood", "given": "M."}, {"family": "Brandt", "given": "I."}],
        "issued": {"date-parts": [[1987]]},
        "publisher-place": "Lyon",
        "publisher": "Guild Press",
    }


def test_nothing_is_said_of_a_work_that_the_text_does_not_say() -> None:
    assert one("It is all in *Salt and the Crown of Lyon* there.").csl == {
        "type": "document",
        "title": "Salt and the Crown of Lyon",
    }
    assert one("Ellwood later commented in her memoir that it was so.").csl == {
        "type": "document",
        "author": [{"family": "Ellwood"}],
        "genre": "memoir",
    }


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("On the taxes of salt", '["On the taxes of salt."](https://doi.org/10.1000/182) has it.'),
        ("On the Taxes of Salt", "[*On the Taxes of Salt*](https://example.org/a) has it."),
        (None, "[**Click here to perform**](https://example.org/a)"),
        (None, '["as little as possible"](https://example.org/a)'),
        (None, "[here is what I mean](https://example.org/a)"),
        (None, "[this article on the taxes of salt](https://example.org/a)"),
    ],
)
def test_the_words_of_a_link_are_a_title_where_they_are_marked_as_one(title: str | None, text: str) -> None:
    assert one(text).csl.get("title") == title


def test_two_works_of_one_sentence_are_two() -> None:
    text = "I'd recommend Marta Ellwood's Salt Roads and Brandt's Sea Lanes on it."
    assert [reference.keys for reference in references_in(text)] == [
        ("work:ellwood|salt roads",),
        ("work:brandt|sea lanes",),
    ]


def test_surnames_in_a_row_are_no_name_turned_round() -> None:
    assert one('Ellwood, Brandt and Unseen, "Salt and the Crown," 1987.').csl["author"] == [
        {"family": "Ellwood"},
        {"family": "Brandt"},
        {"family": "Unseen"},
    ]


def test_an_editor_is_no_author() -> None:
    csl = one('It is in "The Salt Roads: A Guide," ed. by Ivo Brandt (M.E. Sharpe, 2012) there.').csl
    assert csl["editor"] == [{"family": "Brandt", "given": "Ivo"}]
    assert "author" not in csl


def test_a_place_or_a_publisher_that_cannot_be_told_apart_is_left_out() -> None:
    csl = one("Marta Ellwood, *Salt and the Crown* (Lyon, 1987), has it.").csl
    assert not {"publisher", "publisher-place"} & csl.keys()
    assert csl["issued"] == {"date-parts": [[1987]]}


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("isbn:9780306406157", ELLWOOD), "Marta Ellwood's *Salt and the Crown* (ISBN 0-306-40615-2) has it."),
        (("doi:10.1000/182", ELLWOOD), "Ellwood, M. (1987). Salt and the crown. Guild Press. doi:10.1000/182"),
        (("url:example.org/a", ELLWOOD), "[Salt and the Crown](https://example.org/a) by Marta Ellwood has it."),
        (("url:example.org/a", ELLWOOD), "See *Salt and the Crown* by Marta Ellwood (https://example.org/a)."),
        (("url:example.org/a",), "I read [Salt and the Crown](https://example.org/a) on it."),
        (("doi:10.1000/182", ELLWOOD), "It is *Salt and the Crown* by Marta Ellwood, 2nd edition, DOI 10.1000/182."),
        (
            ("url:example.org/a", ELLWOOD),
            "Ellwood, M. (1987). Salt and the crown. Retrieved from https://example.org/a",
        ),
        (("isbn:9780306406157", ELLWOOD), "* Salt and the Crown by Marta Ellwood ISBN:978-0306406157"),
        (("pmid:12345678", "doi:10.1000/182"), "It is PMID: 12345678; DOI: 10.1000/182."),
        (("doi:10.1000/182", "url:doi.org/10.1000/182"), "It is [10.1000/182](https://doi.org/10.1000/182)."),
        (("url:example.org/a",), "It is [https://example.org/a](https://example.org/a)."),
        (("url:en.wikipedia.org/wiki/Salt_tax",), "See [Wikipedia](https://en.wikipedia.org/wiki/Salt_tax) for it."),
    ],
)
def test_several_names_of_a_work_in_one_place_are_one_reference(keys: tuple[str, ...], text: str) -> None:
    assert one(text).keys == keys


@pytest.mark.parametrize(
    "text",
    [
        "I read *Salt and the Crown* once. See also doi:10.1000/182 and https://example.org/salt",
        "*Salt and the Crown* by Marta Ellwood has it; so do doi:10.1000/182 and https://example.org/salt",
        "See *Salt and the Crown* by Marta Ellwood or doi:10.1000/182. There is also https://example.org/salt",
        "See *Salt and the Crown* by Marta Ellwood.\n\ndoi:10.1000/182\n\nhttps://example.org/salt",
    ],
)
def test_words_between_them_keep_works_apart(text: str) -> None:
    assert [reference.keys[0].split(":")[0] for reference in references_in(text)] == ["work", "doi", "url"]


def test_an_entry_has_one_address() -> None:
    text = (
        "Ellwood, M. *et al.* Salt and the crown. 1987. https://example.org/a The abstract is at https://example.org/b"
    )
    assert [reference.keys for reference in references_in(text)] == [
        ("url:example.org/a", ELLWOOD),
        ("url:example.org/b",),
    ]


def test_long_addresses_that_differ_at_their_end_are_two() -> None:
    long = "https://example.org/" + "a" * 600
    one, other = references_in(f"{long}b and {long}c")
    assert one.keys != other.keys


def test_an_encyclopedia_that_tells_of_a_work_is_another_work() -> None:
    work, article = references_in("I read [Mein Salz](https://en.wikipedia.org/wiki/Salt_book) by Marta Ellwood.")
    assert (work.kind, article.kind) == (SourceKind.WORK, SourceKind.URL)


def test_two_books_of_a_list_stay_two() -> None:
    text = "* *Salt and the Crown* by Marta Ellwood\n* *The Farmers General*, ISBN 0-306-40615-2"
    assert [reference.keys[0] for reference in references_in(text)] == [ELLWOOD, "isbn:9780306406157"]


def test_an_author_and_a_year_are_the_work_that_the_same_text_gives_in_full() -> None:
    text = "There were six (Ellwood, 1987, p. 5).\n\nEllwood, M. (1987). Salt and the crown. Guild Press."
    short, full = references_in(text)
    assert short.keys == full.keys == (ELLWOOD,)
    assert (short.locator, full.locator) == ("p. 5", None)


@pytest.mark.parametrize(
    ("locator", "text"),
    [
        ("p. 51", "Marta Ellwood, *Salt and the Crown* (Lyon, 1987), p. 51, has it."),
        ("150", "Ada Unseen, *Salt and the Crown*, trans. Ivo Brandt (Lyon: Guild Press, 1987), 150."),
        ("p. 12", "Ellwood (1987, p. 12) has it."),
        ("p. 211", "It is in Ellwood's *Salt and the Crown*. New York: Guild Press. p. 211. There."),
        ("page 173", "A translation from page 173 of Marta Ellwood's *Salt and the Crown* has it."),
        ("Chapter 2", "It is argued in Chapter 2 of *Salt and the Crown* by Marta Ellwood."),
        ("t=91s", "He admits it: https://youtu.be/abcdefghijk?t=91s"),
        ("pg=PA51", "It is https://books.google.com/books?id=hk5fhp-rhsMC&amp;pg=PA51&amp;q=salt there."),
        ("#Uses_of_salt", "See https://en.wikipedia.org/wiki/Salt_tax#Uses_of_salt."),
        ("#page=12", "See https://example.org/a.pdf#page=12 there."),
        ("Article 48", "It was in [Article 48](https://example.org/constitution) of it."),
        ("page 12", "It is in the [report (page 12)](https://example.org/report) there."),
        (None, "The thread is https://example.org/showthread.php?t=382533&page=2 there."),
        (None, "The whole article, *Salt and the Crown* by Marta Ellwood (pp. 201-245), has it."),
        (None, "Marta Ellwood's *Salt and the Crown* has it. The guards on the line wore red. I am on page 7 of mine."),
    ],
)
def test_a_work_has_the_place_that_is_named_for_it(locator: str | None, text: str) -> None:
    assert one(text).locator == locator


def test_each_work_keeps_its_own_place() -> None:
    text = "See *Salt and the Crown* by Marta Ellwood, p. 5, and *The Farmers General* by Ivo Brandt, p. 7."
    assert [reference.locator for reference in references_in(text)] == ["p. 5", "p. 7"]


@pytest.mark.parametrize(
    ("manner", "text"),
    [
        (Manner.CONSULTED, "Marta Ellwood's *Salt and the Crown* has it."),
        (Manner.RECALLED, "I read Marta Ellwood's *Salt and the Crown* but cannot cite it now."),
        (Manner.RECALLED, "If I remember correctly it is in Marta Ellwood's *Salt and the Crown*."),
        (Manner.RECALLED, "Ellwood later commented in her memoir that it was so."),
        (Manner.CONSULTED, "Marta Ellwood's memoirs, p. 51, have it."),
        (Manner.NOT_READ, "I haven't read it but Marta Ellwood's *Salt and the Crown* should have it."),
        (Manner.CONSULTED, "IIRC it is here: https://example.org/salt"),
    ],
)
def test_the_manner_is_what_the_writer_says(manner: Manner, text: str) -> None:
    assert one(text).manner is manner


def test_a_work_quoted_in_another_is_cited_via_it() -> None:
    text = "It is in *Salt and the Crown* by Marta Ellwood, quoted in *The Farmers General* by Ivo Brandt."
    assert [reference.manner for reference in references_in(text)] == [Manner.VIA, Manner.CONSULTED]


def test_the_words_of_others_name_no_work_of_the_writer() -> None:
    assert references_in("> It is in *Salt and the Crown* by Marta Ellwood, https://example.org/a\n\nIs it?") == []


def test_places_in_html_are_those_of_the_text_as_received() -> None:
    html = '<p>It is &quot;here&quot;, in <a href="https://doi.org/10.1000/182">this <em>study</em></a>, p. 51.</p>'
    reference = one(html, Markup.HTML)
    assert html[reference.start : reference.end] == '<a href="https://doi.org/10.1000/182">this <em>study</em></a>'
    assert reference.locator_span is not None
    assert html[slice(*reference.locator_span)] == "p. 51"


def test_a_link_in_html_with_its_title_is_one_work() -> None:
    html = '<p>I read <a href="https://example.org/a"><em>Salt &amp; the Crown</em></a> by Marta Ellwood.</p>'
    reference = one(html, Markup.HTML)
    assert reference.keys == ("url:example.org/a", ELLWOOD)
    assert reference.csl["title"] == "Salt & the Crown"


def test_the_footer_of_a_mailing_list_is_no_source() -> None:
    text = "It is in *Salt and the Crown* by Marta Ellwood.\n\n-- \nSalt list\nhttps://lists.example.org/listinfo/salt"
    assert one(text, Markup.MAIL).kind is SourceKind.WORK


def test_a_long_bibliography_is_read_to_its_end() -> None:
    text = "\n".join(f"Ellwood, M. ({1800 + n}). Salt and the crown {n}. Guild Press." for n in range(150))
    assert len(references_in(text)) == 150
