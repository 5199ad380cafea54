"""Every operator of the search finds the same posts on both databases, and what was not searched is said."""

import json
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive.domain.searching.operators import OPERATORS
from archive.domain.source_quality import Level
from archive.domain.sources import Manner
from archive.services.languages import NoSuchCollectionError, NoSuchLanguageError, set_language
from archive.services.search import Order, search
from archive.services.sources.citing import cite
from archive.services.transaction import writing
from archive.store.citations import CitingText
from archive.store.driver import read_rows
from archive.store.ledger import LedgerEntry
from archive.store.searching import finding, forms
from archive.store.tags import Tag
from tests.integration.conftest import BY, Archive, Filled
from tests.integration.sources.conftest import ENGINE, reference
from tests.integration.written import ANNALIST, RUSTICUS, WEAVER, thread

_2012, _2013, _2014 = 1_330_000_000, 1_362_800_000, 1_400_000_000  # 23 Feb. 2012, 9 March 2013, 13 May 2014


def _post(id_: str, author: str, at: int, score: int, **more: object) -> str:
    return json.dumps({"id": id_, "author": author, "created_utc": at, "score": score, **more}) + "\n"


def _comment(id_: str, author: str, at: int, score: int, body: str) -> str:
    return _post(id_, author, at, score, body=body, link_id="t3_q", parent_id="t1_a" if id_ == "c" else "t3_q")


_REDDIT = [
    _post(
        "q",
        "asker",
        _2012,
        12,
        title="How were dykes mended?",
        selftext="Of dykes and polders.",
        num_comments=5,
        link_flair_text="Water works",
    ),
    _comment("a", "mender", _2012, 40, "He mended a dyke, see https://example.org/dykes for the mending."),
    _comment("b", "quoter", _2013, -3, "> Of dykes and polders.\n\nMend them yourself. Über alle Dämme."),
    _comment("c", "replier", _2014, 0, "Dyking is an art, and naïve. Mary Ann mends."),
    _comment("d", "[deleted]", _2014, 1, "[deleted]"),
    _comment("e", "Mary Ann", _2014, 5, "A mender of dykes: organised organs, organisations."),
]
_GERMAN = thread("Wer baute die Häuser am Deich?", [(ANNALIST, "Das Haus am Deich bauten Bauern, by a dyke.")])
_PLAIN = thread("Quis aggeres fecit?", [(WEAVER, "Agger et aggeres: dykes of Rome.")])


def _fill(archive: Archive) -> None:
    archive.import_({"a.ndjson": "".join(_REDDIT)}, public=True)
    archive.import_({"b.txt": _GERMAN}, collection="deiche", public=True)
    archive.import_({"c.txt": _PLAIN}, collection="latin", public=True)
    archive.import_({"d.txt": thread("Dykes in secret?", [(RUSTICUS, "A dyke.")])}, collection="hidden")
    set_language(archive.session, "deiche", "german", by=BY)
    set_language(archive.session, "latin", "none", by=BY)
    maud = archive.add_moderator("maud")
    archive.judge("mender", Level.PINPOINT, maud)
    archive.judge("quoter", Level.RECOLLECTED, maud)
    archive.judge(ANNALIST, Level.TESTIMONY, archive.add_moderator("teasel"))
    with writing(archive.session):
        archive.session.execute(update(Tag).where(Tag.level == Level.RECOLLECTED).values(basis="adjudicated"))
    for author, names in (("mender", ["url:example.org/dykes"]), ("quoter", ["work:vierlingh|dykage"])):
        row = archive.answer(author)
        found = [reference(*names, title="On Dykage", manner=Manner.CONSULTED)]
        text = CitingText(thread_id=row.thread_id, post_id=row.id, revision_id=row.revision_id, references=found)
        with writing(archive.session):
            cite(archive.session, [text], engine=ENGINE)


