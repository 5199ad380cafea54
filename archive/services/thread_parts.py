"""Which posts of a thread one page has: all of them, or a part of those of a long thread, in any order.

A part is known by the post before it, and not by a number, which would be another with each post that comes. It takes
up where that post is: with the rest of what is read below its head, and the heads that follow in the order asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.store import windows
from archive.store.heads import (
    ALL,
    OTHERS,
    RANKS,
    TO_THE_QUESTION,
    Head,
    Standing,
    Wanted,
    end_of,
    head_above,
    heads,
    question_of,
)
from archive.store.pages import PostRow
from archive.store.thread_posts import AnyPost
from archive.store.windows import (
    count_between,
    first_posts,
    nth_post,
    posts_between,
    posts_numbered,
    posts_of_heads,
)

_AT_ONCE = 100  # heads that are asked for


class Group(NamedTuple):
    """A head and what of its replies is shown."""

    head: AnyPost
    rows: Sequence[AnyPost]  # below it, in reading order
    begun: bool = False  # whether the head itself was shown in an earlier part
    goes_on: bool = False  # in the next part


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one page has of a thread."""

    wanted: Wanted
    question: AnyPost | None  # which the first part shows
    groups: Sequence[Group]
    further: bool = False  # whether there is a part behind it
    previous: PublicId | None = None  # the post after which the part before begins; None: the thread's beginning
    is_whole: bool = True  # whether it is all that the thread holds at the levels asked for


def part_of(session: Session, wanted: Wanted, *, after: Standing | None, limit: int, is_long: bool) -> Part:
    """A part of at most so many posts, or the whole thread if it has no more.

    :param is_long: whether it is known that the thread has more.
    """
    if after is None and not is_long:
        rows = first_posts(session, wanted, limit=limit + 1)
        if len(rows) <= limit:
            question = next((row for row in rows if row.kind is PostKind.QUESTION), None)
            wanted = replace(wanted, question_id=question.id if question else None)
            return Part(wanted=wanted, question=question, groups=_groups(rows, wanted))
    asked = question_of(session, wanted.thread_id, drafts=wanted.drafts)
    wanted = replace(wanted, question_id=asked.id if asked else None)
    return _Cutting(session, wanted, limit).part(after)


def part_with(session: Session, post: PostRow, *, drafts: bool) -> PublicId | None:
    """The post after which a part begins, as posted, that has a post in it; None where that is the thread's first.

    It begins with the head below which the post is read, unless that is too far above it.
    """
    asked = question_of(session, post.thread_id, drafts=drafts)
    wanted = Wanted(
        thread_id=post.thread_id,
        question_id=asked.id if asked else None,
        sourced_first=False,
        levels=None,
        drafts=drafts,
    )
    head = head_above(session, wanted, post.position)
    if head is None:  # it is the question
        return None
    cutting = _Cutting(session, wanted, windows.PART_POSTS)
    begin = head if count_between(session, wanted, head.position, post.position) < windows.PART_POSTS else None
    return cutting.last_before(head, begin.position if begin else post.position)


def rank_of(head: AnyPost | Standing, wanted: Wanted) -> int:
    """The rank of a head."""
    if head.kind is PostKind.REPLY and head.parent_id is not None:
        return TO_THE_QUESTION
    if not wanted.sourced_first or wanted.drafts:
        return ALL
    return RANKS.get(head.level, OTHERS) if head.takedown_id is None else OTHERS


def _groups(rows: Sequence[AnyPost], wanted: Wanted) -> Sequence[Group]:
    """All posts of a thread, given in reading order, by their heads, in the order asked for."""
    found: list[tuple[AnyPost, list[AnyPost]]] = []
    for row in rows:
        if row.kind is PostKind.ANSWER or (row.kind is PostKind.REPLY and row.parent_id in (None, wanted.question_id)):
            found.append((row, []))
        elif row.kind is PostKind.REPLY and found:
            found[-1][1].append(row)
    found = [(head, below) for head, below in found if _is_among(head, wanted)]
    found.sort(key=lambda one: (rank_of(one[0], wanted), one[0].position))
    return [Group(head=head, rows=below) for head, below in found]


def _is_among(head: AnyPost | Standing, wanted: Wanted) -> bool:
    if wanted.levels is None:
        return True
    return head.kind is PostKind.ANSWER and head.takedown_id is None and head.level in wanted.levels


