"""The engine: from a text to its signals and the way through the decision tree."""

from typing import NamedTuple

from archive.domain.assessment.confidence import confidence_in
from archive.domain.assessment.decision import Decision, apply_cap, decide
from archive.domain.assessment.html_text import HtmlText
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import MAX_CHARACTERS, Reading
from archive.domain.assessment.signals import find_signals
from archive.domain.assessment.suggestion import Signal, Suggestion
from archive.domain.mail_footers import footer_start
from archive.domain.records import Markup

ENGINE = "rules-3"  # goes up whenever the same text may come out otherwise


class Examination(NamedTuple):
    """Everything that was seen and decided."""

    hits: list[Hit]
    decision: Decision


def examine(text: str, markup: Markup = Markup.PLAIN) -> Examination:
    """See and decide. The places of the hits are those in the text as received."""
    if markup is Markup.HTML and ("<" in text or "&" in text):
        return _examine_html(text)
    footer = footer_start(text) if markup is Markup.MAIL else None
    reading = Reading(text, footer=footer)
    hits = apply_cap(find_signals(reading))
    return Examination(hits, decide(reading, hits))


def assess(text: str, markup: Markup = Markup.PLAIN) -> Suggestion:
    """Propose a level for one answer.

    Any text will do, and the same text always gives the same proposal. Of a text longer than
    `MAX_CHARACTERS` only the beginning is read.

    :param markup: how it is written. HTML is read without its tags, and mails without their footers; of all else, the
        characters are read.
    """
    hits, decision = examine(text, markup)
    return Suggestion(
        level=decision.level,
        confidence=confidence_in(decision.leaf),
        path=decision.path,
        signals=tuple(Signal(hit.start, hit.end, hit.kind, hit.why) for hit in hits),
        engine=ENGINE,
    )


def _examine_html(text: str) -> Examination:
    html = HtmlText(text[:MAX_CHARACTERS])
    reading = Reading(html.words, is_cut=len(text) > MAX_CHARACTERS)
    hits = apply_cap(find_signals(reading))
    placed: dict[tuple[int, int, str], Hit] = {}
    for hit in hits:
        start, end = html.span(hit.start, hit.end)
        if start < end:
            placed.setdefault((start, end, hit.kind), hit._replace(start=start, end=end))
    return Examination(sorted(placed.values()), decide(reading, hits))
