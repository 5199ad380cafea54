"""Deciding on a takedown: one moderator proposes what is to go, another agrees; and lifting it again."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.permissions import Permission
from archive.domain.takedown import (
    OPEN,
    TELLING,
    NotSaidError,
    ReasonClass,
    Scope,
    TakedownNotAllowedError,
    TakedownState,
    clean_passages,
    find_passages,
    print_of,
)
from archive.services.ledger import Actor
from archive.services.takedown.request import held, step
from archive.services.takedown.sealing import reseal, threads_of_posts
from archive.services.transaction import writing
from archive.store.publishing import arranging_lock, refresh_threads
from archive.store.sealed import SealedText
from archive.store.takedowns import Suppressed, Takedown, posts_under
from archive.store.threads import Post, Revision, RevisionText
from archive.store.users import User


class PassagesNotFoundError(TakedownNotAllowedError):
    """Words that are to go do not stand in the post."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = missing
        quoted = "; ".join(f"“{passage[:60]}”" for passage in missing)
        super().__init__(
            f"Not found in the post: {quoted}. Type the words exactly as they stand there, one stretch a line. "
            "Nothing was stored."
        )


def propose(
    session: Session,
    *,
    takedown_id: int,
    version: int,
    scope: Scope,
    passages: str,
    reason: ReasonClass,
    moderator: User,
) -> None:
    """Say what is to go. A second moderator has to agree; until then, nothing changes for readers.

    :param passages: the words that are to go, a stretch a line, where not all of the post is.
    :raises NotFoundError: if there is none of that number.
    :raises TakedownConflictError: if somebody decided since the page was made.
    :raises TakedownNotAllowedError: if it is not open.
    :raises NotSaidError: if words are wanted and none are named, or named and not wanted.
    :raises PassagesNotFoundError: if words do not stand in the post.
    """
    if scope is Scope.WHOLE and passages.strip():
        raise NotSaidError("All of the post is to go, or the words that were named, and not both. Nothing was stored.")
    wanted = clean_passages(passages) if scope is Scope.WORDS else []
    with writing(session):
        takedown = held(session, takedown_id, version)
        if takedown.state not in OPEN:
            raise TakedownNotAllowedError("This was decided already. To take more down, ask anew on the post.")
        prints = [print_of(passage, key=takedown.key) for passage in wanted]
        texts = _texts(session, takedown)
        if not texts:
            raise TakedownNotAllowedError("The archive does not hold this post.")
        missing = [
            passage
            for passage, print_ in zip(wanted, prints, strict=True)
            if not any(find_passages(text, [print_], key=takedown.key) for text in texts)
        ]
        if missing:
            raise PassagesNotFoundError(missing)
        takedown.state, takedown.scope, takedown.reason = TakedownState.PROPOSED, scope, reason
        takedown.prints = [list(print_) for print_ in prints]
        takedown.proposed_by, takedown.proposed_at = moderator.id, now()
        step(session, takedown, act="propose takedown", by=Actor.of(moderator))


def confirm(session: Session, *, takedown_id: int, version: int, moderator: User) -> None:
    """Agree to what another proposed: from here on it is down, wherever it comes in again.

    :raises NotFoundError: if there is none of that number.
    :raises TakedownConflictError: if somebody decided since the page was made.
    :raises TakedownNotAllowedError: if nothing is proposed, or by the same moderator.
    """
    with writing(session):
        arranging_lock(session)
        takedown = held(session, takedown_id, version)
        if takedown.state is not TakedownState.PROPOSED:
            raise TakedownNotAllowedError("Nothing is proposed here that could be agreed to.")
        if takedown.proposed_by == moderator.id:
            raise TakedownNotAllowedError("You proposed this yourself. Another moderator has to agree.")
        takedown.state = TakedownState.IN_FORCE
        takedown.decided_by, takedown.decided_at = moderator.id, now()
        _suppress(session, takedown)
        session.flush()
        apply(session, takedown)
        step(session, takedown, act="take down", by=Actor.of(moderator), posts=len(posts_under(session, takedown)))


