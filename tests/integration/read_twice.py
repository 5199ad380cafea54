"""An archive in which moderators have read answers independently."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from archive.domain.ids import UserId
from archive.domain.shipped_codebook import SHIPPED_VERSION
from archive.domain.source_quality import Level
from archive.store.acts import Act, ActKind
from archive.store.bench_rules import StoredRules
from archive.store.collections import Collection
from archive.store.pages import PostRow
from archive.store.votes import Vote
from tests.integration.conftest import COLLECTION, Archive
from tests.integration.written import thread

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)


def write_answers(archive: Archive, number: int, *, collection: str = COLLECTION, name: str = "reader") -> None:
    """Publish a thread with so many answers, each by a writer of its own."""
    posts = [(f"{name}_{at}", f"The {at}th ferry of {name} went up the river at noon.") for at in range(number)]
    archive.import_({f"{name}.txt": thread(f"How did ferries go, {name}?", posts)}, collection=collection, public=True)


def set_rules(archive: Archive, *, votes: int = 1, drawn: int = 0, collection: str = COLLECTION) -> None:
    """Have a collection ask for so many votes, and draw so many percent of its answers."""
    number = archive.session.scalars(select(Collection.id).where(Collection.slug == collection)).one()
    archive.session.merge(
        StoredRules(
            collection_id=number,
            votes_needed=votes,
            double_percent=drawn,
            showing="marks",
            uncertain_percent=0,
            random_percent=0,
            second_percent=0,
            audit_percent=0,
            version=1,
        )
    )
    archive.session.commit()


def add_vote(
    archive: Archive,
    row: PostRow,
    moderator: UserId,
    level: Level,
    *,
    at: datetime = MAY,
    undone: bool = False,
    **other: object,
) -> Vote:
    """Store a vote as the bench does, blind and counting unless it is said otherwise."""
    values: dict[str, object] = {
        "reason": None,
        "evidence": [],
        "note": "",
        "codebook_version": SHIPPED_VERSION,
        "suggested": None,
        "suggestion_engine": None,
        "path": "",
        "suggestion_seen": False,
        "blind": True,
        "counts": True,
        "replaces": None,
        "bulk_id": None,
        "kept_at": None,
        "stands": not undone,
    }
    vote = Vote(
        thread_id=row.thread_id,
        post_id=row.id,
        revision_id=row.revision_id,
        moderator_id=moderator,
        level=level,
        at=at,
        **(values | other),
    )
    archive.session.add(vote)
    archive.session.flush()
    act = Act(moderator_id=moderator, kind=ActKind.VOTE, at=at, post_id=row.id, what=vote.id, undone=undone, void=False)
    archive.session.add(act)
    archive.session.commit()
    return vote


def read_all(
    archive: Archive,
    rows: Iterable[PostRow],
    moderators: Sequence[UserId],
    levels: Sequence[Sequence[Level]],
    *,
    after: int = 0,
    **other: object,
) -> None:
    """Have moderators read answers, a day each; of their levels the next row of the table, over and over.

    :param after: days before the first.
    """
    for number, row in enumerate(rows):
        for moderator, level in zip(moderators, levels[number % len(levels)], strict=False):
            add_vote(archive, row, moderator, level, at=MAY + timedelta(days=after + number), **other)
