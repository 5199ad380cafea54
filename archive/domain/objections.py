"""Objections to a tag: what may be said against one, and what becomes of it."""

from datetime import timedelta
from enum import StrEnum

from archive.domain.flooding import EnoughError, Limit, Sent
from archive.domain.moderation import MAX_NOTE
from archive.domain.source_quality import Level
from archive.errors import ArchiveError

MIN_REASON, MAX_REASON = 10, 2_000  # letters and figures; characters
MAX_REFERENCE = 1_000  # characters
MAX_LOCATOR = 200
MAX_IDENTIFIER = 500
MAX_NAME = 80
ON_OBJECTION = "On an objection: "  # what the note of a tag begins with that follows from one
MAX_REPLY = MAX_NOTE - len(ON_OBJECTION)

OBJECTIONS = Limit(
    sent=Sent.OBJECTION,
    many="objections",
    most=5,
    within=timedelta(hours=1),
    within_words="an hour",
    waiting_for_one=3,
    waiting=500,
)


class ObjectionState(StrEnum):
    """How far an objection has come."""

    OPEN = "open"  # waits for a moderator
    KEPT = "kept"  # answered; the tag was left as it was
    CHANGED = "changed"  # answered; another tag followed


class ObjectionNotAllowedError(ArchiveError):
    """This cannot be said against a tag, or in reply to it."""


class NothingToQuestionError(ObjectionNotAllowedError):
    """The answer has no tag."""


def check_questionable(level: Level | None, *, waiting: int) -> None:
    """Whether anybody may object to the tag of an answer.

    :param level: that is in force.
    :param waiting: objections to its tags on which nobody has decided.
    :raises NothingToQuestionError: if there is no tag.
    :raises EnoughError: if enough wait.
    """
    if level is None:
        raise NothingToQuestionError("This answer has no tag now, so there is none to question.")
    if waiting >= OBJECTIONS.waiting_for_one:
        raise EnoughError(
            f"{waiting} objections to this tag wait for a moderator already. Look again when they are answered."
        )


def clean_reason(reason: str) -> str:
    """The reason as it is stored.

    :raises ObjectionNotAllowedError: if it says too little, or too much.
    """
    reason = reason.replace("\0", "").strip()
    if sum(char.isalnum() for char in reason) < MIN_REASON:
        raise ObjectionNotAllowedError("Say what is wrong with the tag, so that somebody else can check it.")
    if len(reason) > MAX_REASON:
        raise ObjectionNotAllowedError(f"A reason has at most {MAX_REASON:,} characters.")
    return reason


def clean_reply(reply: str) -> str:
    """The reply as it is stored.

    :raises ObjectionNotAllowedError: if nothing is said, or too much.
    """
    reply = reply.replace("\0", "").strip()
    if not reply:
        raise ObjectionNotAllowedError("Write a reply: whoever objected reads it, and so does everybody else.")
    if len(reply) > MAX_REPLY:
        raise ObjectionNotAllowedError(f"A reply has at most {MAX_REPLY:,} characters.")
    return reply


def check_other_level(new: Level, *, in_force: Level | None) -> None:
    """Whether a level is another than the answer has.

    :raises ObjectionNotAllowedError: if not.
    """
    if new is in_force:
        raise ObjectionNotAllowedError(
            f"The answer is “{new.badge}” already. Choose another level, or keep the tag and say why."
        )
