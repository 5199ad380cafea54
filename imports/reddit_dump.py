"""Posts from Reddit dumps as Pushshift and Arctic Shift publish them: a submission or a comment a line.

Format: NDJSON; the fields are told in `imports.reddit_things`. Submissions and comments may stand in one
file, in any order. A post's stretch is its line.
"""

from collections.abc import Iterator
from typing import BinaryIO

from archive.domain.ids import Sha256
from archive.domain.records import Item, Unreadable
from imports.json_heads import outer_objects
from imports.post_lines import Object, Place, PlacedItem, begins_document, read_lines_of_posts
from imports.reddit_things import keep, read_thing, remark
from imports.remarks import Remarks


def is_reddit_dump(head: bytes) -> bool:
    """Whether the beginning of a file looks like submissions or comments, a line each."""
    return any(_is_post(found.keys) for found in outer_objects(head)) and not begins_document(head)


def _is_post(keys: frozenset[str]) -> bool:
    if "text" in keys or not keys & {"id", "name"}:
        return False
    return {"link_id", "body"} <= keys or ("title" in keys and bool(keys & {"selftext", "subreddit"}))


def read_posts(file: BinaryIO, *, original: Sha256, start: int = 0, **_: object) -> Iterator[Item]:
    """Yield the post of each line and everything around them, in file order. Never raises on bad content.

    A checkpoint follows each line.

    :param start: the byte at which a line begins; everything before it was yielded by an earlier run.
    """
    return read_lines_of_posts(file, _Reader(), original=original, start=start)


class _Reader:
    """See `imports.post_lines.FlatReader`."""

    def read_object(self, value: Object, place: Place, remarks: Remarks) -> Iterator[PlacedItem]:
        """See `FlatReader`."""
        post = read_thing(value, ref=place.ref)
        if isinstance(post, str):
            yield Unreadable(ref=place.ref, reason=f"{place.name} {post}")
            return
        if post.posted_at is None or post.parent is None:
            yield from remark(value, post, place.name.lower(), remarks)
        yield keep(post, place.name)
