"""Evidence that is given while words of a post are down: where it stands when the text changes again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from archive.domain.source_quality import Level
from archive.services.assess import assess_all
from archive.services.takedown.purge import purge
from archive.store.sources import Citation
from archive.store.tags import Tag
from archive.store.users import User
from archive.store.votes import Vote
from tests.integration.conftest import Archive
from tests.integration.taking_down import Two, faults
from tests.integration.written import DYKES, RUSTICUS, WEAVER, thread

TEXT = (
    "My neighbour, Jane Quill, told me so. I cannot name the book, nor did the abbess of Rijnsburg. "
    "See Robert Tannahill, The Dykes of Holland (Leiden, 1954), p. 12."
)
FILE = thread(DYKES, [(RUSTICUS, TEXT), (WEAVER, "The weavers.")])
LATER = thread(DYKES, [(RUSTICUS, TEXT), (WEAVER, "The weavers."), ("bet_van_beeren", "The counts.")])
WORDS = "cannot name the book"


@pytest.fixture
def two(archive: Archive, make_user: Callable[..., User]) -> Two:
    archive.import_({"d.txt": FILE}, public=True)
    for name in ("maud", "nora", "wren"):
        make_user(name, "moderator")
    return Two(archive, ("maud", "nora"))


def judge(archive: Archive, moderator: User, words: str) -> None:
    start = archive.answer(RUSTICUS).text.index(words)
    archive.judge(RUSTICUS, Level.RECOLLECTED, moderator, evidence=[(start, start + len(words))])


def shown(archive: Archive) -> set[str]:
    """What evidence of all tags and votes covers, which is what it says that it covers."""
    archive.session.rollback()
    archive.session.expire_all()
    text = archive.answer(RUSTICUS).text
    rows = [*archive.session.scalars(select(Tag)), *archive.session.scalars(select(Vote))]
    covered = [(words["text"], text[words["start"] : words["end"]]) for row in rows for words in row.evidence]
    assert all(said == stands for said, stands in covered), covered
    assert len(covered) in (0, len(rows))
    return {said for said, _ in covered}


def test_evidence_that_was_given_meanwhile_stays_where_it_is_when_the_post_comes_in_again(
    archive: Archive, two: Two
) -> None:
    two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill")
    judge(archive, two.one, WORDS)
    for _ in range(2):
        archive.import_({"d.txt": LATER}, public=True)
        assert shown(archive) == {WORDS}
        assert faults(archive) == []


def test_evidence_that_was_given_meanwhile_moves_with_what_is_taken_down_and_lifted_next(
    archive: Archive, two: Two
) -> None:
    first = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    judge(archive, two.one, WORDS)
    second = two.take_down(archive.answer(RUSTICUS).public_id, "My neighbour").id
    assert shown(archive) == {WORDS}
    assert faults(archive) == []
    for down in (first, second):
        two.lift(down)
        assert shown(archive) == {WORDS}
        assert faults(archive) == []


def test_a_lifted_text_is_decided_on_by_votes_that_were_given_before_and_after(archive: Archive, two: Two) -> None:
    words = "the abbess of Rijnsburg"
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    judge(archive, two.one, words)
    two.lift(down)
    archive.judge(RUSTICUS, Level.RECOLLECTED, archive.person("wren"))
    assert [one["text"] for one in archive.answer(RUSTICUS).evidence] == [words]
    assert faults(archive) == []


def test_evidence_around_a_mark_stays_while_that_stands_there_and_holds_the_words_when_they_are_back(
    archive: Archive, two: Two
) -> None:
    around = "[… removed: personal data], told me so"
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    judge(archive, two.one, around)
    archive.import_({"d.txt": LATER}, public=True)
    assert shown(archive) == {around}
    assert faults(archive) == []
    two.lift(down)
    assert shown(archive) == {"Jane Quill, told me so"}
    assert faults(archive) == []


def test_evidence_that_does_not_stand_where_it_says_is_a_fault(archive: Archive, two: Two) -> None:
    judge(archive, two.one, WORDS)
    assert faults(archive) == []
    archive.session.execute(update(Vote).values(evidence=[{"start": 0, "end": 5, "text": WORDS}]))
    archive.session.commit()
    post = archive.answer(RUSTICUS).public_id
    said = f"Vote 1 on post {post}: its words of evidence do not stand in the text where it says."
    assert said in faults(archive)


def test_what_was_purged_stays_as_it_is_when_the_post_comes_in_again(
    archive: Archive, two: Two, make_user: Callable[..., User]
) -> None:
    judge(archive, two.one, "Jane Quill, told me so. I")
    for _ in assess_all(archive.session):
        pass
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill", "Tannahill").id
    purging = {"takedown_id": down, "version": two.takedown(down).version, "reason": "A court says so."}
    purge(archive.session, archive.vault, admin=make_user("ida", "admin"), **purging)
    judge(archive, archive.person("wren"), WORDS)
    for _ in range(2):
        archive.import_({"d.txt": LATER}, public=True)
        archive.session.rollback()
        assert not [*archive.session.scalars(select(Citation.id).where(Citation.is_current))]
        assert "Quill" not in str([*archive.session.scalars(select(Vote.evidence))])
        assert faults(archive) == []
