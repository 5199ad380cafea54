"""The walls between a stranger's text and our pages: the only module that knows Markup and bleach.

Text is rendered with raw HTML off. What Markdown makes of it then goes through a maintained
sanitiser (nh3), through bleach as the last wall, and through a check of every address. What the
plain renderer writes is within the allow-list by construction; a property test sends it through
both walls and finds it unchanged, so here it passes by them. So does Markdown that is nothing
but paragraphs of words, and a text whose HTML would keep the walls busy for longer than a page
may take: it is shown as plain text. The last wall is spared what it would give back as it is.

HTML of other sites passes the first wall, is brought down to the few tags of our pages, and passes
all of them; where it is too long or too deep, its words are shown as plain text.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from html import unescape
from typing import NamedTuple

import nh3
import orjson
from bleach.sanitizer import Cleaner
from markupsafe import Markup

from archive.byte_cache import ByteCache, weigh
from archive.domain.mail_footers import footer_start
from archive.domain.records import Markup as Written
from archive.domain.visible_words import visible_words
from archive.web.prose import foreign_html, marks, weight
from archive.web.prose.characters import fit, one_kind_of_line_end, without_marks
from archive.web.prose.markdown import MAX_NESTING, markdown_html, reddit_html
from archive.web.prose.markdown_marks import mark_words
from archive.web.prose.paragraphs import paragraphs_html
from archive.web.prose.places import find_places, insert_places, write_places
from archive.web.prose.plain import LINK_REL, plain_html
from archive.web.prose.settled import is_settled

TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "sub", "sup"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
MAX_HTML_BYTES = 1024 * 1024
MAX_SHOWN_LENGTH = 160_000  # characters of a text; what they become is measured as well
MAX_SHOWN_LINES = 10_000  # where every line is an element of its own, as beside an original

# All of them are within strings, where JSON may write them so.
_JSON_ESCAPES = tuple((sign, f"\\u{ord(sign):04x}") for sign in "<>&\u2028\u2029")
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
_foreign_wall = nh3.Cleaner(
    tags=set(TAGS | foreign_html.KNOWN),
    attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
)
_last_wall = Cleaner(
    tags=TAGS,
    attributes={tag: sorted(names) for tag, names in ATTRIBUTES.items()},
    protocols=SCHEMES,
    strip=True,
)
_cleaned: ByteCache[Hashable, str] = ByteCache(16 * 1024 * 1024)


class Rendered(NamedTuple):
    """A text as it stands on a page."""

    html: Markup
    cut: bool  # whether only its beginning is shown
    placed: frozenset[int] = frozenset()  # the notes whose words are marked, by number


def render(
    text: str,
    written: Written,
    *,
    spans: Sequence[tuple[int, int]] = (),
    ids: str = "",
    struck: frozenset[int] = frozenset(),
) -> Rendered:
    """The text as HTML of at most a MiB.

    :param spans: the words that notes are about: start and end, characters of this very text.
        The first is note 1. A note whose words cannot be marked is not among `placed`.
    :param ids: what the ids of marks and notes begin with: mark 1 is `<ids>-r1`, and leads to `<ids>-n1`.
    :param struck: the notes whose words are struck through, by number.
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
    return Rendered(Markup(marks.write(html, ids, struck)), cut, placed)  # noqa: S704 - this is the one place


def written(html: str) -> Markup:
    """HTML that a module `writing` has joined: there, whatever comes from outside is escaped or rendered."""
    return Markup(html)  # noqa: S704 - this is the one place


def render_in_places(
    text: str, spans: Sequence[tuple[int, int]], telling: tuple[int, int] | None = None
) -> Rendered | None:
    """An HTML text as `render` has it, its words in elements that carry their place; None where they cannot.

    :param spans: what is marked; the number behind its words leads to `#sig-<number>`, from 1.
    :param telling: one more, marked otherwise; its number is the last.
    """
    if len(text) > MAX_SHOWN_LENGTH:
        return None
    shown = fit(text)
    places = find_places(shown, spans, telling)
    signed = foreign_html_of(insert_places(shown, places))
    if signed is None or weight.too_much(signed):
        return None
    signed = walls(signed)
    html = write_places(signed, places) if without_marks(signed) == _render(shown, Written.HTML, ()) else None
    if html is None or len(html.encode()) > MAX_HTML_BYTES:
        return None
    return Rendered(Markup(html), cut=False)  # noqa: S704 - this is the one place


