"""Mentions: what files tell of mails that they do not hold, by which mails find together that name a missing one."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, bindparam, delete, exists, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.batch import BatchState
from archive.domain.ids import PostKey, PublicId
from archive.store.base import Base
from archive.store.batches import Batch, BatchInput
from archive.store.parts import parts
from archive.store.threads import Post, Revision, Sighting


class Mention(Base):
    """That in a file a mail is said to stand below another, and that one of the two is not in the file, nor in its
    batch: while one is believed that holds both, both are there, and the mail below says itself what it answers.
    """

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_above", "above"),)

    address: Mapped[PublicId] = mapped_column(String(14), primary_key=True)  # of the mail below
    above: Mapped[PublicId] = mapped_column(String(14), primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), primary_key=True)
    above_key: Mapped[PostKey] = mapped_column(String(1100))  # by which its thread is known, if it begins one


def mentioned_above(
    session: Session, addresses: Sequence[PublicId], *, public: bool
) -> dict[PublicId, tuple[PublicId, PostKey]]:
    """By mail, the address and the key of what stood above it; where files differ, of the one whose key sorts first.

    :param public: whether only published files are believed.
    """
    bytewise = Mention.above_key.collate("BINARY" if session.get_bind().dialect.name == "sqlite" else "C")
    found: dict[PublicId, tuple[PublicId, PostKey]] = {}
    for part in parts(addresses):
        query = select(Mention.address, func.min(bytewise).label("key")).where(Mention.address.in_(part))
        if public:
            query = query.where(Mention.reading_id.in_(_published()))
        first = query.group_by(Mention.address).subquery()
        same = (Mention.address == first.c.address) & (Mention.above_key == first.c.key)
        rows = session.execute(select(Mention.address, Mention.above, Mention.above_key).join(first, same).distinct())
        found.update({address: (above, key) for address, above, key in rows})
    return found


def keys_of_mentioned(session: Session, addresses: Sequence[PublicId]) -> dict[PublicId, PostKey]:
    """By address, the keys of mails that are named as standing above others."""
    found: dict[PublicId, PostKey] = {}
    for part in parts(addresses):
        rows = session.execute(select(Mention.above, Mention.above_key).where(Mention.above.in_(part)).distinct())
        found.update((above, key) for above, key in rows)
    return found


def beyond_batch(
    session: Session, rows: Sequence[dict[str, Any]], *, batch_id: int, new: Collection[PublicId]
) -> list[dict[str, Any]]:
    """Those rows of mentions that tell of a mail which a batch does not hold, as far as it has come.

    :param new: the addresses of posts that it is about to hold.
    """
    asked = {row[end] for row in rows for end in ("address", "above")} - {*new}
    held = {*new}
    for part in parts(sorted(asked)):
        query = select(Post.public_id).where(Post.public_id.in_(part), exists().where(_is_of_batch(batch_id)))
        held.update(session.scalars(query))
    return [row for row in rows if row["address"] not in held or row["above"] not in held]


def forget_within(session: Session, batch_id: int) -> None:
    """Let go of what a batch tells of mails before it brings them, once it is whole; but not where another batch holds
    the same file, and may not hold those.
    """
    readings = _readings_of(batch_id)
    others = select(BatchInput.reading_id).join(Batch, Batch.id == BatchInput.batch_id)
    others = others.where(BatchInput.batch_id != batch_id, Batch.state != BatchState.ROLLED_BACK)
    others = others.where(BatchInput.reading_id.is_not(None))
    mine = Mention.reading_id.in_(readings)
    if session.scalar(select(exists().where(mine))):
        ends = Mention.address, Mention.above
        both = [exists().where(Post.public_id == end, _is_of_batch(batch_id)) for end in ends]
        query = delete(Mention).where(mine, *both, Mention.reading_id.not_in(others))
        session.execute(query.execution_options(synchronize_session=False))


def _readings_of(batch_id: int) -> Any:
    """SQL: the readings of what a batch received. What was repaired may be taken back alone."""
    whole = BatchInput.batch_id == batch_id, BatchInput.repairs.is_(None), BatchInput.reading_id.is_not(None)
    return select(BatchInput.reading_id).where(*whole)


def _is_of_batch(batch_id: int) -> ColumnElement[bool]:
    """SQL: whether a batch holds a text of the post. Row by row: SQLite would try each address with each other."""
    readings = _readings_of(batch_id)
    again = exists().where(Sighting.revision_id == Revision.id, Sighting.reading_id.in_(readings))
    return (Revision.post_id == Post.id) & (Revision.reading_id.in_(readings) | again)


def threads_that_wait(session: Session, posts: Sequence[dict[str, Any]], told: Collection[PublicId]) -> set[int]:
    """The ids of threads with mails of which new posts and mentions may tell where they belong.

    :param told: the addresses of mails of which something new is mentioned.
    """
    found: set[int] = set()
    if posts:
        ids = {"first": posts[0]["id"], "last": posts[-1]["id"]}
        for statement in (_WAITING, _BELOW_NEW):
            found.update(session.scalars(text(statement), ids))
    for part in parts(sorted(told)):
        query = text(_BELOW_TOLD).bindparams(bindparam("told", expanding=True))
        found.update(session.scalars(query, {"told": part}))
    return found


def threads_disturbed(session: Session, batch_id: int, *, positions: tuple[int, int]) -> set[int]:
    """The ids of threads with mails that may belong elsewhere now that inputs of a batch are public, or no longer: by
    what is touched (see `publishing`).
    """
    inputs = {"batch": batch_id, "first": positions[0], "last": positions[1]}
    found = {*session.scalars(text(_WAITING_TOUCHED)), *session.scalars(text(_MOVED_TOUCHED))}
    return found | {*session.scalars(text(_BELOW_TOUCHED), inputs)}


def _published() -> Any:
    held = select(BatchInput.reading_id).join(Batch, Batch.id == BatchInput.batch_id)
    return held.where(
        Batch.state == BatchState.PUBLISHED, BatchInput.reading_id.is_not(None), BatchInput.done_bytes > 0
    )


_WAITS = "{0}.awaits IS NOT NULL AND {0}.edge = 'references'"
_WAITING = f"""
    SELECT thread_id FROM post WHERE id BETWEEN :first AND :last AND {_WAITS.format("post")}
    UNION
    SELECT waiting.thread_id FROM post JOIN post AS waiting ON waiting.awaits = post.public_id
    WHERE post.id BETWEEN :first AND :last AND {_WAITS.format("waiting")}
