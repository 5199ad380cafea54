"""`find_faults`: whatever is done to the tables behind the archive's back is found, and its place is named."""

import pytest
from sqlalchemy import text

from archive.domain.permissions import Role
from archive.domain.records import LineReading
from archive.domain.source_quality import Level
from archive.services import accounts
from archive.services.ingest.correct import correct
from archive.services.ingest.publish import roll_back
from archive.services.ledger import Actor
from archive.services.verify import find_faults
from tests.integration.conftest import BY, Archive, Filled
from tests.integration.written import DYKES, DYKES_FILE, ON_DYKES, RUSTICUS, SALT_FILE, thread, zipped

BELLS = thread("Who rang the bells?", [("verger_of_delft", "The verger did, for two stuivers.")])
CHANGED = thread(DYKES, [ON_DYKES[0], (RUSTICUS, "The comital accounts name every gulden.")])


def _use(archive: Archive) -> None:
    maud = archive.add_moderator("maud")
    accounts.set_roles(archive.session, name="maud", roles=frozenset({Role.MODERATOR, Role.ADMIN}), by=Actor.of(maud))
    archive.import_({"a.txt": DYKES_FILE, "b.txt": SALT_FILE}, public=True)
    archive.import_({"c.txt": CHANGED, "d.txt": BELLS})
    roll_back(archive.session, archive.import_({"e.txt": thread("Who paid the verger?")}).batch, reason="", by=BY)
    waiting = archive.receive({"f.txt": thread("Who dug the graves?")})
    correct(archive.session, waiting, {(0, 7): LineReading.NAME}, by=BY)
    archive.judge(RUSTICUS, Level.UNSOURCED, maud)


@pytest.fixture
def used(filled: Filled) -> Archive:
    """A published batch, a draft, one that was rolled back, one that waits; two accounts, one tag."""
    return filled(_use)


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    archive.session.expunge_all()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def do(archive: Archive, *statements: str) -> None:
    archive.session.rollback()
    for statement in statements:
        archive.session.execute(text(statement))
    archive.session.commit()


def test_an_honest_archive_has_no_faults(used: Archive) -> None:
    assert faults(used) == []


