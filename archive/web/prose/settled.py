"""HTML that the last wall and the check of addresses would give back as it is, as nearly all of what Markdown makes is.

The last wall takes most of the time that a text in Markdown costs. It reads the HTML as a browser would, and writes it
anew: where every tag is one of a few, in a place where no browser moves it, closed where it should be, and every sign
is spelt as the wall spells it, the same comes out. What is not plainly so has to go through it. That the answer is
right says a property test.
"""

import re

_PIECES = re.compile(r"(<[^<>]*>)")
# What one of the walls might spell otherwise: signs that stand alone, controls, and what is no character.
_ODD = re.compile("&(?!(?:amp|lt|gt|nbsp);)|[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINK = re.compile(
    r'<a href="https?://[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?){1,20}'
    r'(?:[/?#](?:[A-Za-z0-9._~/?#!$*+,;=@-]|%[0-9A-Fa-f]{2}|&amp;)*)?" rel="nofollow noopener ugc">'
)
_BLOCKS = frozenset({"", "blockquote", "li"})  # within which blocks stand; "" is the whole
_RUNNING = frozenset({"a", "code", "em", "s", "strong", "sup"})  # within lines, and none within itself
_IN_LINES = frozenset({"p", "li"}) | _RUNNING
_WITHIN = {
    **dict.fromkeys(("blockquote", "hr", "ol", "p", "pre", "ul"), _BLOCKS),
    **dict.fromkeys(("br", *_RUNNING), _IN_LINES),
    "code": _IN_LINES | {"pre"},
    "li": frozenset({"ol", "ul"}),
}
_OPENING = {f"<{name}>": name for name in _WITHIN if name != "a"}
_EMPTY = frozenset({"br", "hr"})
_DEEPEST = 20


def is_settled(html: str) -> bool:
    """Whether it would come through as it is; False where that is not plain to see.

    :param html: as the first wall lets it through.
    """
    if _ODD.search(html):
        return False
    within, pieces = [""], _PIECES.split(html)
    for words, tag in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if words and within[-1] not in _IN_LINES and (within[-1] == "pre" or not words.isspace()):
            return False
        if ">" in words or "<" in words or (tag and not _follow(tag, within)):
            return False
    return len(within) == 1


def _follow(tag: str, within: list[str]) -> bool:
    """Step into or out of an element; whether it may be there."""
    if tag.startswith("</"):
        return within.pop() == tag[2:-1]
    name = _OPENING.get(tag) or ("a" if _LINK.fullmatch(tag) else None)
    if name is None or within[-1] not in _WITHIN[name] or (name in _RUNNING and name in within):
        return False
    if name not in _EMPTY:
        within.append(name)
    return len(within) <= _DEEPEST
