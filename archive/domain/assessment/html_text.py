"""HTML as people read it, for the rules: the text that they would have met had it been written in Markdown.

Tags are gone but for what they say: italics are stars, a link is `[words](address)`, a quoted paragraph begins with
`> `. Every character knows the stretch of HTML that it stands for, so that a span of what was read leads back to the
text as received: never into a tag or a reference, and for an address to the whole link.
"""

import re
from bisect import bisect_right
from typing import NamedTuple

from archive.domain.html_tokens import Token, TokenKind, attribute, tokens

_PARAGRAPHS = frozenset(
    {"p", "div", "li", "ul", "ol", "dl", "dt", "dd", "pre", "hr", "table", "section", "article", "center", "details"}
    | {"summary", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "figcaption", "header", "footer"}
)
_LINES = frozenset({"br", "tr"})
_SIGNS = {"i": "*", "em": "*", "cite": "*", "b": "**", "strong": "**", "td": " ", "th": " "}
_CODE = frozenset({"code", "pre", "kbd", "samp", "tt"})
_NO_SIGNS = dict.fromkeys(map(ord, '"“”*_`[]>'), " ")  # in code they mark nothing
_BLANKS = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_LINE_END = re.compile(r"\n")
_ADDRESS = re.compile(r"\s*(https?://\S.*)", re.IGNORECASE | re.DOTALL)
_NOT_IN_ADDRESS = re.compile(r"[\s<>\"“”]")
_LONGEST_ADDRESS = 1_900  # characters; what is longer is read as far as that


class _Piece(NamedTuple):
    at: int  # characters from the start of what is read
    start: int  # characters from the start of the HTML
    end: int
    literal: bool  # whether it stands there character for character


class _Link(NamedTuple):
    start: int  # of its tag
    address: str
    pieces: int  # before its opening bracket


class HtmlText:
    """What is read of an HTML text, and where it stands."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._out: list[str] = []
        self._pieces: list[_Piece] = []
        self._length = 0
        self._break: tuple[int, int, int] | None = None  # line ends, and the tag that asks for them
        self._quotes: list[Token] = []  # block quotations that are open
        self._quoting = False  # whether the line before belongs to one that is open
        self._code = self._pre = 0
        self._link: _Link | None = None
        for token in tokens(html):
            self._take(token)
        self._end_link(len(html))
        self.words = "".join(self._out)
        self._places = [piece.at for piece in self._pieces]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of HTML that some characters of `words` stand for; there is at least one of them."""
        first = self._pieces[bisect_right(self._places, start) - 1]
        last = self._pieces[bisect_right(self._places, end - 1) - 1]
        return (
            first.start + (start - first.at if first.literal else 0),
            last.start + end - last.at if last.literal else last.end,
        )

    def _take(self, token: Token) -> None:
        if token.kind is TokenKind.WORDS:
            self._words(token.start, token.end)
        elif token.kind is TokenKind.REFERENCE:
            self._put(self._plain(token.value), token.start, token.end)
        else:
            self._tag(token, opens=token.kind is TokenKind.OPENING)

    def _tag(self, tag: Token, *, opens: bool) -> None:
        name = tag.value
        if name == "a":
            self._end_link(tag.start if opens else tag.end)
            if opens:
                self._begin_link(tag)
        elif name == "img" and opens:
            self._picture(tag)
        elif name in _SIGNS and not self._code:
            self._put(_SIGNS[name], tag.start, tag.end)
        if name in _PARAGRAPHS or name in _LINES:
            self._ask_for_break(1 if name in _LINES else 2, tag.start, tag.end)
        if name in _CODE:
            self._code = max(self._code + (1 if opens else -1), 0)
        if name == "pre":
            self._pre = max(self._pre + (1 if opens else -1), 0)
        if name == "blockquote" and opens:
            self._quotes.append(tag)
        elif name == "blockquote" and self._quotes:
            self._quotes.pop()
            self._quoting = self._quoting and bool(self._quotes)

    def _ask_for_break(self, more: int, start: int, end: int) -> None:
        ends, start, end = self._break or (0, start, end)
        self._break = min(ends + more, 2), start, end

    def _words(self, start: int, end: int) -> None:
        here = start
        for blanks in (_LINE_END if self._pre else _BLANKS).finditer(self._html, start, end):
            self._literal(here, blanks.start())
            if not self._pre:
                self._put(" ", *blanks.span())
            else:
                self._ask_for_break(1, *blanks.span())
            here = blanks.end()
        self._literal(here, end)

    def _literal(self, start: int, end: int) -> None:
        self._put(self._plain(self._html[start:end]), start, end, literal=True)

    def _plain(self, words: str) -> str:
        return words.translate(_NO_SIGNS) if self._code else words

    def _put(self, words: str, start: int, end: int, *, literal: bool = False) -> None:
        after_blank = self._break is not None or not self._out or self._out[-1][-1] in " \n"
        if after_blank and words[:1] == " " and not self._pre:
            words, start = words[1:], start + literal
        if not words:
            return
        if self._break or (self._quotes and not self._out):
            self._end_lines()
        self._add(words, start, end, literal=literal)

    def _end_lines(self) -> None:
        ends, start, end = self._break or (0, 0, 0)
        self._break = None
        if self._quoting:
            self._add("\n>" * ends + " ", start, end)
            return
        if self._out and ends:
            self._add("\n" * ends, start, end)
        if self._quotes:
            self._add("> ", self._quotes[-1].start, self._quotes[-1].end)
            self._quoting = True

    def _add(self, words: str, start: int, end: int, *, literal: bool = False) -> None:
        self._pieces.append(_Piece(self._length, start, end, literal))
        self._out.append(words)
        self._length += len(words)

    def _begin_link(self, tag: Token) -> None:
        if address := self._address(tag, "href"):
            self._put("[", tag.start, tag.end)
            self._link = _Link(tag.start, address, len(self._out) - 1)

    def _end_link(self, end: int) -> None:
        if self._link is None:
            return
        start, address, before = self._link
        self._link = None
        said = "".join(self._out[before:])
        if "://" in said or "www." in said:  # its words are an address, and often a shortened one
            self._length -= len(said)
            del self._out[before:], self._pieces[before:]
            self._add(address, start, end)
        else:
            self._add("](", end, end)
            self._add(address, start, end)
            self._add(")", end, end)

    def _picture(self, tag: Token) -> None:
        if address := self._address(tag, "src"):
            self._put("[" + (attribute(self._html, tag, "alt") or "") + "](" + address + ")", tag.start, tag.end)

    def _address(self, tag: Token, name: str) -> str | None:
        match = _ADDRESS.match(attribute(self._html, tag, name) or "")
        return _NOT_IN_ADDRESS.sub("_", match[1].rstrip())[:_LONGEST_ADDRESS] if match else None
