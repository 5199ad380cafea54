"""Decisions: the table of tags, and what answers show, against the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.verify.ledger import parsed
from archive.services.verify.takedowns import AsItWas
from archive.store.ledger import read_entries
from archive.store.sealed import Beside
from archive.store.tags import Tag, TagAct, as_recorded
from archive.store.threads import Post, Revision

_TAG_ACTS = frozenset(act.value for act in TagAct)
_DECISIONS = (
    select(Tag, Revision, Post.public_id)
    .join(Revision, Revision.id == Tag.revision_id)
    .join(Post, Post.id == Tag.post_id)
    .order_by(Tag.id)
)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A decision on an answer, as the ledger tells it."""

    subject: str
    actor: str
    act: str
    detail: dict[str, object]


def tag_faults(session: Session) -> Iterator[str]:
    """Decisions, and what answers show, where they are not what the ledger holds."""
    recorded, in_force = _recorded_decisions(session)
    as_it_was = AsItWas.of(session, Beside.TAG)
    for tag, revision, post in session.execute(_DECISIONS.execution_options(yield_per=1000)):
        entry = recorded.pop(tag.id, None)
        if entry is None:
            yield f"Tag {tag.id} of post {post}: the ledger does not know of it."
            continue
        stands = {**as_recorded(tag, revision), "post": f"post {post}", "act": tag.act}
        stands |= as_it_was.stands(tag.id, entry.detail)
        told = {**entry.detail, "post": entry.subject, "act": entry.act}
        for name in [name for name in told if told[name] != stands.get(name)]:
            yield f"Tag {tag.id} of post {post}: its {name} is {stands.get(name)}, and the ledger says {told[name]}."
    for tag_id, entry in recorded.items():
        yield f"Tag {tag_id} of {entry.subject}: the ledger holds it, and the table of tags does not."
    yield from _shown(session, in_force)


def _shown(session: Session, in_force: dict[str, tuple[object, object]]) -> Iterator[str]:
    marked = (
        select(Post.public_id, Post.tag_id, Post.level, Revision.public)
        .outerjoin(Tag, Tag.id == Post.tag_id)
        .outerjoin(Revision, Revision.id == Tag.revision_id)
        .where(Post.tag_id.is_not(None) | Post.level.is_not(None))
    )
    for public_id, tag_id, level, public in session.execute(marked.order_by(Post.id)):
        told = in_force.pop(f"post {public_id}", (None, None))
        if public is False:  # the text that was judged was withdrawn, and its tag with it
            told = told[0], None
        if (tag_id, level) != told:
            yield (
                f"Post {public_id}: it shows {level or 'no level'} by tag {tag_id}, "
                f"and the ledger says {told[1] or 'no level'} by tag {told[0]}."
            )
    for subject, told in in_force.items():
        yield f"P{subject[1:]}: it shows no tag, and the ledger says {told[1] or 'no level'} by tag {told[0]}."


def _recorded_decisions(session: Session) -> tuple[dict[object, _Recorded], dict[str, tuple[object, object]]]:
    """By tag, what the ledger tells of it; and by post, its newest tag and level."""
    recorded: dict[object, _Recorded] = {}
    in_force: dict[str, tuple[object, object]] = {}
    for entry in read_entries(session):
        if entry.act in _TAG_ACTS:
            detail = parsed(entry.detail)
            recorded[detail.get("tag")] = _Recorded(entry.subject, entry.actor, entry.act, detail)
            in_force[entry.subject] = detail.get("tag"), detail.get("level")
    return recorded, in_force
