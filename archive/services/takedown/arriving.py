"""What an import brings of posts that are down: it stays down from the first moment, in a dry run too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from archive.domain.capture import record_fingerprint
from archive.domain.ids import CollectionSlug, PublicId, Sha256, ThreadKey, numbered_post_address, post_address
from archive.domain.records import KeyBasis, PostRecord, RawRef
from archive.domain.redaction import Order, Said, redacted
from archive.services.ingest.planned import PlannedPost, PlannedThread
from archive.services.takedown.sealing import drop_sealed, orders_of, reseal
from archive.store.capture_rows import Rows
from archive.store.sealed import Stretch, sealed_stretches
from archive.store.takedowns import addresses_down, any_in_force, fingerprints_down, suppressed_among, takedowns_on


def keep_down(session: Session, rows: Rows) -> None:
    """Seal what a chunk has brought, or shown again, of posts that are down. What was purged is not kept anew either.

    To be called once its rows and remarks are written, in the same transaction.
    """
    if not any_in_force(session):
        return
    session.flush()
    brought = [row["id"] for row in rows.revisions]
    posts = suppressed_among(session, [*brought, *(row["revision_id"] for row in rows.sightings)])
    reseal(session, posts)
    drop_sealed(
        session, [post for post in posts if any(takedown.purged_at for takedown in takedowns_on(session, post))]
    )


@dataclass(frozen=True, slots=True)
class Down:
    """What a dry run must not show."""

    collection: CollectionSlug
    posts: Mapping[PublicId, Sequence[Order]]
    texts: Mapping[Sha256, Sequence[Order]]
    stretches: Sequence[Stretch]

    @classmethod
    def of(cls, session: Session, collection: CollectionSlug) -> "Down":
        """What is down now, for what comes into a collection."""
        if not any_in_force(session):
            return cls(collection, {}, {}, ())
        posts = {address: orders_of(takedowns) for address, takedowns in addresses_down(session).items()}
        texts = {print_: orders_of(takedowns) for print_, takedowns in fingerprints_down(session).items()}
        return cls(collection, posts, texts, sealed_stretches(session))

    def covers(self, original: Sha256, ref: RawRef) -> bool:
        """Whether any of a place in a file is sealed."""
        return any(one.original == original and one.overlaps(ref.offset, ref.length) for one in self.stretches)

    def without(self, planned: PlannedThread) -> PlannedThread:
        """What was read of a thread, without what is down."""
        if not self.posts:
            return planned
        return replace(planned, posts=[self._left(post, planned.thread.key) for post in planned.posts])

    def _left(self, post: PlannedPost, thread: ThreadKey) -> PlannedPost:
        orders = self.posts.get(self._address(post, thread)) or self.texts.get(record_fingerprint(post.record))
        return replace(post, record=_left_of(post.record, orders), names=None) if orders else post

    def _address(self, post: PlannedPost, thread: ThreadKey) -> PublicId:
        key = post.key or post.record.key
        if post.record.key_basis is KeyBasis.SOURCE:
            return numbered_post_address(self.collection, key)
        return post_address(self.collection, thread, key)


def _left_of(record: PostRecord, orders: Sequence[Order]) -> PostRecord:
    said = Said(title=record.title, text=record.text, words=None, facts=None)
    left = redacted(said, record.markup, orders).said
    byline = None if any(order.hides_author for order in orders) else record.byline
    return replace(record, title=left.title, text=left.text, byline=byline, facts=None)
