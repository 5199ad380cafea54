"""Search: what was understood, what was found, and what was left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile

from sqlalchemy import Subquery
from sqlalchemy.orm import Session

from archive.domain.search_query import Query, find_hits, parse
from archive.domain.source_quality import Level
from archive.services.post_views import post_views
from archive.services.sources.asked import CitedHere, CitedWork, cited_here, cited_work
from archive.services.views import PostView, Shares
from archive.store.pages import ThreadTitle, posts_by_id, public_collection_name, thread_titles
from archive.store.search import Filters, Found, answers_in_order, search_posts

HITS_A_PAGE = 20
MAX_PAGE = 50
_BEFORE_HIT = 60  # characters of a snippet before its first hit
_SNIPPET = 280  # characters

Parts = Sequence[tuple[str, bool]]  # pieces of text, each with whether it was searched for


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Answers that are wanted: what a search asks for, or what else they must be where it has no words."""

    text: str = ""
    levels: frozenset[Level | None] | None = None  # None in it: not yet tagged
    collection: str | None = None
    author: str | None = None

    @property
    def says_which(self) -> bool:
        """Whether it leaves anything out."""
        if self.text:
            return parse(self.text).is_searched
        return self.levels is not None or self.collection is not None or self.author is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post that was found."""

    post: PostView
    thread: ThreadTitle
    title_parts: Parts
    snippet: Parts
    cites: Sequence[CitedHere]  # of the works that had to be cited


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of hits."""

    query: str
    words: Sequence[str]  # what was searched, in words
    cited: Sequence[CitedWork]  # what had to be cited, or not to be
    searched: bool  # whether there was anything to search for
    hits: Sequence[Hit]
    total: int
    counted_all: bool  # False: there are more than `total`
    order: str
    left_out: Sequence[str]  # sentences on what was not searched
    shares: Shares  # of the hits that are answers
    page: int
    more: bool


def search(
    session: Session,
    text: str,
    *,
    levels: frozenset[Level | None] | None = None,
    collection: str | None = None,
    author: str | None = None,
    page: int = 1,
) -> SearchPage:
    """Find public posts; with `levels`, answers so decided (None: not yet tagged)."""
    query = parse(text)
    page = max(1, min(page, MAX_PAGE))
    found = Found([], 0, True, True, {})
    cited = [cited_work(session, asked) for asked in query.cited]
    if query.is_searched:
        cites = [work.as_filter for work in cited]
        filters = Filters(levels=levels, collection=collection, author=author, cites=cites)
        offset = (page - 1) * HITS_A_PAGE
        found = search_posts(session, query, filters, limit=HITS_A_PAGE, offset=offset)
    return SearchPage(
        query=text,
        words=[str(term) for term in query.terms],
        cited=cited,
        searched=query.is_searched,
        hits=_hits(session, found.post_ids, query, cited),
        total=found.total,
        counted_all=found.counted_all,
        order="best first" if found.ranked else "newest first",
        left_out=query.left_out,
        shares=found.by_level,
        page=page,
        more=page < MAX_PAGE and (page * HITS_A_PAGE < found.total),
    )


def wanted_answers(session: Session, wanted: Wanted, *, after: int = 0, limit: int) -> Subquery:
    """SQL: the first answers that are wanted, in the order in which their texts came: `post_id`, `revision_id`.

    :param after: a revision behind which they lie.
    """
    query = parse(wanted.text)
    cites = [cited_work(session, asked).as_filter for asked in query.cited]
    filters = Filters(levels=wanted.levels, collection=wanted.collection, author=wanted.author, cites=cites)
    return answers_in_order(session, query, filters, after=after, limit=limit)


def collection_name(session: Session, slug: str) -> str | None:
    """What a collection is called that may be searched; None where there is none."""
    return public_collection_name(session, slug)


def _hits(session: Session, post_ids: Sequence[int], query: Query, cited: Sequence[CitedWork]) -> Sequence[Hit]:
    rows = posts_by_id(session, post_ids)
    threads = thread_titles(session, {row.thread_id for row in rows})
    posts = {post.id: post for post in post_views(session, rows, drafts=False)}
    cites = cited_here(session, [*posts.values()], cited)
    thread_of = {row.id: threads[row.thread_id] for row in rows}
    return [
        Hit(
            post=posts[id_],
            thread=thread_of[id_],
            title_parts=list(parts(thread_of[id_].title, find_hits(thread_of[id_].title, query))),
            snippet=snippet(posts[id_].words or posts[id_].text, query),
            cites=cites[id_],
        )
        for id_ in post_ids
    ]


def snippet(text: str, query: Query) -> Parts:
    """The stretch around the first hit, cut at words, with the hits marked."""
    hits = find_hits(text, query)  # read only as far as the stretch goes
    first = next(hits, (0, 0))
    start = max(0, first[0] - _BEFORE_HIT)
    if start:
        start = text.find(" ", start, first[0]) + 1 or start
    end = min(len(text), start + _SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", start, end), first[1], start + 1)
    inside = takewhile(lambda hit: hit[1] <= end, chain([first], hits))
    pieces = parts(text[start:end], [(a - start, b - start) for a, b in inside if a < b])
    before, after = [("… ", False)] if start else [], [(" …", False)] if end < len(text) else []
    return [*before, *pieces, *after]


def parts(text: str, hits: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a hit."""
    last = 0
    for start, end in hits:
        if last < start:
            yield text[last:start], False
        yield text[start:end], True
        last = end
    if last < len(text):
        yield text[last:], False
