"""HTML of other sites, brought down to the few tags that our pages know, between two walls.

What comes in has passed the first wall: every attribute is quoted, every tag is one of those below.
A heading becomes a bold line and a picture a link to it, as with Markdown, and for the same reasons.
"""

import re

from archive.web.prose import weight

MAX_LENGTH = 60_000  # characters of what comes in

KNOWN = frozenset(
    {"b", "big", "center", "dd", "del", "details", "div", "dl", "dt", "font", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"i", "img", "ins", "kbd", "samp", "small", "strike", "summary", "tt", "u", "var"}
)  # beside those that pages know
_HEADINGS = dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "summary"), ("p", "strong"))
_BECOMES: dict[str, tuple[str, ...]] = {
    **_HEADINGS,
    **dict.fromkeys(("b", "dt"), ("strong",)),
    **dict.fromkeys(("i", "var"), ("em",)),
    **dict.fromkeys(("del", "strike"), ("s",)),
    **dict.fromkeys(("kbd", "samp", "tt"), ("code",)),
    **dict.fromkeys(("center", "dd", "div"), ("p",)),
}
_TAG = re.compile(r"""<(/?)([a-z0-9]+)((?:[^"'>]|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(r"""\b(src|alt)="([^"]*)\"""")
_VOID = frozenset({"br", "hr", "img"})


def too_much(html: str) -> bool:
    """Whether the HTML is longer, or has more tags, than a page renders in time."""
    return len(html) > MAX_LENGTH or weight.too_much(html)


def deepest(html: str) -> int:
    """How deep the tags of clean HTML nest."""
    depth = most = 0
    for tag in _TAG.finditer(html):
        if tag[2] not in _VOID:
            depth += -1 if tag[1] else 1
            most = max(most, depth)
    return most


def bring_down(html: str) -> str:
    """The HTML with every tag that pages do not know turned into those that they do."""
    return _TAG.sub(_turned, html)


def _turned(tag: re.Match[str]) -> str:
    closing, name, attributes = tag[1], tag[2], tag[3]
    if name == "img":
        return _picture(dict(_ATTRIBUTE.findall(attributes)))
    if name not in KNOWN:
        return tag[0]
    names = _BECOMES.get(name, ())
    return "".join(f"</{new}>" for new in reversed(names)) if closing else "".join(f"<{new}>" for new in names)


def _picture(attributes: dict[str, str]) -> str:
    words = attributes.get("alt") or "picture"
    return f'<a href="{attributes["src"]}">{words}</a>' if attributes.get("src") else words
