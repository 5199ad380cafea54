"""What was done, and what was taken back, in the shapes that go out."""

from archive.api.shapes.desks import Done, Undone
from archive.services.bench import undo
from archive.services.browse import visible_post
from archive.store.database import db


def done(post: str) -> Done:
    """Something was done to an answer."""
    return Done(post=post, tag_version=visible_post(db.session(), post, drafts=False).tag_version)


def undone(found: undo.Undone | None) -> Undone:
    """Something was taken back, or done again; None for nothing."""
    if found is None:
        return Undone(act=None, post=None, level=None, answers=0)
    return Undone(act=found.kind, post=found.post, level=found.level, answers=found.answers)
