"""What was read of a thread, as the tree of a dry run shows it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.domain.batch import Outcome
from archive.domain.records import PostKind
from archive.domain.thread_tree import Node, places, sibling_rank
from archive.services.ingest.planned import PlannedPost, PlannedThread

MOST_POSTS = 50  # listed of a thread
_FIRST_WORDS = 160  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSketch:
    """A post, and how deep it hangs below those that were read with it."""

    author: str | None
    kind: PostKind
    outcome: Outcome
    depth: int
    first_words: str
    characters: int
    paragraphs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadSketch:
    """A thread."""

    title: str
    asker: str | None
    count: int  # of its posts
    posts: Sequence[PostSketch]  # the first ones, in reading order


def sketch_thread(planned: PlannedThread) -> ThreadSketch:
    """A thread as it was read."""
    posts = [*_in_reading_order(planned.posts)]
    question = next((post.record for post, _ in posts if post.record.kind is PostKind.QUESTION), None)
    return ThreadSketch(
        title=planned.title,
        asker=question.byline if question else None,
        count=len(posts),
        posts=[_sketch_post(post, depth) for post, depth in posts[:MOST_POSTS]],
    )


def _in_reading_order(posts: Sequence[PlannedPost]) -> Iterator[tuple[PlannedPost, int]]:
    """Yield the posts as they will stand, the question first, each with its depth."""
    ranked = sorted(posts, key=_rank)
    places_of = dict[str | None, int]()
    for place, post in enumerate(ranked):
        places_of.setdefault(post.record.key, place)
    for at in places([Node(place, places_of.get(post.record.parent)) for place, post in enumerate(ranked)]):
        yield ranked[at.id], at.depth


def _rank(post: PlannedPost) -> tuple[bool, tuple[datetime, str]]:
    record = post.record
    return record.kind is not PostKind.QUESTION, sibling_rank(record.posted_at, record.key, record.key_basis)


def _sketch_post(post: PlannedPost, depth: int) -> PostSketch:
    text = post.record.text
    return PostSketch(
        author=post.record.byline,
        kind=post.record.kind,
        outcome=post.outcome,
        depth=depth,
        first_words=" ".join(text[: _FIRST_WORDS * 2].split())[:_FIRST_WORDS],
        characters=len(text),
        paragraphs=sum(bool(part.strip()) for part in re.split(r"\r?\n[ \t]*\r?\n", text)),
    )
