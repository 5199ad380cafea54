"""Posts that are known to be missing from what is shown of a thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from sqlalchemy.orm import Session

from archive.services.views import Missing
from archive.store.gaps import SOMEWHERE, GapRow, count_not_shown_by, gaps_of_thread, shown_by, which_are_public
from archive.store.thread_posts import AnyPost


@dataclass(frozen=True, slots=True)
class MissingPosts:
    """What is missing, by the post below which it would hang."""

    below: Mapping[int, Missing] = field(default_factory=dict)  # by the number of the post
    somewhere: Missing | None = None  # in the thread, or below a post that is missing too


def missing_posts(
    session: Session, thread_id: int, rows: Sequence[AnyPost], *, drafts: bool, whole: bool
) -> MissingPosts:
    """What captures of a thread leave out, less what came from elsewhere and may be it.

    :param rows: posts that are shown with all that hangs below them, in any order.
    :param whole: whether that is all of the thread.
    """
    gaps = gaps_of_thread(session, thread_id, drafts=drafts)
    if not gaps or not rows:
        return MissingPosts()
    rows = sorted(rows, key=lambda row: (row.position, row.id))
    came = _Came(rows, shown_by(session, thread_id, (rows[0].position, rows[-1].position)))
    places = {row.public_id: place for place, row in enumerate(rows)}
    ends = _ends(rows)
    here = sorted((places[gap.parent], gap) for gap in gaps if gap.parent in places)
    below = {
        rows[place].id: _missing(gap, others)
        for (place, gap), others in zip(here, _others(here, came, ends), strict=True)
    }
    elsewhere = which_are_public(session, {gap.parent for gap in gaps} - places.keys())
    lost = [
        _missing(gap, _came_anywhere(session, thread_id, gap, came, whole=whole))
        for gap in gaps
        if gap.parent not in places and gap.parent not in elsewhere
    ]
    return MissingPosts({id_: missing for id_, missing in below.items() if missing.more}, _together(lost))


def _others(here: Sequence[tuple[int, GapRow]], came: "_Came", ends: Sequence[int]) -> list[int]:
    """For each gap, how many posts came that may be of it: those below the post, and not below a further gap there."""
    others: list[int] = []
    above: list[int] = []  # indexes of gaps below which the next one may be
    for index, (place, gap) in enumerate(here):
        while above and ends[here[above[-1]][0]] <= place:
            above.pop()
        if above:
            others[above[-1]] -= came.count(here[above[-1]][1].reading_id, place + 1, ends[place])
        others.append(came.count(gap.reading_id, place + 1, ends[place]))
        above.append(index)
    return others


def _missing(gap: GapRow, others: int) -> Missing:
    return Missing(posts=gap.posts, others=others, received_at=gap.received_at)


def _came_anywhere(session: Session, thread_id: int, gap: GapRow, came: "_Came", *, whole: bool) -> int:
    if gap.parent != SOMEWHERE:
        return 0
    return came.count(gap.reading_id) if whole else count_not_shown_by(session, gap.reading_id, thread_id)


def _together(lost: Sequence[Missing]) -> Missing | None:
    left = [missing for missing in lost if missing.more]
    if not left:
        return None
    return Missing(
        posts=sum(missing.posts for missing in left),
        others=sum(missing.others for missing in left),
        received_at=max(missing.received_at for missing in left),
    )


class _Came:
    """How many posts in a stretch of those that are shown a reading does not show."""

    def __init__(self, rows: Sequence[AnyPost], shown: set[tuple[int, int]]) -> None:
        self._rows, self._shown = rows, shown
        self._up_to: dict[int, list[int]] = {}  # by reading, how many before each place

    def count(self, reading_id: int, start: int = 0, end: int | None = None) -> int:
        if reading_id not in self._up_to:
            others = ((reading_id, row.id) not in self._shown for row in self._rows)
            self._up_to[reading_id] = [0, *accumulate(others)]
        up_to = self._up_to[reading_id]
        return up_to[len(self._rows) if end is None else end] - up_to[start]


def _ends(rows: Sequence[AnyPost]) -> list[int]:
    """By place, that of the first post that does not hang below the one there."""
    ends = [len(rows)] * len(rows)
    above: list[int] = []  # places of posts below which the next one may hang
    for place, row in enumerate(rows):
        while above and rows[above[-1]].depth >= row.depth:
            ends[above.pop()] = place
        above.append(place)
    return ends
