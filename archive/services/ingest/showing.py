"""What follows from a batch becoming public, or ceasing to be: for its posts, what hangs beside them, and threads.

All of it happens in the transaction that changes the batch: readers see the one state or the other.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from archive.services.ingest.settle import Circle, settle_touched
from archive.store.hanging import hang_touched
from archive.store.mentions import threads_disturbed
from archive.store.publishing import ALL_POSITIONS, forget_touched, refresh_posts, refresh_touched, touch
from archive.store.searching.forms import learn_touched
from archive.store.threads import mark_unsettled


def refresh_public(
    session: Session, batch_id: int, *, now: datetime, positions: tuple[int, int] = ALL_POSITIONS
) -> Sequence[Circle]:
    """Bring everything that a batch touches in line with the state that the batch now has; the circles that had to be
    cut because of it.

    :param positions: of its inputs, the first and the last that has changed.
    """
    if not refresh_posts(session, batch_id, positions=positions):
        return []
    changed = hang_touched(session) | threads_disturbed(session, batch_id, positions=positions)
    touch(session, changed)
    mark_unsettled(session, sorted(changed))
    circles, rearranged = settle_touched(session)
    refresh_touched(session, now=now, rearranged=rearranged)
    learn_touched(session)
    forget_touched(session)
    return circles
