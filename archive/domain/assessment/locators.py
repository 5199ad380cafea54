"""Locators: the place inside a source. And passages of texts that every edition numbers alike."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import chain

from archive.domain.assessment.anchors import Anchor
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.names import CALLED
from archive.domain.assessment.reading import Reading

TIME_IN_RECORDING = "a time in a recording"
_RECORDINGS = {
    "video",
    "videos",
    "youtube",
    "podcast",
    "episode",
    "documentary",
    "film",
    "lecture",
    "talk",
    "interview",
}
_RECORDINGS |= {"recording", "minute", "mark"}
_HOSTS = re.compile(r"youtu|vimeo|podcast|soundcloud|twitch", re.IGNORECASE)
_FULL_ARTICLE = 10  # pages; a range as wide says where the article stands, not where the claim does


def _names(names: Iterable[str]) -> tuple[str, str]:
    """The names as one phrase of first words, and as one expression, the longest first."""
    names = list(names)
    words = sorted({name.lower().split()[0].rstrip(".") for name in names})
    firsts = "|".join(form for word in words for form in (word, f"{word}'s"))
    return firsts, "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _is_pinpoint(pages: str) -> bool:
    first, _, last = re.sub(r"[-–—]+", "-", pages).partition("-")
    if not (first.strip().isdecimal() and last.strip().isdecimal()):
        return True
    return int(last) - int(first) < _FULL_ARTICLE


CANON = tomllib.loads((files("archive.domain.assessment") / "canon.toml").read_text("utf-8"))
_AUTHORS, _WORKS = CANON["passage"]["authors"].values(), CANON["passage"]["works"].values()
_SCRIPTURE_WORDS, _SCRIPTURE = _names(chain.from_iterable(CANON["verse"]["names"].values()))
_CLASSIC_WORDS, _CLASSICS = _names(chain.from_iterable([*_AUTHORS, *_WORKS]))
_CHAPTERS = {name: CANON["verse"]["chapters"][key] for key, names in CANON["verse"]["names"].items() for name in names}
_LONGEST_CHAPTER = 286  # verses: of the Quran
_DOUBTFUL = frozenset(CANON["passage"]["doubtful"]["names"])
_KNOWN_WORKS = frozenset(chain.from_iterable([*_WORKS, *CANON["passage"]["behind"].values()]))
_LIVES = frozenset(chain(CANON["passage"]["authors"]["suet"], CANON["passage"]["authors"]["plut"]))  # cited by chapter
_SHORT_WORKS = frozenset(names[-1] for names in _WORKS)


def _is_verse(words: str) -> bool:
    """Whether a book of scripture has the chapter, and a chapter the verse; what else looks like one is a time."""
    name, chapter, verse = _VERSE.match(words).groups()  # type: ignore[union-attr]  # it is what was matched
    return 0 < int(chapter) <= _CHAPTERS[name] and 0 < int(verse) <= _LONGEST_CHAPTER


def _is_passage(words: str) -> bool:
    """Whether a name and a number are a passage: not “App 2.0”, and not the years of somebody's life."""
    name, stop, work, number = _PASSAGE.match(words).groups()  # type: ignore[union-attr]  # it is what was matched
    if number.isdecimal():  # a chapter alone, as in “Plut. Caes. 66”
        return bool(stop and "." in work) or (bool(work) and name in _LIVES)
    if work and (name not in _DOUBTFUL or "." in work or "*" in work or work.strip(" ,") in _KNOWN_WORKS):
        return True
    if "." not in number and not number[0].isalpha() and not number[-1].isalpha():
        return False
    return name not in _DOUBTFUL or (name in _SHORT_WORKS and bool(stop))


