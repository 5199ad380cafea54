"""What readers see of a collection, on both databases: orders, topics, calendar and authors, page by page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

import pytest
from sqlalchemy import text

from archive.domain.collection_about import About
from archive.domain.source_quality import Level
from archive.services.browse import NotFoundError
from archive.services.collections import authors, calendar, pages, topics
from archive.services.collections.about import AboutConflictError, about_page, describe
from archive.services.collections.calendar import span_of
from archive.services.ingest.publish import publish, roll_back
from archive.store.calendar import Unit
from archive.store.listing import ThreadOrder
from tests.integration.conftest import BY, COLLECTION, Archive, Filled
from tests.integration.taking_down import Two, faults

LATE, SALT, SHIPS, GHOST = "Who was late in winter?", "Why was salt taxed?", "Whose ships?", "A quokka?"


def row(number: int, at: str, *, title: str = "", below: int = 0, tags: str = "", by: str = "ann_4") -> str:
    """A question, or an answer below one."""
    fields = {"Id": number, "PostTypeId": 2 if below else 1, "ParentId": below or "", "Title": title, "Tags": tags}
    fields |= {"CreationDate": f"{at}.000", "Body": f"<p>Words of {number}.</p>", "OwnerDisplayName": by}
    return "  <row " + " ".join(f'{name}="{escape(str(value))}"' for name, value in fields.items() if value) + " />\n"


def dump(*rows: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n<posts>\n{"".join(rows)}</posts>\n'


PUBLIC = dump(
    row(1, "2014-02-28T23:30:00", title=LATE, tags="|winter|c++/cli|"),
    row(2, "2014-03-01T01:00:00", below=1, by="bob_7"),
    row(3, "2014-03-02T01:00:00", below=1, by="bob_7"),
    row(4, "2014-03-01T00:10:00", title=SALT, tags="|winter|"),
    row(5, "2014-03-05T01:00:00", below=4, by="cid_9"),
    row(6, "2016-11-01T12:00:00", title=SHIPS, by="bob_7"),
)
DRAFT = dump(row(7, "2015-01-01T12:00:00", title=GHOST, tags="|quokka|winter|", by="wombat_1"))


def fill(archive: Archive) -> None:
    """Three public threads, of which one has an answer that can be looked up, and a draft."""
    archive.import_({"Posts.xml": PUBLIC}, public=True)
    archive.import_({"more/Posts.xml": DRAFT})
    archive.judge("cid_9", Level.CITED, archive.add_moderator("maud"))
    archive.add_moderator("nora")


@pytest.fixture
def archive(filled: Filled) -> Archive:
    return filled(fill)


def titles(archive: Archive, order: ThreadOrder) -> Iterator[str]:
    """The threads of a collection in an order, one a page."""
    before = None
    while True:
        page = pages.collection_page(archive.session, COLLECTION, order, before=before)
        yield from (thread.title for thread in page.threads)
        before = page.further
        if before is None:
            return


def seen(archive: Archive) -> dict[str, object]:
    """What the lists of a collection count."""
    archive.session.rollback()
    head = pages.collection_page(archive.session, COLLECTION, ThreadOrder.RECEIVED, before=None).head
    assert head is not None
    return {
        "topics": {topic.topic: topic.threads for topic in head.topics},
        "years": {year.number: (year.threads, year.answers) for year in head.years},
        "authors": {
            author.name: author.posts
            for author in authors.authors_page(archive.session, COLLECTION, after=None).authors
        },
        "extent": head.extent[:3],
    }


WHOLE = {
    "topics": {"winter": 2, "c++/cli": 1},
    "years": {2014: (2, 3), 2016: (1, 0)},
    "authors": {"bob_7": 3, "ann_4": 2, "cid_9": 1},
    "extent": (3, 3, 0),
}


def test_threads_stand_in_each_order_once_whatever_fits_on_a_page(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "THREADS_A_PAGE", 1)
    assert {order: [*titles(archive, order)] for order in ThreadOrder} == {
        ThreadOrder.RECEIVED: [SHIPS, SALT, LATE],
        ThreadOrder.ASKED: [SHIPS, SALT, LATE],
        ThreadOrder.ANSWERED: [LATE, SALT, SHIPS],
        ThreadOrder.SOURCED: [SALT, SHIPS, LATE],
    }


def test_topics_and_authors_are_read_page_by_page(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "TOPICS_A_PAGE", 1)
    monkeypatch.setattr(topics, "THREADS_A_PAGE", 1)
    monkeypatch.setattr(authors, "AUTHORS_A_PAGE", 1)
    monkeypatch.setattr(authors, "POSTS_A_PAGE", 2)
    session = archive.session
    first = topics.topics_page(session, COLLECTION, after=None)
    second = topics.topics_page(session, COLLECTION, after=first.further)
    assert [*first.topics, *second.topics] == [("winter", 2), ("c++/cli", 1)]
    assert (first.all_topics, second.further) == (2, None)
    newest = topics.topic_page(session, COLLECTION, "winter", before=None)
    oldest = topics.topic_page(session, COLLECTION, "winter", before=newest.further)
    assert [thread.title for page in (newest, oldest) for thread in page.threads] == [SALT, LATE]
    names, after = [], None
    for _ in range(3):
        page = authors.authors_page(session, COLLECTION, after=after)
        names += [author.name for author in page.authors]
        after = (page.further.posts, page.further.id) if page.further else None
    assert (names, after) == (["bob_7", "ann_4", "cid_9"], None)
    bob = authors.authors_page(session, COLLECTION, after=None).authors[0].public_id
    latest = authors.author_page(session, bob, before=None)
    rest = authors.author_page(session, bob, before=latest.further)
    assert [len(latest.posts), len(rest.posts), rest.further] == [2, 1, None]


def test_the_calendar_counts_days_of_utc_whatever_the_zone_of_the_database(archive: Archive) -> None:
    session = archive.session
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TIME ZONE 'Pacific/Auckland'"))
    months = calendar.calendar_page(session, COLLECTION, Unit.MONTH, span_of(2014))
    assert [(month.number, month.threads) for month in months.periods] == [(2, 1), (3, 1)]
    assert months.earlier is None
    assert months.later == datetime(2016, 11, 1, tzinfo=UTC).date()
    days = calendar.calendar_page(session, COLLECTION, Unit.DAY, span_of(2014, 2))
    assert [day.number for day in days.periods] == [28]
    day = calendar.day_page(session, COLLECTION, span_of(2014, 2, 28), before=None)
    assert [thread.title for thread in day.threads] == [LATE]
    assert day.later == datetime(2014, 3, 1, tzinfo=UTC).date()
    for span in (span_of(2015), span_of(2014, 2, 27), None):
        with pytest.raises(NotFoundError):
            calendar.day_page(session, COLLECTION, span, before=None)


def test_lists_follow_what_is_public_and_drafts_are_in_none_of_them(archive: Archive) -> None:
    assert seen(archive) == WHOLE
    with pytest.raises(NotFoundError):
        topics.topic_page(archive.session, COLLECTION, "quokka", before=None)
    publish(archive.session, 2, by=BY)
    more = seen(archive)
    assert more["topics"] == {"winter": 3, "c++/cli": 1, "quokka": 1}
    assert more["years"] == {2014: (2, 3), 2015: (1, 0), 2016: (1, 0)}
    assert more["authors"] == {"bob_7": 3, "ann_4": 2, "cid_9": 1, "wombat_1": 1}
    roll_back(archive.session, 2, reason="", by=BY)
    assert seen(archive) == WHOLE
    assert faults(archive) == []


def test_a_question_that_is_down_gives_no_topic_no_date_and_no_author(archive: Archive) -> None:
    two = Two(archive, ("maud", "nora"))
    late = next(post for post in archive.posts(drafts=False) if post.text == "<p>Words of 1.</p>")
    takedown = two.take_down(late.public_id)
    assert seen(archive) == {
        "topics": {"winter": 1},
        "years": {2014: (2, 3), 2016: (1, 0)},
        "authors": {"bob_7": 3, "cid_9": 1, "ann_4": 1},
        "extent": (3, 3, 0),
    }
    began = calendar.day_page(archive.session, COLLECTION, span_of(2014, 3, 1), before=None)
    assert len(began.threads) == 2  # by its first answer
    assert [thread.asked_at for thread in began.threads if thread.title != SALT] == [None]
    two.lift(takedown.id)
    assert seen(archive) == WHOLE
    assert faults(archive) == []


def test_a_newer_text_files_a_thread_under_what_came_with_it(archive: Archive) -> None:
    newer = dump(row(4, "2014-03-01T00:10:00", title="Why was salt taxed so heavily?", tags="|taxes|"))
    batch = archive.import_({"newer/Posts.xml": newer}, public=True).batch
    assert seen(archive)["topics"] == {"winter": 1, "c++/cli": 1, "taxes": 1}
    roll_back(archive.session, batch, reason="", by=BY)
    assert seen(archive) == WHOLE


def test_what_is_said_of_a_collection_is_kept_with_its_entry_and_never_overwritten_unseen(archive: Archive) -> None:
    session = archive.session
    arno = archive.person("maud")
    said = About(description="Of winters.", licence="CC BY-SA 4.0", provenance="From <the> dump.")
    describe(session, COLLECTION, said, version=0, by=arno)
    with pytest.raises(AboutConflictError):
        describe(session, COLLECTION, About(description="Other."), version=0, by=arno)
    page = about_page(session, COLLECTION)
    assert (page.about, page.version, page.is_public) == (said, 1, True)
    assert faults(archive) == []
    session.execute(text("UPDATE collection_about SET licence = 'CC0'"))
    session.execute(text("INSERT INTO thread_topic SELECT id, 'numbat', collection_id FROM thread WHERE id = 1"))
    session.commit()
    told = "\n".join(faults(archive))
    assert "its licence is not what the ledger holds" in told
    assert "its topics are not those that its question names" in told
