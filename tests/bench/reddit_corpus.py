"""A corpus for measuring: a month of Reddit as its dumps have it, a file of submissions and one of comments.

Comments of many threads alternate, as they do by date. Their texts have 280 characters on average, the half
of them less than 150; a line has 750 bytes. Of a hundred comments about fifteen quote, six are deleted or
removed, and one answers a comment that is missing; of a hundred threads two lack their submission.
"""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tests.bench.language import Language
from tests.bench.limit import PlainRow

_OPEN_THREADS = 300  # in which people write at one time
_START = 1_420_070_400  # 2015-01-01, in seconds
_GONE = ("[deleted]", "[removed]")


@dataclass(slots=True)
class _Thread:
    name: str
    left: int  # comments still to be written
    comments: list[str] = field(default_factory=list)


def write_reddit(folder: Path, comments: int, *, first: Sequence[int] = ()) -> Sequence[Path]:
    """Write so many comments, and the submissions above them.

    :param first: the comments of threads that are written before all others, each to its end.
    """
    paths = [folder / "RS_2015-01", folder / "RC_2015-01"]
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("w", encoding="utf-8")) for path in paths]
        for thing in _Site(Language(random.Random(2))).things(comments, first):
            files["body" in thing].write(json.dumps(thing, ensure_ascii=False, separators=(",", ":")) + "\n")
    return paths


def reddit_rows(paths: Sequence[Path]) -> Iterator[PlainRow]:
    """Yield the posts again, in the fewest lines."""
    for path in paths:
        with path.open("rb") as file:
            for thing in map(orjson.loads, file):
                thread, parent = thing.get("link_id", thing["name"]), thing.get("parent_id")
                text = thing.get("body") or f"{thing['title']}\n\n{thing['selftext']}"
                yield thing["name"], thread, parent, thing["author"], thing["created_utc"], text


class _Site:
    """People writing, one thing after the other."""

    def __init__(self, language: Language) -> None:
        self.language, self.dice = language, language.dice
        self.number = 36**5  # of the last thing

    def things(self, comments: int, first: Sequence[int]) -> Iterator[dict[str, Any]]:
        for size in first:
            yield from self._whole(_Thread(f"t3_{self._next_id()}", size))
        threads: list[_Thread] = []
        for _ in range(comments - sum(first)):
            if len(threads) < _OPEN_THREADS:
                thread = _Thread(f"t3_{self._next_id()}", self.language.size(2_000))
                threads.append(thread)
                if self.dice.random() >= 0.02:
                    yield self._submission(thread)
            place = self.dice.randrange(len(threads))
            yield self._comment(threads[place])
            if threads[place].left == 0:
                threads[place] = threads[-1]
                threads.pop()

    def _whole(self, thread: _Thread) -> Iterator[dict[str, Any]]:
        yield self._submission(thread)
        while thread.left:
            yield self._comment(thread)

    def _submission(self, thread: _Thread) -> dict[str, Any]:
        title = self.language.sentence(self.dice.randint(5, 16), end="?")
        text = self.language.prose(self._length()) if self.dice.random() < 0.6 else ""
        return {
            **self._shared(thread.name),
            "title": _escaped(title),
            "selftext": text,
            "author": self.language.name(),
            "num_comments": thread.left,
            "domain": "self.history",
            "is_self": True,
            "over_18": False,
            "link_flair_text": None,
            "url": f"https://www.reddit.com/r/history/comments/{thread.name[3:]}/",
            "permalink": f"/r/history/comments/{thread.name[3:]}/",
        }

    def _comment(self, thread: _Thread) -> dict[str, Any]:
        name = f"t1_{self._next_id()}"
        comment = {
            **self._shared(name),
            "link_id": thread.name,
            "parent_id": self._parent(thread),
            "body": self._text(),
            "author": self.language.name(),
            "controversiality": 0,
            "author_flair_css_class": None,
            "score_hidden": False,
        }
        if self.dice.random() < 0.06:
            comment |= {"body": self.dice.choice(_GONE), "author": _GONE[0]}
        thread.comments.append(name)
        thread.left -= 1
        return comment

    def _shared(self, name: str) -> dict[str, Any]:
        score = int(self.dice.paretovariate(0.9))
        moment = _START + self.number - 36**5
        return {
            "id": name[3:],
            "name": name,
            "subreddit": "history",
            "subreddit_id": "t5_2qh53",
            "created_utc": str(moment),
            "retrieved_on": moment + 2_500_000,
            "score": score,
            "ups": score,
            "downs": 0,
            "gilded": 0,
            "edited": moment + 600 if self.dice.random() < 0.04 else False,
            "archived": False,
            "stickied": False,
            "distinguished": "moderator" if self.dice.random() < 0.01 else None,
            "author_flair_text": "Modern Europe" if self.dice.random() < 0.05 else None,
        }

    def _parent(self, thread: _Thread) -> str:
        """The submission, the comment before, or any of the thread; so threads are wide, and deep."""
        chance = self.dice.random()
        if chance < 0.01:
            return f"t1_{self._next_id()}"  # which nobody wrote
        if chance < 0.4 or not thread.comments:
            return thread.name
        return thread.comments[-1] if chance < 0.8 else self.dice.choice(thread.comments)

    def _text(self) -> str:
        text = self.language.prose(self._length())
        chance = self.dice.random()
        if chance < 0.15:
            text = f"> {self.language.sentence(self.dice.randint(5, 15))}\n\n{text}"
        elif chance < 0.2:
            text = f"{text} See [this & that](https://example.org/{'/'.join(self.language.pick(2))}?a=1&b=2)."
        return _escaped(text)

    def _length(self) -> int:
        return min(int(self.dice.lognormvariate(4.8, 1.1)), 10_000)

    def _next_id(self) -> str:
        self.number += 1
        number, digits = self.number, ""
        while number:
            number, digit = divmod(number, 36)
            digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        return digits


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
