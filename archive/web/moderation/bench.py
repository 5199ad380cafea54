"""The bench: one answer, what was suggested for it, and everything needed to decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.domain.assessment.kinds import KINDS
from archive.domain.assessment.suggestion import Suggestion
from archive.domain.source_quality import DEFINITIONS, Definition, Level
from archive.domain.visible_words import words_seen
from archive.services.moderate import QueueItem
from archive.services.views import PostView
from archive.web.moderation.marked_html import shown_answer, shown_beside
from archive.web.moderation.marked_text import Shown, quote
from archive.web.moderation.proposed import Proposed, proposed
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
    proposed: Proposed
    guideline: Definition | None  # at the suggested level

    @property
    def post(self) -> PostView:
        """The answer."""
        return self.item.post


def bench_page(item: QueueItem, *, collection: str | None, back: str | None) -> BenchPage:
    """The page for an answer."""
    suggestion = item.suggestion
    spans = [(signal.start, signal.end) for signal in suggestion.signals]
    telling = _telling(suggestion)
    above = [post for post in (item.question, *item.parents) if post is not None]
    return BenchPage(
        item=item,
        collection=collection,
        back=back,
        text=shown_answer(item.post.text, item.post.markup, spans, telling),
        context=[(post, shown_beside(post.text, post.markup, share=len(above))) for post in above],
        siblings=[(post, quote(post.words or post.text, most=_FIRST_WORDS)) for post in item.siblings],
        signals=[*_signal_lines(item), *([_telling_line(item, telling)] if telling else [])],
        words_for=[(level, write_spans(_words_for(item, level))) for level in Level],
        proposed=proposed(item),
        guideline=None if suggestion.level is None else DEFINITIONS[suggestion.level],
    )


def _signal_lines(item: QueueItem) -> Iterator[SignalLine]:
    for number, signal in enumerate(item.suggestion.signals, start=1):
        kind = KINDS[signal.kind]
        yield SignalLine(
            number=number,
            span=write_spans(((signal.start, signal.end),)),
            kind=kind.name,
            why=signal.why,
            words=_quoted(item, signal.start, signal.end),
            ticked=item.suggestion.level in kind.favours,
        )


def _telling_line(item: QueueItem, telling: Span) -> SignalLine:
    return SignalLine(
        number=len(item.suggestion.signals) + 1,
        span=write_spans((telling,)),
        kind="Sentence that tells most",
        why="weighs most in the suggestion",
        words=_quoted(item, *telling),
        ticked=not _signals_for(item.suggestion, item.suggestion.level),
    )


def _quoted(item: QueueItem, start: int, end: int) -> str:
    return quote(words_seen(item.post.text[start:end], item.post.markup), most=_FIRST_WORDS)


def _telling(suggestion: Suggestion) -> Span | None:
    """The sentence that most likely decides, unless a signal has the very same words."""
    span = suggestion.telling
    if span is None or span[0] >= span[1] or any((one.start, one.end) == span for one in suggestion.signals):
        return None
    return span


def _words_for(item: QueueItem, level: Level) -> tuple[Span, ...]:
    suggestion = item.suggestion
    spans = _signals_for(suggestion, level)
    telling = _telling(suggestion)
    return (telling,) if not spans and telling and level is suggestion.level else spans


def _signals_for(suggestion: Suggestion, level: Level | None) -> tuple[Span, ...]:
    found = [(signal.start, signal.end) for signal in suggestion.signals if level in KINDS[signal.kind].favours]
    return tuple(dict.fromkeys(found))
