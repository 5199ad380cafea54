"""Figures of agreement as people read them."""

from datetime import date

from archive.domain.agreement.alpha import Interval
from archive.domain.agreement.trials import Trial
from archive.domain.source_quality import Level
from archive.services.agreement import InShort
from archive.web.words import month_name

NOTHING = "–"
SHORT_NAMES: dict[Level, str] = {
    Level.PINPOINT: "With page",
    Level.CITED: "Cited",
    Level.ATTRIBUTED: "Attributed",
    Level.RECOLLECTED: "Memory",
    Level.UNSOURCED: "No source",
    Level.TESTIMONY: "Personal",
    Level.CONJECTURE: "Guess",
    Level.NOT_ANSWER: "No answer",
}


def decimal(number: float | None, digits: int = 3) -> str:
    """An alpha: 0.831."""
    return NOTHING if number is None else f"{number + 0:.{digits}f}".replace("-", "−")


def span(interval: Interval | None, digits: int = 3) -> str:
    """An interval of alphas: 0.792 to 0.873."""
    return NOTHING if interval is None else f"{decimal(interval.low, digits)} to {decimal(interval.high, digits)}"


def percent_span(interval: Interval | None) -> str:
    """An interval of shares: 60 to 89 %."""
    return NOTHING if interval is None else f"{100 * interval.low:.0f} to {100 * interval.high:.0f} %"


def percent(share: float, digits: int = 0) -> str:
    """A share in percent, without the sign. What is not all is never said to be 100."""
    text = f"{100 * share:.{digits}f}"
    return text if share == 1 or float(text) < 100 else f"{100 - 10**-digits:.{digits}f}"


def month_words(month: date) -> str:
    """May 2026."""
    return f"{month_name(month.month)} {month.year}"


def in_short(found: InShort) -> str:
    """How far moderators agree, in one sentence for readers."""
    figures = found.figures
    alpha = f", alpha {decimal(figures.alpha, 2)}" if figures.alpha is not None else ""
    bounds = f" ({span(figures.interval, 2)})" if alpha and figures.interval is not None else ""
    return (
        f"Moderators who read independently agreed on {percent(figures.share)} % of "
        f"{'the newest ' if found.is_of_newest else ''}{figures.answers:,} answers"
        f"{alpha}{bounds}."
    )


def record_of(trial: Trial) -> str:
    """How often blind votes agreed with suggestions of a kind."""
    kind = "of this kind" if trial.by_path else "of this level"
    bounds = f" (95 %: {percent_span(trial.interval)})" if trial.interval else ""
    return f"Suggestions {kind} agreed with blind votes in {trial.agreed:,} of {trial.votes:,} answers{bounds}"
