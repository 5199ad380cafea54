"""A thread as a page has it: whole, or a part of a long one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.services.missing import MissingPosts, missing_posts
from archive.services.post_views import post_views
from archive.services.thread_answers import answer_views, counts_of
from archive.services.thread_parts import Group, Part, part_of, rank_of
from archive.services.views import PostView, Shares, ThreadPage
from archive.store import windows
from archive.store.changes import absences_in_thread
from archive.store.heads import TO_THE_QUESTION, Standing, Wanted, next_sourced, tagged_answers
from archive.store.pages import count_live_posts
from archive.store.thread_heads import ThreadHead
from archive.store.thread_posts import AnyPost
from archive.store.windows import first_captured, has_more


def page_of(session: Session, thread: ThreadHead, wanted: Wanted, *, after: Standing | None, whole: bool) -> ThreadPage:
    """What a page shows of a thread.

    :param after: the post behind which it begins.
    :param whole: whether all is asked for, which a page can hold if it is no more than MAX_POSTS.
    """
    too_long = thread.answers + thread.replies > windows.PART_POSTS
    fits = not too_long or not has_more(session, thread.id, windows.MAX_POSTS, drafts=wanted.drafts)
    limit = windows.MAX_POSTS if whole and fits else windows.PART_POSTS
    part = part_of(session, wanted, after=after, limit=limit, is_long=too_long and limit == windows.PART_POSTS)
    rows = [*([part.question] if part.question else ()), *(row for group in part.groups for row in _rows(group))]
    absences = _absences(session, thread, wanted, rows)
    missing = _missing(session, part, rows) if thread.gaps else MissingPosts()
    shown = post_views(session, [*rows, *_begun(part)], drafts=wanted.drafts, absences=absences, missing=missing.below)
    views = {view.id: view for view in shown}
    shares, replies = counts_of(shown) if _is_all(part) else _all_counts(session, thread)
    beside = [group for group in part.groups if rank_of(group.head, part.wanted) == TO_THE_QUESTION]
    last = rows[-1] if rows else None
    return ThreadPage(
        public_id=thread.public_id,
        title=thread.title,
        collection=thread.collection,
        collection_name=thread.collection_name,
        received_at=_received(session, part, shown) or thread.changed_at,
        question=views[part.question.id] if part.question else None,
        has_question=part.wanted.question_id is not None,
        beside_question=[views[row.id] for group in beside for row in _rows(group)],
        beside_question_whole=after is None and not (part.further and len(beside) == len(part.groups)),
        answers=answer_views(session, part, views, answers=sum(shares.values())),
        all_answers=sum(shares.values()),
        all_replies=replies,
        shares=shares,
        missing=missing.somewhere,
        after=after.public_id if after else None,
        further=last.public_id if part.further and last else None,
        previous=part.previous,
        in_parts=not part.is_whole,
        fits_one_page=fits,
        ghosts=0 if wanted.drafts else thread.ghosts,
        next_sourced=_next_sourced(session, part, last) if part.further and last else None,
        is_draft=not thread.public,
        offers=thread.offers,
        objections=thread.objections,
    )


def _absences(session: Session, thread: ThreadHead, wanted: Wanted, rows: Sequence[AnyPost]) -> Mapping[int, datetime]:
    if not thread.absences:
        return {}
    return absences_in_thread(session, thread.id, [row.position for row in rows], drafts=wanted.drafts)


def _rows(group: Group) -> Sequence[AnyPost]:
    return group.rows if group.begun else [group.head, *group.rows]


def _begun(part: Part) -> Sequence[AnyPost]:
    """Heads that an earlier part shows."""
    return [group.head for group in part.groups if group.begun]


def _is_all(part: Part) -> bool:
    return part.is_whole and part.wanted.levels is None


def _received(session: Session, part: Part, shown: Sequence[PostView]) -> datetime | None:
    """When the first of the thread was received: the same on each part of it."""
    if _is_all(part) and len(shown) <= windows.PART_POSTS:
        return min((view.captured_at for view in shown), default=None)
    return first_captured(session, part.wanted)


def _missing(session: Session, part: Part, rows: Sequence[AnyPost]) -> MissingPosts:
    """What is missing in the thread and below posts that are shown with all that hangs below them."""
    thread_id, drafts = part.wanted.thread_id, part.wanted.drafts
    if not _is_all(part):
        groups = [group for group in part.groups if not group.begun and not group.goes_on]
        rows = [row for group in groups for row in _rows(group)]
    return missing_posts(session, thread_id, rows, drafts=drafts, whole=_is_all(part))


def _next_sourced(session: Session, part: Part, last: AnyPost) -> PublicId | None:
    """The first answer behind a part whose source can be looked up; where those come first, nobody needs to leap."""
    in_order = not part.wanted.sourced_first and part.wanted.levels is None and not part.wanted.drafts
    return next_sourced(session, part.wanted.thread_id, last.position) if in_order else None


def _all_counts(session: Session, thread: ThreadHead) -> tuple[Shares, int]:
    """Answers by level, and how many replies, of a thread of which a part is shown."""
    if thread.public:
        tagged = tagged_answers(session, thread.id)
        shares = tagged | {None: thread.answers - sum(tagged.values())}  # without looking at each of a million others
        return {level: answers for level, answers in shares.items() if answers}, thread.replies
    counts = count_live_posts(session, [thread.id]).get(thread.id, {})
    return {None: counts.get(PostKind.ANSWER, 0)}, counts.get(PostKind.REPLY, 0)
