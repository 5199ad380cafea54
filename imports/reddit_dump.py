"""Posts from Reddit dumps as Pushshift and Arctic Shift publish them: a submission or a comment a line.

Format: NDJSON; the fields are told in `imports.reddit_things`. Submissions and comments may stand in one
file, in any order. A post's stretch is its line.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from archive.domain.ids import Sha256
from archive.domain.records import Checkpoint, Item, Layout, RawRef, Unreadable
from imports.json_lines import UTF8_BOM, parse_object, read_lines
from imports.reddit_things import Remarks, capital, keep, read_thing

_LINES_TO_TRY = 100  # a dump may begin with some broken lines
_KEY = re.compile(rb'"(id|name|link_id|body|title|selftext|subreddit)"\s*:')


def is_reddit_dump(head: bytes) -> bool:
    """Whether the beginning of a file looks like submissions or comments, a line each."""
    lines = head.removeprefix(UTF8_BOM).split(b"\n")[:_LINES_TO_TRY]
    return any(_is_post(_keys(line)) for line in lines if line.lstrip().startswith(b"{"))


def _keys(line: bytes) -> set[str]:
    try:
        return set(orjson.loads(line))
    except orjson.JSONDecodeError:  # damaged, or longer than what was read
        return {key.decode() for key in _KEY.findall(line)}


def _is_post(keys: set[str]) -> bool:
    if "text" in keys or not keys & {"id", "name"}:
        return False
    return {"link_id", "body"} <= keys or ("title" in keys and bool(keys & {"selftext", "subreddit"}))


def read_posts(file: BinaryIO, *, original: Sha256, start: int = 0, **_: object) -> Iterator[Item]:
    """Yield the post of each line and everything around them, in file order. Never raises on bad content.

    A checkpoint follows each line. The note on dates that cannot be read comes once in a run.

    :param start: the byte at which a line begins; everything before it was yielded by an earlier run.
    """
    remarks = Remarks()
    for line in read_lines(file, start):
        ref = RawRef(original=original, offset=line.offset, length=line.length)
        found = parse_object(line.raw)
        if isinstance(found, dict):
            yield from _read_line(found, ref, f"line {line.number}", remarks)
        elif found is None:
            yield Layout(ref=ref)
        else:
            yield Unreadable(ref=ref, reason=f"Line {line.number} {found}")
        yield Checkpoint(line.offset + line.length)


def _read_line(thing: dict[str, Any], ref: RawRef, place: str, remarks: Remarks) -> Iterator[Item]:
    post = read_thing(thing, ref=ref)
    if isinstance(post, str):
        yield Unreadable(ref=ref, reason=f"{capital(place)} {post}")
        return
    if post.posted_at is None or post.parent is None:
        yield from remarks.about(thing, post, place)
    yield keep(post, place)
