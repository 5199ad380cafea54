"""Addresses: one key for all spellings of one page, and the works that addresses number."""

import pytest

from archive.domain.sources.addresses import read_address

ONE_PAGE = [
    ("http://example.org/a/b", "https://www.example.org/a/b/"),
    ("https://example.org/a", "https://example.org/a#part-2"),
    ("https://example.org/a", "https://example.org:443/a?utm_source=x&utm_medium=y&fbclid=z"),
    ("https://example.org/a?b=1&c=2", "https://example.org/a?c=2&b=1"),
    ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&amp;c=2"),
    ("https://example.org/a_b", r"https://example.org/a\_b"),
    ("https://example.org/caf%C3%A9", "https://example.org/café"),
    ("https://example.org/a", "https://web.archive.org/web/20150102030405/http://example.org/a"),
    ("https://example.org/a?b=1", "https://web.archive.org/web/2015/http:/example.org/a?b=1"),
    ("https://example.org/a", "https://www.google.com/url?q=https://example.org/a&sa=D"),
    ("https://en.wikipedia.org/wiki/Salt_tax", "https://en.m.wikipedia.org/wiki/Salt_tax#History"),
    ("https://en.wikipedia.org/wiki/Salt_tax", "https://en.wikipedia.org/w/index.php?title=Salt%20tax&oldid=7"),
    ("https://www.youtube.com/watch?v=abcdefghijk", "https://youtu.be/abcdefghijk?t=91s"),
    ("https://www.youtube.com/watch?v=abcdefghijk", "https://m.youtube.com/watch?t=91&v=abcdefghijk&feature=share"),
    ("https://www.youtube.com/watch?v=abcdefghijk", "https://www.youtube.com/embed/abcdefghijk"),
    ("https://books.google.com/books?id=hk5fhp-rhsMC", "https://books.google.de/books?hl=de&id=hk5fhp-rhsMC&pg=PT122"),
    ("https://books.google.com/books?id=hk5fhp-rhsMC", "https://www.google.com/books/edition/Salt/hk5fhp-rhsMC?gbpv=1"),
    ("https://www.reddit.com/r/a/comments/abc12/what/", "https://old.reddit.com/r/a/comments/abc12/"),
    ("https://www.reddit.com/r/a/comments/abc12/what/def34/", "https://np.reddit.com/r/a/comments/abc12/_/def34?context=3"),
    ("https://history.stackexchange.com/questions/12/what", "https://history.stackexchange.com/q/12/345"),
    ("https://history.stackexchange.com/questions/12/what/34#34", "https://history.stackexchange.com/a/34"),
    ("https://archive.org/details/saltandcrown", "https://archive.org/stream/saltandcrown/page/n51/mode/2up"),
    ("https://www.amazon.com/Some-Thing/dp/B000123456/ref=sr_1_1", "https://amazon.com/gp/product/B000123456"),
]  # fmt: skip
NUMBERED = [
    ("doi:10.1000/182", "https://doi.org/10.1000/182"),
    ("doi:10.1000/182", "http://dx.doi.org/10.1000%2F182"),
    ("doi:10.1002/j.2050-0416.1953.tb02720.x", "https://onlinelibrary.wiley.com/doi/10.1002/j.2050-0416.1953.tb02720.x/abstract"),
    ("doi:10.1210/jcem.84.6.5887", "http://press.endocrine.org/doi/pdf/10.1210/jcem.84.6.5887"),
    ("doi:10.1007/978-3-540-30538-5_27", "https://link.springer.com/chapter/10.1007/978-3-540-30538-5_27"),
    ("isbn:9780306406157", "https://www.amazon.co.uk/Salt-Crown/dp/0306406152/ref=sr_1_1?keywords=salt"),
    ("isbn:9780306406157", "https://books.google.com/books?vid=ISBN0306406152"),
    ("isbn:9780306406157", "https://openlibrary.org/isbn/9780306406157"),
    ("arxiv:1706.03762", "https://arxiv.org/pdf/1706.03762v5.pdf"),
    ("arxiv:hep-th/9901001", "http://arxiv.org/abs/hep-th/9901001"),
    ("jstor:1834457", "https://www.jstor.org/stable/1834457?seq=1"),
    ("jstor:1834457", "https://www.jstor.org/stable/10.2307/1834457"),
    ("pmid:12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678/"),
    ("pmid:12345678", "http://www.ncbi.nlm.nih.gov/pubmed/12345678"),
    ("pmcid:1311997", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1311997/?page=1"),
    ("oclc:1234567", "https://www.worldcat.org/title/salt-and-the-crown/oclc/1234567"),
    ("oclc:1234567", "https://search.worldcat.org/title/1234567"),
]  # fmt: skip
NO_NUMBER = [
    "https://www.amazon.com/Some-Thing/dp/B000123456",
    "https://www.amazon.com/Salt/dp/0306406153",  # a wrong check digit
    "https://orcid.org/0000-0002-1825-0097",
    "https://www.jstor.org/action/showPublication?journalCode=jsalt",
    "https://example.org/10.5/12",
    "https://example.org/phone/5550143995",
]
NO_WORKS = [
    "https://imgur.com/a/abcd",
    "https://i.redd.it/abcd.jpg",
    "https://example.org/picture.PNG",
    "https://www.reddit.com/r/AskHistorians/wiki/rules#wiki_no",
    "https://www.reddit.com/user/someone/",
    "https://www.google.com/search?q=salt",
    "https://duckduckgo.com/?q=salt",
    "https://music.stackexchange.com/questions/tagged/guitar",
    "https://history.stackexchange.com/help/on-topic",
    "https://discord.gg/abcd",
    "http://localhost/a",
    "http://[",
    "http://a.b:c/",
]


def value(address: str) -> str:
    read = read_address(address)
    assert read is not None
    return read.value


@pytest.mark.parametrize(("one", "other"), ONE_PAGE)
def test_one_page_has_one_key(one: str, other: str) -> None:
    assert value(one) == value(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=2"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://en.wikipedia.org/wiki/Salt", "https://de.wikipedia.org/wiki/Salt"),
        ("https://www.youtube.com/watch?v=abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijK"),
        ("https://history.stackexchange.com/q/12", "https://history.stackexchange.com/a/12"),
        ("https://www.reddit.com/r/a/comments/abc12/what/", "https://www.reddit.com/r/a/comments/abc12/what/def34/"),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert value(one) != value(other)


@pytest.mark.parametrize(("key", "address"), NUMBERED)
def test_an_address_that_numbers_a_work_is_that_work(key: str, address: str) -> None:
    read = read_address(address)
    assert read is not None
    assert read.numbered is not None
    assert key in read.numbered.keys


@pytest.mark.parametrize("address", NO_NUMBER)
def test_what_only_looks_like_a_number_makes_no_work_of_an_address(address: str) -> None:
    read = read_address(address)
    assert read is not None
    assert read.numbered is None


@pytest.mark.parametrize("address", NO_WORKS)
def test_pictures_searches_and_house_rules_are_no_works(address: str) -> None:
    assert read_address(address) is None


def test_what_an_address_says_of_its_work_is_kept_and_nothing_else() -> None:
    read = read_address("https://en.m.wikipedia.org/wiki/Salt_tax#History")
    assert read is not None
    assert read.csl == {
        "type": "entry-encyclopedia",
        "title": "Salt tax",
        "container-title": "Wikipedia",
        "URL": "https://en.wikipedia.org/wiki/Salt_tax",
    }


def test_threads_of_forums_are_posts() -> None:
    for address in ("https://reddit.com/r/a/comments/abc12/", "http://example.org/forum/showthread.php?t=5"):
        read = read_address(address)
        assert read is not None
        assert read.csl["type"] == "post"
