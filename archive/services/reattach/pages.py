"""What is shown to those who decide where posts hang, and to readers of what they decided."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from archive.domain.doubts import Doubt, doubt_of
from archive.domain.ids import CollectionSlug, PublicId
from archive.domain.parent_proposals import Reason
from archive.domain.placement import Outcome, PlacementAct
from archive.domain.records import Edge, PostKind
from archive.services.browse import NotFoundError, any_collection, threads_by_id, visible_post
from archive.services.post_views import post_views
from archive.services.reattach.move import Seen
from archive.services.reattach.proposals import Proposal, proposals_for
from archive.services.views import PostView, ThreadLine
from archive.store.collections import list_collections
from archive.store.pages import PostRow
from archive.store.parents import COUNT_UP_TO, contradicted, count_below, count_doubtful, doubtful_posts
from archive.store.placements import Placement, last_moved_from, list_placements
from archive.store.threads import Post, Thread
from archive.store.users import User

A_PAGE = 20  # doubtful posts
_Source = aliased(Post)


@dataclass(frozen=True, slots=True)
class Queue:
    """A collection, and how many posts of it are in doubt."""

    slug: CollectionSlug
    name: str
    count: int
    counted_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """That a person decided where a post hangs, and what its source says."""

    by: str
    at: datetime
    reasons: Sequence[Reason]  # what spoke for the parent, where it had been proposed
    source: PublicId | None  # the post that its source names; None where it names none
    source_here: bool  # whether readers can see that post


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision on the place of a post."""

    id: int
    act: PlacementAct
    outcome: Outcome
    by: str
    at: datetime
    parent: PostView | None  # None: none was named, or it may not be seen
    hides_parent: bool
    title: str | None
    reasons: Sequence[Reason]
    newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """A post, where it hangs, why that is in doubt, and where it may belong."""

    post: PostView
    thread: ThreadLine
    below: int  # posts that come along
    seen: Seen
    doubt: Doubt | None
    proposals: Sequence[Proposal]
    decisions: Sequence[Decided]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtsPage:
    """Some of the doubtful posts of a collection."""

    slug: CollectionSlug
    name: str
    items: Sequence[PlacePage]
    after: int | None  # from which the next page goes on


def place_page(session: Session, public_id: str, *, drafts: bool) -> PlacePage:
    """A post that is to be moved.

    :raises NotFoundError: if there is none, or none that may be seen.
    """
    row = visible_post(session, public_id, drafts=drafts)
    here = row.id in contradicted(session, [row.id], drafts=drafts)
    return _place_page(session, row, parent_is_here=here, drafts=drafts)


def queues(session: Session, *, drafts: bool) -> Sequence[Queue]:
    """Collections in which the place of some post is in doubt."""
    counts = [(each, count_doubtful(session, each.slug, drafts=drafts)) for each in list_collections(session)]
    return [
        Queue(each.slug, each.name, min(count, COUNT_UP_TO), count <= COUNT_UP_TO) for each, count in counts if count
    ]


def doubts_page(session: Session, slug: str, *, drafts: bool, after: int) -> DoubtsPage:
    """The doubtful posts of a collection, in the order in which they came.

    :raises NotFoundError: if there is no such collection.
    """
    collection = any_collection(session, slug)
    found = doubtful_posts(session, slug, drafts=drafts, after=after, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    return DoubtsPage(
        slug=collection.slug,
        name=collection.name,
        items=[_place_page(session, row, parent_is_here=here, drafts=drafts) for row, here in shown],
        after=shown[-1][0].id if len(found) > A_PAGE else None,
    )


def moved_posts(session: Session, posts: Sequence[PostView]) -> dict[int, Moved]:
    """By the number of a post, what was decided on it; for those on which something was."""
    wanted = [post.id for post in posts if post.edge is Edge.PERSON]
    if not wanted:
        return {}
    query = (
        select(Post.id, User.name, Placement.at, Placement.reasons, Post.source_parent, _Source.public)
        .join(Placement, Placement.id == Post.placement_id)
        .join(User, User.id == Placement.by_id)
        .outerjoin(_Source, _Source.public_id == Post.source_parent)
        .where(Post.id.in_(wanted))
    )
    return {
        id_: Moved(by=by, at=at, reasons=reasons, source=source, source_here=bool(public))
        for id_, by, at, reasons, source, public in session.execute(query)
    }


def moved_out(session: Session, thread: str, *, drafts: bool) -> PublicId | None:
    """The question that was moved out of a thread, if it may be seen."""
    number = session.scalar(select(Thread.id).where(Thread.public_id == thread))
    began = Placement.was["kind"].as_string() == PostKind.QUESTION
    return None if number is None else last_moved_from(session, number, began, drafts=drafts)


def _place_page(session: Session, row: PostRow, *, parent_is_here: bool, drafts: bool) -> PlacePage:
    decisions = list_placements(session, row.id)
    parents = _parents(session, [found.parent for found in decisions if found.parent], drafts=drafts)
    return PlacePage(
        post=post_views(session, [row], drafts=drafts)[0],
        thread=threads_by_id(session, {row.thread_id})[row.thread_id],
        below=count_below(session, row, drafts=drafts),
        seen=Seen(decisions[0].Placement.id if decisions else 0, row.parent or ""),
        doubt=doubt_of(row.edge, waits=row.awaits is not None, parent_is_here=parent_is_here),
        proposals=proposals_for(session, row, drafts=drafts),
        decisions=[
            Decided(
                id=found.Placement.id,
                act=found.Placement.act,
                outcome=found.Placement.outcome,
                by=found.name,
                at=found.Placement.at,
                parent=parents.get(found.parent),
                hides_parent=found.parent is not None and found.parent not in parents,
                title=found.Placement.title,
                reasons=found.Placement.reasons,
                newest=number == 0,
            )
            for number, found in enumerate(decisions)
        ],
    )


def _parents(session: Session, named: Sequence[PublicId], *, drafts: bool) -> dict[PublicId, PostView]:
    """Those of the posts that may be seen, by their addresses."""
    rows = []
    for public_id in dict.fromkeys(named):
        with suppress(NotFoundError):
            rows.append(visible_post(session, public_id, drafts=drafts))
    return {view.public_id: view for view in post_views(session, rows, drafts=drafts)}
