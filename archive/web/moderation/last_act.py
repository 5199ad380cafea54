"""What the moderator did last, for the one line that says so: it is said once."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from flask import session as form_session

from archive.domain.source_quality import Level

_KEY = "act"
_MAX_AUTHOR = 80  # characters


class Did(StrEnum):
    """Something that a moderator did."""

    TAGGED = "tagged"
    KEPT = "kept"
    SKIPPED = "skipped"
    LEFT = "left"
    HELD = "held"
    MARKED = "marked"
    UNMARKED = "unmarked"
    NOTED = "noted"
    DECIDED = "decided"
    TOOK_BACK = "took back"
    DID_AGAIN = "did again"
    FOUND_NOTHING = "found nothing"  # to take back
    FOUND_NOTHING_AGAIN = "found nothing again"  # to do again


@dataclass(frozen=True, slots=True)
class Act:
    """What was done last."""

    did: Did | None = None  # None: nothing yet
    author: str = ""  # of the answer
    level: Level | None = None
    what: str = ""  # that was taken back, or done again: "vote", "skip", …
    answers: int = 1
    so: str = ""  # what follows from it, in a sentence


def keep(act: Act) -> None:
    """Remember an act for the next page."""
    form_session[_KEY] = asdict(act) | {"author": act.author[:_MAX_AUTHOR]}  # a cookie has its bounds


def last_act() -> Act:
    """What was just done, for the page that follows it and for no later one."""
    kept = form_session.pop(_KEY, None)
    if not isinstance(kept, dict):
        return Act()
    level, did = kept["level"], kept["did"]
    return Act(**{**kept, "did": Did(did) if did else None, "level": Level(level) if level else None})
