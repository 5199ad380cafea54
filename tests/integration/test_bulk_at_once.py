"""Many at once beside others who vote: nothing acknowledged is lost, and nobody waits for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.domain.ledger import find_faults
from archive.domain.source_quality import Level
from archive.services.bench.bulk import NothingTaggedError, Picked, SaidOfAll, tag_at_once
from archive.services.bench.cast import Said, Sight, cast
from archive.services.bench.undo import undo
from archive.services.decisions import TagConflictError
from archive.store.bulk_tags import Bulk
from archive.store.ledger import read_entries, read_head
from archive.store.users import User
from archive.store.votes import Vote
from tests.databases import opened
from tests.integration.conftest import Archive
from tests.integration.written import thread

_THREADS, _ANSWERS = 4, 10


def test_bulks_votes_and_undos_at_the_same_time_lose_nothing(archive: Archive, database_url: str) -> None:
    """Answers lie in several threads, and those who vote go through them from the other end: whoever held one and
    waited for the ledger would be waited for by whoever has the ledger.
    """
    for number in range(4):
        archive.add_moderator(f"writer{number}")
    files = {
        f"{number}.txt": thread(
            f"Who paid for dyke {number}?",
            [(f"w_{number}x{answer}", f"Answer {answer}.") for answer in range(_ANSWERS)],
        )
        for number in range(_THREADS)
    }
    archive.import_(files, public=True)
    rows = archive.answers()
    people = [archive.person(f"writer{number}").id for number in range(4)]
    archive.session.rollback()
    together = threading.Barrier(4)

    def many(person: int) -> int:
        together.wait()
        stored = 0
        with Session(engine, expire_on_commit=False) as session:
            moderator = session.get_one(User, person)
            for part in (rows[::2], rows[1::2]):
                try:
                    picked = [Picked(row.public_id, row.revision_id, 0) for row in part]
                    number = tag_at_once(session, picked, SaidOfAll(level=Level.CITED), moderator=moderator)
                except NothingTaggedError:
                    continue
                stored += session.get_one(Bulk, number).stored
            undo(session, moderator=moderator)
        return stored

    def one_by_one(person: int) -> int:
        together.wait()
        stored = 0
        with Session(engine, expire_on_commit=False) as session:
            moderator = session.get_one(User, person)
            for row in rows[::-1]:
                said = Said(level=Level.CITED, seen=Sight.MARKS)
                try:
                    cast(
                        session,
                        post=row.public_id,
                        revision_id=row.revision_id,
                        version=0,
                        said=said,
                        moderator=moderator,
                    )
                except TagConflictError:
                    continue
                stored += 1
        return stored

    with opened(database_url) as engine, ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(work, person) for work, person in zip((many, one_by_one) * 2, people, strict=True)]
        acknowledged = sum(job.result(timeout=120) for job in jobs)
    assert archive.session.scalar(select(func.count(Vote.id))) == acknowledged
    assert list(find_faults(read_entries(archive.session), read_head(archive.session))) == []