_PLACE = (
    r"(?:\d{1,3}\.\d{1,4}(?:\.\d{1,4})?(?:[-–]\d{1,4}(?:\.\d{1,3})?)?\b(?!\s?(?:%|[kKM]?m\b|million|billion|percent|per\scent))"
    r"|\d{1,4}[a-e]\d{0,2}(?:[-–]\d{0,4}[a-e]\d{0,2})?\b|\d{2,5}[-–]\d{2,5}\b|lines?\s\d{1,5}(?:[-–]\d{1,5})?\b|\d{1,3}\b(?![.:/,]?\d|\s?%))"
)
_SEVERAL_WORDS = "|".join(re.escape(name) for name in sorted(_KNOWN_WORKS, key=len, reverse=True) if " " in name)
_WORK = rf"(?:\*?(?:{_SEVERAL_WORDS}|[A-Z0-9][\w.]{{1,14}})\*?,?\s){{0,2}}"
_VERSE = re.compile(rf"({_SCRIPTURE})\.?,?\s(\d+):(\d+)")
_PASSAGE = re.compile(rf"({_CLASSICS})(?:'s?)?(\.?)\*?,?\s\(?({_WORK})\(?\*?({_PLACE})")

# A number, or a Roman one: of “I” it must be seen that it is none of “chapter I wrote”.
_NUMBER = r"(?:\d{1,5}(?![\d/])|(?-i:[ivxlc]{1,7}|[IVXLC]{2,7}|[VXL]|I(?=[.,;:)]|\s(?:of|and|in)\b)))\b"
# What happens at a time of the day, and not at one of a recording.
_APPOINTED = (
    "started starts begins began ended ends opens opened closes closed arrived arrive left leave leaves wake woke up "
    "home class school bed met meet"
)
_NO_APPOINTMENT = "".join(rf"(?<!{word}\s)" for word in _APPOINTED.split())
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?!\d|:|\s?[ap]\.?m)\b"

LOCATORS = (
    Anchor(
        ("p|pp|pg|page|pages",), "locator", "a page",
        re.compile(
            r"(?:pages?\s|(?:pp|pg)\.?\s?|(?-i:p\.?\s?|P\.\s?))((?:\d{1,4}(?![\d/])|(?-i:[ivxlc]{1,7}))\b(?:\s?[-–—]{1,2}\s?\d{1,4}\b)?"
            r"(?:(?:,\s|\sand\s|\s&\s)\d{1,4}\b(?!\s[a-z]))?)(?!\s(?:pages|words)\b)", re.IGNORECASE
        ),
        _is_pinpoint,
    ),
    Anchor(
        ("ch|chap|chapter|chapters",), "locator", "a chapter",
        re.compile(rf"(?:chapters?|ch(?:ap|s)?\.?)\s{_NUMBER}(?:\.\d{{1,3}})?", re.IGNORECASE),
    ),
    Anchor(
        (f"chapter {CALLED}? \"|“",), "locator", "a chapter by its title",
        re.compile(
            rf'chapter\s(?:(?:{CALLED})\s)?(?:"[^"\n]{{1,120}}"|“[^“”\n]{{1,120}}”)', re.IGNORECASE
        ),
    ),
    Anchor(
        ("fol|fols|folio|folios",), "locator", "a folio",
        re.compile(r"(?:folios?|fols?\.?)\s?\d{1,4}[rv]?\b", re.IGNORECASE),
    ),
    Anchor(
        ("line|lines|verse|verses|footnote|fn|table|figure|fig|appendix",), "locator", "a place in the source",
        re.compile(
            rf"(?:(?:lines?|verses?|footnote|table|figure|appendix)\s|(?:fn|fig)\.?\s)#?{_NUMBER}"
            r"(?:\s?[-–]\s?\d{1,5}\b)?", re.IGNORECASE,
        ),
    ),
    Anchor(
        ("article|art|section|sec|s",), "locator", "an article or a section",
        re.compile(r"(?:Article|Art\.|Section|Sec\.|s\.)\s?(?:\d{1,4}(?:\.\d{1,4}){0,2}|[IVX]{2,6}|[IVX](?=[.,;:)]|\sof))\b"),
    ),
    Anchor(
        ("vol|volume",), "locator", "a volume and a page",
        re.compile(r"vol(?:ume|\.)\s(?:\d{1,3}|[IVX]{1,6}),\s(?:no|pp?)\.\s?\d{1,4}\b", re.IGNORECASE),
    ),
    Anchor(
        ("at|around|from|timestamp|minute|starting #",), "locator", TIME_IN_RECORDING,
        re.compile(
            rf"{_NO_APPOINTMENT}(?:(?:at|around|from|timestamp)\s(?:about\s)?{_CLOCK}|minute\s\d{{1,3}}\b)",
            re.IGNORECASE,
        ),
    ),
    Anchor(("# : #",), "locator", TIME_IN_RECORDING, re.compile(rf"(?m:^)\s?{_CLOCK}(?=\s?[-–])")),
    Anchor(("[roman] : #",), "locator", "a volume and a page", re.compile(r"[IVXL]{2,6}:\d{1,4}(?:-\d{1,4})?\b")),
    Anchor(
        (f"{_SCRIPTURE_WORDS} .? # :",), "canonical", "chapter and verse",
        re.compile(
            rf"((?:{_SCRIPTURE})\.?,?\s\d{{1,3}}:\d{{1,3}}(?:[-–]\d{{1,3}}(?::\d{{1,3}})?)?)\b(?!:\d|\s?[ap]\.?m\b)"
        ), _is_verse,
    ),
    Anchor(
        (_CLASSIC_WORDS,), "canonical", "a passage that every edition numbers alike",
        re.compile(rf"((?:{_CLASSICS})(?:'s?)?\.?\*?,?\s\(?{_WORK}\(?\*?{_PLACE})"), _is_passage,
    ),
    Anchor(
        ("book|bk #|[roman] of", "book i|v|x of"), "canonical", "a book of a text",
        re.compile(
            rf"[Bb](?:oo)?k\.?\s(?:\d{{1,2}}|[IVXL]{{1,6}})\sof\s(?:[Tt]he\s)?\*?(?:{_CLASSICS})(?:'s?\s\*?(?:[A-Z][a-z]{{2,14}}\b))?"
        ),
    ),
)  # fmt: skip