EVERY = {
    # Words, in their endings by the language of the collection, and as they are.
    "dyke": {"asker", "mender", "quoter", "replier", "Mary Ann", ANNALIST},
    "mend": {"asker", "mender", "quoter", "replier"},
    "mender": {"Mary Ann"},
    "mends": {"asker", "mender", "quoter", "replier"},
    "=mends": {"replier"},
    '"mends"': {"replier"},
    '"dyke"': {"mender", ANNALIST},
    "=dykes": {"asker", "mender", "quoter", "Mary Ann", WEAVER},
    "haus": {"clio_reads7", ANNALIST},
    "häuser": {"clio_reads7", ANNALIST},
    "=häuser": {"clio_reads7"},
    "aggeres": {"clio_reads7", WEAVER},
    "agger": {WEAVER},
    "NAIVE": {"replier"},
    "naïve": {"replier"},
    "uber": {"quoter"},
    "organ": {"Mary Ann"},
    # Joined.
    "dyke -polders": {"mender", "replier", "Mary Ann", ANNALIST},
    "dyke NOT polder": {"mender", "replier", "Mary Ann", ANNALIST},
    "haus OR naïve": {"clio_reads7", ANNALIST, "replier"},
    "dyke naïve OR mended polder OR haus": {"asker", "quoter", "replier", "clio_reads7", ANNALIST},
    "dyke (naïve OR mending)": {"asker", "mender", "quoter", "replier"},
    "mend -(polders OR art)": {"mender"},
    "mend (author:mender OR naive)": {"mender", "replier"},
    "(author:mender OR author:replier) -naïve": {"mender"},
    "mend (art OR -dyke)": {"replier"},
    "mend OR -dyke": set(),
    # Operators.
    "author:mender": {"mender"},
    'author:"Mary Ann"': {"Mary Ann"},
    "author:Mender": set(),
    "dyke -author:mender": {"asker", "quoter", "replier", "Mary Ann", ANNALIST},
    "collection:deiche": {"clio_reads7", ANNALIST},
    "COLLECTION:Deiche dyke": {ANNALIST},
    "collection:hidden": set(),
    "dyke -collection:history": {ANNALIST},
    "quality:pinpoint": {"mender"},
    "quality:sourced": {"mender"},
    "quality:recollected..cited": {"quoter"},
    "quality:attributed..": {"mender"},
    "quality:..attributed": {"quoter"},
    "quality:testimony,pinpoint": {"mender", ANNALIST},
    "quality:none dyke": {"Mary Ann"},
    "dyke -quality:sourced in:answer": {"quoter", "Mary Ann", ANNALIST},
    "cites:dykage": {"mender", "quoter"},
    'cites:"on dykage" mending': {"mender", "quoter"},
    "cites:https://example.org/dykes": {"mender"},
    "domain:example.org": {"mender"},
    "domain:org": {"mender"},
    "domain:ample.org": set(),
    "domain:https://www.example.org/any": {"mender"},
    "in:question mend": {"asker"},
    "in:reply": {"replier"},
    "in:question,replies mend": {"asker", "replier"},
    "mend -in:answer": {"asker", "replier"},
    'topic:"Water works" mend': {"asker", "mender", "quoter", "replier"},
    "topic:water": set(),
    'dyke -topic:"Water works"': {ANNALIST},
    "before:2013": {"asker", "mender"},
    "before:2013-03-09": {"asker", "mender"},
    "before:2013-03-10": {"asker", "mender", "quoter"},
    "after:2012 mend": {"quoter", "replier"},
    "after:2013-03 mend": {"replier"},
    "before:0500": set(),
    "before:0999": set(),
    "after:0500 mend": {"asker", "mender", "quoter", "replier"},
    "date:0999..2012": {"asker", "mender"},
    "date:2013": {"quoter"},
    "date:2012..2013": {"asker", "mender", "quoter"},
    "date:2013-03-09": {"quoter"},
    "dyke -date:2012": {"quoter", "replier", "Mary Ann", ANNALIST},
    "score:>12": {"mender"},
    "score:>=12": {"asker", "mender"},
    "score:<0": {"quoter"},
    "score:<=0": {"quoter", "replier"},
    "score:=5": {"Mary Ann"},
    "score:12": {"asker", "mender"},
    "has:link": {"mender"},
    "has:quote": {"quoter"},
    "has:tag": {"mender", "quoter", ANNALIST},
    "has:link,quote": {"mender", "quoter"},
    "dyke -has:tag": {"asker", "replier", "Mary Ann"},
    "status:deleted": {None},
    "status:removed": set(),
    "status:moved": set(),
    "status:revised": set(),
    "status:questioned": set(),
    "status:checked": set(),
    "status:agreed": set(),
    "status:single": {"mender", ANNALIST},
    "status:adjudicated": {"quoter"},
    "by:maud": {"mender", "quoter"},
    "by:teasel dyke": {ANNALIST},
    "by:nobody": set(),
}


