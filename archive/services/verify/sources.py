"""Works: what is counted and said of them, and what was decided, against the answers and the ledger."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from archive.services.sources.citing import BY_TEXT, LEDGER_ACTS
from archive.services.verify.ledger import parsed
from archive.store.ledger import read_entries
from archive.store.source_counts import wrong_works
from archive.store.source_merges import SourceMerge, as_recorded
from archive.store.sources import Citation, Source, SourceKey
from archive.store.threads import Post
from archive.store.users import User

_Other = aliased(Source)
_DECISIONS = (
    select(SourceMerge, Source.public_id, _Other.public_id, User.name)
    .join(Source, Source.id == SourceMerge.source_id)
    .join(_Other, _Other.id == SourceMerge.other_id)
    .outerjoin(User, User.id == SourceMerge.by_id)
    .order_by(SourceMerge.id)
)
_ASTRAY = (
    select(Citation.id, Post.public_id)
    .join(Post, Post.id == Citation.post_id)
    .where(Citation.thread_id != Post.thread_id)
    .order_by(Citation.id)
)
_NAMES_OF_GONE = (
    select(SourceKey.key, Source.public_id)
    .join(Source, Source.id == SourceKey.source_id)
    .where(Source.merged_into_id.is_not(None))
    .order_by(SourceKey.key)
)


def source_faults(session: Session) -> Iterator[str]:
    """Works, citations and decisions on works where they are not as they should be."""
    for work in wrong_works(session):
        yield f"Source {work}: what is counted or said of it is not what follows from the answers that cite it."
    for citation, post in session.execute(_ASTRAY):
        yield f"Citation {citation} of post {post}: it is in another thread than its post."
    for name, work in session.execute(_NAMES_OF_GONE):
        yield f"Source {work}: it went into another one, and still has the name {name}."
    yield from _decisions(session)


def _decisions(session: Session) -> Iterator[str]:
    acts = set(LEDGER_ACTS.values())
    recorded = {
        detail["decision"]: (entry.subject, entry.actor, entry.act, detail)
        for entry in read_entries(session)
        if entry.act in acts
        for detail in (parsed(entry.detail),)
    }
    for decision, work, other, name in session.execute(_DECISIONS):
        stands = f"source {work}", name or BY_TEXT.name, LEDGER_ACTS[decision.act], as_recorded(decision, other)
        told = recorded.pop(decision.id, None)
        if told is None:
            yield f"Decision {decision.id} on source {work}: the ledger does not know of it."
        elif told != stands:
            yield f"Decision {decision.id} on source {work}: the ledger says something else of it."
    for number in recorded:
        yield f"Decision {number} on works: the ledger holds it, and the table of decisions does not."
