"""Decisions on answers as they are stored: one tag and its ledger entry, in the transaction of whatever led to it."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId, UserId
from archive.domain.moderation import TagNotAllowedError, check_post, clean_note, evidence_of
from archive.domain.records import Markup
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services.browse import NotFoundError, visible_post
from archive.services.ledger import Actor, record_all
from archive.services.votes_aside import close_votes
from archive.store.acts import ActKind, add_act
from archive.store.base import Word
from archive.store.bulk import update_rows
from archive.store.codebook import current_number
from archive.store.ledger import Told
from archive.store.pages import PostRow, posts_by_id
from archive.store.pending import forget_pending
from archive.store.public_log import log_tag, log_tags
from archive.store.tags import Tag, TagAct, as_recorded, list_decisions
from archive.store.threads import Post, Revision, RevisionRow, RevisionText, Thread, revisions_numbered, touch_threads
from archive.store.users import User


class TagConflictError(ArchiveError):
    """Somebody else decided on the answer since the page was made."""

    def __init__(self, *, post: PublicId, by: str, level: Level | None, at: datetime, version: int) -> None:
        self.post, self.by, self.level, self.at, self.version = post, by, level, at, version
        did = f"tagged this answer “{level.badge}”" if level else "took the tag of this answer back"
        super().__init__(
            f"{by} {did} on {at:%-d %B %Y at %H:%M} UTC, after your page was made. "
            "Nothing was overwritten: your choice has not been stored."
        )


def held_post(session: Session, public_id: PublicId) -> PostRow:
    """The post, which nobody else decides on before this transaction has ended.

    On SQLite no other transaction writes at all; on PostgreSQL the row is locked before it is read, and its thread's,
    before anything goes into the ledger, for which others may wait who hold that thread. Rows of others may
    point to it meanwhile: the worker stores citations while it holds the lock of works, for which whoever decides may
    have to wait.

    :raises NotFoundError: if there is none, or it is not public.
    :raises TagNotAllowedError: if it was taken down.
    """
    here = select(Post.id).join(Thread, Thread.id == Post.thread_id).where(Post.public_id == public_id)
    session.execute(here.with_for_update(key_share=True))
    row = visible_post(session, public_id, drafts=False)
    _check_there(row)
    return row


def held_answer(session: Session, public_id: PublicId) -> PostRow:
    """The same, without its text and what else pages show of it: as much as a vote needs.

    :raises NotFoundError: if there is none, or it is not public.
    :raises TagNotAllowedError: if it was taken down.
    """
    row: PostRow | None = session.execute(_HELD, {"address": public_id}).one_or_none()
    if row is None or not row.public:
        raise NotFoundError("post")
    _check_there(row)
    return row


def _check_there(row: PostRow) -> None:
    if row.takedown_id is not None:
        raise TagNotAllowedError("This post was taken down, so there is nothing in it to decide on.")


_HELD: Any = (
    select(
        Post.id, Post.public_id, Post.thread_id, Post.kind, Post.public, Post.tag_id, Post.tag_version, Post.takedown_id
    )
    .join(Thread, Thread.id == Post.thread_id)
    .where(Post.public_id == bindparam("address"))
    .with_for_update(key_share=True)
)


def held_numbered(session: Session, post_id: int) -> PostRow:
    """The same by the number of the post.

    :raises NotFoundError: if it is not public.
    """
    return held_post(session, PublicId(session.get_one(Post, post_id).public_id))


def held_posts(session: Session, public_ids: Sequence[PublicId]) -> dict[PublicId, PostRow]:
    """The same of many, without those that are not public or down; with their threads, whose pages will change.

    They are held in one order, and before anything goes into the ledger, on which whoever holds one of them waits.
    """
    query = select(Post.id, Post.thread_id).where(
        Post.public_id.in_(public_ids), Post.public, Post.takedown_id.is_(None)
    )
    held = session.execute(query.order_by(Post.id).with_for_update(key_share=True)).all()
    threads = select(Thread.id).where(Thread.id.in_({row.thread_id for row in held})).order_by(Thread.id)
    session.execute(threads.with_for_update(key_share=True)).all()
    return {row.public_id: row for row in posts_by_id(session, [row.id for row in held])}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is decided on a text of an answer, and what led to it."""

    revision_id: int
    level: Level
    evidence: Sequence[tuple[int, int]]  # characters of the revision
    note: str
    basis: Basis
    suggested: Level | None
    suggestion_engine: str | None
    suggestion_seen: bool
    rests_on: Sequence[int] = ()  # the votes that gave the level
    votes: int = 0  # that were in
    moderator_id: UserId | None = None  # whose reading it is; None: of whoever acts
    codebook: int | None = None  # under which it was read; None: the one in force