@pytest.fixture
def searched(filled: Filled) -> Archive:
    return filled(_fill)


def test_every_operator_finds_the_same_on_both_databases(searched: Archive) -> None:
    found = {}
    for query in EVERY:
        for facets in (True, False):
            page = search(searched.session, query, facets=facets, names=True)
            found[query, facets] = {hit.post.author for hit in page.hits}
            assert page.total == len(page.hits), query
    differing = {key: authors for key, authors in found.items() if authors != EVERY[key[0]]}
    assert not differing
    assert set(OPERATORS) == {name for name in OPERATORS if any(f"{name}:" in query for query in EVERY)}


def test_whatever_the_order_the_same_posts_come_and_none_twice(searched: Archive) -> None:
    dated = {order: search(searched.session, "mend", order=order) for order in Order}
    sets = [{hit.post.public_id for hit in page.hits} for page in dated.values()]
    assert all(len(ids) == 4 and ids == sets[0] for ids in sets)
    by_author = {order: [hit.post.author for hit in page.hits] for order, page in dated.items()}
    assert by_author[Order.NEWEST] == ["replier", "quoter", "mender", "asker"]
    assert by_author[Order.OLDEST] == ["asker", "mender", "quoter", "replier"]
    assert by_author[Order.SOURCED] == ["mender", "quoter", "replier", "asker"]
    best = [hit.post.author for hit in search(searched.session, "dyke", order=Order.SOURCED).hits]
    assert best == ["mender", "quoter", "Mary Ann", "replier", "asker", ANNALIST]  # whose level is off the spine


def test_hits_are_counted_by_what_they_have_in_common(searched: Archive) -> None:
    facets = search(searched.session, "dyke OR haus OR aggeres").facets
    assert facets.levels == {Level.PINPOINT: 1, Level.RECOLLECTED: 1, Level.TESTIMONY: 1, None: 2}
    assert [(place.slug, posts) for place, posts in facets.collections] == [("history", 5), ("deiche", 2), ("latin", 2)]
    assert dict(facets.authors)["clio_reads7"] == 2
    assert facets.years == [(2012, 2), (2013, 1), (2014, 2)]
    assert facets.domains == [("example.org", 1)]
    assert not search(searched.session, "dyke", facets=False).facets.authors


def test_a_slip_of_spelling_is_offered_where_it_finds_more_and_never_a_word_that_readers_cannot_see(
    searched: Archive,
) -> None:
    session = searched.session
    assert search(session, "mendign").offer == ("mending", 4)
    assert search(session, "author:mender organz").offer is None
    assert search(session, "organz in:answer").offer == ("organs in:answer", 1)
    assert search(session, "dyke").offer is None
    archive_secret = thread("A question on unicornia?", [(RUSTICUS, "Unicornia is hidden.")])
    searched.import_({"s.txt": archive_secret}, collection="hidden")
    assert search(session, "unicornja").offer is None


