"""Texts in Markdown that are paragraphs and quotations of simple lines, as most are: their HTML without any parser."""

import re

from archive.web.prose.simple_lines import line_html, too_many

_LONGEST, _MOST_LINES = 20_000, 500  # characters; beyond these, whether a text is too long is for the parser to say
_BETWEEN = re.compile(r"\n\n+")
_QUOTED = "> "


def paragraphs_html(text: str) -> str | None:
    """The HTML of a fit text; None where it has to be parsed."""
    if len(text) > _LONGEST or text.count("\n") > _MOST_LINES or too_many(text):
        return None
    written = []
    for block in _BETWEEN.split(text.strip("\n")):
        html = _quotation(block) if block.startswith(_QUOTED) else _paragraph(block.split("\n"))
        if html is None:
            return None
        written.append(html)
    return "".join(written)


def _quotation(block: str) -> str | None:
    lines = block.split("\n")
    if not all(line.startswith(_QUOTED) for line in lines):
        return None
    html = _paragraph([line[len(_QUOTED) :] for line in lines])
    return html and f"<blockquote>\n{html}</blockquote>\n"


def _paragraph(lines: list[str]) -> str | None:
    written = []
    for line in lines:
        html = line_html(line)
        if not html:
            return None
        written.append(html)
    joined = "\n".join(written)
    return f"<p>{joined}</p>\n"
