"""What the program reads in an answer, in the shapes that go out."""

from collections.abc import Iterable

from archive.api.shapes.desks import Noticed, Suggested
from archive.domain.assessment.suggestion import Signal, Suggestion


def noticed(text: str, signals: Iterable[Signal]) -> list[Noticed]:
    """What it noticed, with the words."""
    return [
        Noticed(start=one.start, end=one.end, text=text[one.start : one.end], kind=one.kind, why=one.why)
        for one in signals
    ]


def suggested(suggestion: Suggestion) -> Suggested | None:
    """What it would say; None where it says nothing."""
    if suggestion.level is None:
        return None
    return Suggested(level=suggestion.level, confidence=suggestion.confidence, engine=suggestion.engine)
