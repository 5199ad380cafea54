"""Sealed originals, and what is destroyed for good: it leaves hashes and a tombstone, and no copy of the words."""

import gzip
import hashlib
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import byte_cache
from archive.byte_cache import ByteCache
from archive.domain.takedown import TakedownNotAllowedError
from archive.services.ingest.publish import publish
from archive.services.originals import SealedError, check_open, original_page
from archive.services.quarantine.pages import every_item
from archive.services.takedown import decide
from archive.services.takedown.pages import look_behind
from archive.services.takedown.purge import purge
from archive.store.ledger import LedgerEntry
from archive.store.originals import Original
from archive.store.sealed import PurgedStretch
from archive.store.takedowns import Takedown
from archive.store.users import User
from archive.store.vault import BytesMissingError
from archive.web.page_cache import _Kept
from tests.integration.conftest import BY, Archive
from tests.integration.taking_down import Two, everything, faults
from tests.integration.test_quarantine import WHOLE, broken, mend
from tests.integration.test_takedowns import DUMP, SECRET, SECRETS, post_of
from tests.integration.written import DYKES, RUSTICUS, WEAVER, thread, zipped

TOLD = thread(DYKES, [(RUSTICUS, SECRET), (WEAVER, "Nobody else paid.")])


@pytest.fixture
def two(archive: Archive, make_user: Callable[..., User]) -> Two:
    make_user("maud", "moderator")
    make_user("nora", "moderator")
    return Two(archive, ("maud", "nora"))


@pytest.fixture
def ada(make_user: Callable[..., User]) -> User:
    return make_user("ada", "admin")


def purged(archive: Archive, two: Two, ada: User, post: str, *words: str) -> Takedown:
    down = two.take_down(post, *words)
    purge(
        archive.session, archive.vault, takedown_id=down.id, version=down.version, reason="A court says so.", admin=ada
    )
    return two.takedown(down.id)


def held(archive: Archive) -> bytes:
    """Everything that lies in the vault, unpacked where it is in blocks."""
    whole = b""
    for name in archive.vault.hashes():
        with archive.vault.open(name) as file:
            whole += file.read()
    return whole


def stored(archive: Archive) -> str:
    """Every value of every table, but for those that a purge leaves on purpose."""
    from archive.store.schema import Base

    tables = [table for table in Base.metadata.sorted_tables if table.name not in {"sealed_name", "takedown"}]
    return str([archive.session.execute(select(table)).all() for table in tables])


def test_no_bytes_of_what_is_down_are_shown_and_none_around_its_neighbours(archive: Archive, two: Two) -> None:
    archive.import_({"d.txt": TOLD}, public=True)
    beside = archive.answer(WEAVER).public_id
    down = archive.answer(RUSTICUS).public_id

    def page(post: str) -> str:
        seen = {"revision": None, "drafts": True, "around": True}
        found = original_page(archive.session, archive.vault, post, **seen)
        return f"{found.before}{found.stretch}{found.after}"

    assert SECRET in page(beside)
    two.take_down(down, "Jane Quill")
    assert page(beside).split() == [WEAVER, "Nobody", "else", "paid."]
    with pytest.raises(SealedError):
        page(down)


@pytest.mark.parametrize("packed", [False, True])
def test_no_file_that_holds_what_is_down_is_given_away(archive: Archive, two: Two, packed: bool) -> None:
    files = {"all.zip": zipped({"d.txt": TOLD})} if packed else {"d.txt": TOLD}
    archive.import_(files, public=True)
    for name in archive.vault.hashes():
        check_open(archive.session, name)
    two.take_down(archive.answer(RUSTICUS).public_id)
    for name in archive.vault.hashes():
        with pytest.raises(SealedError):
            check_open(archive.session, name)


def test_an_admin_looks_behind_and_each_look_is_written_down(archive: Archive, two: Two, ada: User) -> None:
    archive.import_({"d.txt": TOLD}, public=True)
    down = two.take_down(archive.answer(RUSTICUS).public_id)
    with pytest.raises(TakedownNotAllowedError):
        look_behind(archive.session, archive.vault, takedown_id=down.id, why=" ", admin=ada)
    behind = look_behind(archive.session, archive.vault, takedown_id=down.id, why="The author asks.", admin=ada)
    assert ([text.text for text in behind.texts], list(behind.names)) == ([SECRET], [RUSTICUS])
    assert SECRET in (behind.stretches[0][1] or "")
    newest = archive.session.scalars(select(LedgerEntry).order_by(LedgerEntry.number.desc())).first()
    assert newest
    assert (newest.act, newest.actor, "The author asks." in newest.detail) == ("look at sealed", "ada", True)
    assert faults(archive) == []


