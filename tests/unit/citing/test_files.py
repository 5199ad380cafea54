"""BibTeX, RIS and CSL-JSON, read by programs that are not ours."""

import json
from collections.abc import Mapping
from dataclasses import replace

import bibtexparser
import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from pylatexenc.latex2text import LatexNodes2Text

from archive.domain.citing.bibtex import bibtex
from archive.domain.citing.cited import one_line
from archive.domain.citing.post_csl import csl_of
from archive.domain.citing.ris import ris
from archive.domain.citing.styles import Style, citation, plain
from tests.unit.citing.test_styles import ANSWER, BROAD_ST, NAMELESS, UNTITLED, URL

HOSTILE = [
    "Plain",
    "}, author = {Mallory",
    "{{{ never closed",
    "closed }}}",
    "100 % of $5 & #1_a ~b ^c \\input{/etc/passwd}",
    "\\",
    "ends in a backslash \\",
    "\"quoted\" and 'quoted'",
    "@book{other, title = {x}}",
    "ER  - ",
    "\r\nER  - \r\nTY  - BOOK\r\nTI  - Another",
    "line\nbreak\u2028and\u0085more\x0b\x0c",
    "</script><script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "Ελλάς, 漢字, \U0001f600 e\u0301 \u202eturned",
    "a and b and others, c",
    "%",
    "comment % not",
]
WORK: Mapping[str, object] = {
    "id": "0123456789abcd",
    "type": "chapter",
    "title": "On 50 % of {salt}",
    "author": [{"family": "Ellwood", "given": "Marta"}, {"literal": "Salt & Sons"}, {"family": "Land and Sea"}, {}],
    "editor": [{"family": "Brandt", "given": "Ivo Maria"}],
    "container-title": "Salt_Routes",
    "issued": {"date-parts": [[1987]]},
    "page": "11–19",
    "DOI": "10.1000/x_1%2",
    "URL": "https://example.org/a b{c}?d=1&e=%20_#f",
    "publisher": None,
}


def parsed(written: str) -> dict[str, str]:
    """The fields of the one entry, as they are written."""
    library = bibtexparser.parse_string(written)
    assert not library.failed_blocks
    (entry,) = library.entries
    return {"": f"{entry.entry_type} {entry.key}", **{field.key: field.value for field in entry.fields}}


def decoded(value: str) -> str:
    """What TeX would print. pylatexenc knows other commands for braces, and another circumflex."""
    value = (
        value.removeprefix("{")
        .removesuffix("}")
        .replace(r"\textbraceleft{}", r"\{")
        .replace(r"\textbraceright{}", r"\}")
    )
    return LatexNodes2Text(math_mode="verbatim", keep_comments=True).latex_to_text(value).replace("ˆ", "^")


@pytest.mark.parametrize("words", HOSTILE)
def test_bibtex_gives_hostile_words_back(words: str) -> None:
    fields = parsed(bibtex(csl_of(replace(BROAD_ST, title=one_line(words), by=one_line(words)))))
    assert [*fields] == [
        "",
        "author",
        "title",
        "howpublished",
        "type",
        "organization",
        "url",
        "year",
        "month",
        "day",
        "urldate",
    ]
    assert {decoded(fields["title"]), decoded(fields["author"])} == {one_line(words)}
    assert fields["url"] == URL


@pytest.mark.parametrize("words", HOSTILE)
def test_ris_gives_hostile_words_back(words: str) -> None:
    cited = replace(BROAD_ST, title=one_line(words), by=one_line(words))
    (entry,) = rispy.loads(ris(csl_of(cited)))
    assert entry["title"] == one_line(words)
    assert entry["urls"] == [URL]
    assert len(entry["authors"]) == 1
    assert "," not in entry["authors"][0]