def has_recording(reading: Reading) -> bool:
    """Whether something is named that is heard or watched: else a time of day is one."""
    if not _RECORDINGS.isdisjoint(reading.words):
        return True
    return any(_HOSTS.search(reading.text, *address) for address in reading.addresses)


_IN_ADDRESS = (
    re.compile(
        r"wikipedia\.org/wiki/[^\s#]{1,200}(?P<place>#(?!cite_)[^\s&()\[\]]{2,80}(?<![.,;:!?*_'\]]))", re.IGNORECASE
    ),
    re.compile(r"google\.[a-z.]{2,6}/books[^\s#]{0,1000}?(?P<place>[?&;]pg=[A-Z]{2}\w{1,6})", re.IGNORECASE),
    re.compile(
        r"(?:youtube\.com|youtu\.be|vimeo\.com|twitch\.tv|soundcloud\.com)/[^\s]{0,300}?"
        r"(?P<place>[?&#;](?:t|start|time_continue)=\d[\dhms]{0,9})(?!\w)", re.IGNORECASE,
    ),
    re.compile(r"(?P<place>#page=\d{1,5})\b", re.IGNORECASE),
    re.compile(  # of a page below the first; a number alone behind “section” is as often part of its design
        r"//[^/\s]{1,200}/(?!(?:index|default)\b)[^\s#]{1,1000}(?P<place>#"
        r"(?:(?:article|art|book|canto|chap|chapter|footnote|line|verse)[-_.=]?\d{1,3}"
        r"|(?:paragraph|para|section|sec)[-_.=]?\d{1,3}[-_.]\d{1,3})(?:[-_.]\d{1,3}){0,2})(?![\w-])",
        re.IGNORECASE
    ),
    re.compile(
        r"archive\.org/(?:details|stream)/[^\s]{1,200}?(?P<place>(?<=/)page/n?\d{1,4}|#page/n?\d{1,4})\b", re.IGNORECASE
    ),
)  # fmt: skip


def find_places_in_addresses(reading: Reading) -> Iterator[Hit]:
    """Yield the places given inside links: a page of a scanned book, a time in a film, a section."""
    for start, end in reading.addresses:
        for pattern in _IN_ADDRESS:
            if match := pattern.search(reading.text, start, end):
                why = "a place given inside the link"
                yield Hit(*match.span("place"), "locator", why, 2, reading.sentence_at(start))
