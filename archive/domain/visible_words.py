"""The words of a text as a reader sees them, for search and for quoting: HTML without its tags.

Not for pages: what comes out is unescaped, and `archive.web.safe_html` alone makes HTML of a text.
"""

import re
from html import unescape

from archive.domain.records import Markup

_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(?:[a-zA-Z/!?][^>]*)>")
_WITHIN_WORDS = re.compile(
    r"</?(?:a|abbr|b|code|del|em|i|ins|kbd|mark|s|span|strike|strong|sub|sup|u)\b[^>]*>", re.IGNORECASE
)


def visible_words(text: str, markup: Markup) -> str | None:
    """The words; None where the text itself is them."""
    if markup is not Markup.HTML or ("<" not in text and "&" not in text):
        return None
    bare = _replace(_TAG, " ", _replace(_WITHIN_WORDS, "", _UNSEEN.sub(" ", text)))
    return unescape(bare).replace("\0", " ")


def words_seen(passage: str, markup: Markup) -> str:
    """The words of a passage, in any markup; the passage itself where a reader sees none."""
    seen = (visible_words(passage, markup) or "").strip()
    return seen or passage


def _replace(tag: re.Pattern[str], instead: str, text: str) -> str:
    """The text with something else for each tag.

    Behind the last ">" no tag ends, and none is sought: every "<" there would be followed to the end.
    """
    end = text.rfind(">") + 1
    return tag.sub(instead, text[:end]) + text[end:]