@pytest.mark.parametrize("words", HOSTILE)
def test_csl_gives_hostile_words_back(words: str) -> None:
    item = csl_of(replace(BROAD_ST, title=one_line(words), by=one_line(words)))
    (read,) = CiteProcJSON(json.loads(json.dumps([item]))).values()
    assert (str(read["title"]), str(read["author"][0]["literal"])) == (one_line(words), one_line(words))


def test_what_nobody_said_is_in_no_file() -> None:
    item = csl_of(replace(NAMELESS, title=""))
    assert {"author", "issued", "title"}.isdisjoint(item)
    assert {"author", "year", "month", "day", "title"}.isdisjoint(parsed(bibtex(item)))
    (entry,) = rispy.loads(ris(item))
    assert {"authors", "first_authors", "year", "date", "title"}.isdisjoint(entry)
    assert item["note"] == "No date in the source"


def test_bibtex_says_of_a_post_what_is_known() -> None:
    assert parsed(bibtex(csl_of(ANSWER))) == {
        "": "misc footnote-4kq7m2a8d0f3hx-5f3a91c0",
        "author": "{A. Chandler Jr.}",
        "title": "{Answer to “Did taking the handle off the Broad St pump end the cholera of 1854?”}",
        "note": "Tagged “Cited, with page” on 3 May 2026; not checked",
        "howpublished": "Asked of History",
        "type": "Answer in an online forum",
        "organization": "Footnote",
        "url": URL,
        "year": "2019",
        "month": "3",
        "day": "9",
        "urldate": "2026-11-22",
    }


def test_ris_says_of_a_post_what_is_known() -> None:
    (entry,) = rispy.loads(ris(csl_of(UNTITLED)))
    assert entry == {
        "type_of_reference": "ICOMM",
        "authors": ["A. Chandler Jr."],
        "access_date": "2026/11/22/",
        "secondary_title": "Asked of History",
        "name_of_database": "Footnote",
        "type_of_work": "Reply in an online forum",
        "urls": [URL],
        "notes": ["No date in the source"],
        "id": "footnote-4kq7m2a8d0f3hx-5f3a91c0",
    }
    (dated,) = rispy.loads(ris(csl_of(BROAD_ST)))
    assert (dated["year"], dated["date"]) == ("2019", "2019/03/09/")


def test_a_work_goes_into_bibtex_with_the_names_of_its_people_apart() -> None:
    assert parsed(bibtex(WORK)) == {
        "": "incollection 0123456789abcd",
        "author": "Ellwood, Marta and {Salt \\& Sons} and {Land and Sea}",
        "editor": "Brandt, Ivo Maria",
        "title": "{On 50 \\% of \\textbraceleft{}salt\\textbraceright{}}",
        "booktitle": "Salt\\_Routes",
        "doi": "10.1000/x_12",
        "pages": "11--19",
        "url": "https://example.org/a%20b%7Bc%7D?d=1&e=%20_#f",
        "year": "1987",
    }


def test_a_work_goes_into_ris() -> None:
    (entry,) = rispy.loads(ris(WORK))
    assert entry["type_of_reference"] == "CHAP"
    assert entry["authors"] == ["Ellwood, Marta", "Salt & Sons", "Land and Sea"]
    assert (entry["start_page"], entry["end_page"], entry["date"]) == ("11", "19", "1987///")


def test_a_style_of_citeproc_makes_of_our_item_what_our_table_makes() -> None:
    """Harvard, Cite Them Right, is the one style that comes with citeproc-py. It has dates and quotation marks of the
    United States there, and knows no archive.
    """
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    works = CitationStylesBibliography(style, CiteProcJSON([csl_of(BROAD_ST)]), formatter.plain)
    works.register(Citation([CitationItem(BROAD_ST.key)]))
    (written,) = works.bibliography()
    ours = plain(citation(BROAD_ST, Style.HARVARD)).replace("‘", "“").replace("’", "”")
    ours = ours.replace(", 9 March. Archived in Footnote", "").replace("22 November 2026", "November 22, 2026")
    assert str(written) == ours
