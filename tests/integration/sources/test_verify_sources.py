"""Damage to works, citations and decisions on works is found and named."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import text

from archive.services.ingest.publish import roll_back
from archive.services.sources import merging
from archive.services.transaction import writing
from archive.services.verify import find_faults
from archive.store.ledger import read_entries
from archive.store.users import User
from tests.integration.conftest import BY, Archive
from tests.integration.sources.conftest import Cites, reference, work
from tests.integration.written import ANNALIST, RUSTICUS, WEAVER

DOI, ISBN = "doi:10.1000/182", "isbn:9780306406157"
Faults = Callable[[], list[str]]


@pytest.fixture
def merged(archive: Archive, answered: int, cites: Cites, maud: User) -> int:
    """Two works of which one went into the other; the batch of the answers."""
    cites(ANNALIST, reference(ISBN, title="Salt"), reference("url:example.org/a", start=9, end=12))
    cites(RUSTICUS, reference(DOI, title="Bells"))
    merging.merge(
        archive.session, work=work(archive, ISBN).public_id, other=work(archive, DOI).public_id, note="", by=maud
    )
    return answered


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def damage(archive: Archive, statement: str) -> None:
    with writing(archive.session):
        archive.session.execute(text(statement))


def test_nothing_is_wrong_with_works_whatever_was_done(archive: Archive, merged: int, maud: User) -> None:
    assert faults(archive) == []
    roll_back(archive.session, merged, reason="", by=BY)
    assert faults(archive) == []
    merging.undo(archive.session, decision=1, by=maud)
    assert faults(archive) == []


@pytest.mark.usefixtures("answered")
def test_what_an_answer_joins_stands_in_the_ledger(archive: Archive, cites: Cites) -> None:
    cites(ANNALIST, reference(ISBN, title="Salt"))
    cites(RUSTICUS, reference(DOI, title="Bells"))
    cites(WEAVER, reference(ISBN, DOI))
    into = work(archive, ISBN).public_id
    (entry,) = read_entries(archive.session, subject=f"source {into}")
    assert (entry.actor, entry.act, json.loads(entry.detail)["names"]) == ("an answer", "merge works", [DOI])
    assert faults(archive) == []
    damage(archive, "DELETE FROM source_merge")
    assert faults(archive) == ["Decision 1 on works: the ledger holds it, and the table of decisions does not."]


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE source SET answers = answers + 1 WHERE answers = 2", "is not what follows from the answers"),
        ("UPDATE source SET names = '[]' WHERE answers = 2", "is not what follows from the answers"),
        ("UPDATE source SET from_memory = 1 WHERE answers = 1", "is not what follows from the answers"),
        ("UPDATE source SET title = 'A draft' WHERE answers = 0", "is not what follows from the answers"),
        ("UPDATE citation SET is_current = FALSE WHERE key LIKE 'url:%'", "is not what follows from the answers"),
        ("UPDATE source SET merged_into_id = id WHERE answers = 1", "still has the name url:example.org/a"),
        ("UPDATE source_merge SET note = 'Another.'", "the ledger says something else of it"),
        ("DELETE FROM source_merge", "the table of decisions does not"),
        ("UPDATE ledger_entry SET act = 'merge' WHERE act = 'merge works'", "the ledger does not know of it"),
    ],
)
def test_damage_is_named(archive: Archive, statement: str, fault: str) -> None:
    damage(archive, statement)
    assert any(fault in found for found in faults(archive)), faults(archive)
