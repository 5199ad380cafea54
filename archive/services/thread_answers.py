"""The answers of a thread: with their replies, in the order asked for, and counted."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.views import AnswerView, PostView, Shares


def counts_of(posts: Sequence[PostView]) -> tuple[Shares, int]:
    """Answers by level, and how many replies, of a thread that is shown whole."""
    up = [post for post in posts if post.taken_down is None]  # what is down counts nowhere
    shares = Counter(post.decision.level if post.decision else None for post in up if post.kind is PostKind.ANSWER)
    return shares, sum(post.kind is PostKind.REPLY for post in up)


def with_replies(posts: Sequence[PostView], *, before: int) -> list[AnswerView]:
    """Answers, each with the posts that follow it in reading order up to the next answer.

    :param before: how many answers of the thread come before them.
    """
    answers: list[tuple[PostView, list[PostView]]] = []
    for post in posts:
        if post.kind is PostKind.ANSWER or (post.kind is PostKind.REPLY and not answers):
            answers.append((post, []))
        elif post.kind is PostKind.REPLY:
            answers[-1][1].append(post)
    numbers = accumulate((post.taken_down is None for post, _ in answers), initial=before)
    next(numbers)
    return [
        AnswerView(post=post, number=number, replies=replies)
        for number, (post, replies) in zip(numbers, answers, strict=True)
    ]


def level_of(answer: AnswerView) -> Level | None:
    """The level as decided."""
    return answer.post.decision.level if answer.post.decision else None


def sourced_first(answer: AnswerView) -> tuple[int, int]:
    """By which answers are sorted so that those that can be checked soonest come first."""
    level = level_of(answer)
    rank = level.rank if level is not None else None
    return 5 if rank is None else 4 - rank, answer.number
