"""The bench: one answer, what was suggested for it, and everything needed to decide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.domain.assessment.kinds import KINDS
from archive.domain.assessment.suggestion import Suggestion
from archive.domain.source_quality import Level
from archive.domain.visible_words import words_seen
from archive.services.bench.cast import Sight
from archive.services.bench.item import QueueItem
from archive.services.codebook.versions import Version
from archive.services.views import Decision, PostView
from archive.store.surroundings import BesideRow
from archive.store.votes import Vote
from archive.web.moderation.marked_html import shown_answer, shown_beside
from archive.web.moderation.marked_text import Shown, quote
from archive.web.moderation.proposed import Proposed, proposed
from archive.web.moderation.votes import Written, write_spans
from archive.web.moderation.which_queue import Queue
from archive.web.prose.cuts import Span
from archive.web.words import counted

_FIRST_WORDS = 90  # characters of another answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands around the answer."""

    queue: Queue  # that is being worked through
    back: str | None  # the answer before this one
    served: bool  # whether the queue gave it
    revealed: bool  # whether the suggestion is put beside the vote


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLine:
    """A signal as the list beside the answer shows it."""

    number: int  # from 1, as in the text; 0 for words that the moderator chose
    span: str  # as a form field holds it
    kind: str  # what the page calls it
    why: str
    words: str
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPage:
    """One answer on the bench."""

    item: QueueItem
    beside: Beside
    sight: Sight  # what is shown of the program's reading and of others'
    text: Shown
    context: Sequence[tuple[PostView, Shown]]  # the question and what lies between
    siblings: Sequence[tuple[BesideRow, str]]  # with their first words
    signals: Sequence[SignalLine]
    words_for: Sequence[tuple[Level, str]]  # the spans that speak for each level
    proposed: Proposed | None  # None: the suggestion is not shown
    codebook: Version  # in force
    written: Written  # what stands in the form

    @property
    def post(self) -> PostView:
        """The answer."""
        return self.item.post

    @property
    def decision(self) -> Decision | None:
        """The tag in force, where it is shown: neither to somebody who is to read the answer without it, nor where the
        suggestion has just been put beside the vote: there the text stays where it was.
        """
        hidden = self.beside.revealed or (self.beside.served and self.item.own_vote is None)
        return None if hidden else self.item.post.decision

    @property
    def own(self) -> Vote | None:
        """The moderator's vote."""
        return self.item.own_vote

    @property
    def suggested(self) -> Level | None:
        """The level that is suggested, where that is shown."""
        return self.proposed.level if self.proposed else None

    @property
    def apart(self) -> str:
        """How far the suggestion lies from the vote, where both are on the spine."""
        if self.own is None or self.suggested is None or self.own.level.rank is None or self.suggested.rank is None:
            return ""
        steps = self.suggested.rank - self.own.level.rank
        return f", {counted(abs(steps), 'step')} {'above' if steps > 0 else 'below'}" if steps else ""

    @property
    def turn(self) -> str:
        """Which vote this is, where an answer needs several."""
        if self.item.needed < 2 and self.item.votes < 2:
            return ""
        number = self.item.votes + (self.own is None)
        return f"Vote {number} of {max(self.item.needed, number)}"


def bench_page(item: QueueItem, beside: Beside, codebook: Version, again: Written | None = None) -> BenchPage:
    """The page for an answer.

    :param again: what was written on the page before, where it is shown once more.
    """
    shows_marks, shows_suggestion = item.rules.shows_marks, item.rules.shows_suggestion(read_before=item.read_before)
    suggestion = item.suggestion
    telling = _telling(suggestion) if shows_suggestion else None
    spans = [(signal.start, signal.end) for signal in suggestion.signals] if shows_marks else []
    above = [post for post in (item.question, *item.parents) if post is not None]
    words_for = _words_for_levels(item, shows_suggestion=shows_suggestion) if shows_marks else []
    form = again or _written(item, dict(words_for), suggested=suggestion.level if shows_suggestion else None)
    return BenchPage(
        item=item,
        beside=beside,
        sight=_sight(item, beside, shows_suggestion=shows_suggestion and not item.withheld),
        text=shown_answer(item.post.text, item.post.markup, spans, telling),
        context=[(post, shown_beside(post.text, post.markup, share=len(above))) for post in above],
        siblings=[(post, quote(post.begins, most=_FIRST_WORDS)) for post in item.siblings],
        signals=_ticked(item, _signals(item, telling) if shows_marks else [], form.evidence),
        words_for=words_for,
        proposed=proposed(item) if shows_suggestion else None,
        codebook=codebook,
        written=form,
    )


def _written(item: QueueItem, words_for: Mapping[Level, str], *, suggested: Level | None) -> Written:
    """What a form begins with: the moderator's vote, or what speaks for a suggestion that is shown."""
    own = item.own_vote
    if own is None:
        return Written(evidence=_words_for(item, suggested), ticked_for=suggested) if suggested else Written()
    spans = tuple((words["start"], words["end"]) for words in own.evidence)
    came_ticked = sorted(spans) == sorted(_signals_for(item.suggestion, own.level)) and own.level in words_for
    return Written(evidence=spans, ticked_for=own.level if came_ticked else "", reason=own.reason, note=own.note)


def _sight(item: QueueItem, beside: Beside, *, shows_suggestion: bool) -> Sight:
    if item.own_vote is None and item.post.decision is not None and not beside.served:
        return Sight.DECISION
    if shows_suggestion:
        return Sight.SUGGESTION
    return Sight.MARKS if item.rules.shows_marks else Sight.NOTHING


def _signals(item: QueueItem, telling: Span | None) -> list[SignalLine]:
    return [*_signal_lines(item), *([_telling_line(item, telling)] if telling else [])]


def _ticked(item: QueueItem, lines: Sequence[SignalLine], spans: Sequence[Span]) -> list[SignalLine]:
    """The lines with these words ticked, and a line for those that are in none."""
    given = {write_spans((span,)): span for span in spans}
    found = [replace(line, ticked=line.span in given) for line in lines]
    own = [span for written, span in given.items() if written not in {line.span for line in lines}]
    return [*found, *(_own_line(item, span) for span in own)]


def _words_for_levels(item: QueueItem, *, shows_suggestion: bool) -> list[tuple[Level, str]]:
    """The telling sentence speaks for the suggested level, which a page that does not show it must not tell."""
    if shows_suggestion:
        return [(level, write_spans(_words_for(item, level))) for level in Level]
    return [(level, write_spans(_signals_for(item.suggestion, level))) for level in Level]


def _signal_lines(item: QueueItem) -> Iterator[SignalLine]:
    for number, signal in enumerate(item.suggestion.signals, start=1):
        kind = KINDS[signal.kind]
        yield SignalLine(
            number=number,
            span=write_spans(((signal.start, signal.end),)),
            kind=kind.name,
            why=signal.why,
            words=_quoted(item, signal.start, signal.end),
            ticked=False,
        )


def _telling_line(item: QueueItem, telling: Span) -> SignalLine:
    return SignalLine(
        number=len(item.suggestion.signals) + 1,
        span=write_spans((telling,)),
        kind="Sentence that tells most",
        why="weighs most in the suggestion",
        words=_quoted(item, *telling),
        ticked=False,
    )


def _own_line(item: QueueItem, span: Span) -> SignalLine:
    words = _quoted(item, *span)
    return SignalLine(number=0, span=write_spans((span,)), kind="Your words", why="", words=words, ticked=True)


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
