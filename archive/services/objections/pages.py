"""What pages show of objections: one of them, those that wait, and those to the tags of an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.ids import UserId
from archive.domain.objections import ObjectionState, check_questionable
from archive.domain.permissions import Permission
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.domain.typed_identifier import link_of
from archive.services.browse import NotFoundError, threads_by_id, visible_post
from archive.services.decisions_before import restored_by
from archive.services.post_views import post_views
from archive.services.views import PostView, ThreadLine
from archive.store.objections import (
    Objection,
    ObjectionRow,
    count_all_open,
    count_answered,
    count_open,
    find_objection,
    objections_to,
    open_objections,
)
from archive.store.pages import posts_by_id
from archive.store.tags import Tag
from archive.store.threads import Post
from archive.store.users import count_with

A_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLine:
    """An objection with the answer whose tag it questions."""

    objection: Objection
    post: PostView
    thread: ThreadLine
    number: int  # of the text that was read
    level: Level | None  # that the questioned decision gave
    tagged_by: str
    objector: str | None  # the account, where there was one
    reply: str  # that stands; "" for none: one that was taken back is told to nobody
    answered_by: str | None  # who gave that reply
    answered_at: datetime | None
    reopened_at: datetime | None  # when a reply was taken back, while it waits for another
    by_the_same: bool  # whether it was answered by whoever had given the tag alone

    @property
    def link(self) -> str | None:
        """Where the reference leads, if it has a link."""
        return link_of(self.objection.identifier)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a moderator."""
        return self.objection.state is ObjectionState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Objections that nobody has answered, the oldest first."""

    objections: Sequence[ObjectionLine]
    waiting: int
    following: int | None  # what to ask for as `after` to see further ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionable:
    """An answer whose tag somebody may question."""

    post: PostView
    thread: ThreadLine
    waiting: int  # objections to its tags that nobody has answered


@dataclass(frozen=True, slots=True)
class Questioned:
    """That the tags of an answer were questioned, and moderators replied."""

    times: int
    newest: int  # the number of the objection


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The objections to the tags of one answer."""

    answered: Mapping[int, Sequence[ObjectionLine]]  # by the decision that they question
    waiting: int


def objection_line(session: Session, objection_id: int) -> ObjectionLine:
    """One objection.

    :raises NotFoundError: if there is none, or its text was withdrawn.
    """
    line = find_line(session, objection_id)
    if line is None:
        raise NotFoundError("objection")
    return line


def find_line(session: Session, objection_id: int) -> ObjectionLine | None:
    """One objection; None if there is none, or its text was withdrawn."""
    found = find_objection(session, objection_id)
    return None if found is None else _lines(session, [found])[0]


def queue_page(session: Session, *, after: int) -> QueuePage:
    """Objections that nobody has answered."""
    found = open_objections(session, after=after, limit=A_PAGE + 1)
    return QueuePage(
        objections=_lines(session, found[:A_PAGE]),
        waiting=count_all_open(session),
        following=found[A_PAGE - 1].objection.id if len(found) > A_PAGE else None,
    )


def waiting_objections(session: Session) -> int:
    """How many objections wait for a moderator."""
    return count_all_open(session)


def questionable(session: Session, public_id: str) -> Questionable:
    """An answer with its tag.

    :raises NotFoundError: if there is none.
    """
    row = visible_post(session, public_id, drafts=False)
    return Questionable(
        post=post_views(session, [row], drafts=False)[0],
        thread=threads_by_id(session, {row.thread_id})[row.thread_id],
        waiting=count_open(session, row.id),
    )


def check_open(answer: Questionable) -> None:
    """Whether an objection to the tag is taken.

    :raises ObjectionNotAllowedError: if there is no tag.
    :raises EnoughError: if enough wait.
    """
    check_questionable(answer.post.decision.level if answer.post.decision else None, waiting=answer.waiting)


def questions(session: Session, public_id: str) -> Questions:
    """The objections to the tags of an answer.

    :raises NotFoundError: if there is no such post.
    """
    found = objections_to(session, visible_post(session, public_id, drafts=False).id)
    answered: dict[int, list[ObjectionLine]] = {}
    for line in _lines(session, found):
        if not line.is_open:
            answered.setdefault(line.objection.tag_id, []).append(line)
    return Questions(answered=answered, waiting=sum(row.objection.state is ObjectionState.OPEN for row in found))


def questioned(session: Session, posts: Sequence[PostView]) -> Mapping[int, Questioned]:
    """By post, that its tags were questioned and moderators replied."""
    counts = count_answered(session, [post.id for post in posts])
    return {post_id: Questioned(times, newest) for post_id, (times, newest) in counts.items()}


def decided_alone(session: Session, post_id: int, moderator: UserId) -> bool:
    """Whether a moderator gave the tag in force, while somebody else is there who may answer an objection to it."""
    in_force = restored_by(session, post_id, session.get_one(Post, post_id).tag_id)
    tag = None if in_force is None else session.get_one(Tag, in_force)
    if tag is None or tag.moderator_id != moderator or tag.basis is Basis.AGREED:
        return False
    return count_with(session, Permission.MODERATE, but=moderator) > 0


def _lines(session: Session, found: Sequence[ObjectionRow]) -> Sequence[ObjectionLine]:
    rows = {row.id: row for row in posts_by_id(session, list({one.objection.post_id for one in found}))}
    views = {post.id: post for post in post_views(session, [*rows.values()], drafts=False)}
    threads = threads_by_id(session, {row.thread_id for row in rows.values()})
    return [_line(one, views[one.objection.post_id], threads[rows[one.objection.post_id].thread_id]) for one in found]


def _line(one: ObjectionRow, post: PostView, thread: ThreadLine) -> ObjectionLine:
    said = one.objection
    waits = said.state is ObjectionState.OPEN
    return ObjectionLine(
        objection=said,
        post=post,
        thread=thread,
        number=one.number,
        level=one.level,
        tagged_by=one.tagged_by,
        objector=one.objector,
        reply="" if waits else said.reply,
        answered_by=None if waits else one.answered_by,
        answered_at=None if waits else said.answered_at,
        reopened_at=said.answered_at if waits else None,
        by_the_same=not waits and said.answered_by == one.tagged_by_id and one.basis is not Basis.AGREED,
    )
