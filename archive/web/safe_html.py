"""The walls between a stranger's text and our pages: the only module that knows Markup and bleach.

Text is rendered with raw HTML off. What Markdown makes of it then goes through a maintained
sanitiser (nh3), through bleach as the last wall, and through a check of every address. What the
plain renderer writes is within the allow-list by construction; a property test sends it through
both walls and finds it unchanged, so here it passes by them.

Markdown is CommonMark with tables and strikethrough. A picture becomes a link to it, since no
page loads anything from elsewhere. A heading becomes a bold line, since the headings of a page
are ours: they tell a reader with a screen reader whose answer comes next.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

import nh3
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from archive.domain.records import Markup as Written
from archive.web.byte_cache import ByteCache
from archive.web.prose import marks
from archive.web.prose.characters import fit, one_kind_of_line_end
from archive.web.prose.links import split_links
from archive.web.prose.markdown_marks import mark_words
from archive.web.prose.plain import LINK_REL, plain_html

TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
MAX_HTML_BYTES = 1024 * 1024
MAX_SHOWN_LENGTH = 160_000  # characters of a text; what they become is measured as well
MAX_MARKDOWN_LENGTH = 40_000  # characters; where the boards that write Markdown stop
MAX_NESTING = 100
_MOST_OF = {"[": 2_000, "<": 10_000}  # the parser looks ahead from each, so that many more would take seconds

_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\x00-\x20\x7f]+", re.IGNORECASE)
_HREF = re.compile(r' href="([^"]*)"')
_LINK_TAG = re.compile(r"<a(?: [^>]*)?>")
_first_wall = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=LINK_REL,
)
_last_wall = Cleaner(
    tags=TAGS,
    attributes={tag: sorted(names) for tag, names in ATTRIBUTES.items()},
    protocols=SCHEMES,
    strip=True,
)
_cleaned: ByteCache[str, str] = ByteCache(16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as it stands on a page."""

    html: Markup
    cut: bool  # whether only its beginning is shown
    placed: frozenset[int] = frozenset()  # the notes whose words are marked, by number


def render(text: str, written: Written, *, spans: Sequence[tuple[int, int]] = (), ids: str = "") -> Rendered:
    """The text as HTML of at most a MiB.

    :param spans: the words that notes are about: start and end, characters of this very text.
        The first is note 1. A note whose words cannot be marked is not among `placed`.
    :param ids: what the ids of marks and notes begin with: mark 1 is `<ids>-r1`, and leads to `<ids>-n1`.
    """
    shown = fit(text[:MAX_SHOWN_LENGTH])
    html = _render(shown, written, spans)
    while len(html) > MAX_HTML_BYTES // 4 and len(html.encode()) > MAX_HTML_BYTES:
        shown = shown[: len(shown) // 2]
        html = _render(shown, written, spans)
    cut = len(shown) < len(text)
    if not spans:
        return Rendered(Markup(html), cut)  # noqa: S704 - this is the one place
    placed = marks.numbers_in(html)
    return Rendered(Markup(marks.write(html, ids)), cut, placed)  # noqa: S704 - this is the one place


def walls(html: str) -> str:
    """The HTML as both walls and the check of addresses let it through."""
    return check_addresses(_last_wall.clean(_first_wall.clean(html)))


def check_addresses(html: str) -> str:
    """The HTML without any address that is not plainly http, https or mailto."""
    return _LINK_TAG.sub(lambda tag: _HREF.sub(_only_plain, tag[0]), html)


def _only_plain(href: re.Match[str]) -> str:
    return href[0] if _ADDRESS.fullmatch(unescape(href[1])) else ""


def _render(text: str, written: Written, spans: Sequence[tuple[int, int]]) -> str:
    """The HTML, with signs where marks will be."""
    wanted = marks.stretches(text, spans) if spans else []
    if written is Written.MARKDOWN:
        html = _markdown(text, wanted)
        if html is not None:
            return html
    if wanted:
        cleared = [marks.clear_of_quote_signs(text, stretch) for stretch in wanted]
        text = marks.insert(text, [stretch for stretch in cleared if stretch is not None])
    return plain_html(one_kind_of_line_end(text))


def _markdown(text: str, wanted: Sequence[marks.Stretch]) -> str | None:
    key = repr((text, wanted)) if wanted else text
    clean = _cleaned.get(key)
    if clean is None:
        html = markdown_html(text)
        if html is None:
            return None
        clean = walls(mark_words(text, html, wanted, render=markdown_html))
        _cleaned.put(key, clean, 4 * (len(key) + len(clean)))
    return clean


def markdown_html(text: str) -> str | None:
    """What Markdown makes of a text, before the walls; None where it is too long or too deep to be read so."""
    if len(text) > MAX_MARKDOWN_LENGTH or any(text.count(sign) > most for sign, most in _MOST_OF.items()):
        return None
    tokens = _parser.parse(text)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return None  # the parser leaves out what lies deeper
    html: str = _parser.renderer.render(tokens, _parser.options, {})
    return html


def _rework(state: StateCore) -> None:
    state.tokens = [new for token in state.tokens for new in _without_headings(token)]
    for token in state.tokens:
        if token.children:
            token.children = list(_with_links(token.children))


def _without_headings(token: Token) -> Iterator[Token]:
    if token.type == "heading_open":
        yield Token("paragraph_open", "p", 1, block=True, level=token.level)
        yield Token("strong_open", "strong", 1, level=token.level)
    elif token.type == "heading_close":
        yield Token("strong_close", "strong", -1, level=token.level)
        yield Token("paragraph_close", "p", -1, block=True, level=token.level)
    else:
        yield token


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "image":
            yield from _picture(token, linked=not inside)
        elif token.type == "text" and not inside and "://" in token.content:
            for piece, url in split_links(token.content):
                yield from _link(piece, url)
        else:
            yield token


def _picture(token: Token, *, linked: bool) -> Iterator[Token]:
    return _link(token.content or "picture", str(token.attrs.get("src", "")) if linked else None)


def _link(words: str, url: str | None) -> Iterator[Token]:
    text = Token("text", "", 0, content=words)
    if not url:
        yield text
        return
    yield Token("link_open", "a", 1, attrs={"href": url})
    yield text
    yield Token("link_close", "a", -1)


_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
_parser.core.ruler.push("footnote", _rework)
