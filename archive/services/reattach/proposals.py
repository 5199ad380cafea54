"""Posts under which another may belong, in order, each with what speaks for it; and those that a person names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.ids import PostKey, PublicId, ThreadKey, numbered_post_address, thread_address
from archive.domain.parent_proposals import RANK, Reason, addressed_name, contains, is_called, quoted_passages
from archive.domain.placement import MoveNotAllowedError
from archive.domain.searching import Query, Term
from archive.services.post_views import post_views
from archive.services.search.wanted import Wanted, understood
from archive.services.views import PostView
from archive.store.heads import question_of
from archive.store.pages import PostRow, find_post, posts_by_id
from archive.store.parents import (
    end_of_branch,
    parents_of_siblings,
    post_at,
    posts_near,
    posts_with_subject,
    slug_of,
)
from archive.store.searching.finding import search_posts

MOST = 8  # proposals
_ADDRESS = re.compile(r"(?:^|[/#-])(?P<id>[0-9a-hjkmnp-tv-z]{14})(?=$|[/?#])")
_MOST_TYPED = 600  # characters


@dataclass(frozen=True, slots=True)
class Proposal:
    """A post under which another may belong, and what speaks for it, strongest first."""

    post: PostView
    reasons: Sequence[Reason]


def proposals_for(session: Session, row: PostRow, *, drafts: bool) -> Sequence[Proposal]:
    """What is proposed as the parent of a post: nothing of it is ever done by itself."""
    branch = range(row.position, end_of_branch(session, row))
    found: dict[int, tuple[PostRow, list[Reason]]] = {}
    for reason, candidate in _candidates(session, row, drafts=drafts):
        is_below = candidate.thread_id == row.thread_id and candidate.position in branch
        if is_below or candidate.public_id == row.parent:
            continue
        reasons = found.setdefault(candidate.id, (candidate, []))[1]
        if reason not in reasons:
            reasons.append(reason)
    ranked = sorted(found.values(), key=lambda one: (RANK[one[1][0]], -len(one[1])))[:MOST]
    views = post_views(session, [candidate for candidate, _ in ranked], drafts=drafts)
    return [Proposal(view, reasons) for view, (_, reasons) in zip(views, ranked, strict=True)]


def reasons_for(session: Session, row: PostRow, parent: PublicId, *, drafts: bool) -> Sequence[Reason]:
    """What speaks for a parent of a post, if it is among those that are proposed."""
    found = proposals_for(session, row, drafts=drafts)
    return next((proposal.reasons for proposal in found if proposal.post.public_id == parent), ())


def named_post(session: Session, typed: str, row: PostRow, *, drafts: bool) -> PublicId:
    """The post that a person names by its address, its key in the source, or the address or key of its thread.

    :raises MoveNotAllowedError: if there is none.
    """
    if not typed.strip():
        raise MoveNotAllowedError("No post is named. Nothing was moved.")
    typed, slug = typed.strip()[:_MOST_TYPED], slug_of(session, row.thread_id)
    ids = [PublicId(match["id"]) for match in _ADDRESS.finditer(typed)][::-1]  # the post’s stands behind the thread’s
    keys = [numbered_post_address(slug, PostKey(typed)), thread_address(slug, ThreadKey(typed))]
    for address in (*ids, *keys):
        if found := post_at(session, [address], drafts=drafts):
            return PublicId(found.public_id)
    raise MoveNotAllowedError(f"“{typed[:80]}” is neither the address nor the key of a post here. Nothing was moved.")


def _candidates(session: Session, row: PostRow, *, drafts: bool) -> Iterator[tuple[Reason, PostRow]]:
    passages, name = [*quoted_passages(row.text, row.markup)], addressed_name(row.text)
    near = posts_near(session, row, drafts=drafts) if passages or name else []
    for candidate in _quoted(session, row, passages, near):
        yield Reason.QUOTED, candidate
    for candidate in posts_with_subject(session, row, drafts=drafts):
        yield Reason.SUBJECT, candidate
    for candidate in near:
        if name and is_called(candidate.author or candidate.byline or "", name):
            yield Reason.ADDRESSED, candidate
    for candidate in parents_of_siblings(session, row, drafts=drafts):
        yield Reason.SIBLING, candidate
    asked = question_of(session, row.thread_id, drafts=drafts)
    question = find_post(session, asked.public_id, drafts=drafts) if asked else None
    if question is not None:
        yield Reason.QUESTION, question


def _quoted(
    session: Session, row: PostRow, passages: Sequence[tuple[str, ...]], near: Sequence[PostRow]
) -> Iterator[PostRow]:
    """In the same thread first, and then in what is published of the collection."""
    for passage in passages:
        yield from (candidate for candidate in near if contains(candidate.text, passage))
        query, in_collection = Query("", (Term(passage),)), Wanted(collection=slug_of(session, row.thread_id))
        found = search_posts(session, understood(session, query, in_collection.beside).plan, limit=MOST, offset=0)
        rows = {found_row.id: found_row for found_row in posts_by_id(session, list(found.post_ids))}
        ordered = (rows[id_] for id_ in found.post_ids if id_ in rows)
        yield from (candidate for candidate in ordered if contains(candidate.text, passage))
