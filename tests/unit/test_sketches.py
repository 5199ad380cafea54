"""The tree of a dry run: posts as they will stand, each below what it answers."""

from datetime import UTC, datetime

from archive.domain.batch import Outcome
from archive.domain.capture import KnownThread
from archive.domain.ids import PostKey, PublicId, Sha256, ThreadKey
from archive.domain.records import Edge, KeyBasis, Markup, PostKind, PostRecord, RawRef
from archive.services.ingest.planned import PlannedPost, PlannedThread
from archive.services.ingest.sketches import MOST_POSTS, sketch_thread


def post(key: str, parent: str | None = None, *, minute: int | None = None) -> PlannedPost:
    record = PostRecord(
        thread=ThreadKey("t"),
        key=PostKey(key),
        key_basis=KeyBasis.SOURCE if minute is not None else KeyBasis.POSITION,
        parent=PostKey(parent) if parent else None,
        kind=PostKind.QUESTION if key == "q" else PostKind.ANSWER if parent == "q" else PostKind.REPLY,
        byline=key,
        title="Why?" if key == "q" else None,
        text=f"I am {key}.",
        markup=Markup.PLAIN,
        posted_at=datetime(2020, 1, 1, 0, minute, tzinfo=UTC) if minute is not None else None,
        ref=RawRef(original=Sha256("0" * 64), offset=0, length=1),
        edge=Edge.SOURCE,
    )
    return PlannedPost(record, Outcome.ADDED, None, None)


def tree(*posts: PlannedPost) -> list[tuple[str | None, int]]:
    thread = KnownThread(1, ThreadKey("t"), PublicId("t" * 14))
    sketch = sketch_thread(PlannedThread(thread, frozenset({1}), posts, ()))
    assert sketch.count == len(posts)
    return [(one.author, one.depth) for one in sketch.posts]


def test_posts_that_came_in_any_order_stand_below_what_they_answer() -> None:
    came = post("c", "b", minute=4), post("b", "a", minute=3), post("d", "q", minute=2), post("a", "q", minute=1)
    assert tree(*came, post("q", minute=9)) == [("q", 0), ("a", 1), ("b", 2), ("c", 3), ("d", 1)]


def test_posts_that_are_known_by_their_order_keep_it() -> None:
    assert tree(post("q"), post("z", "q"), post("a", "q")) == [("q", 0), ("z", 1), ("a", 1)]


def test_a_post_whose_parent_was_not_read_with_it_stands_by_itself() -> None:
    assert tree(post("b", "gone", minute=1), post("c", "b", minute=2)) == [("b", 0), ("c", 1)]


def test_of_a_long_thread_the_first_posts_are_listed() -> None:
    posts = [post("q"), *(post(str(number), "q") for number in range(2 * MOST_POSTS))]
    assert tree(*posts)[-1] == (str(MOST_POSTS - 2), 1)
