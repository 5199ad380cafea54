"""Marked titles: works named in italics, quotation marks or a link, and plain quotations.

A marked title alone may be anything. It is a reference where an author, a year or a word of
reading stands beside it; a long title in italics needs none.
"""

import re
from collections.abc import Iterator

from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.names import BOOKISH, CALLED, FULL_NAME, NAME
from archive.domain.assessment.reading import Reading
from archive.domain.assessment.wares import ends_as_ware, is_maker, is_ware

_NO_WORK = re.compile(r"(?:Hotel|Hôtel|HMS|USS|SS|RMS|Place|Rue|Edit|Note|TL;?DR)\b", re.IGNORECASE)  # in italics, too
_PART_OF_WORK = re.compile(
    r"(?:Chapter|Ch\.|Part|Volume|Vol\.|Section|Appendix|Table|Figure)\s(?:\d|[IVX]+\b)", re.IGNORECASE
)
_OF_A_PART = re.compile(rf"\bchapter\s(?:{CALLED})\s$", re.IGNORECASE)
_LONGEST_TITLE = 160  # characters
_SHORTEST_QUOTATION = 25  # characters; what is shorter is a word held at arm's length
_LONGEST_ADDRESS = 2_000  # characters
_CONTEXT = 100  # characters looked at on either side
_LONGEST_SENTENCE = 9  # words of a title that is written as a sentence is
_SPEAKS_FOR_ITSELF = 4  # words of a title in italics that needs nothing beside it

# What opens a mark, and the mark itself, its words in the first group. No mark reaches across a line.
_MARKS = (
    ('"', re.compile(r'"([^"\n]{1,600})"')),
    ("“", re.compile(r"“([^“”\n]{1,600})”")),
    ("``", re.compile(r"``\s?([^`\n]{1,600}?)\s?''")),
    ("*", re.compile(r"\*{1,3}(?=\S)([^*\n]{1,600})(?<=\S)\*{1,3}")),
    ("_", re.compile(r"(?<![^\W_])_{1,2}([^_\n]{1,600})_{1,2}(?![^\W_])")),
    ("<i>", re.compile(r"<i>([^<\n]{1,600})</i>", re.IGNORECASE)),
    ("<em>", re.compile(r"<em>([^<\n]{1,600})</em>", re.IGNORECASE)),
    ("](", re.compile(r"\[([^\[\]\n]{1,600})\]\(")),
)
_QUOTING = ('"', "“", "``")
_ITALIC = ("*", "_", "<i>", "<em>")

_AUTHOR_AFTER = re.compile(
    rf"(?:[, .\-–—]{{0,4}}(?:(?:is|was|a|an|the|written|edited|ed\.|eds\.|{BOOKISH})\s){{0,4}}[Bb]y|[,.]?\nby)\s"
    rf"(?:the\s)?({NAME})"
)
_YEAR_AFTER = re.compile(
    r"[,.]?\s?\((?:(?:[A-Z0-9][\w.'-]{0,20}|and|of|the|ed\.|eds\.|trans\.|by|edition|et|al\.)[ ,.:;&]{1,3}){0,9}"
    r"(?:1[4-9]|20)\d{2}\s?[);,\]/–-]|,\s(?:1[4-9]|20)\d{2}\b"
)
_JOURNAL_AFTER = re.compile(
    r",?\s(?:in\s)?(?:[A-Z][\w'&-]{1,20}\s?(?:(?:of|the|and|for|in)\s){0,2}){1,7},?\s?(?:vol\.|no\.|\d{1,3}(?:[,:(]|\s\(|,?\sno\.))"
)
_COLLECTION_AFTER = re.compile(r"[,.]?\s[Ii]n:?\s[^\n]{3,120}?[\s(]eds?\.")
_BOOK_AFTER = re.compile(
    rf"(?:,| is| was)?\s(?:an?|his|her)\s(?:[\w-]{{1,15}}\s){{0,3}}(?:{BOOKISH})\b"
    r"(?!\s(?:historian|store|shop|club|seller|review|critic))"
)
_AUTHOR_BEFORE = re.compile(
    rf"\b(?!(?:It|That|There|Here|What|Let|He|She|Who|This|Where|How)\b)(?:{NAME})"
    rf"(?:'s?|\ss|\s's)\s(?:[\w-]{{1,15}}\s){{0,2}}"
    rf"(?:(?:{BOOKISH}),?\s)?$"
    rf"|\b(?:{FULL_NAME}),\s$"
    rf"|(?:^|\n|[*•-]\s)(?:{FULL_NAME}):\s$"
    rf"|\b(?:in|his|her|their)\s(?:[\w-]{{1,15}}\s){{0,2}}(?:{BOOKISH}),?\s$"
)
_READING_BEFORE = re.compile(
    r"(?:\b(?:(?:re-?)?read(?:ing)?|recommend(?:ed|ing)?|check out|sources?:|citing|titled|entitled|authors?\sof)\b"
    r"[^.!?\n]{0,30}"
    rf"|\b(?:{BOOKISH})\b(?!,?\s(?:about|on)\b)(?:[,:]?\s[\w'-]{{1,14}}){{0,3}}[,:]?\s{{1,2}}"
    r"|(?:^|[.;:(\n]\s?|\b(?:also|and|please|or|do)\s)(?:[Ss]ee|[Cc]f\.)(?:\salso)?:?\s(?:the\s)?)$",
    re.IGNORECASE,
)


