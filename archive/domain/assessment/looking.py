"""One look at a text: what is read of it, what is seen in that, and where it stands in the text as received."""

from typing import NamedTuple

from archive.domain.assessment.cap import apply_cap
from archive.domain.assessment.html_text import HtmlText
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import MAX_CHARACTERS, Reading
from archive.domain.assessment.signals import find_signals
from archive.domain.mail_footers import footer_start
from archive.domain.records import Markup


class Look(NamedTuple):
    """A text that was looked at. Hits have their places in what was read."""

    reading: Reading
    hits: list[Hit]  # in order of their start, the cap rule applied
    html: HtmlText | None

    @property
    def received(self) -> list[Hit]:
        """The hits with their places in the text as received, in order; those that stand nowhere there are left out."""
        if self.html is None:
            return self.hits
        found: dict[tuple[int, int, str], Hit] = {}
        for hit in self.hits:
            start, end = self.place(hit.start, hit.end)
            if start < end:
                found.setdefault((start, end, hit.kind), hit._replace(start=start, end=end))
        return sorted(found.values())

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of what was read stands in the text as received; empty where it stands nowhere."""
        return self.html.span(start, end) if self.html else (start, end)


def look(text: str, markup: Markup = Markup.PLAIN) -> Look:
    """Look at a text. Of one longer than `MAX_CHARACTERS` only the beginning is read.

    HTML is read without its tags, and mails without their footers; of all else, the characters are read.
    """
    if markup is Markup.HTML and ("<" in text or "&" in text):
        html = HtmlText(text[:MAX_CHARACTERS])
        reading = Reading(html.words, is_cut=len(text) > MAX_CHARACTERS)
    else:
        html = None
        reading = Reading(text, footer=footer_start(text) if markup is Markup.MAIL else None)
    return Look(reading, apply_cap(find_signals(reading)), html)
