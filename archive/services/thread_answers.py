"""The answers of a thread: with their replies, counted and numbered."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.services.thread_parts import Group, Part, rank_of
from archive.services.views import AnswerView, PostView, Shares
from archive.store import windows
from archive.store.heads import TO_THE_QUESTION, Wanted, answer_positions, answers_up_to, end_of
from archive.store.windows import hangs_between


def counts_of(posts: Iterable[PostView]) -> tuple[Shares, int]:
    """Answers by level, and how many replies, of a thread that is shown whole."""
    up = [post for post in posts if post.taken_down is None]  # what is down counts nowhere
    shares = Counter(post.decision.level if post.decision else None for post in up if post.kind is PostKind.ANSWER)
    return shares, sum(post.kind is PostKind.REPLY for post in up)


def answer_views(session: Session, part: Part, views: Mapping[int, PostView], *, answers: int) -> list[AnswerView]:
    """Heads with what is read below them, in order; replies to the question are not among them.

    :param answers: how many the thread has.
    """
    wanted = part.wanted
    groups = [group for group in part.groups if rank_of(group.head, wanted) != TO_THE_QUESTION]
    numbers = _numbers(session, wanted, part, groups, answers=answers)
    return [
        AnswerView(
            post=views[group.head.id],
            number=numbers[group.head.position],
            replies=[views[row.id] for row in group.rows],
            begun=group.begun,
            goes_on=group.goes_on,
            numbers=_places(session, wanted, group) if group.begun or group.goes_on else None,
        )
        for group in groups
    ]


def _numbers(
    session: Session, wanted: Wanted, part: Part, groups: Sequence[Group], *, answers: int
) -> Mapping[int, int | None]:
    """By where a head is, which answer of the thread it is, as posted, from 1."""
    positions = sorted(group.head.position for group in groups)
    if part.is_whole and wanted.levels is None:
        counted = [group.head.position for group in groups if _counts(group)]
        return _among(positions, sorted(counted), before=0)
    if wanted.drafts or not positions:
        return dict.fromkeys(positions)
    if answers <= windows.MAX_POSTS:
        return _among(positions, answer_positions(session, wanted.thread_id), before=0)
    if wanted.sourced_first or wanted.levels is not None:
        return dict.fromkeys(positions)
    counted = sorted(group.head.position for group in groups if _counts(group))
    return _among(positions, counted, before=answers_up_to(session, wanted.thread_id, positions[0] - 1))


def _counts(group: Group) -> bool:
    return group.head.kind is PostKind.ANSWER and group.head.takedown_id is None


def _among(positions: Sequence[int], counted: Sequence[int], *, before: int) -> Mapping[int, int | None]:
    return {position: before + bisect_left(counted, position) + 1 for position in positions}


def _places(session: Session, wanted: Wanted, group: Group) -> Mapping[int, tuple[int, int]]:
    """By reply of a group that is cut, the how-manieth to its parent it is, of how many; nothing if it is too long."""
    end = end_of(session, wanted, group.head.position)
    links = hangs_between(session, wanted, group.head.position + 1, end)
    if len(links) > windows.MAX_POSTS:
        return {}
    siblings = Counter(parent for _, parent in links)
    met: Counter[int | None] = Counter()
    places: dict[int, tuple[int, int]] = {}
    for id_, parent in links:
        met[parent] += 1
        places[id_] = met[parent], siblings[parent]
    return places