def give(
    session: Session,
    row: PostRow,
    finding: Finding,
    *,
    moderator: User,
    at: datetime,
    judged: RevisionRow | None = None,
    told: list[Told] | None = None,
) -> Tag:
    """Tag the answer that the caller holds. By what is no vote, all votes on the text are past, and nothing is pending.

    :param judged: the text, where the caller has read it in this transaction.
    :param told: gets what the ledger is to be told, for the caller to do so; None: it is told now.
    :raises NotFoundError: if the post has no such public revision.
    :raises TagNotAllowedError: if it cannot be tagged, or the evidence is not in the text.
    """
    check_post(kind=row.kind, public=row.public)
    from_votes = finding.basis.from_votes
    if not from_votes:
        check_practised(moderator)
    judged = judged or public_text(session, row.id, finding.revision_id)
    decision = decision_of(row, judged.text, finding, moderator, at=at)
    if finding.codebook is None:
        decision.codebook_version = current_number(session)
    decision.closes = [] if from_votes else close_votes(session, row, finding.revision_id, by=moderator)
    put_in_force(session, row, decision, by=Actor.of(moderator), judged=judged, told=told)
    if not from_votes:
        forget_pending(session, row.id)
        add_act(session, moderator.id, ActKind.DECIDE, at=at, post=row.id, what=decision.id)
    return decision


def check_practised(moderator: User) -> None:
    """Whether what a moderator decides counts.

    :raises TagNotAllowedError: if the practice answers come first.
    """
    if not moderator.votes_count:
        raise TagNotAllowedError(
            "The practice answers come first: what you decide does not count yet. Nothing was stored."
        )


def decision_of(row: PostRow, text: str, finding: Finding, moderator: User, *, at: datetime) -> Tag:
    """What is found of an answer, as a decision that is stored nowhere yet.

    :raises TagNotAllowedError: if the evidence is not in the text.
    """
    return Tag(
        thread_id=row.thread_id,
        post_id=row.id,
        revision_id=finding.revision_id,
        act=TagAct.TAG,
        undoes=None,
        level=finding.level,
        evidence=[dataclasses.asdict(span) for span in evidence_of(text, finding.evidence)],
        note=clean_note(finding.note),
        moderator_id=finding.moderator_id or moderator.id,
        at=at,
        codebook_version=finding.codebook,
        suggested=finding.suggested,
        suggestion_engine=finding.suggestion_engine,
        suggestion_seen=finding.suggestion_seen,
        basis=finding.basis,
        rests_on=list(finding.rests_on),
        votes=finding.votes,
        closes=[],
    )


def undoing(row: PostRow, undone: Tag, before: Tag | None, moderator: User, *, at: datetime) -> Tag:
    """That a decision is taken back, as a decision that is stored nowhere yet: what was there before it is so again.

    :param before: the decision that it followed.
    """
    return Tag(
        thread_id=row.thread_id,
        post_id=row.id,
        revision_id=(before or undone).revision_id,
        act=TagAct.UNDO,
        undoes=undone.id,
        level=before.level if before else None,
        evidence=before.evidence if before else [],
        note=before.note if before else "",
        moderator_id=moderator.id,
        at=at,
        codebook_version=(before or undone).codebook_version,
        suggested=None,
        suggestion_engine=None,
        suggestion_seen=False,
        basis=(before or undone).basis,
        rests_on=before.rests_on if before else [],
        votes=before.votes if before else 0,
        closes=[],
    )