def walls(html: str) -> str:
    """The HTML as both walls and the check of addresses let it through."""
    return check_addresses(_last_wall.clean(first_wall(html)))


def first_wall(html: str) -> str:
    """The HTML as the first of the walls lets it through."""
    clean: str = _first_wall.clean(html)
    return clean


def _walls_where_needed(html: str) -> str:
    """What `walls` gives, mostly without the last of them."""
    clean = first_wall(html)
    return clean if is_settled(clean) else check_addresses(_last_wall.clean(clean))


def check_addresses(html: str) -> str:
    """The HTML without any address that is not plainly http, https or mailto."""
    return _LINK_TAG.sub(lambda tag: _HREF.sub(_only_plain, tag[0]), html)


def _only_plain(href: re.Match[str]) -> str:
    return href[0] if _ADDRESS.fullmatch(unescape(href[1])) else ""


def _render(text: str, written: Written, spans: Sequence[tuple[int, int]]) -> str:
    """The HTML, with signs where marks will be."""
    wanted = marks.stretches(text, spans) if spans else []
    if written not in _RENDERERS:
        return _plain(text, written, wanted)
    if written is not Written.HTML and not wanted and (simple := paragraphs_html(text)) is not None:
        return simple
    key = (text, written, tuple(wanted))
    html = _cleaned.get(key)
    if html is None:
        html = _rich(text, written, wanted)
        html = _plain(text, written, wanted) if html is None else html
        _cleaned.put(key, html, weigh(key, html))
    return html


def data_block(value: object, mimetype: str) -> Markup:
    """Data within a page, as JSON in an element that no browser runs.

    :raises orjson.JSONEncodeError: if it holds what JSON cannot.
    """
    written = orjson.dumps(value).decode()
    for sign, escape in _JSON_ESCAPES:
        written = written.replace(sign, escape)
    return Markup(f'<script type="{mimetype}">{written}</script>')  # noqa: S704 - nothing in it can end the element


def _plain(text: str, written: Written, wanted: Sequence[marks.Stretch]) -> str:
    if written is Written.HTML:
        text, wanted = visible_words(text, written) or text, []
    if wanted:
        cleared = [marks.clear_of_quote_signs(text, stretch) for stretch in wanted]
        text = marks.insert(text, [stretch for stretch in cleared if stretch is not None])
    text = one_kind_of_line_end(text)
    footer = footer_start(text) if written is Written.MAIL else None
    return plain_html(text) if footer is None else f"{plain_html(text[:footer])}<hr>{plain_html(text[footer:])}"


def _rich(text: str, written: Written, wanted: Sequence[marks.Stretch]) -> str | None:
    """The HTML that the markup stands for; None where that is too long or too deep."""
    renderer = _RENDERERS[written]
    html = renderer(text)
    if html is None or weight.too_much(html):
        return None
    return _walls_where_needed(mark_words(text, html, wanted, render=renderer))


def foreign_html_of(text: str) -> str | None:
    """What another site's HTML comes to, before the walls; None where it is too long or too deep to be read so."""
    if foreign_html.too_much(text):
        return None
    clean = _foreign_wall.clean(one_kind_of_line_end(text))
    return None if foreign_html.deepest(clean) >= MAX_NESTING else _first_wall.clean(foreign_html.bring_down(clean))


_RENDERERS: dict[Written, Callable[[str], str | None]] = {
    Written.MARKDOWN: markdown_html,
    Written.REDDIT: reddit_html,
    Written.HTML: foreign_html_of,
}
