"""Maps of redirects: from the addresses that posts had on their old site to where they are here.

What an address is made of follows from the key that a reader gave a post; where the source tells an address, that is
one too.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from archive.domain.records import PostKind

_PATH = re.compile(r"/[A-Za-z0-9/._~%?=&+:@!,*'()-]*")  # nothing that ends a key, in any form of map
BITS = 2**26  # 8 MiB, by which addresses that come again are told: of a million others some 7,000 are held with them
_SAFE_IN_ID = "!$&'()*+,;=:@"
_REDDIT_KEY = re.compile(r"t([13])_([0-9a-z]+)")
_STACK_KEY = re.compile(r"([pc])([0-9]+)")
_DISCOURSE_KEY = re.compile(r"([0-9]+)/([0-9]+)")


WITHOUT_ADDRESSES = frozenset({"plain", "jsonl", "convokit", "stack-exchange-other"})  # formats


class MapForm(StrEnum):
    """How a map is written, by the ending of its file."""

    CSV = "csv"
    NGINX = "nginx"  # lines for a `map` block
    APACHE = "apache"  # lines for a text file of RewriteMap


class Source(NamedTuple):
    """What is known of where a post was."""

    format: str  # by which its file was read
    key: str
    thread: str  # the key of its thread
    kind: PostKind
    address: str | None  # as the source tells it


class Lead(NamedTuple):
    """From where to where, and in which thread that is."""

    old: str
    new: str
    thread: str


def old_paths(post: Source) -> list[str]:
    """The paths, with their queries, under which a post stood on its site; of a mail, its name as RFC 2392 has it."""
    told = _told(post.address)
    made = _MAKERS.get(post.format, _nothing)(post)
    return [*dict.fromkeys([*told, *made])]


def written(form: MapForm, read: Callable[[], Iterable[Lead]]) -> Iterator[str]:
    """Yield the lines of a map. Old addresses that are no paths are in CSV alone: no server is asked for them.

    Each is written once, as servers want it. Where several posts of a thread stood on one page, it leads to the first
    of them; where posts of several threads did, to none.

    :param read: gives the leads, thread by thread, and the same again when it is asked again: so what is held in memory
        grows with the addresses that come twice, and not with all of them.
    """
    if form is MapForm.CSV:
        yield "old_address,new_address\r\n"
    again, held, left_out = _met_again(form, read()), dict[str, Lead | None](), 0
    for lead in read():
        key = _key(form, lead)
        if hash(key) not in again:
            yield from _line(form, lead)
        elif (first := held.setdefault(key, lead)) is not None and first.thread != lead.thread:
            held[key] = None
    for one in held.values():
        left_out += one is None
        yield from _line(form, one) if one is not None else ()
    if left_out and form is not MapForm.CSV:
        yield f"# Left out, since posts of several threads stood there: {left_out}\n"


def _met_again(form: MapForm, leads: Iterable[Lead]) -> set[int]:
    """The hashes of all old addresses that come more than once, and of some others."""
    met, again = bytearray(BITS // 8 + 1), set[int]()
    for lead in leads:
        number = hash(_key(form, lead))
        byte, bit = divmod(number % BITS, 8)
        if met[byte] >> bit & 1:
            again.add(number)
        met[byte] |= 1 << bit
    return again


def _key(form: MapForm, lead: Lead) -> str:
    return lead.old.lower() if form is MapForm.NGINX else lead.old  # nginx finds strings whatever their case


def _line(form: MapForm, lead: Lead) -> Iterator[str]:
    if form is MapForm.CSV:
        yield f"{_cell(lead.old)},{lead.new}\r\n"
    elif lead.old.startswith("/"):
        yield f'"{lead.old}" "{lead.new}";\n' if form is MapForm.NGINX else f"{lead.old} {lead.new}\n"


def _told(address: str | None) -> list[str]:
    """The path of an address that the source tells, if it can stand in a map."""
    if not address or not address.isprintable():
        return []
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return [path] if len(path) > 1 and _PATH.fullmatch(path) else []


def _reddit(post: Source) -> list[str]:
    thing, thread = _REDDIT_KEY.fullmatch(post.key), _REDDIT_KEY.fullmatch(post.thread)
    if thing is None:
        return []
    if thing[1] == "3":
        return [f"/comments/{thing[2]}"]
    return [f"/comments/{thread[2]}/_/{thing[2]}"] if thread else []


def _stack_exchange(post: Source) -> list[str]:
    thing = _STACK_KEY.fullmatch(post.key)
    if thing is None:
        return []
    if thing[1] == "c":
        return [f"/posts/comments/{thing[2]}"]
    if post.kind is PostKind.QUESTION:
        return [f"/questions/{thing[2]}", f"/q/{thing[2]}"]
    return [f"/a/{thing[2]}"]


def _hacker_news(post: Source) -> list[str]:
    return [f"/item?id={post.key}"] if post.key.isascii() and post.key.isdigit() else []


def _discourse(post: Source) -> list[str]:
    place = _DISCOURSE_KEY.fullmatch(post.key)
    if place is None:
        return []
    return [*([f"/t/{place[1]}"] if place[2] == "1" else []), f"/t/{place[1]}/{place[2]}"]


def _mail(post: Source) -> list[str]:
    return [f"mid:{quote(post.key, safe=_SAFE_IN_ID)}"] if "@" in post.key else []


def _footnote(post: Source) -> list[str]:
    """Of what another archive passed on nothing but the key is known: what cannot be confused."""
    if post.key.startswith(("t1_", "t3_")):
        return _reddit(post)
    return _stack_exchange(post) if _STACK_KEY.fullmatch(post.key) else _mail(post)


def _nothing(_post: Source) -> list[str]:
    return []


_MAKERS: Mapping[str, Callable[[Source], list[str]]] = {
    "reddit": _reddit,
    "reddit-listing": _reddit,
    "stack-exchange": _stack_exchange,
    "stack-exchange-comments": _stack_exchange,
    "stack-exchange-history": _stack_exchange,
    "hacker-news": _hacker_news,
    "discourse": _discourse,
    "mbox": _mail,
    "mail": _mail,
    "footnote": _footnote,
}


def _cell(value: str) -> str:
    """A cell of CSV. An old address begins with a slash or a scheme: no table program takes it for a formula."""
    return '"' + value.replace('"', '""') + '"' if set(value) & set(',"\r\n') else value
