"""What pages show of answers whose source may still be found, and of references that were supplied for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.moderation import check_post
from archive.domain.source_quality import Level
from archive.domain.sources.reference import Manner
from archive.domain.sources.verdicts import Verdict
from archive.domain.tracing import check_traceable, level_with
from archive.domain.typed_identifier import link_of
from archive.services.browse import threads_by_id, visible_post
from archive.services.checking.pages import CitationLine, citation_lines
from archive.services.post_views import post_views
from archive.services.tracing.offer import reference_line
from archive.services.views import PostView, ThreadLine
from archive.store.cited import CitedRow, citations_of
from archive.store.pages import PostRow, posts_by_id
from archive.store.traces import (
    Trace,
    TraceRow,
    accepted_traces,
    count_all_waiting,
    count_waiting,
    find_trace,
    offered_traces,
    traceable_posts,
    traces_to,
)

A_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Traceable:
    """An answer that names or remembers works, and gives no reference."""

    post: PostView
    thread: ThreadLine
    candidates: Sequence[CitationLine]
    waiting: int  # references that were offered and wait for a moderator


@dataclass(frozen=True, slots=True, kw_only=True)
class TracePage:
    """Answers whose source may still be found, the last received first."""

    answers: Sequence[Traceable]
    older: int | None  # what to ask for as `before` to see further ones


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """An offered reference with the answer for which it was supplied."""

    trace: Trace
    giver: str | None  # the account, where it was given with one
    post: PostView
    thread: ThreadLine
    candidate: Sequence[CitationLine]  # the words of the answer that name the work, if it has them still
    number: int  # of the text for which it was supplied
    level: Level  # that follows from it, unless the moderator decides otherwise
    other_text: bool  # whether the answer has a later text than the one for which it was supplied

    @property
    def link(self) -> str | None:
        """Where the reference leads, if it has a link."""
        return link_of(self.trace.identifier)


@dataclass(frozen=True, slots=True)
class OfferedAnswer:
    """An answer with the references that were offered for it."""

    offers: Sequence[OfferLine]

    @property
    def candidates(self) -> Sequence[CitationLine]:
        """The words of the answer that one of them is for, in the order of the text, none twice."""
        named = {words.cited.id: words for offer in self.offers for words in offer.candidate}
        return sorted(named.values(), key=lambda words: (words.cited.start, words.cited.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Offers on which nobody has decided, the oldest first."""

    offers: Sequence[OfferLine]
    waiting: int
    following: int | None  # what to ask for as `after` to see further ones

    @property
    def answers(self) -> Sequence[OfferedAnswer]:
        """The answers for which they are, each once: the one that waits longest first."""
        found: dict[int, list[OfferLine]] = {}
        for line in self.offers:
            found.setdefault(line.post.id, []).append(line)
        return [OfferedAnswer(offers) for offers in found.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """A reference that is shown with an answer, and is none of its author's words."""

    trace: int  # the number of the offer
    reference: str  # with the place in it
    identifier: str
    link: str | None
    note: str
    giver: str | None  # as whoever gave it is called
    has_account: bool
    given_at: datetime
    accepted_by: str
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class SuppliedTo:
    """A reference to a work with the answer for which it was supplied."""

    reference: Supplied
    post: PostView
    thread: ThreadLine


def trace_page(session: Session, *, before: int | None) -> TracePage:
    """Answers from memory, and those that name somebody, in which a work is named that somebody may know."""
    ids = traceable_posts(session, before=before, limit=A_PAGE + 1)
    rows = {row.id: row for row in posts_by_id(session, ids[:A_PAGE])}
    shown = [rows[post_id] for post_id in ids[:A_PAGE] if post_id in rows]
    return TracePage(answers=_traceable(session, shown), older=ids[A_PAGE - 1] if len(ids) > A_PAGE else None)


def answer_of(session: Session, public_id: str) -> Traceable:
    """An answer with the works that it names.

    :raises NotFoundError: if there is none.
    :raises TagNotAllowedError: if it is no answer.
    """
    row = visible_post(session, public_id, drafts=False)
    check_post(kind=row.kind, public=row.public)
    return _traceable(session, [row])[0]


def check_open(answer: Traceable) -> None:
    """Whether a reference may be supplied for an answer.

    :raises OfferNotAllowedError: if it needs none.
    :raises EnoughError: if enough wait.
    """
    check_traceable(answer.post.decision.level if answer.post.decision else None, waiting=answer.waiting)


def queue_page(session: Session, *, after: int) -> QueuePage:
    """Offers on which nobody has decided."""
    found = offered_traces(session, after=after, limit=A_PAGE + 1)
    return QueuePage(
        offers=_offer_lines(session, found[:A_PAGE]),
        waiting=count_all_waiting(session),
        following=found[A_PAGE - 1].trace.id if len(found) > A_PAGE else None,
    )


def waiting_offers(session: Session) -> int:
    """How many offers wait for a moderator."""
    return count_all_waiting(session)


def offer_line(session: Session, trace_id: int) -> OfferLine | None:
    """One offer; None if there is none, or its text was withdrawn."""
    found = find_trace(session, trace_id)
    return None if found is None else _offer_lines(session, [found])[0]


def supplied_for(session: Session, post_ids: Sequence[int]) -> Mapping[int, Sequence[Supplied]]:
    """By post, the references that were supplied for it and accepted."""
    found: dict[int, list[Supplied]] = {}
    for row in accepted_traces(session, post_ids):
        found.setdefault(row.trace.post_id, []).append(_supplied(row))
    return found


def supplied_to(session: Session, work: int) -> Sequence[SuppliedTo]:
    """The references to a work that were supplied for answers and accepted, the newest first."""
    found = traces_to(session, work, limit=A_PAGE)
    rows = {row.id: row for row in posts_by_id(session, list({one.trace.post_id for one in found}))}
    posts = {post.id: post for post in post_views(session, [*rows.values()], drafts=False)}
    threads = threads_by_id(session, {row.thread_id for row in rows.values()})
    return [
        SuppliedTo(_supplied(one), posts[one.trace.post_id], threads[rows[one.trace.post_id].thread_id])
        for one in found
        if one.trace.post_id in posts
    ]


def _supplied(row: TraceRow) -> Supplied:
    trace = row.trace
    return Supplied(
        trace=trace.id,
        reference=reference_line(trace),
        identifier=trace.identifier,
        link=link_of(trace.identifier),
        note=trace.note,
        giver=row.giver or trace.giver_name or None,
        has_account=row.giver is not None,
        given_at=trace.given_at,
        accepted_by=row.decided_by or "",
        accepted_at=trace.decided_at,
    )


def _traceable(session: Session, rows: Sequence[PostRow]) -> Sequence[Traceable]:
    threads = threads_by_id(session, {row.thread_id for row in rows})
    waiting = count_waiting(session, [row.id for row in rows])
    cited: dict[int, list[CitedRow]] = {}
    for one in citations_of(session, [row.revision_id for row in rows]):
        if one.verdict is not Verdict.FABRICATED:
            cited.setdefault(one.post_id, []).append(one)
    return [
        Traceable(
            post=post,
            thread=threads[row.thread_id],
            candidates=citation_lines(session, row, _recalled_first(cited.get(row.id, ()))),
            waiting=waiting.get(row.id, 0),
        )
        for post, row in zip(post_views(session, rows, drafts=False), rows, strict=True)
    ]


def _recalled_first(cited: Sequence[CitedRow]) -> Sequence[CitedRow]:
    return sorted(cited, key=lambda one: (one.manner is not Manner.RECALLED, one.start))


def _offer_lines(session: Session, found: Sequence[TraceRow]) -> Sequence[OfferLine]:
    rows = {row.id: row for row in posts_by_id(session, [one.trace.post_id for one in found])}
    views = {post.id: post for post in post_views(session, [*rows.values()], drafts=False)}
    threads = threads_by_id(session, {row.thread_id for row in rows.values()})
    cited = {one.id: one for one in citations_of(session, {one.trace.revision_id for one in found})}
    lines = []
    for one in found:
        trace, row = one.trace, rows[one.trace.post_id]
        same_text = trace.revision_id == row.revision_id
        candidate = [cited[trace.citation_id]] if same_text and trace.citation_id in cited else []
        lines.append(
            OfferLine(
                trace=trace,
                giver=one.giver,
                post=views[trace.post_id],
                thread=threads[row.thread_id],
                candidate=citation_lines(session, row, candidate),
                number=one.number,
                level=level_with(trace.locator, in_force=row.level),
                other_text=not same_text,
            )
        )
    return lines
