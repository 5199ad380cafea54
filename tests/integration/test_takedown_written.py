"""What people wrote on a post goes with the words that are taken down: objections, replies, notes of the team."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from archive.domain.source_quality import Level
from archive.services.bench.asides import add_note, hold
from archive.services.objections.objecting import Given, keep, object_to, open_again
from archive.services.objections.pages import objection_line
from archive.services.takedown.purge import purge
from archive.store.holds import Hold, TeamNote
from archive.store.objections import Objection
from archive.store.sealed import SealedBeside
from archive.store.users import User
from tests.integration.conftest import Archive
from tests.integration.taking_down import Two, faults
from tests.integration.written import DYKES, RUSTICUS, WEAVER, thread

TEXT = "Jane Quill told me so, and she should know. I cannot name the book."
FILE = thread(DYKES, [(RUSTICUS, TEXT), (WEAVER, "The weavers.")])
SAYS = "It rests on Jane Quill alone."
MARKED = "It rests on [… removed: personal data] alone."
GIVEN = Given(
    reason=SAYS,
    expected=None,
    reference="Jane Quill, Letters",
    locator="Quill, Jane: Jane Quill " * 8,
    identifier="https://example.org/Jane_Quill",
    name="Ada",
    by_author=False,
)


@pytest.fixture
def two(archive: Archive, make_user: Callable[..., User]) -> Two:
    archive.import_({"d.txt": FILE}, public=True)
    for name in ("maud", "nora", "wren"):
        make_user(name, "moderator")
    archive.judge(RUSTICUS, Level.RECOLLECTED, archive.person("wren"))
    return Two(archive, ("maud", "nora"))


def answered(archive: Archive, two: Two) -> int:
    """An objection with its reply, both of which say the words."""
    row = archive.answer(RUSTICUS)
    number = object_to(
        archive.session, post=row.public_id, version=row.tag_version, given=GIVEN, objector=None, seen_as=["a"]
    )
    reply(archive, two, number, SAYS)
    return number


def reply(archive: Archive, two: Two, number: int, words: str) -> None:
    version = archive.answer(RUSTICUS).tag_version
    keep(archive.session, objection_id=number, version=version, reply=words, moderator=two.one)


def written(archive: Archive, number: int) -> tuple[str, ...]:
    archive.session.rollback()
    archive.session.expire_all()
    said = objection_line(archive.session, number).objection
    return said.reason, said.reply, said.reference, said.locator, said.identifier


def test_an_objection_and_its_reply_go_with_the_words_and_come_back_with_them(archive: Archive, two: Two) -> None:
    number = answered(archive, two)
    before = written(archive, number)
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    for _ in range(2):
        said = written(archive, number)
        assert said[:2] == (MARKED, MARKED)
        assert "Jane Quill" not in " ".join(said).replace("_", " ")
        assert faults(archive) == []
        archive.import_({"d.txt": FILE}, public=True)
    two.lift(down)
    assert written(archive, number) == before
    assert faults(archive) == []


def test_a_reply_that_is_written_while_words_are_down_stays_when_they_are_lifted(archive: Archive, two: Two) -> None:
    number = answered(archive, two)
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    open_again(archive.session, objection_id=number, moderator=two.one)
    assert faults(archive) == []
    reply(archive, two, number, "She told nobody.")
    assert faults(archive) == []
    two.lift(down)
    assert written(archive, number)[:2] == (SAYS, "She told nobody.")
    assert faults(archive) == []


def test_a_reply_that_the_ledger_told_again_while_words_were_down_is_whole_when_they_are_lifted(
    archive: Archive, two: Two
) -> None:
    number = answered(archive, two)
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    open_again(archive.session, objection_id=number, moderator=two.one)
    two.lift(down)
    assert written(archive, number)[:2] == (SAYS, SAYS)
    assert faults(archive) == []


def test_notes_of_the_team_go_with_the_words_and_with_the_post(archive: Archive, two: Two) -> None:
    post = archive.answer(RUSTICUS).public_id
    hold(archive.session, post=post, meant_for="", note=SAYS, moderator=two.one)
    add_note(archive.session, post=post, on_author=False, text=SAYS, moderator=two.one)

    def noted() -> list[str]:
        archive.session.rollback()
        archive.session.expire_all()
        return [*archive.session.scalars(select(Hold.note)), *archive.session.scalars(select(TeamNote.text))]

    for words, left in (("Jane Quill",), MARKED), ((), ""):
        down = two.take_down(post, *words).id
        assert noted() == [left, left]
        two.lift(down)
        assert noted() == [SAYS, SAYS]
    assert faults(archive) == []


def test_what_was_written_is_purged_with_the_post(archive: Archive, two: Two, make_user: Callable[..., User]) -> None:
    number = answered(archive, two)
    down = two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill").id
    purging = {"takedown_id": down, "version": two.takedown(down).version, "reason": "A court says so."}
    purge(archive.session, archive.vault, admin=make_user("ida", "admin"), **purging)
    for _ in range(2):
        assert written(archive, number)[:2] == (MARKED, MARKED)
        assert "Quill" not in str([*archive.session.scalars(select(SealedBeside.said))]).replace("Quill, Jane", "")
        assert faults(archive) == []
        archive.import_({"d.txt": FILE}, public=True)


def test_an_objection_that_was_edited_by_hand_while_words_are_down_is_found(archive: Archive, two: Two) -> None:
    number = answered(archive, two)
    two.take_down(archive.answer(RUSTICUS).public_id, "Jane Quill")
    archive.session.get_one(Objection, number).reason = "Something else."
    archive.session.commit()
    assert [fault for fault in faults(archive) if f"Objection {number} " in fault and "its reason is" in fault]
