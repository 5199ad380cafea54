"""The formats that can be read, as a table, and which of them a file is in, by its bytes."""

import re

import orjson

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
    stack_exchange_history,
    stack_exchange_numbers,
)
from imports.json_heads import outer_objects
from imports.json_lines import UTF8_BOM
from imports.plug_ins import PlugIn, load_plug_ins
from imports.post_lines import begins_document
from imports.reader import Format, Unit
from imports.signatures import find_signature
from imports.text_encoding import has_wide_mark


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


def _is_plain_text(head: bytes) -> bool:
    return (b"\0" not in head or has_wide_mark(head)) and not _is_json(head)


def _is_json(head: bytes) -> bool:
    """Whether a file begins with a JSON object: a question may begin with a bracket, but not with a quoted name too."""
    begin = head.removeprefix(UTF8_BOM).lstrip()
    objects = outer_objects(head) if begin.startswith(b"{") or begins_document(head) else ()
    return bool(objects and objects[0].keys)


NO_FORMAT = "none"  # what a file is said to be in when it is in none that can be read
_LINES_TO_TRY = 100  # a dump may begin with some broken lines
_TEXT_OBJECT = re.compile(rb'\s*\{\s*"text"\s*:\s*"')  # its line may be longer than what was read

_SPECIFIC = (  # the first that fits is taken
    Format(
        name="reddit",
        title="Reddit dump, a submission or comment in each line",
        sniff=reddit_dump.is_reddit_dump,
        read=reddit_dump.read_posts,
        is_json=True,
        unit=Unit.LINE,
    ),
    Format(
        name="reddit-listing",
        title="A thread page of Reddit’s API",
        sniff=reddit_listing.is_reddit_listing,
        read=reddit_listing.read_posts,
        is_json=True,
    ),
    Format(
        name="mbox",
        title="Mails in an mbox file",
        sniff=mbox.is_mbox,
        read=mbox.read_posts,
        unit=Unit.ITEM,
        names_encoding=True,
    ),
    Format(
        name="mail",
        title="A single mail",
        sniff=mail_message.is_mail,
        read=mail_message.read_posts,
        names_encoding=True,
    ),
    Format(
        name="stack-exchange",
        title="Stack Exchange dump: Posts.xml",
        sniff=stack_exchange.is_posts,
        read=stack_exchange.read_posts,
        unit=Unit.ITEM,
        around=(b"<posts>", b"</posts>"),
        companions=frozenset({"users.xml", "votes.xml"}),
        find_numbers=stack_exchange_numbers.find_posts,
    ),
    Format(
        name="stack-exchange-comments",
        title="Stack Exchange dump: Comments.xml",
        sniff=stack_exchange.is_comments,
        read=stack_exchange.read_comments,
        unit=Unit.ITEM,
        around=(b"<comments>", b"</comments>"),
        companions=frozenset({"posts.xml", "users.xml"}),
        find_numbers=stack_exchange_numbers.find_comments,
        stands_under="posts.xml",
    ),
    Format(
        name="stack-exchange-history",
        title="Stack Exchange dump: PostHistory.xml",
        sniff=stack_exchange_history.is_history,
        read=stack_exchange_history.read_history,
        companions=frozenset({"posts.xml", "users.xml"}),
        stands_under="posts.xml",
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
        is_json=True,
        unit=Unit.LINE,
        asks_markup=True,
    ),
    Format(
        name="convokit",
        title="ConvoKit utterances",
        sniff=convokit.is_convokit,
        read=convokit.read_posts,
        is_json=True,
        asks_markup=True,
    ),
    Format(
        name="discourse",
        title="Discourse topics and posts",
        sniff=discourse.is_discourse,
        read=discourse.read_posts,
        is_json=True,
    ),
    Format(
        name="hacker-news",
        title="Hacker News items",
        sniff=hacker_news.is_hacker_news,
        read=hacker_news.read_posts,
        is_json=True,
    ),
)
_GENERAL = (  # what no other format fits
    Format(
        name="jsonl",
        title="JSON lines, a thread in each",
        sniff=_is_json_lines,
        read=jsonl_text.read_threads,
        is_json=True,
        unit=Unit.LINE,
        asks_markup=True,
    ),
    Format(
        name="plain",
        title="Plain text, one thread",
        sniff=_is_plain_text,
        read=plain_text.read_threads,
        is_decoded_whole=True,
        asks_markup=True,
    ),
)
FORMATS = _SPECIFIC + _GENERAL  # those that come with the program

AUTO = "auto"  # the name that leaves the choice to the bytes


def find_plug_ins() -> tuple[PlugIn, ...]:
    """The readers that other packages bring along, also those that cannot be used."""
    return load_plug_ins(frozenset({AUTO, NO_FORMAT, *(known.name for known in FORMATS)}))


def known_formats() -> tuple[Format, ...]:
    """All formats that can be read, in the order in which a file's bytes are compared with them."""
    brought = tuple(plug_in.format for plug_in in find_plug_ins() if plug_in.format is not None)
    return _SPECIFIC + brought + _GENERAL


def companions_wanted() -> frozenset[str]:
    """The base names, in lower case, of the files that any reader looks into beside the one it reads."""
    return frozenset().union(*(known.companions for known in known_formats()))


def choose_format(head: bytes, *, name: str = AUTO) -> Format:
    """The format of that name, or the one that a file's first `DETECTION_BYTES` bytes are in.

    :raises UnknownFormatError: if there is no such format, or the bytes are in none that can be read.
    """
    return _detect(head) if name == AUTO else _format_named(name)


def _format_named(name: str) -> Format:
    for known in known_formats():
        if known.name == name:
            return known
    names = ", ".join((AUTO, *(known.name for known in known_formats())))
    raise UnknownFormatError(f"There is no format “{name}”. The formats are: {names}.")


def _detect(head: bytes) -> Format:
    signature = find_signature(head)
    if signature is not None:
        raise UnknownFormatError(f"The file is {signature.title}, which cannot be read here.")
    for known in known_formats():
        if known.sniff(head):
            return known
    if _is_json(head):
        forms = "; ".join(known.title for known in known_formats() if known.is_json)
        raise UnknownFormatError(f"It is in no known form of JSON lines, or of a JSON document. Known are: {forms}.")
    raise UnknownFormatError("The file holds NUL bytes: it is neither text nor a format that can be read here.")
