"""The stored ledger: whatever is done to it behind the archive's back is found and named."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from archive.domain.permissions import Role
from archive.domain.source_quality import Level
from archive.services import accounts
from archive.services.bench.cast import Said, Sight, cast
from archive.services.ingest.publish import publish
from archive.services.verify import find_faults
from archive.store.ledger import LedgerEntry, read_entries, read_head
from archive.store.users import User, find_user
from tests.integration.conftest import BY, Archive, Filled
from tests.integration.written import ANNALIST, DYKES_FILE, RUSTICUS


def _use(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    maud = archive.add_moderator("maud")
    for author, level in ((ANNALIST, Level.ATTRIBUTED), (RUSTICUS, Level.UNSOURCED), (RUSTICUS, Level.RECOLLECTED)):
        row = archive.answer(author)
        cast(
            archive.session,
            post=row.public_id,
            revision_id=row.revision_id,
            version=row.tag_version,
            said=Said(level=level, evidence=[(0, 3)], seen=Sight.MARKS),
            moderator=maud,
        )
    accounts.set_roles(archive.session, name="maud", roles=frozenset({Role.MODERATOR, Role.ADMIN}), by=BY)


@pytest.fixture
def used(filled: Filled) -> Archive:
    """An archive in which something was decided: eleven entries."""
    return filled(_use)


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def do(archive: Archive, statement: str, **values: object) -> None:
    archive.session.rollback()
    archive.session.execute(text(statement), values)
    archive.session.commit()
    archive.session.expunge_all()


def test_an_honest_archive_verifies(used: Archive) -> None:
    said: list[str] = []
    assert list(find_faults(used.session, used.vault, say=said.append)) == []
    assert said == ["Originals looked at: 1.", "Texts looked at: 3.", "Ledger entries looked at: 11."]


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'somebody'",
        "act = 'publish'",
        "subject = 'post 0'",
        "detail = '{}'",
        "detail = 'no JSON'",
        "detail = replace(detail, ':', ': ')",
        "number = 99",
        "at = '2001-01-01 00:00:00'",
        "previous = sha256",
        "sha256 = previous",
    ],
)
@pytest.mark.parametrize("number", [1, 5, 11])
def test_an_edited_entry_is_found_and_named(used: Archive, change: str, number: int) -> None:
    do(used, f"UPDATE ledger_entry SET {change} WHERE number = :number", number=number)
    found = faults(used)
    assert any(f"entry {number}" in fault or f"entry {number - 1} " in fault for fault in found), found


@pytest.mark.parametrize("number", range(1, 12))
def test_a_removed_entry_is_found_and_named(used: Archive, number: int) -> None:
    do(used, "DELETE FROM ledger_entry WHERE number = :number", number=number)
    found = faults(used)
    named = f"after entry {number - 1} comes" if number < 11 else "ends with entry 10, but entry 11"
    assert any(named in fault for fault in found), found


def test_swapped_entries_are_found(used: Archive) -> None:
    for old, new in ((4, 90), (5, 4), (90, 5)):
        do(used, "UPDATE ledger_entry SET number = :new WHERE number = :old", old=old, new=new)
    assert any("Ledger entry 4" in fault for fault in faults(used))


def test_a_ledger_cut_off_with_its_head_is_missed_by_the_tags(used: Archive) -> None:
    entries = list(read_entries(used.session))
    do(used, "DELETE FROM ledger_entry WHERE number > 5")
    do(used, "UPDATE ledger_head SET number = 5, sha256 = :sha256", sha256=entries[4].sha256)
    assert any("the ledger does not know of it" in fault for fault in faults(used))


def test_a_lost_head_is_found(used: Archive) -> None:
    do(used, "DELETE FROM ledger_head")
    assert any("ends with entry 11, but entry 0" in fault for fault in faults(used))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tag SET level = 'pinpoint' WHERE id = 1",
        "UPDATE tag SET evidence = '[]' WHERE id = 1",
        "UPDATE tag SET note = 'forged' WHERE id = 1",
        "UPDATE tag SET codebook_version = 1 WHERE id = 1",
        "UPDATE tag SET act = 'undo' WHERE id = 1",
        "UPDATE tag SET post_id = (SELECT post_id FROM tag WHERE id = 2) WHERE id = 1",
        "UPDATE tag SET moderator_id = (SELECT id FROM user_account WHERE name = 'forger') WHERE id = 1",
        "UPDATE tag SET at = '2001-01-01 00:00:00' WHERE id = 1",
        "UPDATE post SET level = 'pinpoint' WHERE tag_id = 1",
        "UPDATE post SET level = NULL WHERE tag_id = 1",
        "UPDATE post SET level = NULL, tag_id = NULL WHERE tag_id = 1",
        "UPDATE post SET level = 'unsourced', tag_id = 2 WHERE tag_id = 3",
        "UPDATE post SET level = 'cited' WHERE tag_id IS NULL AND kind = 'question'",
        "DELETE FROM tag WHERE id = 2",
    ],
)
def test_a_tag_that_was_changed_in_its_table_is_found(used: Archive, statement: str) -> None:
    used.add_moderator("forger")
    do(used, "DELETE FROM log_entry")  # lines of which would hold a tag
    do(used, statement)
    found = faults(used)
    assert found
    assert any(fault.startswith(("Tag ", "Post ")) for fault in found), found


@pytest.mark.database("sqlite")
def test_a_time_that_is_no_time_is_found(used: Archive) -> None:
    do(used, "UPDATE ledger_entry SET at = 'last week' WHERE number = 3")
    assert any("Ledger" in fault for fault in faults(used))


@pytest.fixture
def failing_ledger(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk that is full when the ledger's turn comes."""

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("archive.services.ledger.append", fail)
    return


