"""Texts in Markdown that are paragraphs of words and nothing else, as most are: their HTML without any parser.

Only lines count that begin with a letter or what opens a quotation, and hold no sign that means anything to Markdown,
to Reddit or to HTML. For these, a property test says, parser and walls come to the very same.
"""

import re

_LONGEST, _MOST_LINES = 20_000, 500  # characters; beyond these, whether a text is too long is for the parser to say
_LINE = re.compile(r"(?:[^\W\d_]|['\"(‘“])(?:[\w .,;:?!'\"()%$‘’“”–—…-]*[\w.,;:?!'\"()%$‘’“”–—…-])?")
_BETWEEN = re.compile(r"\n\n+")


def paragraphs_html(text: str) -> str | None:
    """The HTML of a fit text; None where it has to be parsed."""
    if len(text) > _LONGEST or "_" in text or "  " in text or text.count("\n") > _MOST_LINES:
        return None
    paragraphs = _BETWEEN.split(text.strip("\n"))
    if not all(_LINE.fullmatch(line) for paragraph in paragraphs for line in paragraph.split("\n")):
        return None
    return "".join([f"<p>{paragraph}</p>\n" for paragraph in paragraphs])
