"""Where the decision differed from one's own vote: exactly there, for that moderator alone."""

import pytest
from sqlalchemy import select

from archive.clock import now
from archive.domain.ids import PublicId
from archive.domain.permissions import Role
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.services import decided_otherwise as pages
from archive.services.accounts import add_user
from archive.services.bench.adjudicate import Ruling, adjudicate
from archive.services.bench.cast import Said, Sight, cast
from archive.services.bench.take_back import undo_tag
from archive.services.bench.undo import undo
from archive.services.decided_otherwise import DecidedOtherwise, OtherwisePage, decided_otherwise
from archive.services.decisions import Finding, give, held_post
from archive.services.transaction import writing
from archive.store.pending import forget_pending
from archive.store.threads import Post
from archive.store.users import User
from archive.store.votes import Vote
from tests.conftest import PASSWORD
from tests.integration.conftest import BY, Archive
from tests.integration.written import ANNALIST, DYKES_FILE, RUSTICUS, thread


@pytest.fixture
def maud(archive: Archive, quick_passwords: object) -> User:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    return archive.add_moderator("maud")


@pytest.fixture
def teasel(archive: Archive, quick_passwords: object) -> User:
    return archive.add_moderator("teasel")


@pytest.fixture
def ida(archive: Archive, quick_passwords: object) -> User:
    return archive.add_moderator("ida")


def vote(archive: Archive, author: str, level: Level, moderator: User, *, words: str = "", note: str = "") -> None:
    row = archive.answer(author)
    start = row.text.index(words)
    evidence = [(start, start + len(words))] if words else []
    said = Said(level=level, evidence=evidence, note=note, seen=Sight.MARKS)
    cast(
        archive.session,
        post=row.public_id,
        revision_id=row.revision_id,
        version=row.tag_version,
        said=said,
        moderator=moderator,
    )


def decide(
    archive: Archive, author: str, level: Level, by: User, *, basis: Basis = Basis.ADJUDICATED, note: str = ""
) -> None:
    """Decide by something else than votes."""
    row = archive.answer(author)
    words = row.text.split()[0]
    finding = Finding(
        revision_id=row.revision_id,
        level=level,
        evidence=[(0, len(words))],
        note=note,
        basis=basis,
        suggested=None,
        suggestion_engine=None,
        suggestion_seen=False,
        votes=2,
    )
    with writing(archive.session):
        give(archive.session, held_post(archive.session, PublicId(row.public_id)), finding, moderator=by, at=now())
        forget_pending(archive.session, row.id)


def page_of(archive: Archive, moderator: User, *, before: int | None = None) -> OtherwisePage:
    archive.session.rollback()
    return decided_otherwise(archive.session, moderator.id, before=before)


def differences(archive: Archive, moderator: User) -> list[DecidedOtherwise]:
    return list(page_of(archive, moderator).differences)


def test_one_who_was_outvoted_sees_both_readings_and_the_others_see_nothing(
    archive: Archive, maud: User, teasel: User, ida: User
) -> None:
    vote(archive, RUSTICUS, Level.UNSOURCED, maud, words="some of it", note="He names no book.")
    vote(archive, RUSTICUS, Level.RECOLLECTED, teasel, words="I once read", note="He read it once.")
    assert differences(archive, maud) == [], "nothing is decided against the first vote yet"
    assert differences(archive, teasel) == []
    vote(archive, RUSTICUS, Level.RECOLLECTED, ida, words="cannot name the book")
    (one,) = differences(archive, maud)
    assert (one.vote.level, one.decision.level) == (Level.UNSOURCED, Level.RECOLLECTED)
    assert (one.vote.evidence, one.vote.reasons) == (["some of it"], ["He names no book."])
    assert one.decision.evidence == ["I once read", "cannot name the book"]
    assert one.decision.reasons == ["He read it once."]
    assert (one.basis, one.by, one.counted, one.byline) == ("2 of 3 agree", "ida", True, RUSTICUS)
    assert differences(archive, teasel) == []
    assert differences(archive, ida) == []


def test_votes_that_an_adjudication_closed_are_there_with_its_reason(
    archive: Archive, maud: User, teasel: User, ida: User
) -> None:
    vote(archive, RUSTICUS, Level.UNSOURCED, maud)
    vote(archive, RUSTICUS, Level.TESTIMONY, teasel)
    row = archive.answer(RUSTICUS)
    adjudicate(
        archive.session,
        post=PublicId(row.public_id),
        version=row.tag_version,
        seen=archive.session.scalars(select(Vote.id).order_by(Vote.id)).all(),
        ruling=Ruling(level=Level.RECOLLECTED, evidence=[], note="He says that he read it."),
        moderator=ida,
    )
    for moderator, level in ((maud, Level.UNSOURCED), (teasel, Level.TESTIMONY)):
        (one,) = differences(archive, moderator)
        assert (one.vote.level, one.decision.level, one.basis) == (
            level,
            Level.RECOLLECTED,
            "Decided between two readings",
        )
        assert one.decision.reasons == ["He says that he read it."]
    assert differences(archive, ida) == []


