"""What an import brings that is killed: of each kind an older part, published before, and the newer captures.

The newer ones hold new threads, new posts, changed texts and names, and something that cannot be read. Where posts
are numbered, threads grow over many chunks, replies come before what they answer, and two answer each other.
Mails are in two files, so that they answer one another across these.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from imports.packed import zstd
from tests.bench.language import Language
from tests.bench.plain_corpus import plain_threads
from tests.integration.written import lines, zipped

LATE = "This came long after all the others."
_THREADS = 9
_POSTS = 12  # of a thread, with its question
_FIRST = 1_450_000_000  # seconds
Written = Mapping[str, str | bytes]  # by name of file


@dataclass(frozen=True, slots=True)
class Desk:
    """Files on an archivist's desk."""

    older: Path
    newer: Path


@dataclass(frozen=True, slots=True)
class _Words:
    """A post of a thread before it is written in some format: number 0 is the question."""

    thread: int
    number: int
    parent: int | None
    text: str
    renamed: bool = False

    @property
    def id(self) -> str:
        return f"p{self.thread}x{self.number}"

    @property
    def author(self) -> str:
        return f"writer_{(self.thread * 5 + self.number * 3) % 14}{'_again' if self.renamed else ''}"

    @property
    def title(self) -> str:
        return f"What is number {self.thread} about?"

    @property
    def seconds(self) -> int:
        return _FIRST + self.thread * 1_000 + self.number


def lay_out(kind: str, folder: Path) -> Desk:
    """Write the files of a kind into a folder."""
    older, newer = KINDS[kind]()
    for name, files in (("older", older), ("newer", newer)):
        (folder / name).mkdir()
        for file, content in files.items():
            (folder / name / file).write_bytes(content.encode() if isinstance(content, str) else content)
    return Desk(folder / "older", folder / "newer")


def _plain() -> tuple[Written, Written]:
    older = list(islice(plain_threads(400, seed=9), 1, None))  # without the one that is large on purpose
    newer = [_later(number, thread) for number, thread in enumerate(older)]
    return {"older.jsonl": lines(*(thread for number, thread in enumerate(older) if number % 4))}, {
        "a.jsonl": lines(*newer[:12]) + '{"text": \n' + lines(newer[3], *newer[12:-3]),
        "b.txt": newer[-3],
        "c.zip": zipped({"a.txt": newer[-2], "b.txt": newer[-1], "c.txt": newer[1]}),
    }


def _later(number: int, thread: str) -> str:
    """The thread as it was captured later: one in four has a changed text, one in four an answer more."""
    if number % 4 == 1:
        return thread.rstrip(".\n") + ", or so it was said.\n"
    return f"{thread}\nlate_reader7\n\n{LATE}\n" if number % 4 == 2 else thread


def _reddit() -> tuple[dict[str, str], dict[str, str]]:
    older, newer = _captures()
    return {"dump.ndjson": _as_dump(older)}, {
        "RC_2016-01.ndjson": _broken(_as_dump([post for post in newer if post.number])),
        "RS_2016-01.ndjson": _as_dump([post for post in newer if not post.number]),
    }


def _packed_reddit() -> tuple[Written, Written]:
    older, newer = _reddit()
    return _packed(older), _packed(newer)


def _packed(files: Mapping[str, str]) -> Written:
    return {f"{name}.zst": zstd.compress(content.encode()) for name, content in files.items()}


def _mbox() -> tuple[Written, Written]:
    older, newer = _captures()
    mails = [_as_mail(replace(post, renamed=False)) for post in newer]  # by somebody else, it would be another mail
    return {"list.mbox": "".join(map(_as_mail, older))}, {
        "list-1.mbox": "".join(mails[: len(mails) // 2]),
        "list-2.mbox": "".join(mails[len(mails) // 2 :]),
        "list-again.mbox": "".join(mails[::7]),
        "list.index": bytes(range(256)) * 20,
    }


def _captures() -> tuple[Sequence[_Words], Sequence[_Words]]:
    """Threads as they stood once, in part, and as they stood later, all mixed: some of the posts that came late are
    those that earlier ones answer.
    """
    dice = random.Random(3)
    language = Language(random.Random(1)).words[:2_000]
    every = [post for thread in range(_THREADS) for post in _thread(thread, dice, language)]
    older = [post for post in every if post.thread % 3 and post.number < 6 and post.number != post.thread]
    changed = [_changed(post) if post.number == 4 else post for post in every]
    changed = [replace(post, renamed=post.number in {3, 4, 5}) for post in changed]
    return older, dice.sample(changed, len(changed))


def _thread(thread: int, dice: random.Random, language: Sequence[str]) -> Iterator[_Words]:
    for number in range(_POSTS):
        words = f"{' '.join(dice.choices(language, k=40))}, which is {number} of {thread}."
        text = f"{words} {LATE}" if number == 9 else words
        yield _Words(thread, number, _parent(thread, number, dice), text)


def _parent(thread: int, number: int, dice: random.Random) -> int | None:
    if thread % 4 == 2 and number in {7, 8}:  # two that answer each other
        return 15 - number
    return dice.choice([0, *range(number)]) if number else None


def _changed(post: _Words) -> _Words:
    return replace(post, text=f"{post.text} Edit: or so it was said.")


def _as_dump(posts: Sequence[_Words]) -> str:
    return "".join(json.dumps(_submission(post) if post.parent is None else _comment(post)) + "\n" for post in posts)


def _submission(post: _Words) -> dict[str, object]:
    named = {"id": post.id, "title": post.title, "selftext": post.text, "is_self": True, "subreddit": "numbers"}
    return named | {"author": post.author, "created_utc": post.seconds}


def _comment(post: _Words) -> dict[str, object]:
    parent = f"p{post.thread}x{post.parent}"
    named = {"id": post.id, "link_id": f"t3_p{post.thread}x0", "body": post.text, "score": 1}
    named["parent_id"] = f"t1_{parent}" if post.parent else f"t3_{parent}"
    return named | {"author": post.author, "created_utc": post.seconds}


def _broken(dump: str) -> str:
    """With a line in the middle that is cut off."""
    whole = dump.splitlines(keepends=True)
    return "".join([*whole[:30], '{"id": "cut", "body": \n', *whole[30:]])


def _as_mail(post: _Words) -> str:
    references = "" if post.parent is None else f"In-Reply-To: <p{post.thread}x{post.parent}@numbers.example>\n"
    return (
        "From list Tue Mar  4 10:00:00 2008\n"
        f"From: {post.author} <{post.author}@numbers.example>\n"
        f"Date: Tue, 4 Mar 2008 {10 + post.thread}:{10 + post.number}:00 +0000\n"
        f"Subject: {'' if post.parent is None else 'Re: '}{post.title}\n"
        f"Message-ID: <{post.id}@numbers.example>\n"
        f"{references}\n{post.text}\n\n"
    )


KINDS: Mapping[str, Callable[[], tuple[Written, Written]]] = {
    "plain": _plain,
    "reddit": _reddit,
    "zst": _packed_reddit,
    "mbox": _mbox,
}
