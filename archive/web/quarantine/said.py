"""What an archivist did last in a quarantine, for the notice on the next page, once."""

from dataclasses import asdict, dataclass

from flask import session as form_session

_KEY = "quarantine"


@dataclass(frozen=True, slots=True)
class Said:
    """A notice."""

    sentence: str
    batch: int
    number: int | None = None  # of a stretch that it can be taken back for
    act: int | None = None  # that can be taken back as a whole


def say(said: Said) -> None:
    """Keep a notice for the next page."""
    form_session[_KEY] = asdict(said)


def last_said(batch: int) -> Said | None:
    """The notice, if there is one on that batch; it is told once."""
    kept = form_session.get(_KEY)
    if not isinstance(kept, dict) or kept.get("batch") != batch:
        return None
    del form_session[_KEY]
    return Said(**kept)