def test_a_vote_that_the_adjudication_confirmed_is_no_difference(
    archive: Archive, maud: User, teasel: User, ida: User
) -> None:
    vote(archive, RUSTICUS, Level.UNSOURCED, maud)
    vote(archive, RUSTICUS, Level.TESTIMONY, teasel)
    decide(archive, RUSTICUS, Level.TESTIMONY, ida)
    assert len(differences(archive, maud)) == 1
    assert differences(archive, teasel) == []


def test_an_objection_that_was_upheld_is_a_difference_and_a_supplied_reference_is_none(
    archive: Archive, maud: User, ida: User
) -> None:
    vote(archive, RUSTICUS, Level.UNSOURCED, maud)
    vote(archive, ANNALIST, Level.RECOLLECTED, maud)
    decide(archive, RUSTICUS, Level.RECOLLECTED, ida, basis=Basis.OBJECTION)
    decide(archive, ANNALIST, Level.PINPOINT, ida, basis=Basis.REFERENCE)
    (one,) = differences(archive, maud)
    assert (one.byline, one.basis) == (RUSTICUS, "Decided on an objection")


def test_what_one_took_back_or_revised_oneself_is_no_difference(archive: Archive, maud: User, ida: User) -> None:
    vote(archive, RUSTICUS, Level.UNSOURCED, maud)
    undo(archive.session, moderator=maud)
    vote(archive, ANNALIST, Level.UNSOURCED, maud)
    vote(archive, ANNALIST, Level.ATTRIBUTED, maud)
    decide(archive, RUSTICUS, Level.RECOLLECTED, ida)
    decide(archive, ANNALIST, Level.ATTRIBUTED, ida)
    assert differences(archive, maud) == []


def test_who_comes_round_to_the_decision_has_no_difference_left(archive: Archive, maud: User, ida: User) -> None:
    vote(archive, RUSTICUS, Level.UNSOURCED, maud)
    decide(archive, RUSTICUS, Level.RECOLLECTED, ida)
    assert len(differences(archive, maud)) == 1
    vote(archive, RUSTICUS, Level.RECOLLECTED, maud)
    assert differences(archive, maud) == []


def test_a_decision_that_is_disputed_again_waits(archive: Archive, maud: User, ida: User) -> None:
    decide(archive, RUSTICUS, Level.RECOLLECTED, ida)
    vote(archive, RUSTICUS, Level.UNSOURCED, maud)
    assert differences(archive, maud) == []


def test_a_decision_that_was_taken_back_is_no_difference_and_one_that_came_back_is(
    archive: Archive, maud: User, ida: User
) -> None:
    vote(archive, RUSTICUS, Level.UNSOURCED, maud)
    decide(archive, RUSTICUS, Level.RECOLLECTED, ida, note="He read it.")
    address = PublicId(archive.answer(RUSTICUS).public_id)
    for left in (0, 1):
        in_force = archive.session.scalar(select(Post.tag_id).where(Post.public_id == address))
        assert in_force is not None
        undo_tag(archive.session, post=address, tag_id=in_force, moderator=maud)
        assert len(differences(archive, maud)) == left
    (one,) = differences(archive, maud)
    assert (one.by, one.decision.reasons) == ("ida", ["He read it."])


def test_votes_from_before_the_practice_are_there_and_say_that_they_did_not_count(
    archive: Archive, maud: User, teasel: User
) -> None:
    roles = frozenset({Role.MODERATOR})
    newt = add_user(archive.session, name="newt", password=PASSWORD, roles=roles, by=BY)
    vote(archive, RUSTICUS, Level.UNSOURCED, newt)
    vote(archive, RUSTICUS, Level.RECOLLECTED, teasel)
    (one,) = differences(archive, newt)
    assert (one.counted, one.basis) == (False, "One moderator’s decision")


def test_pages_go_on_by_the_decision_and_all_of_them_are_counted_by_pair(
    archive: Archive, maud: User, ida: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "A_PAGE", 3)
    authors = [f"writer_{number}" for number in range(7)]
    text = thread("Who kept the tolls?", [(author, f"The bishop, says {author}.") for author in authors])
    archive.import_({"b.txt": text}, public=True)
    for number, author in enumerate(authors):
        vote(archive, author, Level.UNSOURCED if number % 3 else Level.CITED, maud)
        decide(archive, author, Level.ATTRIBUTED, ida)
    found: list[str | None] = []
    before = None
    while True:
        page = page_of(archive, maud, before=before)
        found += [one.byline for one in page.differences]
        assert page.number == 7
        before = page.older
        if before is None:
            break
    assert found == authors[::-1]
    assert page.pairs == [
        (Level.UNSOURCED, Level.ATTRIBUTED, 4),
        (Level.CITED, Level.ATTRIBUTED, 3),
    ]
