"""Citations in words: each style is a row of a table of patterns.

A pattern names fields in braces. What stands in ⟦ ⟧ is left out where one of its fields is empty; {.} is a full stop
where none, and no question or exclamation mark, stands before it; <i> is set in italics.

Sources of the rules: Chicago Manual of Style, 17th edition, 14.205–14.210 (notes) and 15.50–15.52 (author-date), with
6.125 for titles that end in a question mark; MLA Handbook, 9th edition, chapter 5; Publication Manual of the APA, 7th
edition, 10.15 and 10.16, with the rule for comments (the first twenty words); Cite Them Right, 12th edition (Harvard).
Two things are never done, since they would invent: a name is not turned round, for nothing says which part of it is a
family's, and the capitals of a title stay as they are. All styles write “n.d.” where the source gave no date.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from archive.domain import dates_in_words as dates
from archive.domain.citing.cited import Cited, Part
from archive.domain.citing.standing import standing_words
from archive.domain.dates_in_words import UNDATED, DateForm

_TOKEN = re.compile(r"(<i>|</i>|⟦|⟧|\{[A-Za-z.]+\})")
_ENDS = tuple(".?!…")
_ENDS_QUOTED = tuple(f"{end}{quote}" for end in _ENDS for quote in "”’")
_STRAIGHT = re.compile(r'"([^"]*)"')


class Style(StrEnum):
    """The styles, by the names that addresses have for them."""

    NOTES = "chicago-notes"
    AUTHOR_DATE = "chicago-author-date"
    MLA = "mla"
    APA = "apa"
    HARVARD = "harvard"


class Run(NamedTuple):
    """A piece of a citation."""

    text: str
    slanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one style writes."""

    title: str  # of the style
    signed: str  # the pattern of what somebody is named as the author of
    unsigned: str
    works: Mapping[Part, str]  # the pattern of {work}: how a thread, or a part of it, is named
    untitled: str  # the same where the thread has no title; {what} says what it is
    date: DateForm  # {date}
    day: DateForm  # {day}: what is left of it where the year stands elsewhere
    accessed: DateForm  # {retrieved}, and dates in the words on the level
    doubled: bool  # whether titles stand in double quotation marks, so that those within are single


def _works(asked: str, answered: str, replied: str) -> Mapping[Part, str]:
    return {Part.THREAD: asked, Part.QUESTION: asked, Part.ANSWER: answered, Part.REPLY: replied}


_UNTITLED = {
    Part.THREAD: "Thread without a title",
    Part.QUESTION: "Question without a title",
    Part.ANSWER: "Answer in a thread without a title",
    Part.REPLY: "Reply in a thread without a title",
}
FORMS: dict[Style, Form] = {
    Style.NOTES: Form(
        title="Chicago, notes",
        signed="{by}, {work} {collection}, {date}, archived in {archive}, accessed {retrieved}, {url}"
        "⟦ ({standing})⟧{.}",
        unsigned="{Work} {collection}, {date}, archived in {archive}, accessed {retrieved}, {url}⟦ ({standing})⟧{.}",
        works=_works("“{title},”", "answer to “{title},”", "reply in “{title},”"),
        untitled="[{what}],",
        date=dates.month_day_year,
        day=dates.month_day_year,
        accessed=dates.month_day_year,
        doubled=True,
    ),
    Style.AUTHOR_DATE: Form(
        title="Chicago, author-date",
        signed="{by}{.} {year}{.} {Work} {collection}⟦, {day}⟧. Archived in {archive}. Accessed {retrieved}. {url}."
        "⟦ {Standing}.⟧",
        unsigned="{Work} {year}{.} {collection}⟦, {day}⟧. Archived in {archive}. Accessed {retrieved}. {url}."
        "⟦ {Standing}.⟧",
        works=_works("“{title}{.}”", "answer to “{title}{.}”", "reply in “{title}{.}”"),
        untitled="[{what}].",
        date=dates.month_day_year,
        day=dates.month_day_year,
        accessed=dates.month_day_year,
        doubled=True,
    ),
    Style.MLA: Form(
        title="MLA, 9th edition",
        signed="{by}{.} {Work} <i>{collection}</i>, {date}{.} <i>{archive}</i>, {url}. Accessed {retrieved}."
        "⟦ {Standing}.⟧",
        unsigned="{Work} <i>{collection}</i>, {date}{.} <i>{archive}</i>, {url}. Accessed {retrieved}.⟦ {Standing}.⟧",
        works=_works("“{title}{.}”", "answer to “{title}{.}”", "reply in “{title}{.}”"),
        untitled="{what}.",
        date=dates.short_day_month_year,
        day=dates.short_day_month_year,
        accessed=dates.short_day_month_year,
        doubled=True,
    ),
    Style.APA: Form(
        title="APA, 7th edition",
        signed="{by}{.} ({date}). {work}{.} {collection}; {archive}. Retrieved {retrieved}, from {url}⟦ [{Standing}]⟧",
        unsigned="{work}{.} ({date}). {collection}; {archive}. Retrieved {retrieved}, from {url}⟦ [{Standing}]⟧",
        works={
            Part.THREAD: "<i>{title}</i> [Online forum thread]",
            Part.QUESTION: "<i>{title}</i> [Online forum post]",
            Part.ANSWER: "⟦{opening} ⟧[Answer to the online forum post “{title}”]",
            Part.REPLY: "⟦{opening} ⟧[Reply in the online forum thread “{title}”]",
        },
        untitled="⟦{opening} ⟧[{what}]",
        date=dates.year_month_day,
        day=dates.year_month_day,
        accessed=dates.month_day_year,
        doubled=True,
    ),
    Style.HARVARD: Form(
        title="Harvard, Cite Them Right",
        signed="{by} ({year}) {Work}, <i>{collection}</i>⟦, {day}⟧. Archived in {archive}. Available at: {url} "
        "(Accessed: {retrieved}).⟦ {Standing}.⟧",
        unsigned="{Work} ({year}) <i>{collection}</i>⟦, {day}⟧. Archived in {archive}. Available at: {url} "
        "(Accessed: {retrieved}).⟦ {Standing}.⟧",
        works=_works("‘{title}’", "answer to ‘{title}’", "reply in ‘{title}’"),
        untitled="[{what}]",
        date=dates.day_month_year,
        day=dates.day_month,
        accessed=dates.day_month_year,
        doubled=False,
    ),
}


