"""Putting what is left of a post in the place of what it said, and back: the text, its author, and what repeats it.

Every change begins by putting everything back, so that what stands there follows from the takedowns in force alone.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from archive.domain.capture import fingerprint
from archive.domain.redaction import Cuts, Order, Redacted, Said, redacted, words_without
from archive.domain.takedown import Scope, mark
from archive.services.takedown import beside
from archive.store.bulk import table_of
from archive.store.parts import parts
from archive.store.publishing import rename_post
from archive.store.sealed import SealedName, SealedText
from archive.store.searching.indexing import index_posts, unindex_posts
from archive.store.tags import StoredSuggestion
from archive.store.takedowns import Takedown, takedowns_on
from archive.store.threads import Post, Revision, RevisionText, Thread


def hold(session: Session, post_ids: Sequence[int]) -> None:
    """Have nobody else decide on posts before this transaction has ended, or the words would come in behind it.

    Posts and threads are held in the order of `held_posts`, and before anything goes into the ledger, on which whoever
    holds one of them waits.
    """
    threads: set[int] = set()
    for part in parts(sorted(post_ids)):
        posts = select(Post.thread_id).where(Post.id.in_(part)).order_by(Post.id)
        threads.update(session.scalars(posts.with_for_update(key_share=True)))
    for part in parts(sorted(threads)):
        here = select(Thread.id).where(Thread.id.in_(part)).order_by(Thread.id)
        session.execute(here.with_for_update(key_share=True)).all()


def reseal(session: Session, post_ids: Sequence[int]) -> None:
    """Bring posts in line with the takedowns in force, in the caller's transaction. Threads are left to the caller."""
    hold(session, post_ids)
    for post_id in post_ids:
        unindex_posts(session, [post_id])
        _put_back(session, post_id)
        takedowns = takedowns_on(session, post_id)
        if takedowns:
            _hide(session, post_id, takedowns)
        whole = next((takedown.id for takedown in takedowns if takedown.scope is Scope.WHOLE), None)
        # Whoever has its page before them decides on what it said: they are told to load it again.
        now = {"takedown_id": whole, "tag_version": Post.tag_version + 1}
        session.execute(update(Post).where(Post.id == post_id).values(**now))
        index_posts(session, [post_id])
    session.expire_all()


def threads_of_posts(session: Session, post_ids: Sequence[int]) -> Sequence[int]:
    """The threads that hold posts."""
    query = select(Post.thread_id).where(Post.id.in_(post_ids)).distinct()
    return session.scalars(query.order_by(Post.thread_id)).all()


def orders_of(takedowns: Iterable[Takedown]) -> list[Order]:
    """What takedowns say is to go."""
    return [
        Order(
            reason=takedown.reason,
            key=takedown.key,
            prints=() if takedown.scope is Scope.WHOLE else takedown.wanted,
        )
        for takedown in takedowns
    ]


def drop_sealed(session: Session, post_ids: Sequence[int]) -> None:
    """Purge what is sealed of posts from the database: only hashes of it stay."""
    texts = select(Revision.id).where(Revision.post_id.in_(post_ids))
    empty = {"title": None, "text": None, "words": None, "facts": None}
    session.execute(update(SealedText).where(SealedText.revision_id.in_(texts)).values(**empty))
    beside.drop(session, post_ids)


def _put_back(session: Session, post_id: int) -> None:
    query = (
        select(SealedText, Revision, RevisionText)
        .join(Revision, Revision.id == SealedText.revision_id)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .where(Revision.post_id == post_id, SealedText.text.is_not(None))
    )
    texts: dict[int, tuple[str, Cuts]] = {}
    for sealed, revision, text in session.execute(query).all():
        texts[revision.id] = sealed.text or "", sealed.cuts
        _retitle(session, revision, text.title, sealed.title)
        _write(
            session,
            revision.id,
            Said(title=sealed.title, text=sealed.text or "", words=sealed.words, facts=sealed.facts),
        )
        session.execute(delete(SealedText).where(SealedText.revision_id == revision.id))
    name = session.get(SealedName, post_id)
    if name is not None:
        was = {"byline": name.byline, "author_id": name.author_id}
        session.execute(update(Post).where(Post.id == post_id).values(**was))
        session.execute(delete(SealedName).where(SealedName.post_id == post_id))
        rename_post(session, post_id)
    beside.put_back(session, post_id, texts)
    session.expire_all()


def _hide(session: Session, post_id: int, takedowns: Sequence[Takedown]) -> None:
    orders = orders_of(takedowns)
    purged = select(SealedText.revision_id).where(SealedText.text.is_(None))
    query = (
        select(Revision, RevisionText)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .where(Revision.post_id == post_id, Revision.id.not_in(purged))
        .order_by(Revision.id)
    )
    for revision, text in session.execute(query).all():
        said = Said(title=text.title, text=text.text, words=text.words, facts=revision.facts)
        left = redacted(said, revision.markup, orders)
        if left.whole or left.said != said:
            _seal(session, revision, said, left)
    if any(order.hides_author for order in orders):
        post = session.get_one(Post, post_id)
        session.add(SealedName(post_id=post_id, byline=post.byline, author_id=post.author_id))
        session.flush()
        session.execute(update(Post).where(Post.id == post_id).values(byline=None, author_id=None))
    session.flush()
    beside.hide_remarks(session, post_id, "" if orders[0].whole else mark(orders[0].reason))
    beside.hide_notes(session, post_id, lambda words: words_without(words, orders), whole=any(o.whole for o in orders))


def _seal(session: Session, revision: Revision, said: Said, left: Redacted) -> None:
    print_ = fingerprint(left.said.title, left.said.text, revision.state)
    kept = {"title": said.title, "text": said.text, "words": said.words, "facts": said.facts, "cuts": left.cuts}
    session.add(SealedText(revision_id=revision.id, stands=print_, **kept))
    session.flush()
    beside.hide_places(session, revision.post_id, revision.id, left)
    _retitle(session, revision, said.title, left.said.title)
    _write(session, revision.id, left.said)


def _write(session: Session, revision_id: int, said: Said) -> None:
    """Have a revision say that; what was worked out from what it said is worked out anew."""
    texts = {"title": said.title, "text": said.text, "words": said.words}
    session.execute(update(RevisionText).where(RevisionText.revision_id == revision_id).values(**texts))
    session.execute(update(table_of(Revision)).where(Revision.id == revision_id).values(facts=said.facts))
    session.execute(delete(StoredSuggestion).where(StoredSuggestion.revision_id == revision_id))


def _retitle(session: Session, revision: Revision, old: str | None, new: str | None) -> None:
    """Have a thread that is called by the old title be called by the new one."""
    if old and new and old != new:
        query = update(Thread).where(Thread.id == revision.thread_id, Thread.title == old)
        session.execute(query.values(title=new))