def find_titles(reading: Reading) -> Iterator[Hit]:
    """Yield the works named in marks, and the quotations."""
    text = reading.own
    for mark, pattern in _MARKS:
        if mark in text:
            for match in pattern.finditer(text):
                if why := _why_reference(text, match, mark):
                    yield _hit(reading, match, "reference", why, 2)
                elif mark in _QUOTING and len(match[1]) >= _SHORTEST_QUOTATION:
                    yield _hit(reading, match, "quotation", "a quotation", 0)


def _why_reference(text: str, match: re.Match[str], mark: str) -> str | None:
    title, (start, end) = match[1], match.span()
    if (
        not (is_title(title) or _is_sentence_of(title, text, end))
        or ends_as_ware(title)
        or text[start - 1 : start] == "-"
    ):
        return None
    if mark == "](":
        end = _behind_link(text, end)
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    author = _AUTHOR_AFTER.match(after)
    if (author and not is_maker(author[1])) or _AUTHOR_BEFORE.search(before):
        return None if is_ware(text, start, end) else "a title and its author"
    if _YEAR_AFTER.match(after) or (
        mark in _QUOTING and (_JOURNAL_AFTER.match(after) or _COLLECTION_AFTER.match(after))
    ):
        return "a title and its year"
    is_no_work = (mark in _ITALIC and not _is_italic(match, mark)) or _OF_A_PART.search(before)
    if not is_no_work and (_BOOK_AFTER.match(after) or _READING_BEFORE.search(before)):
        return "a work that is read or recommended"
    if mark in _ITALIC and not is_no_work and len(title.split()) >= _SPEAKS_FOR_ITSELF and not _NO_WORK.match(title):
        return "a title in italics"
    return None


def _is_italic(match: re.Match[str], mark: str) -> bool:
    """Whether the words stand in italics, and not in bold."""
    return mark in _ITALIC and (match[0][:2] not in ("**", "__") or match[0][:3] == "***")


def _behind_link(text: str, address: int) -> int:
    """The place behind a link whose address begins at one."""
    closing = text.find(")", address, address + _LONGEST_ADDRESS)
    return closing + 1 if closing > 0 and "\n" not in text[address:closing] else address


def is_title(words: str) -> bool:
    """Whether the long words are capitalised, as in English titles, and nothing is exclaimed."""
    words = words.rstrip(",")
    if (
        not words
        or _PART_OF_WORK.match(words)
        or len(words) > _LONGEST_TITLE
        or words[-1] in "!;"
        or not (words[0].isupper() or words[0].isdecimal())
    ):
        return False
    long = [word for word in words.split() if len(word) > 3 and word[0].isalpha()]
    if words.isupper() and (len(words) > 5 or " " not in words) and not words.isdecimal():
        return False
    capitals = sum(word[0].isupper() for word in long)
    return capitals * 4 >= len(long) * 3 if long else words.isdecimal()


def _is_sentence_of(words: str, text: str, end: int) -> bool:
    """Whether a few words with one capital are a title, since somebody is named behind them as who wrote them."""
    return (
        words[:1].isupper()
        and words[-1] not in ".!?,"
        and 2 <= len(words.split()) <= _LONGEST_SENTENCE
        and text.startswith((" by ", ", by "), end)
        and _AUTHOR_AFTER.match(text, end) is not None
    )


def _hit(reading: Reading, match: re.Match[str], kind: str, why: str, strength: int) -> Hit:
    return Hit(match.start(1), match.end(1), kind, why, strength, reading.sentence_at(match.start(1)))