class _Cutting:
    """Takes heads in order until a part is full."""

    def __init__(self, session: Session, wanted: Wanted, limit: int) -> None:
        self.session, self.wanted, self.limit = session, wanted, limit

    def part(self, after: Standing | None) -> Part:
        """The part behind a post; that with which the thread begins, if there is none."""
        head = None if after is None else head_above(self.session, self.wanted, after.position)
        rest = self._rest(head, after.position) if head is not None and after is not None else None
        groups = [rest] if rest else []
        further = rest is not None and rest.goes_on
        if not further:
            whole, cut = self._whole_heads(head, self.limit - (len(rest.rows) if rest else 0))
            groups += self._filled(whole, cut, self.limit - (len(rest.rows) if rest else 0))
            further = cut is not None
        question = self.wanted.question_id if after is None else None
        return Part(
            wanted=self.wanted,
            question=next(iter(posts_numbered(self.session, self.wanted, [question])), None) if question else None,
            groups=groups,
            further=further,
            previous=self._previous(head, after) if after is not None else None,
            is_whole=after is None and not further,
        )

    def _filled(self, whole: Sequence[Head], cut: Head | None, room: int) -> Iterator[Group]:
        """Yield heads with what is read below them, the last one with as much of that as there is room."""
        by_head = posts_of_heads(self.session, self.wanted, whole)
        for head in whole:
            if head.id in by_head:
                yield Group(head=by_head[head.id][0], rows=by_head[head.id][1:])
        room -= sum(head.posts for head in whole)
        if cut is not None and room > 0:
            rows = posts_between(self.session, self.wanted, cut.position, cut.end, limit=room)
            yield Group(head=rows[0], rows=rows[1:], goes_on=True)

    def _rest(self, head: Standing, position: int) -> Group | None:
        if not _is_among(head, self.wanted):
            return None
        end = end_of(self.session, self.wanted, head.position)
        rows = posts_between(self.session, self.wanted, position + 1, end, limit=self.limit + 1)
        if not rows:
            return None
        (row,) = posts_numbered(self.session, self.wanted, [head.id])
        return Group(head=row, rows=rows[: self.limit], begun=True, goes_on=len(rows) > self.limit)

    def _whole_heads(self, behind: Standing | None, room: int) -> tuple[list[Head], Head | None]:
        """The heads of which all is shown, and the next one, if there is one."""
        whole: list[Head] = []
        for head in self._heads(behind, backwards=False, limit=min(room + 1, _AT_ONCE)):
            if head.posts > room:
                return whole, head
            whole.append(head)
            room -= head.posts
        return whole, None

    def _heads(self, behind: Standing | None, *, backwards: bool, limit: int) -> Iterator[Head]:
        """Yield heads in order, from the one on that follows another; or backwards, from the one before it."""
        ranks = [*self.wanted.ranks]
        begin = None if behind is None else rank_of(behind, self.wanted)
        if begin is not None:
            ranks = [rank for rank in ranks if (rank <= begin if backwards else rank >= begin)]
        for rank in reversed(ranks) if backwards else ranks:
            beyond = behind.position if behind is not None and rank == begin else None
            while found := heads(self.session, self.wanted, rank, beyond=beyond, backwards=backwards, limit=limit):
                yield from found
                if len(found) < limit:
                    break
                beyond = found[-1].position

    def last_before(self, head: Standing, position: int) -> PublicId | None:
        """The post that is read before the one at a position below a head; None if the first part has that."""
        if position > head.position:
            return nth_post(self.session, self.wanted, head.position, position, number=0, backwards=True)
        before = next(self._heads(head, backwards=True, limit=1), None)
        if before is None:
            return None
        return nth_post(self.session, self.wanted, before.position, before.end, number=0, backwards=True)

    def _previous(self, head: Standing | None, after: Standing) -> PublicId | None:
        """The post after which the part before begins; None if that is the thread's first."""
        need = self.limit
        if head is not None and _is_among(head, self.wanted):
            span = (head.position, after.position + 1)
            if found := nth_post(self.session, self.wanted, *span, number=need, backwards=True):
                return found
            need -= count_between(self.session, self.wanted, *span)
        for before in (
            self._heads(head, backwards=True, limit=min(self.limit + 1, _AT_ONCE)) if head is not None else ()
        ):
            if before.posts > need:
                span = (before.position, before.end)
                return nth_post(self.session, self.wanted, *span, number=need, backwards=True)
            need -= before.posts
        return None
