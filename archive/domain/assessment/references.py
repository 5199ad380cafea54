"""References in running text: works whose titles nothing marks, with an author, a year or a verb of reading.

A run of capitalised words is weak evidence, so it needs an author ("by Name", "Name's") or a word
of reading right before it.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice

from archive.domain.assessment.anchors import Anchor
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.names import BOOKISH, FULL_NAME, NAME, TITLE_RUN
from archive.domain.assessment.reading import Reading
from archive.domain.assessment.wares import ends_as_ware, is_maker, is_ware

_MOST = 300  # places looked at in one text
_BEFORE = 130  # characters before "by" in which a title may begin


_TWO_NAMES = re.compile(r"[A-Z][\w'-]+ (?:and|or|&) [A-Z][\w'-]+")  # “Read Foucault and Derrida”


def _is_long(title: str) -> bool:
    """Whether a run of capitals is long enough to be a title, and not somebody's trade."""
    return sum(word[0].isupper() for word in title.split()) >= 3


def _is_work(title: str) -> bool:
    """Whether a run of capitals may be a title: not the owner of what follows, and no name cut at its initial."""
    cut = title.endswith("'s") or title[-2:-1] == " "
    return not (cut or _TWO_NAMES.fullmatch(title) or ends_as_ware(title))


_SAYS = r"(?:wrote|writes|has\swritten|said|says|claim(?:s|ed)|recall(?:s|ed)|describe[sd]|tells|told|mention(?:s|ed))"
_NO_AUTHOR = rf"(?!'|\s[A-Z]\.\s|\s(?:\([^()\n]{{0,80}}\)\s)?{_SAYS}\b)"  # behind a title, not behind a name

READING_WORDS = (
    Anchor(
        ("read|reading|reread|recommend|recommended|recommending|book|books|novel|article",),
        "reference", "a work that is read or recommended",
        re.compile(
            r"(?:(?:[Rr]e-?)?[Rr]ead(?:ing)?|[Rr]ecommend(?:ed|ing)?|(?:books?|novel)(?:\scalled|\stitled)?|[Aa]rticle[:;])\s"
            rf"(?:the\s|his\s|her\s|a\s|in\s|about\s)?(?P<work>{TITLE_RUN}|1[0-7]\d{{2}}\b(?=\s?(?:[.,!?;:)]|and\s|by\s|\Z))){_NO_AUTHOR}"
        ), _is_work,
    ),
    Anchor(
        ("book|memoir|memoirs|autobiography",), "reference", "a work that is read or recommended",
        re.compile(
            rf"(?:book(?=\s[A-Z][\w'-]{{2,24}}[.,;:!?])|(?:memoirs?|autobiography),?)\s(?P<work>{TITLE_RUN}|[A-Z][\w'-]{{2,24}}\b(?!\s[A-Z]))"
            rf"(?!\.\s[A-Z][a-z]+\s{_SAYS}\b){_NO_AUTHOR}"
        ), _is_work,
    ),
    Anchor(
        ("documentary|film|movie|podcast|series|essay|paper|article|study called|titled|entitled|named",),
        "reference", "a work that is read or recommended",
        re.compile(rf"\w+\s\w+\s(?P<work>{TITLE_RUN}|(?:The\s)?[A-Z][\w'-]{{2,24}}(?=[.,;:!?)]|\sby\s|\Z))"), _is_work,
    ),
    Anchor(  # “argues in Salt and the Crown (1987)”
        ("[argues]|[argued] ..2 in",), "reference", "a title and its year",
        re.compile(
            rf"\w+\s(?:\w+\s){{0,2}}in\s(?:his\s|her\s|their\s|the\s)?(?:book\s|essay\s|study\s)?(?P<work>{TITLE_RUN})"
            r"(?=\s\((?:[^()\n]{2,60},\s)?(?:1[5-9]|20)\d{2}\b)"
        ), _is_work,
    ),
    Anchor(
        ("p|pp|page|pages|chapter ..2 of|in|from",), "reference", "a work of which a place is named",
        re.compile(
            rf"(?:[Pp]ages?|pp?\.?|[Cc]hapter)\s[\dxvi]{{1,5}}(?:[-–]\d{{1,4}})?\s(?:of|in|from)\s(?:the\s|his\s|her\s)?(?P<work>{TITLE_RUN})"
        ), _is_work,
    ),
    Anchor(
        ("source|sources :",), "reference", "a work given as the source",
        re.compile(rf"sources?:\s?(?P<work>(?-i:{TITLE_RUN}))(?!,\s[*\"“_])", re.IGNORECASE), _is_long,
    ),
)  # fmt: skip

