"""What repeats words of a post goes with them: evidence, votes, citations, doubtful lines."""

import pytest
from sqlalchemy import delete, select, update

from archive.domain.moderation import TagNotAllowedError
from archive.domain.permissions import Role
from archive.domain.source_quality import Level
from archive.services.assess import assess_all, current_engine, store
from archive.services.bench.cast import Said, Sight, cast
from archive.services.search import search
from archive.store.cited import citations_of
from archive.store.queue import queue_rows
from archive.store.sources import BY_PERSON, Citation, Source
from archive.store.tags import StoredSuggestion, Tag
from archive.store.unassessed import unassessed
from archive.store.votes import Vote
from tests.accounts import make_user
from tests.fillings import filling_for
from tests.integration.conftest import Archive, filling_of
from tests.integration.taking_down import Two, everything, faults
from tests.integration.written import DYKES, RUSTICUS, WEAVER, thread

BEFORE = "Jane Quill told me so. "
CITES = "See Robert Tannahill, The Dykes of Holland (Leiden, 1954), p. 12. "
BEHIND = "It is at https://example.org/quill/dykes.html for all to read."
TEXT = BEFORE + CITES + BEHIND


def _publish(archive: Archive) -> None:
    archive.import_({"d.txt": thread(DYKES, [(RUSTICUS, TEXT), (WEAVER, "The weavers.")])}, public=True)
    assess(archive)
    for name in ("maud", "nora"):
        make_user(archive.session, name, Role.MODERATOR)


filling = filling_for(two=filling_of(_publish))


@pytest.fixture
def two(archive: Archive) -> Two:
    return Two(archive, ("maud", "nora"))


def assess(archive: Archive) -> None:
    for _ in assess_all(archive.session):
        pass


def cited(archive: Archive) -> list[str]:
    """What citations that are shown point to, as they stand in the text."""
    archive.session.rollback()
    row = next(row for row in archive.answers() if row.byline == RUSTICUS or row.byline is None)
    return [row.text[one.start : one.end] for one in citations_of(archive.session, [row.revision_id])]


def test_evidence_moves_with_the_words_and_goes_with_them(archive: Archive, two: Two) -> None:
    place = TEXT.index("Tannahill"), TEXT.index("(Leiden") + 7
    archive.judge(RUSTICUS, Level.PINPOINT, two.one, evidence=[(0, 10), place])
    words = TEXT[place[0] : place[1]]
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    row = archive.answer(RUSTICUS)
    assert [one["text"] for one in row.evidence] == [words]
    assert row.text[row.evidence[0]["start"] : row.evidence[0]["end"]] == words
    assert [one["text"] for one in archive.session.scalars(select(Vote)).one().evidence] == [words]
    assert row.level is Level.PINPOINT
    assert faults(archive) == []
    two.lift(down)
    assert [one["text"] for one in archive.session.scalars(select(Tag)).one().evidence] == ["Jane Quill", words]
    assert faults(archive) == []


def test_what_citations_say_of_works_goes_with_the_words(archive: Archive, two: Two) -> None:
    """The author stands beside the title that is cited, and is said of the work all the same."""
    assert search(archive.session, "cites:tannahill").total == 1
    two.take_down(archive.answer(RUSTICUS).public_id, "Robert Tannahill")
    for _ in range(2):
        assert search(archive.session, "cites:tannahill").total == 0
        said = [f"{one.title}{one.csl}{one.names}" for one in archive.session.scalars(select(Source))]
        assert not any("annahill" in words for words in said)
        assert "annahill" not in everything(archive, "tannahill")
        assess(archive)
    assert cited(archive) == ["https://example.org/quill/dykes.html"]
    assert faults(archive) == []


def test_a_citation_goes_with_its_words_and_the_others_stay(archive: Archive, two: Two) -> None:
    two.take_down(archive.answer(RUSTICUS).public_id, "The Dykes of Holland")
    assess(archive)
    assert cited(archive) == ["https://example.org/quill/dykes.html"]
    assert search(archive.session, "cites:dykes").total == 1
    assert faults(archive) == []


def test_citations_are_all_there_again_when_a_whole_post_is_lifted(archive: Archive, two: Two) -> None:
    before = cited(archive)
    down = two.take_down(archive.answer(RUSTICUS).public_id).id
    assert cited(archive) == []
    assert search(archive.session, "cites:tannahill").total == 0
    assess(archive)
    two.lift(down)
    assess(archive)
    assert cited(archive) == before
    assert not any(archive.session.scalars(select(Citation.sealed)))
    assert faults(archive) == []


def test_what_is_down_is_no_answer_to_be_read(archive: Archive, two: Two) -> None:
    assert [row.waiting for row in queue_rows(archive.session)] == [2]
    row = archive.answer(RUSTICUS)
    two.take_down(row.public_id)
    assert [row.waiting for row in queue_rows(archive.session)] == [1]
    said = Said(level=Level.CITED, seen=Sight.MARKS)
    with pytest.raises(TagNotAllowedError, match="was taken down"):
        cast(
            archive.session,
            post=row.public_id,
            revision_id=row.revision_id,
            version=row.tag_version + 1,
            said=said,
            moderator=two.one,
        )


def test_a_worker_that_had_read_the_text_before_stores_nothing_of_it(archive: Archive, two: Two) -> None:
    archive.session.execute(delete(StoredSuggestion))
    archive.session.execute(delete(Citation))
    archive.session.commit()
    engine = current_engine(archive.session)
    read = unassessed(archive.session, engine, after=0, limit=10)
    two.take_down(archive.answer(RUSTICUS).public_id, "The Dykes of Holland")
    store(archive.session, read, engine)
    assert cited(archive) == []
    assess(archive)
    assert cited(archive) == ["https://example.org/quill/dykes.html"]


def test_whoever_read_the_text_before_is_told_to_read_it_again(archive: Archive, two: Two) -> None:
    row = archive.answer(RUSTICUS)
    two.take_down(row.public_id, "Jane Quill")
    said = Said(level=Level.CITED, evidence=[(0, 10)], seen=Sight.MARKS)
    with pytest.raises(TagNotAllowedError, match="out of date"):
        cast(
            archive.session,
            post=row.public_id,
            revision_id=row.revision_id,
            version=row.tag_version,
            said=said,
            moderator=two.one,
        )


def test_a_citation_that_was_named_while_words_were_down_stays_on_its_words(archive: Archive, two: Two) -> None:
    for table in (StoredSuggestion, Citation):
        archive.session.execute(delete(table))
    archive.session.commit()
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    assess(archive)
    named = update(Citation).values(engine=BY_PERSON).returning(Citation.id)
    assert [*archive.session.scalars(named)]
    archive.session.commit()
    before = cited(archive)
    assert before[-1] == "https://example.org/quill/dykes.html"
    for again in (lambda: two.take_down(archive.answer(RUSTICUS).public_id, "told me so"), lambda: two.lift(down)):
        again()
        assert cited(archive) == before
        assert faults(archive) == []
