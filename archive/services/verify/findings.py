"""What people decided on sources: verdicts on citations, and supplied references, against the ledger."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from archive.services.verify.ledger import parsed
from archive.store import checks, traces
from archive.store.checks import CitationCheck
from archive.store.ledger import read_entries
from archive.store.sources import Citation
from archive.store.threads import Post, Revision
from archive.store.traces import Trace
from archive.store.users import User

_Told = dict[str, object]
_TRACE_ACTS = frozenset({"offer reference", "accept reference", "decline reference", "reopen reference"})
# What a later version of the engine may find otherwise: under which name, and where its words begin and end.
_FOUND = frozenset({"work", "end", "start"})
_WHO = frozenset({"actor"})  # the row names the account, the ledger whoever wrote the newest entry
_Newest = aliased(CitationCheck)


def finding_faults(session: Session) -> Iterator[str]:
    """Yield where verdicts and supplied references are not what the ledger holds."""
    yield from _check_faults(session)
    yield from _trace_faults(session)


def _check_faults(session: Session) -> Iterator[str]:
    recorded = {told.get("check"): told for told in _told(session, frozenset({"check"}))}
    query = (
        select(CitationCheck, Citation, Revision, Post.public_id, User.name)
        .join(Citation, Citation.id == CitationCheck.citation_id)
        .join(Revision, Revision.id == Citation.revision_id)
        .join(Post, Post.id == Citation.post_id)
        .join(User, User.id == CitationCheck.moderator_id)
        .order_by(CitationCheck.id)
    )
    for check, citation, revision, post, moderator in session.execute(query.execution_options(yield_per=1000)):
        told = recorded.pop(check.id, None)
        stands = {**checks.as_recorded(check, citation, revision), "post": f"post {post}", "actor": moderator}
        yield from _differences(f"Verdict {check.id} on a source of post {post}", stands, told, but=_FOUND)
    for number, told in recorded.items():
        yield f"Verdict {number} on {told['post']}: the ledger holds it, and the table of verdicts does not."
    yield from _not_in_force(session)


def _not_in_force(session: Session) -> Iterator[str]:
    newest = (
        select(_Newest.id).where(_Newest.citation_id == Citation.id).order_by(_Newest.id.desc()).limit(1)
    ).scalar_subquery()
    query = (
        select(Post.public_id, Citation.check_id, newest.label("newest"))
        .join(Post, Post.id == Citation.post_id)
        .where(Citation.check_id.is_not(None) | newest.is_not(None), Citation.check_id.is_distinct_from(newest))
        .order_by(Citation.id)
    )
    for post, shown, last in session.execute(query):
        yield f"Post {post}: a source of it shows verdict {shown}, and {last} is the newest on it."


def _trace_faults(session: Session) -> Iterator[str]:
    newest = {told.get("trace"): told for told in _told(session, _TRACE_ACTS)}
    query = (
        select(Trace, Revision, Post.public_id)
        .join(Revision, Revision.id == Trace.revision_id)
        .join(Post, Post.id == Trace.post_id)
        .order_by(Trace.id)
    )
    for trace, revision, post in session.execute(query.execution_options(yield_per=1000)):
        told = newest.pop(trace.id, None)
        stands = {**traces.as_recorded(trace, revision), "post": f"post {post}"}
        yield from _differences(f"Supplied reference {trace.id} for post {post}", stands, told, but=_WHO)
    for number, told in newest.items():
        yield f"Supplied reference {number} for {told['post']}: the ledger holds it, and the table does not."


def _differences(what: str, stands: _Told, told: _Told | None, *, but: frozenset[str]) -> Iterator[str]:
    if told is None:
        yield f"{what}: the ledger does not know of it."
        return
    for name in [name for name in told if name not in but and told[name] != stands.get(name)]:
        yield f"{what}: its {name} is {stands.get(name)}, and the ledger says {told[name]}."


def _told(session: Session, acts: frozenset[str]) -> Iterator[_Told]:
    for entry in read_entries(session):
        if entry.act in acts:
            yield {**parsed(entry.detail), "post": entry.subject, "actor": entry.actor}
