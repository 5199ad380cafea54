"""Threads of a collection, part by part, without anything that would have to be counted for all of it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from archive.services.browse import lines_in_order, visible_collection
from archive.services.views import ThreadLine
from archive.store.listing import ThreadOrder, thread_numbers

_A_PAGE = 50


def threads_of_collection(
    session: Session, slug: str, order: ThreadOrder, *, before: int | None
) -> tuple[Sequence[ThreadLine], int | None]:
    """Some public threads in an order, from behind `before` on; and what to ask for as that to see further ones.

    :raises NotFoundError: if there is no such collection, or nothing of it is public.
    """
    collection = visible_collection(session, slug)
    numbers = thread_numbers(session, collection.id, order, before=before, limit=_A_PAGE + 1)
    further = numbers[_A_PAGE - 1] if len(numbers) > _A_PAGE else None
    return lines_in_order(session, numbers[:_A_PAGE]), further
