"""What the bench says of a suggestion: how sure it is, what speaks for it, and how far such suggestions were right."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.domain.assessment.suggestion import Reason
from archive.domain.source_quality import Level
from archive.services.bench.item import QueueItem
from archive.web.agreement.words import record_of

_NEXT_FROM = 0.1  # confidence from which on the next likely level is worth a line
_ENOUGH = 5  # blind votes from which on they are told
_STEPS = 10  # of a bar


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """Something that speaks for the suggested level, or against it."""

    name: str
    weight: str  # "+1.4", "−0.6"; "" for a rule, which settled it
    bar: int  # its length, from 1 to 10; 0 for a rule
    against: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A suggestion in words."""

    level: Level | None  # None: nothing is suggested
    share: str  # "78 %"
    other: Level | None  # the next likely level, where the suggestion is unsure
    next: Level | None  # the next likely level, where the suggestion is sure enough to stand alone
    other_share: str
    path: Sequence[str]
    reasons: Sequence[ReasonLine]
    changes: Sequence[str]
    record: str  # how far such suggestions were right; "" where nothing is suggested
    withheld: bool  # whether something is suggested, and not shown as such suggestions do badly


def proposed(item: QueueItem) -> Proposed:
    """The suggestion for an answer on the bench."""
    suggestion = item.suggestion
    has_next = suggestion.second is not None and suggestion.second_confidence >= _NEXT_FROM
    return Proposed(
        level=suggestion.level,
        share=percent(suggestion.confidence),
        other=suggestion.second if suggestion.unsure else None,
        next=suggestion.second if has_next and not suggestion.unsure else None,
        other_share=percent(suggestion.second_confidence),
        path=suggestion.path,
        reasons=_reason_lines(item.reasons),
        changes=suggestion.changes,
        record=_record(item),
        withheld=item.withheld,
    )


def percent(share: float) -> str:
    """A share as a moderator reads it. Nothing is said to be certain."""
    if share > 0.99:
        return "over 99 %"
    return "under 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _reason_lines(reasons: Sequence[Reason]) -> Sequence[ReasonLine]:
    most = max((abs(reason.weight) for reason in reasons if reason.weight is not None), default=1.0)
    return [_reason_line(reason, most) for reason in reasons]


def _reason_line(reason: Reason, most: float) -> ReasonLine:
    name = reason.name[:1].upper() + reason.name[1:]
    if reason.weight is None:
        return ReasonLine(name=name, weight="", bar=0, against=False)
    return ReasonLine(
        name=name,
        weight=f"{'+' if reason.weight > 0 else '−'}{abs(reason.weight):.1f}",
        bar=max(1, round(_STEPS * abs(reason.weight) / most)),
        against=reason.weight < 0,
    )


def _record(item: QueueItem) -> str:
    if item.withheld:
        return f"{record_of(item.trial)}, so none is shown."
    if item.suggestion.level is None:
        return ""
    if item.trial.votes >= _ENOUGH:
        return f"{record_of(item.trial)}."
    tested, right = item.tested
    if not tested:
        return "No labelled text that it had not seen came to such a suggestion."
    return (
        f"On labelled texts that it had not seen, {right:,} of {tested:,} suggestions as sure as this one were right."
    )