CUT_TAIL = (
    "DELETE FROM ledger_entry WHERE number > (SELECT min(number) FROM ledger_entry WHERE act = 'publish') - 1",
    """UPDATE ledger_head SET number = (SELECT max(number) FROM ledger_entry),
       sha256 = (SELECT sha256 FROM ledger_entry ORDER BY number DESC LIMIT 1)""",
)
DAMAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "a change forgotten": (("DELETE FROM change WHERE batch_id = 2",), "and 0 changes are noted"),
    "a post said to be absent": (
        ("INSERT INTO absence (batch_id, post_id, reading_id) VALUES (2, 1, 3)",),
        "noted as absent from it, and the ledger says 0",
    ),
    "a text": (("UPDATE revision_text SET text = 'FORGED' WHERE revision_id = 2",), "its fingerprint is another"),
    "a title": (("UPDATE revision_text SET title = 'FORGED' WHERE revision_id = 1",), "its fingerprint is another"),
    "a state": (("UPDATE revision SET state = 'deleted' WHERE id = 2",), "its fingerprint is another"),
    "no text": (("DELETE FROM revision_text WHERE revision_id = 2",), "it is missing"),
    "a by-line": (("UPDATE post SET byline = 'forged' WHERE id = 2",), "its by-line is"),
    "a by-line and its author": (("UPDATE post SET byline = 'forged', author_id = NULL WHERE id = 2",), "its by-line"),
    "no by-line": (("UPDATE post SET byline = NULL, author_id = NULL WHERE id = 2",), "its by-line is None, and was"),
    "an author's name": (("UPDATE author SET name = 'forged' WHERE id = 2",), "its author 'forged'"),
    "an address": (("UPDATE post SET public_id = '0' WHERE id = 2",), "its address is not the one"),
    "a thread's key": (("UPDATE thread SET source_key = 'x' WHERE id = 1",), "its address is not the one"),
    "a post deleted": (
        (
            "DELETE FROM revision_text WHERE revision_id = 5",
            "DELETE FROM revision WHERE id = 5",
            "DELETE FROM post WHERE id = 5",
        ),
        "Table “post”: after number 4 comes 6",
    ),
    "the last post deleted": (
        (
            "DELETE FROM revision_text WHERE revision_id = (SELECT max(id) FROM revision)",
            "DELETE FROM revision WHERE id = (SELECT max(id) FROM revision)",
            "DELETE FROM post WHERE id = (SELECT max(id) FROM post)",
            "UPDATE revision SET batch_id = 1 WHERE batch_id = 3",
            "DELETE FROM ledger_entry WHERE subject = 'batch 3'",
        ),
        "Batch 3: ",
    ),
    "a stretch beyond the end": (("UPDATE revision SET length = 999999 WHERE id = 2",), "it is said to be the 999,999"),
    "a stretch before the start": (('UPDATE revision SET "offset" = -1 WHERE id = 2',), "bytes at -1 of original"),
    "a stretch of another text": (
        ('UPDATE revision SET "offset" = 0, length = 3 WHERE id = 2',),
        "another text is said to stand there too",
    ),
    "a draft made public": (
        (
            ("UPDATE revision SET public = TRUE, is_current = TRUE WHERE batch_id = 2 AND post_id NOT IN "
            "(SELECT post_id FROM revision WHERE batch_id = 1)"),
            "UPDATE post SET public = TRUE WHERE thread_id = (SELECT max(thread_id) FROM revision WHERE batch_id = 2)",
            "UPDATE thread SET public = TRUE WHERE id = (SELECT max(thread_id) FROM revision WHERE batch_id = 2)",
        ),
        "is public and in no published batch",
    ),
    "a public text withdrawn": (("UPDATE revision SET public = FALSE WHERE id = 2",), "or not public and in one"),
    "an older text shown": (("UPDATE revision SET is_current = FALSE WHERE id = 2",), "not its newest public one"),
    "a post hidden": (("UPDATE post SET public = FALSE WHERE id = 2",), "or has one and is not public"),
    "a thread hidden": (("UPDATE thread SET public = FALSE WHERE id = 1",), "Thread "),
    "a thread's counts": (("UPDATE thread SET answers = 99 WHERE id = 1",), "Thread "),
    "a thread's title": (("UPDATE thread SET title = 'FORGED' WHERE id = 1",), "Thread "),
    "a draft's title shown": (
        ("UPDATE revision SET public = FALSE, is_current = FALSE WHERE id = 1",),
        "its title is that of a question that is not public",
    ),
    "a place": (("UPDATE post SET position = 3 - position WHERE id IN (2, 3)",), "does not stand in its thread"),
    "a depth": (("UPDATE post SET depth = 2 WHERE id = 3",), "does not stand in its thread where it hangs"),
    "a place that readers see": (
        (
            "UPDATE thread SET unsettled = TRUE WHERE id = 1",
            "UPDATE post SET position = 3 - position WHERE id IN (2, 3)",
        ),
        "among the posts that readers see, it does not stand where it hangs",
    ),
    "a public post under a draft": (
        ("UPDATE post SET parent_id = 7 WHERE id = 3",),
        "it is public, and hangs under a post that is not",
    ),
    "a post that waits for what is there": (
        ("UPDATE post SET awaits = (SELECT public_id FROM post WHERE id = 1), parent_id = NULL WHERE id = 2",),
        "it waits for a post under which it could hang",
    ),
    "a batch published": (("UPDATE batch SET state = 'published' WHERE id = 2",), "Batch 2: it is published"),
    "a batch back to a draft": (("UPDATE batch SET state = 'draft' WHERE id = 1",), "Batch 1: it is a draft"),
    "a batch brought back": (("UPDATE batch SET state = 'draft' WHERE id = 3",), "the ledger says rolled back"),
    "a batch finished": (("UPDATE batch SET state = 'draft' WHERE id = 4",), "Batch 4: it is a draft"),
    "a balance": (("UPDATE batch SET balance = '{\"read\": 1}' WHERE id = 1",), "Batch 1: its balance sheet"),
    "a batch of other inputs": (("UPDATE batch SET inputs_digest = 'x' WHERE id = 1",), "Batch 1: its inputs is x"),
    "a correction": (("UPDATE batch_input SET corrections = '{}' WHERE batch_id = 4",), "Batch 4: the line at 7 of"),
    "an input taken away": (("DELETE FROM batch_input WHERE batch_id = 4",), "Batch 4: its files is 0"),
    "a batch deleted": (
        ("DELETE FROM batch_input WHERE batch_id = 4", "DELETE FROM batch WHERE id = 4"),
        "Batch 4: the ledger holds it",
    ),
    "the ledger's tail cut": (CUT_TAIL, "Batch 1: it is published, and the ledger says a draft"),
    "the whole ledger": (("DELETE FROM ledger_entry", "DELETE FROM ledger_head"), "the ledger does not know of it"),
    "an actor's number": (("UPDATE ledger_entry SET actor_id = NULL WHERE act = 'tag'",), "its actor is maud"),
    "an actor's number given": (
        ("UPDATE ledger_entry SET actor_id = (SELECT id FROM user_account) WHERE act = 'publish'",),
        "its actor is command line, and the account that it names is maud",
    ),
    "an account's roles": (("DELETE FROM user_role WHERE role = 'admin'",), "Account maud: its roles are"),
    "an account closed": (("UPDATE user_account SET active = FALSE",), "Account maud: it is closed"),
    "an account made": (
        (("INSERT INTO user_account (name, password_hash, active, created_at) SELECT 'mole', 'x', active, created_at "
         "FROM user_account"),),
        "Account mole: the ledger does not know of it",
    ),
    "an original's size": (("UPDATE original SET size = 1 WHERE name LIKE '%a.txt'",), "it is said to have 1 bytes"),
    "an input's size": (("UPDATE batch_input SET size = 1 WHERE batch_id = 4",), "is said to have 1 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_in_the_tables_is_found_and_named(used: Archive, damage: str) -> None:
    statements, sentence = DAMAGES[damage]
    do(used, *statements)
    found = faults(used)
    assert any(sentence in fault for fault in found), found


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "statement",
    [
        """INSERT INTO revision_fts(revision_fts, rowid, title, text)
           SELECT 'delete', revision_id, title, coalesce(words, text) FROM revision_text WHERE revision_id = 2""",
        """INSERT INTO revision_fts(rowid, title, text)
           SELECT revision_id, title, coalesce(words, text) FROM revision_text WHERE revision_id = 8""",
    ],
    ids=["a text taken out", "a draft put in"],
)
def test_what_a_search_finds_is_what_is_shown(used: Archive, statement: str) -> None:
    do(used, statement)
    (fault,) = faults(used)
    assert fault.endswith("a search finds a text of it that is not shown, or does not find the one that is.")


def test_names_cannot_forge_lines(archive: Archive) -> None:
    name = "x\nEverything is as it was written.\n\x1b]0;gone\x07\u2028.txt"
    archive.import_({"a.zip": zipped({name: DYKES_FILE})})
    for path in archive.files():
        path.chmod(0o600)
        path.write_bytes(b"PK")
    found = faults(archive)
    assert found
    assert all(fault.isprintable() for fault in found)
    assert any(r"x\nEverything" in fault and r"\x1b" in fault for fault in found)
