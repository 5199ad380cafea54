"""The index of works, and the page of one: what readers see of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.sources import Manner, SourceKind, wayback_url
from archive.domain.sources.works import fold
from archive.services.browse import NotFoundError, threads_by_id
from archive.services.post_views import post_views
from archive.services.sources.passages import Quoted, quote
from archive.services.views import PostView, ThreadLine
from archive.store.pages import posts_by_id
from archive.store.source_pages import (
    AnswerRow,
    Wanted,
    answer_row,
    citations_of,
    common_domains,
    count_by_kind,
    count_works,
    find_work,
    list_answers,
    list_works,
)
from archive.store.sources import Citation, Source

WORKS_A_PAGE = 50
ANSWERS_A_PAGE = 25
_MOST_DOMAINS = 12
_MOST_WORDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """Some works, by how many answers point to them."""

    works: Sequence[Source]
    total: int  # of those asked for
    kinds: Mapping[SourceKind, int]  # of those that the other choices leave
    domains: Sequence[tuple[str, int]]  # likewise; the commonest
    words: Sequence[str]  # as they were looked for
    further: PublicId | None  # the work after which there are further ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Where an answer points to a work."""

    citation_id: int
    quoted: Quoted
    locator: str | None
    manner: Manner
    check_id: int | None
    wayback: str | None  # where a capture of the address may be that is as old as the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class CitingAnswer:
    """An answer that points to a work."""

    post: PostView
    thread: ThreadLine
    passages: Sequence[Passage]
    remembers: bool  # whether it does no more than remember it


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    """A work, and the answers that point to it."""

    work: Source
    answers: Sequence[CitingAnswer]
    after: PublicId | None  # the post after which they begin
    further: PublicId | None  # the post after which there are further ones


def index_page(
    session: Session,
    *,
    kind: SourceKind | None = None,
    domain: str | None = None,
    words: str = "",
    after: str | None = None,
) -> IndexPage:
    """Works that public answers point to; those behind one where it is named."""
    wanted = Wanted(kind=kind, domain=domain, words=fold(words).split()[:_MOST_WORDS])
    last = find_work(session, after) if after else None
    rows = list_works(session, wanted, after=last, limit=WORKS_A_PAGE + 1)
    works = rows[:WORKS_A_PAGE]
    return IndexPage(
        works=works,
        total=count_works(session, wanted),
        kinds=count_by_kind(session, wanted),
        domains=common_domains(session, wanted, limit=_MOST_DOMAINS),
        words=wanted.words,
        further=works[-1].public_id if len(rows) > WORKS_A_PAGE else None,
    )


def visible_work(session: Session, public_id: str) -> Source:
    """The work at an address, or into which that one went.

    :raises NotFoundError: if there is none, or no public answer points to it.
    """
    work = find_work(session, public_id)
    if work is None or not work.answers:
        raise NotFoundError("work")
    return work


def work_page(session: Session, public_id: str, *, after: str | None = None) -> WorkPage:
    """A work with the answers that point to it; those behind one where it is named.

    :raises NotFoundError: if there is no such work, or no public answer points to it.
    """
    work = visible_work(session, public_id)
    last = answer_row(session, work.id, after) if after else None
    rows = list_answers(session, work.id, after=last, limit=ANSWERS_A_PAGE + 1)
    answers = _answers(session, work, rows[:ANSWERS_A_PAGE])
    further = answers[-1].post.public_id if len(rows) > ANSWERS_A_PAGE else None
    return WorkPage(work=work, answers=answers, after=PublicId(after) if last and after else None, further=further)


def csl_item(work: Source) -> dict[str, object]:
    """The work as an item of CSL-JSON: what public answers say of it, and no more."""
    said = dict(work.csl)
    return {"id": work.public_id, "type": said.pop("type", "document"), **said}


def _answers(session: Session, work: Source, rows: Sequence[AnswerRow]) -> Sequence[CitingAnswer]:
    citations = citations_of(session, work.id, [row.post_id for row in rows])
    found = {post.id: post for post in posts_by_id(session, [row.post_id for row in rows])}
    posts = {post.id: post for post in post_views(session, [*found.values()], drafts=False)}
    threads = threads_by_id(session, {post.thread_id for post in found.values()})
    return [
        CitingAnswer(
            post=posts[row.post_id],
            thread=threads[found[row.post_id].thread_id],
            passages=[_passage(posts[row.post_id], citation) for citation in citations[row.post_id]],
            remembers=row.remembers,
        )
        for row in rows
        if row.post_id in posts
    ]


def _passage(post: PostView, citation: Citation) -> Passage:
    url = citation.csl.get("URL")
    return Passage(
        citation_id=citation.id,
        quoted=quote(post.text, citation.start, citation.end, post.markup),
        locator=citation.locator,
        manner=citation.manner,
        check_id=citation.check_id,
        wayback=wayback_url(str(url), post.posted_at) if url else None,
    )