def citation(cited: Cited, style: Style) -> list[Run]:
    """The citation, in pieces that are upright or slanted."""
    form = FORMS[style]
    fields = _fields(cited, form)
    work = _filled(form.works[cited.part] if cited.title else form.untitled, fields)
    return _merged(_filled(form.signed if cited.by else form.unsigned, fields, work))


def plain(runs: Iterable[Run]) -> str:
    """A citation as plain text."""
    return "".join(run.text for run in runs)


def _fields(cited: Cited, form: Form) -> dict[str, str]:
    title = _without_stop(cited.title)
    standing = standing_words(cited.standing, form.accessed, ("“", "”") if form.doubled else ("‘", "’"))
    return {
        "by": cited.by or "",
        "title": _within_quotes(title) if form.doubled else title,
        "opening": cited.opening,
        "what": _UNTITLED[cited.part],
        "collection": cited.collection,
        "archive": cited.archive,
        "url": cited.url,
        "date": form.date(cited.posted_at) if cited.posted_at else UNDATED,
        "year": dates.year(cited.posted_at) if cited.posted_at else UNDATED,
        "day": form.day(cited.posted_at) if cited.posted_at else "",
        "retrieved": form.accessed(cited.retrieved_at),
        "standing": standing,
        "Standing": standing[:1].upper() + standing[1:],
    }


def _without_stop(title: str) -> str:
    """A title that is a sentence, without its full stop, since styles set their own. Dots, or initials, keep theirs."""
    last = title.rpartition(" ")[2]
    return title[:-1] if last.endswith(".") and "." not in last[:-1] and len(last) > 2 else title


def _within_quotes(title: str) -> str:
    """A title with the double quotation marks in it made single."""
    return _STRAIGHT.sub(r"‘\1’", title).replace("“", "‘").replace("”", "’")


@cache
def _tokens(pattern: str) -> tuple[str, ...]:
    return tuple(token for token in _TOKEN.split(pattern) if token)


def _filled(pattern: str, fields: Mapping[str, str], work: Sequence[Run] = ()) -> list[Run]:
    """The pattern with its fields in it.

    :param work: what stands for {work}, and with a capital for {Work}.
    """
    runs: list[Run] = []
    slanted, kept = False, None  # kept: what was written before the optional piece that is being read
    wanting = False
    for sign in _tokens(pattern):
        name = sign[1:-1] if sign[0] == "{" else ""
        if sign == "⟦":
            kept, wanting = len(runs), False
        elif sign == "⟧":
            del runs[kept if wanting else len(runs) :]
        elif sign in ("<i>", "</i>"):
            slanted = sign == "<i>"
        elif name in ("work", "Work"):
            runs += _capital(work) if name == "Work" else work
        elif name == ".":
            runs += [] if _is_ended(runs) else [Run(".", slanted)]
        elif name:
            wanting = wanting or not fields[name]
            runs.append(Run(fields[name], slanted))
        else:
            runs.append(Run(sign, slanted))
    return runs


def _capital(work: Sequence[Run]) -> list[Run]:
    first, *others = work
    return [Run(first.text[:1].upper() + first.text[1:], first.slanted), *others]


def _is_ended(runs: Sequence[Run]) -> bool:
    written = "".join(run.text for run in runs[-3:])
    return written.endswith(_ENDS) or written.endswith(_ENDS_QUOTED)


def _merged(runs: Iterable[Run]) -> list[Run]:
    return [Run("".join(run.text for run in same), slanted) for slanted, same in groupby(runs, attrgetter("slanted"))]
