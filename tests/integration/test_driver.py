"""Statements handed to a driver as they are mean the same on both databases, and fail as others do."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from archive.store.driver import read_rows
from archive.store.engine import UnstorableTextError


def test_parameters_are_known_from_signs_in_a_statement(session: Session) -> None:
    query = "SELECT name FROM (SELECT '50%: of://' AS name) AS one WHERE name LIKE '%' || :words OR name = :words"
    assert read_rows(session, query, {"words": "of://", "unused": 1}) == [("50%: of://",)]
    assert read_rows(session, query, {"words": ":words"}) == []


def test_what_a_database_refuses_is_refused_as_elsewhere(session: Session) -> None:
    with pytest.raises(DBAPIError) as refused:
        read_rows(session, "SELECT nothing FROM nowhere WHERE id = :id", {"id": 1})
    assert "nowhere" in str(refused.value)


def test_a_nul_character_that_cannot_be_asked_for_is_named(session: Session, database_kind: str) -> None:
    if database_kind == "postgresql":
        with pytest.raises(UnstorableTextError):
            read_rows(session, "SELECT 1 WHERE 'a' = :words", {"words": "a\0"})
    else:
        assert read_rows(session, "SELECT 1 WHERE 'a' = :words", {"words": "a\0"}) == []


@pytest.mark.database("postgresql")
def test_a_connection_that_is_lost_meanwhile_is_no_longer_used(session: Session) -> None:
    ((number,),) = read_rows(session, "SELECT pg_backend_pid()")
    with session.connection().engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:number, 10000)"), {"number": number})
    with pytest.raises(DBAPIError) as refused:
        read_rows(session, "SELECT 1")
    assert refused.value.connection_invalidated
    session.close()
    assert read_rows(session, "SELECT 1") == [(1,)]
