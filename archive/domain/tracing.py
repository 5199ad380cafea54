"""From recollection to source: what may be offered as the reference of an answer, and what becomes of an offer."""

from datetime import timedelta

from archive.domain.flooding import EnoughError, Limit, Sent
from archive.domain.source_quality import Level
from archive.errors import ArchiveError

MIN_REFERENCE, MAX_REFERENCE = 8, 1_000  # characters
MAX_IDENTIFIER = 500
MAX_LOCATOR = 200
MAX_NOTE = 2_000
MAX_NAME = 80
MAX_REASON = 2_000

OFFERS = Limit(
    sent=Sent.REFERENCE,
    many="references",
    most=10,
    within=timedelta(hours=1),
    within_words="an hour",
    waiting_for_one=5,
    waiting=1_000,
)

TRACEABLE = (Level.RECOLLECTED, Level.ATTRIBUTED)  # the levels of answers whose source may still be found


class OfferNotAllowedError(ArchiveError):
    """This reference cannot be offered for this answer."""


class NotTraceableError(OfferNotAllowedError):
    """The level of the answer says that no reference is looked for."""


def level_with(locator: str, *, in_force: Level | None = None) -> Level:
    """The level that follows from a supplied reference: whoever adds the page makes the answer cited.

    :param in_force: what the answer has now; a further reference takes nothing of it away.
    """
    return Level.PINPOINT if locator or in_force is Level.PINPOINT else Level.CITED


def check_level(level: Level) -> None:
    """Whether a supplied reference can lead to that level.

    :raises OfferNotAllowedError: if the level does not say that there is one.
    """
    if not level.sourced:
        raise OfferNotAllowedError(
            f"An answer with a reference is “{Level.CITED.badge}” or “{Level.PINPOINT.badge}”, "
            f"and not “{level.badge}”. If the reference does not fit, decline it."
        )


def check_traceable(level: Level | None, *, waiting: int) -> None:
    """Whether a reference may be offered for an answer.

    :param waiting: the offers for it on which nobody has decided.
    :raises NotTraceableError: if it needs none.
    :raises EnoughError: if it has enough to choose from.
    """
    if level not in TRACEABLE:
        tagged = "has no tag yet" if level is None else f"is tagged “{level.badge}”"
        raise NotTraceableError(
            f"References are collected for answers from memory and for those that name somebody. This one {tagged}."
        )
    if waiting >= OFFERS.waiting_for_one:
        raise EnoughError(
            f"{waiting} references for this answer wait for a moderator already. Look again when they are decided."
        )


def clean_reference(reference: str) -> str:
    """The reference as it is stored.

    :raises OfferNotAllowedError: if it is too short to be one, or too long.
    """
    reference = reference.replace("\0", "").strip()
    if sum(char.isalnum() for char in reference) < MIN_REFERENCE:
        raise OfferNotAllowedError("Name the work, so that somebody else can find it: author, title, year.")
    if len(reference) > MAX_REFERENCE:
        raise OfferNotAllowedError(f"A reference has at most {MAX_REFERENCE:,} characters.")
    return reference


def clean_reason(reason: str) -> str:
    """Why an offer was declined.

    :raises OfferNotAllowedError: if nothing is said, or too much.
    """
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise OfferNotAllowedError("Say why the reference is declined; whoever offered it may read it.")
    if len(reason) > MAX_REASON:
        raise OfferNotAllowedError(f"A reason has at most {MAX_REASON:,} characters.")
    return reason
