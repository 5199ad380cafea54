"""What the moderator did last, for the one line that says so: it is said once."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from flask import session as form_session

from archive.domain.source_quality import Level
from archive.services.views import PostView

_KEY = "act"
_MAX_AUTHOR = 80  # characters


class Did(StrEnum):
    """Something that a moderator did."""

    TAGGED = "tagged"
    SKIPPED = "skipped"
    TOOK_BACK = "took back"
    FOUND_NOTHING = "found nothing"  # to take back


@dataclass(frozen=True, slots=True)
class Act:
    """What was done last."""

    did: Did | None = None  # None: nothing yet
    author: str = ""  # of the answer whose tag was given or taken back
    level: Level | None = None


def keep(did: Did) -> None:
    """Remember an act."""
    form_session[_KEY] = asdict(Act(did))


def keep_tag(did: Did, post: PostView, level: Level | None) -> None:
    """Remember that the tag of an answer was given or taken back."""
    author = (post.author or post.byline or "nobody named")[:_MAX_AUTHOR]
    form_session[_KEY] = asdict(Act(did, author, level))


def last_act() -> Act:
    """What was just done, for the page that follows it and for no later one."""
    kept = form_session.pop(_KEY, None)
    if not isinstance(kept, dict):
        return Act()
    level = kept["level"]
    return Act(Did(kept["did"]), kept["author"], Level(level) if level else None)
