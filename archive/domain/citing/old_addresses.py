"""Addresses that posts had before: what somebody pastes or a redirect brings, read as the key of a post in its source.

Rules are a table, by site. Keys are as readers make them: see `imports`. Nothing here opens an address.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

MAX_TYPED = 2_000  # characters

_REDDIT = frozenset({"reddit", "reddit-listing", "footnote"})
_STACK = frozenset({"stack-exchange", "stack-exchange-comments", "stack-exchange-history", "footnote"})
_HACKER = frozenset({"hacker-news", "footnote"})
_DISCOURSE = frozenset({"discourse", "footnote"})
_MAIL = frozenset({"mbox", "mail", "footnote"})
_CONVOKIT = frozenset({"convokit", "footnote"})

_REDDIT_HOST = r"(?:[\w-]+\.)?(?:reddit\.com|redd\.it)"
_STACK_HOST = (
    r"(?:[\w-]+\.)*(?:stackexchange\.com|stackoverflow\.com|superuser\.com|serverfault\.com|askubuntu\.com|"
    r"mathoverflow\.net|stackapps\.com)"
)
_ANY_HOST = r".*"
_ID, _N, _END = "[0-9a-z]{1,13}", r"[0-9]{1,18}", r"(?![0-9a-z])"
_ADDRESS = "[0-9a-hjkmnp-tv-z]{14}"


@dataclass(frozen=True, slots=True)
class Rule:
    """How the addresses of one kind of thing are built."""

    site: str
    what: str  # that is found, with the names of what the pattern catches in braces
    host: str  # pattern of the whole host
    rest: str  # pattern of the beginning of path, query and fragment
    keys: tuple[tuple[str, frozenset[str]], ...]  # of posts, the nearest first; and the formats that make such keys
    threads: tuple[tuple[str, frozenset[str]], ...] = ()  # where the post is not here
    above: tuple[tuple[str, frozenset[str]], ...] = ()  # keys of posts that it stood below, where it is not here


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post or a thread by its key in the source."""

    key: str
    formats: frozenset[str]
    instead: bool = False  # what it stood below or in, and not the post that was meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What an address names."""

    site: str
    what: str
    posts: Sequence[Wanted] = ()
    threads: Sequence[Wanted] = ()
    ours: tuple[str, str] | None = None  # “posts” or “threads”, and a permanent address, where it was one of an archive
    hints: frozenset[str] = frozenset()  # words of the address that may be the name of a collection
    numbered_by: str = ""  # the host that counts its posts by itself, so that another one has the same numbers


