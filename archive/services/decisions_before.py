"""What decisions on a post followed, and which of them are taken back by none."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.tags import Tag


def restored_by(session: Session, post_id: int, tag_id: int | None) -> int | None:
    """The decision that a decision brought back, through any number of undos; itself if it is no undo."""
    decision = None if tag_id is None else session.get_one(Tag, tag_id)
    while decision is not None and decision.undoes is not None:
        decision = decision_before(session, post_id, decision.undoes)
    return None if decision is None else decision.id


def standing(session: Session, post_id: int, tag_id: int | None) -> frozenset[int]:
    """The decisions on a post that are taken back by none, as it was when one of them was the newest.

    An undo stands for what was there before the decision that it takes back.
    """
    query = select(Tag.id, Tag.undoes).where(Tag.post_id == post_id).order_by(Tag.id)
    before: dict[int, int | None] = {}
    newest, undoes = None, {}
    for id_, undone in session.execute(query):
        before[id_], undoes[id_], newest = newest, undone, id_
    found: set[int] = set()
    while tag_id is not None:
        undone = undoes[tag_id]
        if undone is None:
            found.add(tag_id)
        tag_id = before[tag_id if undone is None else undone]
    return frozenset(found)


def decision_before(session: Session, post_id: int, tag_id: int) -> Tag | None:
    """The decision on a post that another followed."""
    query = select(Tag).where(Tag.post_id == post_id, Tag.id < tag_id).order_by(Tag.id.desc()).limit(1)
    return session.scalar(query)
