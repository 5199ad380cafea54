"""What Reddit's Markdown has beside CommonMark: raised words, and the names of people and forums.

Source: https://support.reddithelp.com, "Formatting guide". A spoiler is shown with its signs.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_NAME = re.compile(r"(?<![\w/])/?([ur])/([A-Za-z0-9_-]{2,21})(?![\w-])")
_RAISED = re.compile(r"\^(?:\(([^()\n]{1,500})\)|([^\s^()]{1,200}))")


def speak_reddit(parser: MarkdownIt) -> MarkdownIt:
    """The parser, with Reddit's marks."""
    parser.inline.ruler.before("emphasis", "raised", _raise)
    parser.inline.add_terminator_char("^")
    parser.core.ruler.push("names", _link_names)
    return parser


def _raise(state: StateInline, silent: bool) -> bool:
    found = _RAISED.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "^" else None
    if found is None:
        return False
    if not silent:
        state.push("sup_open", "sup", 1)
        state.push("text", "", 0).content = found[1] or found[2]
        state.push("sup_close", "sup", -1)
    state.pos = found.end()
    return True


def _link_names(state: StateCore) -> None:
    for token in state.tokens:
        if token.children:
            token.children = list(_with_names(token.children))


def _with_names(tokens: list[Token]) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside and "/" in token.content:
            yield from _split(token.content)
        else:
            yield token


def _split(words: str) -> Iterator[Token]:
    done = 0
    for name in _NAME.finditer(words):
        kind = "user" if name[1] == "u" else "r"
        yield Token("text", "", 0, content=words[done : name.start()])
        yield Token("link_open", "a", 1, attrs={"href": f"https://www.reddit.com/{kind}/{name[2]}"})
        yield Token("text", "", 0, content=name[0])
        yield Token("link_close", "a", -1)
        done = name.end()
    yield Token("text", "", 0, content=words[done:])