def _of(*keys: str, formats: frozenset[str]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((key, formats) for key in keys)


_COMMENTS = rf"/(?:(?:r|user)/[^/]+/)?comments/(?P<thread>{_ID})"
_IN_THREAD = (*_of("t3_{thread}", formats=_REDDIT), *_of("{thread}", formats=_CONVOKIT))
_Q = rf"/(?:questions|q)/(?P<q>{_N})"
_T = rf"/t/(?:(?!{_N}(?:[/?#.]|$))[^/]+/)?(?P<t>{_N})"

# The first rule that fits counts.
RULES: tuple[Rule, ...] = (
    Rule(
        "Reddit",
        "comment {comment} in thread {thread}",
        _REDDIT_HOST,
        rf"{_COMMENTS}/[^/]*/(?P<comment>{_ID}){_END}",
        (*_of("t1_{comment}", formats=_REDDIT), *_of("{comment}", formats=_CONVOKIT)),
        _IN_THREAD,
    ),
    Rule("Reddit", "thread {thread}", _REDDIT_HOST, rf"{_COMMENTS}{_END}", _IN_THREAD),
    Rule("Reddit", "thread {thread}", _REDDIT_HOST, rf"/(?:gallery/|tb/)?(?P<thread>{_ID})/?(?:[?#]|$)", _IN_THREAD),
    Rule(
        "Stack Exchange",
        "comment {c}",
        _STACK_HOST,
        rf"{_Q}(?:/.*)?#comment(?P<c>{_N})(?:_(?P<a>{_N}))?$",
        _of("c{c}", formats=_STACK),
        _of("p{q}", formats=_STACK),
        _of("p{a}", "p{q}", formats=_STACK),
    ),
    Rule("Stack Exchange", "comment {c}", _STACK_HOST, rf"/posts/comments/(?P<c>{_N})", _of("c{c}", formats=_STACK)),
    Rule(
        "Stack Exchange",
        "answer {a} to question {q}",
        _STACK_HOST,
        rf"{_Q}(?:/[^/#?]*/(?P<b>{_N}))?(?:[/?].*)?#(?P<a>{_N})$",
        _of("p{a}", formats=_STACK),
        _of("p{q}", formats=_STACK),
    ),
    Rule(
        "Stack Exchange",
        "answer {a} to question {q}",
        _STACK_HOST,
        rf"/questions/(?P<q>{_N})/[^/#?]*/(?P<a>{_N})(?:[/?#]|$)",
        _of("p{a}", formats=_STACK),
        _of("p{q}", formats=_STACK),
    ),
    Rule("Stack Exchange", "question {q}", _STACK_HOST, rf"{_Q}(?:[/?#]|$)", _of("p{q}", formats=_STACK)),
    Rule(
        "Stack Exchange",
        "answer {a}",
        _STACK_HOST,
        rf"/(?:a|posts)/(?P<a>{_N})(?:[/?#]|$)",
        _of("p{a}", formats=_STACK),
    ),
    Rule(
        "Hacker News",
        "item {b} below item {a}",
        r"news\.ycombinator\.com",
        rf"/item\?(?:.*&)?id=(?P<a>{_N})(?:&.*)?#(?P<b>{_N})$",
        _of("{b}", formats=_HACKER),
        above=_of("{a}", formats=_HACKER),
    ),
    Rule(
        "Hacker News",
        "item {a}",
        r"news\.ycombinator\.com",
        rf"/(?:item|reply)\?(?:.*&)?id=(?P<a>{_N})(?:[&#]|$)",
        _of("{a}", formats=_HACKER),
        _of("{a}", formats=_HACKER),
    ),
    Rule(
        "Hacker News",
        "item {a}",
        r"hn\.algolia\.com|hacker-news\.firebaseio\.com",
        rf"/(?:api/v1/items|v0/item)/(?P<a>{_N})(?:\.json)?(?:[?#]|$)",
        _of("{a}", formats=_HACKER),
        _of("{a}", formats=_HACKER),
    ),
    Rule(
        "Discourse",
        "post {n} of topic {t}",
        _ANY_HOST,
        rf"{_T}/(?P<n>{_N})(?:\.json)?/?(?:[?#]|$)",
        _of("{t}/{n}", formats=_DISCOURSE),
        _of("{t}", formats=_DISCOURSE),
    ),
    Rule(
        "Discourse",
        "topic {t}",
        _ANY_HOST,
        rf"{_T}(?:\.json)?/?(?:[?#]|$)",
        _of("{t}/1", formats=_DISCOURSE),
        _of("{t}", formats=_DISCOURSE),
    ),
)
_THREADS = ("thread ", "topic ")  # how `what` begins where the address is that of a whole thread
_NUMBERED_BY_HOST = frozenset({"Stack Exchange", "Discourse"})
_COMPILED = [(rule, re.compile(rule.host), re.compile(rule.rest, re.IGNORECASE)) for rule in RULES]
_OURS = re.compile(rf"/(?P<kind>posts|threads)/(?P<id>{_ADDRESS})(?:[/?#]|$)")
_FULLNAME = re.compile(rf"t(?P<kind>[13])_(?P<id>{_ID})", re.IGNORECASE)
_KEPT_COPY = re.compile(r"https?://web\.archive\.org/(?:web/)?[0-9]{4,14}[a-z_]*/+(?=\S)", re.IGNORECASE)
_FIELD = re.compile(r"\{(\w+)\}")
_SCHEME = re.compile(r"(https?):/*(?=[^/])", re.IGNORECASE)
_MAIL_SCHEME = re.compile(r"(?:mid|news|message-id|msgid):\s*", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"[^\s<>@]+@[^\s<>]+")
_ID_FIELDS = frozenset({"i", "id", "mid", "msgid", "message-id", "m"})


def understand(typed: str) -> Understood | None:
    """What an address names; None where no rule fits it."""
    typed = _KEPT_COPY.sub("", typed.strip()[:MAX_TYPED], count=1)
    return _by_name(typed) or _by_address(typed)


def _by_name(typed: str) -> Understood | None:
    """What is named without an address: a mail by its Message-ID, a thing of Reddit by its name."""
    if thing := _FULLNAME.fullmatch(typed):
        what, key = ("comment" if thing["kind"] == "1" else "thread"), typed.lower()
        return Understood(site="Reddit", what=f"{what} {thing['id'].lower()}", posts=[Wanted(key, _REDDIT)])
    scheme = _MAIL_SCHEME.match(typed)
    bare = typed[scheme.end() :] if scheme else typed
    if scheme is None and ("/" in bare.partition("@")[0] or bare.startswith("mailto:")) and not bare.startswith("<"):
        return None
    if scheme and scheme[0].lower().startswith("mid"):
        bare = unquote(bare.partition("/")[0])  # RFC 2392: a part of the mail may be named behind the slash
    return _mail(bare.strip().removeprefix("<").removesuffix(">").strip())


def _by_address(typed: str) -> Understood | None:
    parts = _split(typed)
    if parts is None:
        return None
    host, rest = (parts.hostname or "").lower(), _rest(parts)
    if ours := _OURS.match(rest):
        return Understood(site="this archive", what=rest, ours=(ours["kind"], ours["id"]))
    for rule, of_host, of_rest in _COMPILED:
        found = of_rest.match(rest) if of_host.fullmatch(host) else None
        if found:
            return _by_rule(rule, found.groupdict(), host, rest)
    return next(filter(None, map(_mail, _ids_in(parts))), None)


def _split(typed: str) -> SplitResult | None:
    """The parts of an address, with or without its scheme, and with slashes that a server made one."""
    web = bool(_SCHEME.match(typed))
    typed = _SCHEME.sub(r"\1://", typed, count=1) if web else "https://" + typed.lstrip("/")
    try:
        parts = urlsplit(typed)
        host = parts.hostname or ""
    except ValueError:
        return None
    return parts if "." in host else None


def _rest(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path}{query}{'#' + parts.fragment if parts.fragment else ''}"


def _by_rule(rule: Rule, caught: Mapping[str, str | None], host: str, rest: str) -> Understood:
    named = {name: value.lower() for name, value in caught.items() if value}
    return Understood(
        site=rule.site,
        what=rule.what.format(**named),
        posts=[*_wanted(rule.keys, named), *_wanted(rule.above, named, instead=True)],
        threads=[*_wanted(rule.threads, named, instead=not rule.what.startswith(_THREADS))],
        numbered_by=host if rule.site in _NUMBERED_BY_HOST else "",
        hints=frozenset(re.split(r"[./?#]+", f"{host}{rest}".lower())) - {""},
    )


def _wanted(
    keys: tuple[tuple[str, frozenset[str]], ...], named: Mapping[str, str], *, instead: bool = False
) -> Iterator[Wanted]:
    for key, formats in keys:
        if all(name in named for name in _FIELD.findall(key)):
            yield Wanted(key.format(**named), formats, instead)


def _ids_in(parts: SplitResult) -> Iterator[str]:
    """Whatever may be a Message-ID in the address of a web page: archives of lists have it in the path or the query."""
    before = ""
    for piece in parts.path.split("/"):
        if before != "list":  # behind which stands the address of the list itself, as HyperKitty writes it
            yield unquote(piece)
        before = piece
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        if name.lower() in _ID_FIELDS:
            yield unquote(value)


def _mail(id_: str) -> Understood | None:
    id_ = id_.strip("<> ")
    if not _MESSAGE_ID.fullmatch(id_):
        return None
    return Understood(site="mail", what=f"the mail with the Message-ID {id_}", posts=[Wanted(id_, _MAIL)])
