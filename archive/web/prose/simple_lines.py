"""Lines of Markdown that hold nothing but words, plain links, plain addresses and plain emphasis: their HTML.

Whatever might mean more, to Markdown, to Reddit or to HTML, is for the parser. For the rest, a property test says,
parser and walls come to the very same.
"""

import re

from archive.web.prose.links import split_links
from archive.web.prose.plain import LINK_REL

_PLAIN = r"\w .,;:?!'\"()%$‘’“”–—…-"
_BEGIN = r"(?:[^\W\d_]|['\"(‘“])"
_WORDS = re.compile(rf"{_BEGIN}(?:[{_PLAIN}]*[\w.,;:?!'\"()%$‘’“”–—…-])?")
_STRESSED = rf"[^\W_](?:[{_PLAIN}]*[^\W_])?"
_PIECE = re.compile(
    rf"(?P<words>(?:(?!https?://)[{_PLAIN}])+)"
    r"|(?P<slash>(?<=[^\W_]{2})/(?=[^\W_]))"  # in a name of Reddit's, one letter stands before it
    r"|(?P<and>&(?= ))"
    rf"|(?<!!)\[(?P<label>(?:[{_PLAIN}]|&(?= ))+)\]"
    r"\((?P<href>https?://(?:[a-z0-9]+\.)+[a-z]+/[A-Za-z0-9/._?=&+-]*)\)"
    rf"|(?<![\w*])\*\*(?P<strong>{_STRESSED})\*\*(?![\w*])"
    rf"|(?<![\w*])\*(?P<em>{_STRESSED})\*(?![\w*])"
    r"|(?<!\S)(?P<address>https?://[A-Za-z0-9./?=+:;,!-]+)(?!\S)"
)
_PLAIN_TAIL = re.compile(rf"[{_PLAIN}]*")
_MOST = {"*": 1_000, "&": 1_000, '"': 5_000, "_": 5_000, "://": 100}  # of a text; beyond these, it may weigh too much


def too_many(text: str) -> bool:
    """Whether a text holds more signs than are surely rendered."""
    return any(text.count(sign) > most for sign, most in _MOST.items())


def line_html(line: str) -> str | None:
    """The HTML of a line; None where it has to be parsed."""
    if _WORDS.fullmatch(line):
        return None if "_" in line else line
    if line[:1].isspace() or line[-1:].isspace():
        return None
    pieces, at = list[str](), 0
    while at < len(line):
        piece = _PIECE.match(line, at)
        html = None if piece is None else _html(piece)
        if piece is None or html is None or (at == 0 and not _may_begin(piece)):
            return None
        pieces.append(html)
        at = piece.end()
    return "".join(pieces)


def _may_begin(piece: re.Match[str]) -> bool:
    return piece.lastgroup != "words" or re.match(_BEGIN, piece["words"]) is not None


def _html(piece: re.Match[str]) -> str | None:
    kind, words = piece.lastgroup, piece[0]
    match kind:
        case "words" | "slash":
            return None if "_" in words else words
        case "and":
            return "&amp;"
        case "href":
            return None if "_" in piece["label"] else _link(piece["href"], piece["label"])
        case "address":
            return _linked(words)
    return f"<{kind}>{piece[kind]}</{kind}>" if kind and "_" not in piece[kind] else None


def _linked(words: str) -> str | None:
    pieces = [*split_links(words)]
    if not all(url or _PLAIN_TAIL.fullmatch(piece) for piece, url in pieces):
        return None
    return "".join([_link(url, piece) if url else piece for piece, url in pieces])


def _link(href: str, label: str) -> str:
    return f'<a href="{href.replace("&", "&amp;")}" rel="{LINK_REL}">{label.replace("&", "&amp;")}</a>'
