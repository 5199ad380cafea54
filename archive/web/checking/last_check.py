"""What was said of a citation last, for the one line that repeats it: it is said once."""

from dataclasses import asdict, dataclass

from flask import session as form_session

from archive.domain.sources.verdicts import Verdict

_KEY = "check"


@dataclass(frozen=True, slots=True)
class LastCheck:
    """A verdict that was just given."""

    verdict: Verdict
    citation: int


def keep(verdict: Verdict, citation: int) -> None:
    """Remember a verdict."""
    form_session[_KEY] = asdict(LastCheck(verdict, citation))


def last_check() -> LastCheck | None:
    """What was just said, for the page that follows it and for no later one."""
    kept = form_session.pop(_KEY, None)
    return LastCheck(Verdict(kept["verdict"]), kept["citation"]) if isinstance(kept, dict) else None