def test_a_purge_destroys_words_and_bytes_and_leaves_hashes(archive: Archive, two: Two, ada: User) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    (original,) = archive.session.scalars(select(Original))
    post = post_of(archive, SECRET)
    down = purged(archive, two, ada, post)
    assert down.purged_at
    assert not any(word.encode() in held(archive) for word in SECRETS)
    assert not any(word in stored(archive) for word in SECRETS)
    (stretch,) = archive.session.scalars(select(PurgedStretch))
    line = DUMP.encode()[stretch.offset : stretch.offset + stretch.length]
    assert (stretch.sha256, SECRET in line.decode()) == (hashlib.sha256(line).hexdigest(), True)
    assert len(held(archive)) == original.size
    assert b"Words of number 3." in held(archive)
    assert faults(archive) == []
    with pytest.raises(TakedownNotAllowedError, match="purged"):
        decide.lift(archive.session, takedown_id=down.id, version=down.version, moderator=ada)


def test_a_process_that_has_shown_what_was_purged_by_another_holds_nothing_of_it_with_its_next_answer(
    archive: Archive, two: Two, ada: User, client: FlaskClient
) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    post = post_of(archive, SECRET)
    assert SECRET in client.get(f"/posts/{post}", follow_redirects=True).text
    assert any(map(holds_secrets, byte_cache._all))
    purged(archive, two, ada, post)
    assert client.get("/login").status_code == 200
    assert not any(map(holds_secrets, byte_cache._all))


def holds_secrets(cache: ByteCache[object, object]) -> bool:
    """Whether a cache holds any of the words: also in what was packed."""
    told = str(cache._entries)
    packed = [value.packed if isinstance(value, _Kept) else value for value, _ in cache._entries.values()]
    told += str([gzip.decompress(value) for value in packed if isinstance(value, bytes)])
    return any(word in told for word in SECRETS)


def test_what_was_purged_stays_purged_when_the_file_comes_again(archive: Archive, two: Two, ada: User) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    purged(archive, two, ada, post_of(archive, SECRET), "Jane Quill")
    again = archive.import_({"a.ndjson": DUMP})
    newer = archive.import_({"b.ndjson": DUMP.replace("nobody may know", "nobody ever asked")})
    publish(archive.session, again.batch, by=BY)
    publish(archive.session, newer.batch, by=BY)
    assert b"Quill" not in held(archive)
    assert "Quill" not in everything(archive, "quill")
    assert "Quill" not in stored(archive)
    assert "nobody ever asked" in everything(archive, "quill")
    assert faults(archive) == []


def test_a_packed_file_goes_when_something_in_it_is_purged(archive: Archive, two: Two, ada: User) -> None:
    packed = zipped({"d.txt": TOLD, "e.txt": thread("Who rang the bells of Ghent?", [(WEAVER, "The sexton.")])})
    archive.import_({"all.zip": packed}, public=True)
    purged(archive, two, ada, archive.answer(RUSTICUS).public_id)
    with pytest.raises(BytesMissingError):
        archive.vault.open(hashlib.sha256(packed).hexdigest())
    assert b"The sexton." in held(archive)
    assert faults(archive) == []


def test_bytes_that_are_there_again_are_found(archive: Archive, two: Two, ada: User) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    purged(archive, two, ada, post_of(archive, SECRET))
    with archive.vault.receiving() as receiver:
        receiver.keep([DUMP.encode()])
    assert any("bytes of it were purged, and are there again" in fault for fault in faults(archive))
    archive.import_({"c.ndjson": DUMP + "\n"})
    assert faults(archive) == []


def test_what_a_post_was_repaired_from_is_sealed_and_purged_too(archive: Archive, two: Two, ada: User) -> None:
    batch, number = broken(archive, public=True)
    mend(archive, batch.batch, number, WHOLE)
    (post,) = [row.public_id for row in archive.posts(drafts=False) if "levy" in row.text]
    (item,) = every_item(archive.session, archive.vault, batch.batch)
    assert item.raw
    down = two.take_down(post)
    (item,) = every_item(archive.session, archive.vault, batch.batch)
    assert item.raw is None
    for name in archive.vault.hashes():
        with pytest.raises(SealedError):
            check_open(archive.session, name)
    purge(archive.session, archive.vault, takedown_id=down.id, version=down.version, reason="It must go.", admin=ada)
    assert b"levy" not in held(archive)
    assert faults(archive) == []


def test_what_was_purged_is_not_even_held_until_the_import(archive: Archive, two: Two, ada: User) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    purged(archive, two, ada, post_of(archive, SECRET))
    archive.receive({"a.ndjson": DUMP})
    assert not any(word.encode() in held(archive) for word in SECRETS)
    assert faults(archive) == []