def test_what_is_not_an_operator_here_is_said_with_what_may_be_meant(searched: Archive) -> None:
    page = search(searched.session, "mend autor:mender")
    assert [one.why for one in page.ignored] == ["There is no operator “autor”."]
    assert page.ignored[0].instead == "mend author:mender"
    assert page.total == 4
    page = search(searched.session, "mend by:maud")
    assert "for moderators" in page.ignored[0].why
    assert page.total == 4
    page = search(searched.session, "collection:hidden")
    assert "no collection called “hidden”" in page.ignored[0].why
    assert (page.searched, page.total) == (True, 0)


def test_collections_without_a_language_are_named_where_endings_matter(searched: Archive) -> None:
    assert "without other endings, in latin" in search(searched.session, "dyke").left_out[0]
    assert search(searched.session, "=dyke author:x").left_out == ()


def test_of_very_many_posts_only_those_received_last_are_counted_and_looked_at_and_it_says_so(
    searched: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = searched.session
    monkeypatch.setattr(finding, "COUNT_UP_TO", 2)
    page = search(session, "dyke")
    assert (page.total, page.counted_all, page.order) == (2, False, "those received last first")
    assert search(session, "dyke", facets=False).hits[0].post.author == ANNALIST
    assert search(session, "naïve").order == "best first"
    monkeypatch.setattr(finding, "MATCHED_UP_TO", 1)
    assert search(session, "dyke").facets.counted == 1
    monkeypatch.setattr(finding, "COUNT_UP_TO", 1_000)
    assert search(session, "dyke").total == 6
    monkeypatch.setattr(finding, "LOOK_AT", 3)
    page = search(session, "dyke in:answer")
    assert {hit.post.author for hit in page.hits} == {
        ANNALIST,
        "Mary Ann",
    }  # the third has it in no form of its language
    assert "Of the texts with these words only the 3 received last were looked at." in page.left_out
    assert not search(session, "naïve in:reply").left_out[1:]
    page = search(session, "in:question")
    assert {hit.thread.collection for hit in page.hits} == {"latin"}
    assert "Of the texts only the 3 received last were looked at." in page.left_out
    assert len(search(session, "author:mender").hits) == 1
    monkeypatch.setattr(finding, "READ_AT_MOST", 1)
    assert not search(session, "has:link").hits


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("query", ["in:answer", "quality:none"])
def test_a_filter_alone_reads_no_more_texts_than_it_says(
    searched: Archive, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    ways = list[str]()

    def explained(session: Session, asked: str, parameters: dict[str, object] | None = None) -> list[Any]:
        ways.extend(way for *_, way in read_rows(session, f"EXPLAIN QUERY PLAN {asked}", parameters))
        return read_rows(session, asked, parameters)

    monkeypatch.setattr(finding, "LOOK_AT", 3)
    monkeypatch.setattr(finding, "read_rows", explained)
    search(searched.session, query, order=Order.NEWEST)
    assert ways
    assert not [way for way in ways if way.startswith("SCAN post")]


def test_words_of_a_large_batch_are_known_in_their_other_endings_too(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "_FEW", 0)
    archive.import_({"a.txt": thread("Who mended dykes?", [(ANNALIST, "Menders did, by mending.")])}, public=True)
    assert {hit.post.author for hit in search(archive.session, "mend").hits} == {"clio_reads7", ANNALIST}
    assert {hit.post.author for hit in search(archive.session, "dyke").hits} == {"clio_reads7"}


def test_a_language_that_is_not_known_is_refused_and_one_that_is_stands_in_the_ledger(searched: Archive) -> None:
    with pytest.raises(NoSuchLanguageError, match="english"):
        set_language(searched.session, "history", "klingon", by=BY)
    with pytest.raises(NoSuchCollectionError):
        set_language(searched.session, "nowhere", "german", by=BY)
    assert searched.run("language", "history").stdout == "english\n"
    assert searched.run("language", "history", "Dutch").exit_code == 0
    assert searched.run("language", "history").stdout == "dutch\n"
    entry = searched.session.scalars(select(LedgerEntry).order_by(LedgerEntry.number.desc())).first()
    assert entry is not None
    assert (entry.act, entry.subject, entry.detail) == (
        "set language",
        "collection history",
        '{"language":"dutch","was":"english"}',
    )
