"""What Markdown makes of a text, before the walls of `safe_html`: CommonMark, tables, strikethrough; and Reddit's.

A picture becomes a link to it, since no page loads anything from elsewhere. A heading becomes a bold line, since the
headings of a page are ours: they tell a reader with a screen reader whose answer comes next.
"""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from archive.web.prose.links import split_links
from archive.web.prose.reddit_marks import speak_reddit

MAX_MARKDOWN_LENGTH = 40_000  # characters; where the boards that write Markdown stop
MAX_NESTING = 100
# The parser looks ahead from each of the first two, so that many more would take seconds; of the others, more come to
# more tags than a page renders in time, and are not parsed to find that out.
_MOST_OF = {"[": 2_000, "<": 10_000, "\n": 5_000, "|": 5_000, "*": 10_000, "_": 10_000}


def markdown_html(text: str) -> str | None:
    """What Markdown makes of a text, before the walls; None where it is too long or too deep to be read so."""
    return _parsed(text, _parser)


def reddit_html(text: str) -> str | None:
    """The same for Reddit's Markdown. A spoiler keeps its signs, which at the start of a line are no quotation."""
    return _parsed(text.replace(">!", "\\>!"), _reddit_parser)


def _parsed(text: str, parser: MarkdownIt) -> str | None:
    if len(text) > MAX_MARKDOWN_LENGTH or any(text.count(sign) > most for sign, most in _MOST_OF.items()):
        return None
    tokens = parser.parse(text)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return None  # the parser leaves out what lies deeper
    html: str = parser.renderer.render(tokens, parser.options, {})
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


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    parser.core.ruler.push("footnote", _rework)
    return parser


_parser = _new_parser()
_reddit_parser = speak_reddit(_new_parser())
