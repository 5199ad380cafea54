"""The bench: one answer, what was suggested for it, and everything needed to decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.domain.assessment.kinds import KINDS
from archive.domain.assessment.suggestion import Signal
from archive.domain.source_quality import DEFINITIONS, Definition, Level
from archive.domain.visible_words import words_seen
from archive.services.moderate import QueueItem
from archive.services.views import PostView
from archive.web.moderation.marked_html import shown_answer, shown_beside
from archive.web.moderation.marked_text import Shown, quote
from archive.web.moderation.votes import write_spans
from archive.web.prose.cuts import Span

_FIRST_WORDS = 90  # characters of another answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLine:
    """A signal as the list beside the answer shows it."""

    number: int  # from 1, as in the text
    span: str  # as a form field holds it
    kind: str  # what the page calls it
    why: str
    words: str
    ticked: bool  # whether it speaks for the suggested level


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPage:
    """One answer on the bench."""

    item: QueueItem
    collection: str | None  # whose queue is being worked through; None for all
    back: str | None  # the answer before this one
    text: Shown
    context: Sequence[tuple[PostView, Shown]]  # the question and what lies between
    siblings: Sequence[tuple[PostView, str]]  # with their first words
    signals: Sequence[SignalLine]
    words_for: Sequence[tuple[Level, str]]  # the spans that speak for each level
    guideline: Definition

    @property
    def post(self) -> PostView:
        """The answer."""
        return self.item.post


def bench_page(item: QueueItem, *, collection: str | None, back: str | None) -> BenchPage:
    """The page for an answer."""
    suggestion = item.suggestion
    spans = [(signal.start, signal.end) for signal in suggestion.signals]
    above = [post for post in (item.question, *item.parents) if post is not None]
    return BenchPage(
        item=item,
        collection=collection,
        back=back,
        text=shown_answer(item.post.text, item.post.markup, spans),
        context=[(post, shown_beside(post.text, post.markup, share=len(above))) for post in above],
        siblings=[(post, quote(post.words or post.text, most=_FIRST_WORDS)) for post in item.siblings],
        signals=[_signal_line(number, signal, item) for number, signal in enumerate(suggestion.signals, start=1)],
        words_for=[(level, write_spans(_words_for(item, level))) for level in Level],
        guideline=DEFINITIONS[suggestion.level],
    )


def _signal_line(number: int, signal: Signal, item: QueueItem) -> SignalLine:
    words = words_seen(item.post.text[signal.start : signal.end], item.post.markup)
    return SignalLine(
        number=number,
        span=write_spans(((signal.start, signal.end),)),
        kind=KINDS[signal.kind].name,
        why=signal.why,
        words=quote(words, most=_FIRST_WORDS),
        ticked=item.suggestion.level in KINDS[signal.kind].favours,
    )


def _words_for(item: QueueItem, level: Level) -> tuple[Span, ...]:
    signals = item.suggestion.signals
    return tuple(dict.fromkeys((signal.start, signal.end) for signal in signals if level in KINDS[signal.kind].favours))
