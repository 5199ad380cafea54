"""What pages show of takedowns: to everybody, to whoever asked, to moderators, and to an admin who looks behind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.takedown import MAX_REPLY, ReasonClass, Scope, TakedownNotAllowedError, TakedownState
from archive.services.browse import NotFoundError, threads_by_id, visible_post
from archive.services.ledger import Actor
from archive.services.post_views import post_views
from archive.services.search import search
from archive.services.takedown.decide import passages_found
from archive.services.takedown.request import note
from archive.services.transaction import writing
from archive.services.views import PostView, ThreadLine
from archive.store.blocks import BytesLostError
from archive.store.pages import revision_rows
from archive.store.sealed import SealedName, SealedText, Stretch, stretches_of
from archive.store.searching.hits import HitRow
from archive.store.takedowns import (
    Takedown,
    TakedownRow,
    count_in_force,
    count_open,
    find_by_token,
    find_takedown,
    list_decided,
    list_open,
    posts_under,
)
from archive.store.threads import Revision, RevisionText
from archive.store.users import User
from archive.store.vault import Vault

A_PAGE = 50
_MOST_BYTES = 160_000  # of a stretch that is shown
_MOST_ELSEWHERE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPost:
    """A post that a takedown is asked for."""

    post: PostView
    thread: ThreadLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """What was taken down, without a word of it."""

    counts: Mapping[ReasonClass, int]
    rows: Sequence[TakedownRow]
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """Takedowns on which somebody has to decide, and those that were decided last."""

    waiting: Sequence[TakedownRow]
    following: int | None
    decided: Sequence[TakedownRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTakedown:
    """One takedown with the texts of its post, as everybody has them now."""

    row: TakedownRow
    asked: AskedPost | None  # None: the archive does not show the post
    texts: Sequence[PostView]  # the newest first
    passages: Counter[str]  # that are proposed, with how often each stands there
    elsewhere: Sequence[HitRow]  # other posts that say the same words
    posts: int  # to which it applies, where it is in force


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRevision:
    """A revision as it was received."""

    number: int
    title: str | None
    text: str | None  # None: purged


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What is behind a takedown."""

    names: Sequence[str]
    texts: Sequence[SealedRevision]
    stretches: Sequence[tuple[Stretch, str | None]]  # with their bytes as text; None where they are not to be had


def asked_post(session: Session, post: str) -> AskedPost:
    """A public post that somebody wants taken down.

    :raises NotFoundError: if there is none.
    """
    row = visible_post(session, post, drafts=False)
    return AskedPost(
        post=post_views(session, [row], drafts=False)[0], thread=threads_by_id(session, {row.thread_id})[row.thread_id]
    )


def public_page(session: Session, *, before: int | None) -> PublicPage:
    """Everything that is down, the newest first."""
    rows = list_decided(session, TakedownState.IN_FORCE, before=before, limit=A_PAGE + 1)
    older = rows[A_PAGE - 1].takedown.id if len(rows) > A_PAGE else None
    return PublicPage(counts=count_in_force(session), rows=rows[:A_PAGE], older=older)


def page_of_token(session: Session, token: str) -> TakedownRow:
    """What has become of a request, for whoever holds its address.

    :raises NotFoundError: if there is none.
    """
    row = find_by_token(session, token)
    if row is None:
        raise NotFoundError("request")
    return row


def desk_page(session: Session, *, after: int) -> DeskPage:
    """What moderators have before them."""
    waiting = list_open(session, after=after, limit=A_PAGE + 1)
    settled = TakedownState.IN_FORCE, TakedownState.DECLINED, TakedownState.LIFTED
    return DeskPage(
        waiting=waiting[:A_PAGE],
        following=waiting[A_PAGE - 1].takedown.id if len(waiting) > A_PAGE else None,
        decided=list_decided(session, *settled, before=None, limit=A_PAGE),
    )


def waiting_requests(session: Session) -> int:
    """How many requests wait for moderators."""
    return count_open(session)


def one_takedown(session: Session, takedown_id: int) -> OneTakedown:
    """One takedown, for moderators.

    :raises NotFoundError: if there is none of that number.
    """
    row = find_takedown(session, takedown_id)
    if row is None:
        raise NotFoundError("takedown")
    try:
        asked = asked_post(session, row.takedown.post)
    except NotFoundError:
        asked = None
    texts = (
        () if asked is None else post_views(session, revision_rows(session, asked.post.id, drafts=False), drafts=False)
    )
    found: Counter[str] = Counter()
    if row.takedown.state is TakedownState.PROPOSED and row.takedown.scope is Scope.WORDS:
        found.update(words for passages in passages_found(session, row.takedown).values() for words in passages)
    return OneTakedown(
        row=row,
        asked=asked,
        texts=texts,
        passages=found,
        elsewhere=_elsewhere(session, row.takedown, found),
        posts=len(posts_under(session, row.takedown)),
    )


def look_behind(session: Session, vault: Vault, *, takedown_id: int, why: str, admin: User) -> Behind:
    """What is sealed by a takedown; each look is an entry of the ledger.

    :raises NotFoundError: if there is none of that number.
    :raises TakedownNotAllowedError: if it is not in force, or nothing is said.
    """
    why = why.replace("\0", "").strip()
    if not why or len(why) > MAX_REPLY:
        raise TakedownNotAllowedError(
            f"Say in up to {MAX_REPLY:,} characters why you have to look; it is written down."
        )
    with writing(session):
        takedown = session.get(Takedown, takedown_id)
        if takedown is None:
            raise NotFoundError("takedown")
        if takedown.state is not TakedownState.IN_FORCE:
            raise TakedownNotAllowedError("This is not in force, so nothing is sealed by it.")
        note(session, takedown, act="look at sealed", by=Actor.of(admin), why=why)
        posts = posts_under(session, takedown)
    names = session.scalars(select(SealedName.byline).where(SealedName.post_id.in_(posts))).all()
    return Behind(
        names=[name for name in names if name is not None],
        texts=_sealed_texts(session, posts),
        stretches=[(stretch, _bytes(vault, stretch)) for stretch in stretches_of(session, posts)],
    )


def _sealed_texts(session: Session, posts: Sequence[int]) -> Sequence[SealedRevision]:
    query = (
        select(Revision.number, SealedText.title, SealedText.text)
        .join(SealedText, SealedText.revision_id == Revision.id)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .where(Revision.post_id.in_(posts))
        .order_by(Revision.post_id, Revision.number.desc())
    )
    return [SealedRevision(number=number, title=title, text=text) for number, title, text in session.execute(query)]


def _bytes(vault: Vault, stretch: Stretch) -> str | None:
    try:
        with vault.open(stretch.original) as file:
            file.seek(stretch.offset)
            return file.read(min(stretch.length, _MOST_BYTES)).decode("utf-8", "replace")
    except BytesLostError:
        return None


def _elsewhere(session: Session, takedown: Takedown, passages: Counter[str]) -> Sequence[HitRow]:
    """Other posts in which words that are proposed stand too: a reply may quote them."""
    found: dict[PublicId, HitRow] = {}
    for passage in passages:
        quoted = passage.replace('"', " ")
        for hit in search(session, f'"{quoted}"', facets=False).hits:
            if hit.post.public_id != takedown.post:
                found.setdefault(hit.post.public_id, hit.post)
    return [*found.values()][:_MOST_ELSEWHERE]