"""
# Missing mails for which something new may stand above them: for these, and what is missing below them, posts wait.
_BELOW = """
    WITH RECURSIVE below(address) AS (
        SELECT mention.address FROM mention WHERE {{which}} AND {missing}
        UNION
        SELECT mention.address FROM below JOIN mention ON mention.above = below.address WHERE {missing}
    )
"""
_MISSING = "NOT EXISTS (SELECT 1 FROM post WHERE post.public_id = mention.address{held})"
_BELOW_BY_ALL = _BELOW.format(missing=_MISSING.format(held=""))
_BELOW_BY_PUBLIC = _BELOW.format(missing=_MISSING.format(held=" AND post.public"))
_FOR_THESE = f"SELECT post.thread_id FROM below JOIN post ON post.awaits = below.address WHERE {_WAITS.format('post')}"
_NEW = "mention.above IN (SELECT public_id FROM post WHERE id BETWEEN :first AND :last)"
_BELOW_NEW = _BELOW_BY_ALL.format(which=_NEW) + _FOR_THESE
_BELOW_TOLD = _BELOW_BY_ALL.format(which="mention.address IN :told") + _FOR_THESE

_TOUCHED = "(SELECT id FROM touched_post)"
# Those that wait for a post that is here, where one of the two is touched; and those that are, and that stand where
# other files than their own have them.
_WAITING_TOUCHED = f"""
    SELECT post.thread_id FROM post JOIN post AS above ON above.public_id = post.awaits
    WHERE {_WAITS.format("post")} AND (post.id IN {_TOUCHED} OR above.id IN {_TOUCHED})
"""
_MOVED_TOUCHED = f"""
    SELECT thread_id FROM post WHERE {_WAITS.format("post")} AND source_thread_id IS NOT NULL AND id IN {_TOUCHED}
"""
_TOLD_OR_ABOVE = f"""(
    mention.above IN (SELECT public_id FROM post WHERE id IN {_TOUCHED})
    OR mention.reading_id IN (
        SELECT reading_id FROM batch_input WHERE batch_id = :batch AND position BETWEEN :first AND :last)
)"""
_BELOW_TOUCHED = _BELOW_BY_PUBLIC.format(which=_TOLD_OR_ABOVE) + _FOR_THESE
