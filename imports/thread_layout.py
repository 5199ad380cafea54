"""The layout of a plain-text thread: the question, the by-line, and the paragraphs below it.

    <question: one or more lines>

    by <asker>
    <answerer>

    <paragraph>

    <paragraph>

Positions count characters of the text. Lines end with LF, CRLF or a lone CR, and with nothing else:
form feeds and Unicode's line separators stand inside lines in forum dumps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from imports.limits import MAX_NAME_CHARACTERS, MAX_NAME_WORDS, MAX_PARAGRAPHS, MAX_TITLE_CHARACTERS

LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]+")
_BY_LINE = re.compile(r"[^\S\r\n]*+[Bb]y[^\S\r\n]++(?P<asker>\S[^\r\n]*+)")
_SENTENCE_MARK = re.compile(r"[.!?,;:…](?:\s|$)")


def _paragraph_pattern(in_line: str, line_end: str) -> re.Pattern[str]:
    """Filled lines one below the other; `more` matches when there is more than one.

    Every repetition is possessive, so that a megabyte of blanks costs one pass and not its square.
    """
    filled = rf"[^\S\r\n]*+\S{in_line}*+"
    return re.compile(rf"(?<!{in_line}){filled}(?P<more>(?:{line_end}{filled})++)?")


_PARAGRAPH = _paragraph_pattern(r"[^\r\n]", r"(?:\r\n|\r|\n)")
_PARAGRAPH_WITHOUT_CR = _paragraph_pattern(r"[^\n]", r"\n")  # the same, in half the time


class Paragraph(NamedTuple):
    """Lines that follow one another without a blank line between."""

    start: int
    end: int  # after its last character, before the line end
    is_one_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLayout:
    """Where the parts of a thread stand in its text."""

    start: int  # of the question's first line
    title: str
    asker: str
    head_end: int  # after the by-line, before its line end
    paragraphs: tuple[Paragraph, ...]  # below the by-line
    is_tight: bool  # whether the first of them follows the by-line without a blank line


class LayoutMissing(NamedTuple):
    """Why a text is not read as a thread in this layout."""

    reason: str  # a sentence for the archivist


def find_layout(text: str) -> ThreadLayout | LayoutMissing:
    """Find the question, the asker and the paragraphs below, or say what is missing."""
    paragraphs = _find_paragraphs(text)
    if len(paragraphs) > MAX_PARAGRAPHS:
        return LayoutMissing(f"The thread has more than {MAX_PARAGRAPHS:,} paragraphs.")
    found = _by_line_after_blank(text, paragraphs) or _by_line_in_question(text, paragraphs[:1])
    if found is None:
        return LayoutMissing("No line “by <name>” was found below a question, so it cannot be said who asked.")
    number, by_line = found
    start = paragraphs[0].start
    if start == by_line.start():
        return LayoutMissing(f"No question stands above “{by_line[0].strip()}”.")
    end = paragraphs[number].end
    rest = _find_paragraphs(text, start=by_line.end(), end=end)
    return ThreadLayout(
        start=start,
        title=_join_lines(text[start : by_line.start()]),
        asker=by_line["asker"].strip(),
        head_end=by_line.end(),
        paragraphs=(*rest, *paragraphs[number + 1 :]),
        is_tight=bool(rest),
    )


def is_name_sized(line: str) -> bool:
    """Whether a stripped line is short enough to be anybody's name."""
    return len(line) <= MAX_NAME_CHARACTERS and len(line.split(None, MAX_NAME_WORDS)) <= MAX_NAME_WORDS


def _find_paragraphs(text: str, start: int = 0, end: int | None = None) -> list[Paragraph]:
    pattern = _PARAGRAPH if "\r" in text else _PARAGRAPH_WITHOUT_CR
    matches = pattern.finditer(text, start, len(text) if end is None else end)
    return [
        Paragraph(match.start(), match.end(), match.lastgroup is None) for match in islice(matches, MAX_PARAGRAPHS + 1)
    ]


def _by_line_after_blank(text: str, paragraphs: Sequence[Paragraph]) -> tuple[int, re.Match[str]] | None:
    for number, paragraph in enumerate(paragraphs[1:], start=1):
        if paragraph.start > paragraphs[0].start + MAX_TITLE_CHARACTERS:
            return None
        by_line = _BY_LINE.match(text, paragraph.start)
        if by_line is not None and _names_somebody(by_line["asker"].strip()):
            return number, by_line
    return None


def _by_line_in_question(text: str, paragraphs: Sequence[Paragraph]) -> tuple[int, re.Match[str]] | None:
    """A by-line without its blank line: only a single word is taken for a name there."""
    for paragraph in paragraphs:
        for line in _LINE.finditer(text, paragraph.start, min(paragraph.end, paragraph.start + MAX_TITLE_CHARACTERS)):
            by_line = _BY_LINE.match(text, line.start())
            if by_line is not None and len(by_line["asker"].split()) == 1 and is_name_sized(by_line["asker"]):
                return 0, by_line
    return None


def _names_somebody(asker: str) -> bool:
    """“by the way, …” opens a sentence; “by Jane Doe” does not."""
    return is_name_sized(asker) and (" " not in asker or _SENTENCE_MARK.search(asker) is None)


def _join_lines(question: str) -> str:
    lines = (line.strip() for line in LINE_END.split(question))
    return " ".join(line for line in lines if line)