def lift(session: Session, *, takedown_id: int, version: int, moderator: User) -> bool:
    """Put back what was taken down; a moderator alone only asks for it, and another has to agree. Whether it is back.

    :raises NotFoundError: if there is none of that number.
    :raises TakedownConflictError: if somebody decided since the page was made.
    :raises TakedownNotAllowedError: if it is not in force, was purged, or the same moderator asked for it.
    """
    alone = Permission.ADMINISTER in moderator.permissions
    with writing(session):
        arranging_lock(session)
        takedown = held(session, takedown_id, version)
        if takedown.state is not TakedownState.IN_FORCE:
            raise TakedownNotAllowedError("This is not in force, so there is nothing to put back.")
        if takedown.purged_at is not None:
            raise TakedownNotAllowedError("This was purged: there is nothing left that could be put back.")
        if not alone and takedown.lift_by == moderator.id:
            raise TakedownNotAllowedError("You asked for this yourself. Another moderator, or an admin, has to agree.")
        asked = takedown.lift_by is None and not alone
        takedown.lift_by = moderator.id
        if asked:
            step(session, takedown, act="ask to lift takedown", by=Actor.of(moderator))
            return False
        takedown.state, takedown.lifted_at = TakedownState.LIFTED, now()
        session.flush()
        apply(session, takedown)
        step(session, takedown, act="lift takedown", by=Actor.of(moderator))
    return True


def keep_down(session: Session, *, takedown_id: int, version: int, moderator: User) -> None:
    """Do not lift what somebody wants lifted.

    :raises NotFoundError: if there is none of that number.
    :raises TakedownConflictError: if somebody decided since the page was made.
    :raises TakedownNotAllowedError: if nobody wants it lifted.
    """
    with writing(session):
        takedown = held(session, takedown_id, version)
        if takedown.state is not TakedownState.IN_FORCE or takedown.lift_by is None:
            raise TakedownNotAllowedError("Nobody asks for this to be lifted.")
        takedown.lift_by = None
        step(session, takedown, act="keep takedown", by=Actor.of(moderator))


def passages_found(session: Session, takedown: Takedown) -> dict[int, Sequence[str]]:
    """By revision, the words that a proposal would remove, as they stand there; for the second pair of eyes."""
    found: dict[int, Sequence[str]] = {}
    query = (
        select(Revision.id, RevisionText.text)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .join(Post, Post.id == Revision.post_id)
        .where(Post.public_id == takedown.post)
        .order_by(Revision.id)
    )
    for revision_id, text in session.execute(query):
        edits = find_passages(text, takedown.wanted, key=takedown.key)
        found[revision_id] = [text[edit.start : edit.end] for edit in edits]
    return found


def _texts(session: Session, takedown: Takedown) -> list[str]:
    """All texts and titles of the post as everybody has them now."""
    query = (
        select(RevisionText.title, RevisionText.text)
        .join(Revision, Revision.id == RevisionText.revision_id)
        .join(Post, Post.id == Revision.post_id)
        .where(Post.public_id == takedown.post)
    )
    return [words for row in session.execute(query) for words in row if words is not None]


def _suppress(session: Session, takedown: Takedown) -> None:
    """Remember by which fingerprints the texts are known that are to stay down; not of words that anybody may say."""
    session.execute(delete(Suppressed).where(Suppressed.takedown_id == takedown.id))
    query = (
        select(Revision.fingerprint, RevisionText.text, SealedText.text)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .join(Post, Post.id == Revision.post_id)
        .outerjoin(SealedText, SealedText.revision_id == Revision.id)
        .where(Post.public_id == takedown.post)
    )
    telling = {print_ for print_, text, sealed in session.execute(query) if len((sealed or text).strip()) >= TELLING}
    for print_ in sorted(telling):
        session.add(Suppressed(takedown_id=takedown.id, fingerprint=print_))


def apply(session: Session, takedown: Takedown) -> None:
    """Bring the posts and their threads in line, so that no kept page and no count says anything else."""
    posts = posts_under(session, takedown)
    reseal(session, posts)
    refresh_threads(session, threads_of_posts(session, posts), now=now())