_READ_ONE_WORD = re.compile(r"\b(?:[Rr]ead|[Rr]ecommend(?:ed)?|[Cc]heck out|[Tt]ry|book)\s([A-Z][\w'-]{2,24}),?$")
_HANDED_TO = re.compile(
    r"(?:\b\w{2,12}ed|given|sent|sold|told|shown|made|said)\s(?:to|for|as|at|in)\s$"
)  # by whom, not written by
_LEADING = re.compile(
    r"(?:Also|And|But|See|Read|Try|Check|Source|Then|Or|So|Well|Yes|No|In|From|Like)[,:]?\s(?=[A-Z1])"
)
_READ_A_SENTENCE = re.compile(  # “from Salt in the nineteenth century by Marta Ellwood”
    r"\b(?:this\sfrom|that\sfrom|[Rr]ead(?:ing)?|book|called|recommend)\s"
    r"([A-Z][\w-]{2,24}(?:[,:]?\s(?!(?:was|were|is|are|be|been|had|has|have|he|she|they|it|I|which|who|that|and)\b)"
    r"[\w'-]{1,24}){2,9})(?<!ed)$"
)
_IS_A_BOOK = re.compile(
    r"\s(?:is|was)\san?\s(?:[\w-]{1,16}\s){0,3}(?:book|novel|memoir|documentary|biography|monograph|textbook)\b"
)
_BY = re.compile(r"\s[Bb]y\s(?=[A-Z])")
_RUN_ENDS_HERE = re.compile(rf"(?:{TITLE_RUN}),?$")
_MARKS = frozenset('*_"“')
_OWNS = re.compile(r"'s?\s(?=[A-Z])")
_NAME_ENDS_HERE = re.compile(rf"\b(?:{NAME})$")
_OF_NO_PERSON = re.compile(
    r"(?:Society|Association|University|College|Company|Party|Union|Army|Navy|Government|Committee|Church|Empire|Kingdom|Republic|"
    r"States|Nations|City|County|Department|Ministry|Francisco|York|America|Britain|England|France|Germany|Russia|China|Japan|"
    r"India|Europe|Rome|London|Paris|School|Board|Court|Museum|Institute|Council|Bank|Club|It|That|There|Here|What|Let|He|She|Who)$"
)
_NEAR = 40  # characters behind a title of one word
_ONE_WORD = re.compile(
    r"(?!(?:Germany|America|Russia|China|Britain|England|France|Rome|Reich|Army|Government|Party|Cabinet|Presidency|Empire|War)\b)"
    r"[A-Z][a-z]{3,24}\b(?!\s[A-Z]|'|-)"
)
_READ_NEAR = re.compile(
    r"\b(?:books?|read|reading|reread|recommend(?:ed)?|novel|author|chapter|p\.)(?!\w)", re.IGNORECASE
)
_RUN = re.compile(TITLE_RUN)
_SMALL_WORD = re.compile(r"\b(?:the|and|in|to|a|for|on|from|at)\b|:")
_FULL_NAME = re.compile(FULL_NAME)
_BODY = re.compile(r"(?:Association|Society|Company|Committee|Party|Union|Army|Navy|Red\sArmy|Department|Ministry)\b")
_NUMBERS_ALONE = re.compile(r"\d[\d &]*$")
_BOOK_NEAR = re.compile(rf"\b(?:{BOOKISH}|read|reading|recommend|account)\b", re.IGNORECASE)