@pytest.fixture
def draft(archive: Archive) -> int:
    return archive.import_({"a.txt": DYKES_FILE}).batch


def test_what_cannot_be_written_into_the_ledger_is_not_done(
    archive: Archive, make_user: Callable[..., User], draft: int, request: pytest.FixtureRequest
) -> None:
    maud = make_user("maud", "moderator")
    head = read_head(archive.session)
    request.getfixturevalue("failing_ledger")
    session = archive.session
    attempts: list[Callable[[], object]] = [
        lambda: publish(session, draft, by=BY),
        lambda: accounts.set_roles(session, name="maud", roles=frozenset({Role.ADMIN}), by=BY),
        lambda: accounts.set_active(session, name="maud", active=False, by=BY),
        lambda: accounts.add_user(session, name="mole", password="long enough 1", roles=frozenset(), by=BY),
        lambda: accounts.change_password(session, user=maud, old="correct horse battery staple", new="another one 12"),
        lambda: archive.receive({"b.txt": DYKES_FILE + "\n"}),
    ]
    for attempt in attempts:
        with pytest.raises(OSError, match="No space left"):
            attempt()
    session.expire_all()
    assert archive.posts(drafts=False) == []
    assert read_head(session) == head
    user = find_user(session, "maud")
    assert user is not None
    assert (user.roles, user.active) == ({Role.MODERATOR}, True)
    assert find_user(session, "mole") is None
    assert session.query(LedgerEntry).count() == head.number


def test_a_tag_is_not_stored_without_its_entry(
    archive: Archive, make_user: Callable[..., User], request: pytest.FixtureRequest
) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    maud = make_user("maud", "moderator")
    row = archive.answer(RUSTICUS)
    request.getfixturevalue("failing_ledger")
    with pytest.raises(OSError, match="No space left"):
        cast(
            archive.session,
            post=row.public_id,
            revision_id=row.revision_id,
            version=0,
            said=Said(level=Level.CITED, seen=Sight.MARKS),
            moderator=maud,
        )
    assert (archive.answer(RUSTICUS).level, archive.answer(RUSTICUS).tag_version) == (None, 0)


def test_an_entry_is_not_written_without_its_change(
    archive: Archive, session: Session, draft: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = read_head(session)

    def fail() -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(session, "commit", fail)
        with pytest.raises(OSError, match="Input/output"):
            publish(session, draft, by=BY)
    assert read_head(session) == head
    assert archive.posts(drafts=False) == []
    publish(session, draft, by=BY)
