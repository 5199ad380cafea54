"""Addresses in running text.

Only plain ones become links: http or https, a host of ordinary letters, no name and password
before it. Anything else stays text, so that nothing is linked that a browser might read otherwise.
"""

import re
from collections.abc import Iterator

from archive.web.prose.characters import MARK

MAX_URL_LENGTH = 2000  # characters
MAX_LINKS = 500  # in one stretch of text; what follows stays text

_LABEL = r"(?!xn--)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_LAST_LABEL = r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
# Blanks and controls of every kind, what ends a quotation or a sentence in other scripts, and our own signs.
_NOT_IN_PATH = (
    "\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\xad\\ufeff"
    '<>"`\\\\^{|}«»\\u2018-\\u201f\\u2026\\u3001-\\u301f\\uff01\\uff08\\uff09\\uff0c\\uff0e\\uff1a\\uff1b\\uff1f'
    "\\ufdd0-\\ufdef\\ufffc\\ufffd"
)
_URL = re.compile(
    rf"(?<![\w/@.-])https?://(?:{_LABEL}\.){{1,20}}{_LAST_LABEL}(?![\w@-])(?::[1-9][0-9]{{0,3}}(?![0-9]))?"
    rf"(?:[/?#][^{_NOT_IN_PATH}]*)?",
    re.IGNORECASE | re.ASCII,
)
_TRAILING = ".,;:!?'*_~"
_BRACKETS = {")": "(", "]": "["}


def split_links(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the text in pieces, each with the address that it links to, or None."""
    bare, index = _without_marks(text)
    done = 0
    for count, found in enumerate(_URL.finditer(bare)):
        url = _trimmed(found[0])
        if count >= MAX_LINKS or len(url) > MAX_URL_LENGTH:
            continue
        start, end = found.start(), found.start() + len(url)
        start, end = (index[start], index[end - 1] + 1) if index else (start, end)
        if start > done:
            yield text[done:start], None
        yield text[start:end], url
        done = end
    if done < len(text):
        yield text[done:], None


def _without_marks(text: str) -> tuple[str, list[int]]:
    """The text without marks, and where each of its characters stood; no list where there are no marks."""
    kept: list[int] = []
    done = 0
    for mark in MARK.finditer(text):
        kept.extend(range(done, mark.start()))
        done = mark.end()
    if not done:
        return text, []
    kept.extend(range(done, len(text)))
    return "".join([text[place] for place in kept]), kept


def _trimmed(url: str) -> str:
    """The address without what belongs to the sentence around it."""
    counts = {bracket: url.count(bracket) for bracket in "()[]"}
    end = len(url)
    while True:
        last = url[end - 1]
        if last in _BRACKETS and counts[last] > counts[_BRACKETS[last]]:
            counts[last] -= 1
        elif last not in _TRAILING:
            return url[:end]
        end -= 1
