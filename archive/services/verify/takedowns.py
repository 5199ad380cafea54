"""Takedowns: against the ledger; and whether what is down is down everywhere, and nothing else is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.capture import fingerprint
from archive.domain.redaction import Said, redacted
from archive.domain.takedown import Scope
from archive.services.takedown.beside import AS_GIVEN
from archive.services.takedown.sealing import orders_of
from archive.services.verify.ledger import parsed
from archive.store.ledger import read_entries
from archive.store.sealed import Beside, SealedName, SealedText, sealed_rows
from archive.store.tags import evidence_recorded
from archive.store.takedowns import Takedown, all_under, as_recorded, takedowns_on
from archive.store.threads import Post, Revision, RevisionText

TAKEDOWN_ACTS = frozenset(
    {
        "ask for takedown",
        "propose takedown",
        "take down",
        "decline takedown",
        "ask to lift takedown",
        "keep takedown",
        "lift takedown",
        "purge",
        "take over takedown",
    }
)


def takedown_faults(session: Session, say: Callable[[str], None]) -> Iterator[str]:
    """Yield where takedowns are not what the ledger holds, and where something that is down can be read."""
    yield from _against_the_ledger(session)
    under = all_under(session)
    for post_id in under:
        yield from _readable(session, post_id)
    for post in _sealed_without_reason(session, set(under)):
        yield f"Post {post}: something of it is sealed, and no takedown that is in force says so."
    if under:
        say(f"Posts of which something is down looked at: {len(under):,}.")


@dataclass(frozen=True, slots=True)
class AsItWas:
    """What tags or votes said before words of them were taken down, and those that were given after that."""

    sealed: dict[int, dict[str, Any]]
    given: dict[int, dict[str, Any]]

    @classmethod
    def of(cls, session: Session, what: Beside) -> "AsItWas":
        return cls(sealed_rows(session, what), sealed_rows(session, AS_GIVEN[what]))

    def stands(self, number: int, told: dict[str, object]) -> dict[str, object]:
        """What of one is to be held against the ledger in place of what it says; of a purged note, what that has."""
        found: dict[str, object] = {}
        if (said := self.sealed.get(number)) is not None:
            note = told.get("note") if said["note"] is None else said["note"]
            found = {"evidence": evidence_recorded(said["evidence"]), "note": note}
        if (given := self.given.get(number)) is not None:
            found["evidence"] = given["evidence"]
        return found


def _against_the_ledger(session: Session) -> Iterator[str]:
    newest: dict[object, dict[str, object]] = {}
    for entry in read_entries(session):
        if entry.act in TAKEDOWN_ACTS:
            told = parsed(entry.detail)
            newest[told.get("takedown")] = {**told, "post": entry.subject}
    for takedown in session.scalars(select(Takedown).order_by(Takedown.id)):
        told = newest.pop(takedown.id, {})
        if not told:
            yield f"Takedown {takedown.id} of post {takedown.post}: the ledger does not know of it."
            continue
        stands = {**as_recorded(takedown), "post": f"post {takedown.post}"}
        for name in [name for name in stands if stands[name] != told.get(name)]:
            yield f"Takedown {takedown.id}: its {name} is {stands[name]}, and the ledger says {told.get(name)}."
    for number, told in newest.items():
        yield f"Takedown {number} of {told['post']}: the ledger holds it, and the table does not."


def _readable(session: Session, post_id: int) -> Iterator[str]:
    post, takedowns = session.get_one(Post, post_id), takedowns_on(session, post_id)
    orders = orders_of(takedowns)
    whole = next((takedown.id for takedown in takedowns if takedown.scope is Scope.WHOLE), None)
    if post.takedown_id != whole:
        yield (
            f"Post {post.public_id}: takedown {whole} is in force on all of it, and it is shown by {post.takedown_id}."
        )
    if any(order.hides_author for order in orders) and (post.byline is not None or post.author_id is not None):
        yield f"Post {post.public_id}: its author is named, though that was taken down."
    query = (
        select(Revision, RevisionText, SealedText)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .outerjoin(SealedText, SealedText.revision_id == Revision.id)
        .where(Revision.post_id == post_id)
        .order_by(Revision.id)
    )
    for revision, text, sealed in session.execute(query):
        stands = Said(title=text.title, text=text.text, words=text.words, facts=revision.facts)
        if sealed is not None and sealed.text is None:
            ought = fingerprint(stands.title, stands.text, revision.state) == sealed.stands
        else:
            said = stands
            if sealed is not None:
                said = Said(title=sealed.title, text=sealed.text or "", words=sealed.words, facts=sealed.facts)
            ought = redacted(said, revision.markup, orders).said == stands
        if not ought:
            yield f"Post {post.public_id}, text {revision.number}: something of it can be read that was taken down."


def _sealed_without_reason(session: Session, under: set[int]) -> Iterator[str]:
    texts = select(Post.id, Post.public_id).join(Revision, Revision.post_id == Post.id)
    texts = texts.join(SealedText, SealedText.revision_id == Revision.id)
    names = select(Post.id, Post.public_id).join(SealedName, SealedName.post_id == Post.id)
    whole = select(Post.id, Post.public_id).where(Post.takedown_id.is_not(None))
    found = {(row.id, row.public_id) for query in (texts, names, whole) for row in session.execute(query)}
    yield from (public_id for id_, public_id in sorted(found) if id_ not in under)