_YEAR = r"(?:1[5-9]|20)\d{2}[a-d]?"
_PAGES = r"(?:pp?\.\s?)?\d{1,4}(?:[-–]\d{1,4})?\)?"
_SEVERAL = rf"(?:(?:,\s(?:{NAME})){{0,3}},?\s(?:and|&)\s(?:{NAME})|,?\set\sal\.?)"
_IN_BRACKETS = re.compile(
    rf"\((?:(?:see|cf\.)\s(?:{NAME}),\s{_YEAR}\)|(?:see\s|cf\.\s)?(?:{NAME})(?:{_SEVERAL},?\s{_YEAR}(?:[,:]\s?{_PAGES})?"
    rf"|,?\s{_YEAR},?[\s:]\s?{_PAGES}|\s{_YEAR}\)))"
)
_YEAR_IN_BRACKETS = re.compile(
    rf"\({_YEAR}(?P<page>[,:]\s?(?:pp?\.\s?)?\d{{1,4}}(?:[-–]\d{{1,4}})?\)?)?"
    r"(?P<says>\)\s(?:\w{2,12}ly\s)?(?:argue|show|note|claim|suggest|find|found|write|wrote|report|describe|state|conclude))?"
)
_AUTHORS_END_HERE = re.compile(
    rf"\b(?:{NAME})(?P<several>,?\set\sal\.?,?|,?\s(?:and|&)\s(?:{NAME})|,\s(?:[A-Z]\.\s?){{1,3}})?\s$"
)


# “Marta Ellwood and Ivo Brandt, Salt and the Crown (Lyon: Guild Press, 1987)”
_OF_SMALL_WORDS = re.compile(rf"(?=({TITLE_RUN})\s$)[A-Z][\w' -]*\s(?:of|the|and|in|for|on)\s[A-Z]")
_PUBLISHED = re.compile(rf"\((?:[A-Z][^()\n]{{1,60}},\s)?{_YEAR}\)")
_PLACED = re.compile(r", (?:volume|vol\.|pp?\.|chapter|ch\.)\s?(?:\d|[IVX]+\b)")
_PLACES = (", vol", ", p. ", ", pp. ", ", ch")
_PRESS = re.compile(
    r"\b(?:Press|Books|Verlag|Brill|Routledge|Penguin|Norton|Knopf|Macmillan|Blackwell|Longman|Reimer)\b"
)
_AUTHOR_AND_TITLE = re.compile(rf"\b(?:{FULL_NAME})(?:\s(?:and|&)\s(?:{FULL_NAME}))?,\s({TITLE_RUN})$")


def find_unmarked(reading: Reading) -> Iterator[Hit]:
    """Yield the works that an author or a year gives away."""
    text = reading.own
    if " by " in text or " By " in text:
        yield from _by_somebody(reading, text)
    if "' " in text or "'s " in text:
        yield from _somebodys(reading, text)
    if "(" in text:
        yield from _author_and_year(reading, text)
    yield from _published(reading, text)
    if " is a" in text or " was a" in text:
        yield from _that_is_a_book(reading, text)


def _by_somebody(reading: Reading, text: str) -> Iterator[Hit]:
    for by in islice(_BY.finditer(text), _MOST):
        before = max(0, by.start() - _BEFORE)
        words = text[before : by.start()]
        title = _RUN_ENDS_HERE.search(words) or _READ_ONE_WORD.search(words) or _READ_A_SENTENCE.search(words)
        author = _FULL_NAME.match(text, by.end())
        if title and author and not is_maker(author[0]) and not _HANDED_TO.search(words, 0, title.start()):
            start = title.start(title.lastindex or 0)
            lead = _LEADING.match(words, start)
            first = lead.end() if lead else start
            if not _is_no_title(text, before + first, by.start()):
                yield _hit(reading, before + first, by.start(), "a title and its author")


