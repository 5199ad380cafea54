"""The formats that can be read, as a table, and which of them a file is in, by its bytes."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Protocol, cast

import orjson

from archive.domain.ids import Sha256
from archive.domain.records import Item, LineReading, Markup
from archive.errors import ArchiveError
from imports import (
    convokit,
    discourse,
    footnote_jsonl,
    hacker_news,
    jsonl_text,
    mail_message,
    mbox,
    plain_text,
    reddit_dump,
    reddit_listing,
    stack_exchange,
)
from imports.companions import NO_COMPANIONS, Companions
from imports.json_lines import UTF8_BOM
from imports.signatures import ZIP_MAGIC, find_signature
from imports.text_encoding import has_wide_mark
from imports.thread_items import NO_CORRECTIONS


class Reader(Protocol):
    """How every format is read."""

    def __call__(
        self,
        file: BinaryIO,
        *,
        original: Sha256,
        start: int = 0,
        markup: Markup = Markup.PLAIN,
        corrections: Mapping[int, LineReading] = NO_CORRECTIONS,
    ) -> Iterator[Item]:
        """Yield posts and everything around them, in file order. Never raises on bad content.

        :param start: bytes; where to go on: at the beginning of an item.
        :param corrections: how the archivist reads lines that stand alone, by their offset in bytes.
        """
        ...


class CompanionReader(Protocol):
    """How a format is read that wants to look into the files beside the one it reads. It is a `Reader` without them."""

    def __call__(
        self,
        file: BinaryIO,
        *,
        original: Sha256,
        start: int = 0,
        markup: Markup = Markup.PLAIN,
        corrections: Mapping[int, LineReading] = NO_CORRECTIONS,
        companions: Companions = NO_COMPANIONS,
    ) -> Iterator[Item]:
        """See `Reader`.

        :param companions: those of the files in `Format.companions` that lie beside the one read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One foreign format."""

    name: str  # on the command line
    title: str  # for people
    sniff: Callable[[bytes], bool]  # whether the beginning of a file looks like it
    read: Reader
    companions: frozenset[str] = frozenset()  # base names, in lower case, of files beside it that `read` wants

    def reader(self, companions: Companions) -> Reader:
        """How to read a file of this format that has these companions, and maybe others, beside it."""
        if not self.companions:
            return self.read
        wanted = {name: companions[name] for name in self.companions & companions.keys()}
        return partial(cast("CompanionReader", self.read), companions=wanted)


class UnknownFormatError(ArchiveError):
    """A file is in no format that can be read, or a format was named that there is not."""


def _is_json_lines(head: bytes) -> bool:
    lines = head.removeprefix(UTF8_BOM).split(b"\n")
    return any(_TEXT_OBJECT.match(line) or _holds_text(line) for line in lines[:_LINES_TO_TRY])


def _holds_text(line: bytes) -> bool:
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(orjson.loads(line).get("text"), str)
    except orjson.JSONDecodeError:
        return False


def _is_text(head: bytes) -> bool:
    return b"\0" not in head or has_wide_mark(head)


_LINES_TO_TRY = 100  # a dump may begin with some broken lines
_TEXT_OBJECT = re.compile(rb'\s*\{\s*"text"\s*:\s*"')  # its line may be longer than what was read

FORMATS = (  # the first that fits is taken
    Format(
        name="reddit",
        title="Reddit dump, a submission or comment in each line",
        sniff=reddit_dump.is_reddit_dump,
        read=reddit_dump.read_posts,
    ),
    Format(
        name="reddit-listing",
        title="A thread page of Reddit’s API",
        sniff=reddit_listing.is_reddit_listing,
        read=reddit_listing.read_posts,
    ),
    Format(name="mbox", title="Mails in an mbox file", sniff=mbox.is_mbox, read=mbox.read_posts),
    Format(name="mail", title="A single mail", sniff=mail_message.is_mail, read=mail_message.read_posts),
    Format(
        name="stack-exchange",
        title="Stack Exchange dump: Posts.xml",
        sniff=stack_exchange.is_posts,
        read=stack_exchange.read_posts,
        companions=frozenset({"users.xml"}),
    ),
    Format(
        name="stack-exchange-comments",
        title="Stack Exchange dump: Comments.xml",
        sniff=stack_exchange.is_comments,
        read=stack_exchange.read_comments,
        companions=frozenset({"posts.xml", "users.xml"}),
    ),
    Format(
        name="stack-exchange-other",
        title="Stack Exchange dump: what holds no posts",
        sniff=stack_exchange.is_other,
        read=stack_exchange.read_other,
    ),
    Format(
        name="footnote",
        title="Footnote’s own lines, a post in each",
        sniff=footnote_jsonl.is_footnote_jsonl,
        read=footnote_jsonl.read_posts,
    ),
    Format(name="convokit", title="ConvoKit utterances", sniff=convokit.is_convokit, read=convokit.read_posts),
    Format(
        name="discourse", title="Discourse topics and posts", sniff=discourse.is_discourse, read=discourse.read_posts
    ),
    Format(
        name="hacker-news", title="Hacker News items", sniff=hacker_news.is_hacker_news, read=hacker_news.read_posts
    ),
    Format(name="jsonl", title="JSON lines, a thread in each", sniff=_is_json_lines, read=jsonl_text.read_threads),
    Format(name="plain", title="Plain text, one thread", sniff=_is_text, read=plain_text.read_threads),
)
COMPANIONS = frozenset().union(*(known.companions for known in FORMATS))  # what any of them wants

AUTO = "auto"  # the name that leaves the choice to the bytes


def choose_format(head: bytes, *, name: str = AUTO) -> Format:
    """The format of that name, or the one that a file's first `DETECTION_BYTES` bytes are in.

    :raises UnknownFormatError: if there is no such format, or the bytes are in none that can be read.
    """
    return _detect(head) if name == AUTO else _format_named(name)


def is_zip(head: bytes) -> bool:
    """Whether a file holds others: `imports.containers` opens it."""
    return head.startswith(ZIP_MAGIC)


def _format_named(name: str) -> Format:
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join((AUTO, *(known.name for known in FORMATS)))
    raise UnknownFormatError(f"There is no format “{name}”. The formats are: {names}.")


def _detect(head: bytes) -> Format:
    signature = find_signature(head)
    if signature is not None:
        raise UnknownFormatError(f"The file is {signature.title}, which cannot be read here.")
    for known in FORMATS:
        if known.sniff(head):
            return known
    raise UnknownFormatError("The file holds NUL bytes: it is neither text nor a format that can be read here.")
