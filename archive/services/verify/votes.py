"""Votes: the table, and which of them stand, against the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.verify.ledger import parsed
from archive.services.verify.takedowns import AsItWas
from archive.store.ledger import read_entries
from archive.store.sealed import Beside
from archive.store.threads import Post, Revision
from archive.store.users import User
from archive.store.votes import Vote, as_recorded

_VOTES = (
    select(Vote, Revision, Post.public_id, User.name)
    .join(Revision, Revision.id == Vote.revision_id)
    .join(Post, Post.id == Vote.post_id)
    .join(User, User.id == Vote.moderator_id)
    .order_by(Vote.id)
)


@dataclass(slots=True)
class _Recorded:
    """The votes, as the ledger tells them."""

    entries: dict[object, tuple[str, str, dict[str, object]]] = field(default_factory=dict)  # subject, actor, detail
    past: set[object] = field(default_factory=set)  # those that do not stand
    kept: set[object] = field(default_factory=set)


def vote_faults(session: Session) -> Iterator[str]:
    """Votes that are not what the ledger holds."""
    told, as_it_was = _recorded(session), AsItWas.of(session, Beside.VOTE)
    for vote, revision, post, moderator in session.execute(_VOTES.execution_options(yield_per=1000)):
        entry = told.entries.pop(vote.id, None)
        if entry is None:
            yield f"Vote {vote.id} on post {post}: the ledger does not know of it."
            continue
        subject, actor, detail = entry
        stored = {**as_recorded(vote, revision), "post": f"post {post}", "moderator": moderator}
        stored |= as_it_was.stands(vote.id, detail)
        said = {**detail, "post": subject, "moderator": actor}
        stored |= {"standing": vote.stands, "kept": vote.kept_at is not None}
        said |= {"standing": vote.id not in told.past, "kept": vote.id in told.kept}
        for name in [name for name in said if said[name] != stored.get(name)]:
            yield f"Vote {vote.id} on post {post}: its {name} is {stored.get(name)}, and the ledger says {said[name]}."
    for number, (subject, _, _) in told.entries.items():
        yield f"Vote {number} on {subject}: the ledger holds it, and the table of votes does not."


def _recorded(session: Session) -> _Recorded:
    told = _Recorded()
    for entry in read_entries(session):
        if entry.act not in ("vote", "set votes aside", "put votes back", "keep vote"):
            continue
        detail = parsed(entry.detail)
        numbers = detail.get("votes")
        votes = set(numbers) if isinstance(numbers, list) else set()
        if entry.act == "vote":
            told.entries[detail.get("vote")] = entry.subject, entry.actor, detail
            told.past.add(detail.get("replaces"))
        elif entry.act == "keep vote":
            told.kept.add(detail.get("vote"))
        elif entry.act == "set votes aside":
            told.past |= votes
        else:
            told.past -= votes
    return told