def _somebodys(reading: Reading, text: str) -> Iterator[Hit]:
    for owns in islice(_OWNS.finditer(text), _MOST):
        owner = _NAME_ENDS_HERE.search(text[max(0, owns.start() - 60) : owns.start()])
        title = _RUN.match(text, owns.end())
        if owner and not title and (word := _ONE_WORD.match(text, owns.end())) and " " in owner[0]:
            near = text[max(0, owns.start() - _BEFORE) : word.end() + _NEAR]
            if _READ_NEAR.search(near) and not _OF_NO_PERSON.search(owner[0]) and not _is_no_title(text, *word.span()):
                yield _hit(reading, *word.span(), "a title and its author")
        elif owner and title:
            if text[owns.start() - len(owner[0]) - 1 : owns.start() - len(owner[0])] in _MARKS:
                continue  # the title of a marked one
            near = text[max(0, owns.start() - _BEFORE) : title.end() + _BEFORE]
            plain = title[0].startswith(("The ", "A ")) or (" " in owner[0] and _SMALL_WORD.search(title[0]))
            if (
                (plain or _BOOK_NEAR.search(near))
                and not _OF_NO_PERSON.search(owner[0])
                and not _is_no_title(text, *title.span())
            ):
                yield _hit(reading, *title.span(), "a title and its author")


def _that_is_a_book(reading: Reading, text: str) -> Iterator[Hit]:
    for place in islice(chain(_places_of(" is a", text), _places_of(" was a", text)), _MOST):
        before = max(0, place - _BEFORE)
        if _IS_A_BOOK.match(text, place) and (title := _RUN_ENDS_HERE.search(text[before:place])):
            yield _hit(reading, before + title.start(), place, "a work that is read or recommended")


def _places_of(words: str, text: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _is_no_title(text: str, start: int, end: int) -> bool:
    words = text[start:end]
    bare = _NUMBERS_ALONE.match(words) and len(words) != len("1491")
    return bool(bare or _BODY.match(words)) or ends_as_ware(words) or is_ware(text, start, end)


def _author_and_year(reading: Reading, text: str) -> Iterator[Hit]:
    for match in _IN_BRACKETS.finditer(text):
        yield _hit(reading, *match.span(), "an author and a year")
    for match in _YEAR_IN_BRACKETS.finditer(text):
        before = max(0, match.start() - _BEFORE)
        authors = _AUTHORS_END_HERE.search(text[before : match.start()])
        if match["says"] and (title := _OF_SMALL_WORDS.search(text[before : match.start()])):
            yield _hit(reading, before + title.start(1), before + title.end(1), "a title and its year")
        elif authors and (authors["several"] or match["page"] or match["says"]):
            end = match.start("says") if match["says"] else match.end()
            yield _hit(reading, before + authors.start(), end, "an author and a year")


def _published(reading: Reading, text: str) -> Iterator[Hit]:
    """Yield the titles before a publisher and a year in brackets, or between an author and a volume or a page."""
    found = _PUBLISHED.finditer(text) if "(" in text else iter(())
    placed = _PLACED.finditer(text) if any(begins in text for begins in _PLACES) else iter(())
    for match in islice(chain(found, placed), _MOST):
        end = match.start() - (text[match.start()] == "(")
        before = max(0, end - _BEFORE - _BEFORE)
        words = text[before:end]
        if named := _AUTHOR_AND_TITLE.search(words):
            yield _hit(reading, before + named.start(1), end, "a title and its author")
        elif _PRESS.search(match[0]) and (title := _RUN_ENDS_HERE.search(words)):
            lead = _LEADING.match(words, title.start())
            yield _hit(reading, before + (lead.end() if lead else title.start()), end, "a title and its year")


def _hit(reading: Reading, start: int, end: int, why: str) -> Hit:
    return Hit(start, end, "reference", why, 2, reading.sentence_at(start))
