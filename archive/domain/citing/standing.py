"""How an answer says it knows, in the words of a citation: “tagged “Cited, with page” on 3 May 2026; not checked”."""

from archive.domain.citing.cited import Shared, Tagged
from archive.domain.dates_in_words import DateForm

_NOT_TAGGED = "not yet tagged"


def standing_words(standing: Tagged | Shared | None, date: DateForm, quotes: tuple[str, str]) -> str:
    """What a citation says of the level; "" of what bears none.

    :param quotes: that stand around the words of a badge.
    """
    if standing is None:
        return ""
    if isinstance(standing, Shared):
        return _of_thread(standing)
    if standing.level is None:
        return _NOT_TAGGED
    badge = f"tagged {quotes[0]}{standing.level.badge}{quotes[1]}"
    on = f" on {date(standing.at)}" if standing.at else ""
    earlier = ", in an earlier text" if standing.earlier else ""
    checked = f"; {standing.checked}" if standing.checked else ""
    return f"{badge}{on}{earlier}{checked}"


def _of_thread(shared: Shared) -> str:
    if not shared.answers:
        return "no answers"
    if not shared.tagged:
        return f"{_answers(shared.answers)}, {_NOT_TAGGED}"
    sourced = "none" if not shared.sourced else f"{shared.sourced:,}"
    return f"{_answers(shared.answers)}, {sourced} of them sourced"


def _answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"