def put_in_force(
    session: Session,
    row: PostRow,
    decision: Tag,
    *,
    by: Actor,
    judged: RevisionRow | None = None,
    told: list[Told] | None = None,
) -> None:
    """Store a decision, show it, and write it into the ledger.

    :param judged: the text, where it is known to be public.
    :param told: gets what the ledger is to be told, for the caller to do so; None: it is told now.
    """
    session.add(decision)
    session.flush()
    named = judged or session.get_one(Revision, decision.revision_id)
    is_public = isinstance(named, RevisionRow) or named.public  # an undo may bring back a decision on another text
    level = decision.level if is_public else None
    session.execute(_IN_FORCE, {"post": row.id, "new": level, "tag": decision.id})
    touch_threads(session, [row.thread_id], now=decision.at)
    log_tag(session, decision)
    entry = (decision.act.value, f"post {row.public_id}", as_recorded(decision, named))
    if told is None:
        record_all(session, [entry], by=by)
    else:
        told.append(entry)


_IN_FORCE = (
    update(Post)
    .where(Post.id == bindparam("post"))
    .values(level=bindparam("new", type_=Word(Level)), tag_id=bindparam("tag"), tag_version=Post.tag_version + 1)
    .execution_options(synchronize_session=False)
)


def put_all_in_force(session: Session, decisions: Sequence[tuple[PostRow, Tag]], *, at: datetime) -> list[Told]:
    """The same of many answers, which the caller holds and has read since; what is to be written into the ledger."""
    session.add_all(decision for _, decision in decisions)
    session.flush()
    judged = {one.id: one for one in revisions_numbered(session, [decision.revision_id for _, decision in decisions])}
    told = list[Told]()
    changed = list[dict[str, object]]()
    for row, decision in decisions:
        revision = judged[decision.revision_id]
        level = decision.level if revision.public else None
        changed.append({"id": row.id, "level": level, "tag_id": decision.id, "tag_version": row.tag_version + 1})
        told.append((decision.act.value, f"post {row.public_id}", as_recorded(decision, revision)))
    update_rows(session, Post, changed)
    log_tags(session, [decision for _, decision in decisions])
    touch_threads(session, sorted({row.thread_id for row, _ in decisions}), now=at)
    return told


def check_version(session: Session, row: PostRow, version: int) -> None:
    """Whether a page shows what is in force now.

    :raises TagConflictError: if somebody decided since it was made.
    """
    if row.tag_version != version:
        raise conflict(session, row)


def conflict(session: Session, row: PostRow) -> ArchiveError:
    """Who decided on the post last."""
    decisions = list_decisions(session, row.id, limit=1)
    if not decisions:
        return TagNotAllowedError("Your page is out of date. Load it again; nothing was stored.")
    newest, name = decisions[0]
    return TagConflictError(post=row.public_id, by=name, level=newest.level, at=newest.at, version=row.tag_version)


def revision_text(session: Session, post_id: int, revision_id: int) -> tuple[str, Markup]:
    """A public text of a post, and how it is written.

    :raises NotFoundError: if the post has none of that number.
    """
    row = public_text(session, post_id, revision_id)
    return row.text, row.markup


def public_text(session: Session, post_id: int, revision_id: int) -> RevisionRow:
    """The same, with what the ledger names it by.

    :raises NotFoundError: if the post has none of that number.
    """
    row = session.execute(_TEXT, {"post": post_id, "revision": revision_id}).one_or_none()
    if row is None:
        raise NotFoundError("revision of this post")
    return RevisionRow._make(row)


_TEXT = (
    select(RevisionText.text, Revision.markup, Revision.number, Revision.fingerprint)
    .join(Revision, Revision.id == RevisionText.revision_id)
    .where(Revision.id == bindparam("revision"), Revision.post_id == bindparam("post"), Revision.public)
)
