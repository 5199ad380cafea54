"""Plain text as HTML: paragraphs, line breaks, quoted lines, links. Nothing else.

What it writes is within the allow-list by construction, and a property test holds it to that:
both walls give it back unchanged. So a plain post pays neither of them.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from archive.web.prose.links import split_links

MAX_QUOTE_DEPTH = 100
LINK_REL = "nofollow noopener ugc"

_BLANK_LINE = re.compile(r"\n[ \t]*\n[ \t\n]*")
QUOTE = re.compile(r" {0,3}>(?:[ ]{0,3}>)*[ ]?")
_QUOTED_LINE = re.compile(r"^ {0,3}>", re.MULTILINE)


def plain_html(text: str) -> str:
    """The HTML for a text whose characters are fit and whose lines end in LF."""
    linked = "http" in text or "HTTP" in text or "Http" in text
    if ">" not in text or not _QUOTED_LINE.search(text):
        return _paragraphs(text, linked=linked)
    return "".join(_quotes(text, linked=linked))


def escape(text: str) -> str:
    """The text as HTML, spelt as both walls spell it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


def _quotes(text: str, *, linked: bool) -> Iterator[str]:
    depth = 0
    for wanted, lines in groupby(map(_unquoted, text.split("\n")), key=lambda line: line[0]):
        html = _paragraphs("\n".join(line for _, line in lines), linked=linked)
        if not html and not wanted:
            continue  # blank lines between two quotations do not part them further
        yield "</blockquote>" * (depth - wanted) + "<blockquote>" * (wanted - depth)
        yield html
        depth = wanted
    yield "</blockquote>" * depth


def _unquoted(line: str) -> tuple[int, str]:
    """How deep a line is quoted, and what is left of it."""
    prefix = QUOTE.match(line)
    if prefix is None:
        return 0, line
    return min(prefix[0].count(">"), MAX_QUOTE_DEPTH), line[prefix.end() :]


def _paragraphs(text: str, *, linked: bool) -> str:
    html = _linked(text) if linked else escape(text)
    written = [part.strip(" \t\n") for part in _BLANK_LINE.split(html)]
    return "".join([f"<p>{part}</p>" for part in written if part]).replace("\n", "<br>\n")


def _linked(text: str) -> str:
    return "".join(
        [
            escape(piece) if url is None else f'<a href="{escape(url)}" rel="{LINK_REL}">{escape(piece)}</a>'
            for piece, url in split_links(text)
        ]
    )
