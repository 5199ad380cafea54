"""One page of hits, with everything that is said of the search."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery
from sqlalchemy.orm import Session

from archive.domain.checking import CheckSum, check_sum
from archive.domain.searching import Ignored
from archive.domain.searching.parsing import not_searched
from archive.domain.searching.said import said
from archive.domain.searching.stems import NO_LANGUAGE
from archive.domain.searching.words import Hits, Parts, parts, snippet
from archive.domain.source_quality import Level
from archive.services.search.facets import NONE, Facets, facets_of
from archive.services.search.spelling import FEW, better_spelling
from archive.services.search.wanted import Understood, Wanted, understand
from archive.services.sources.asked import CitedHere, CitedWork, cited_here
from archive.services.views import Shares
from archive.store.cited import standings_of
from archive.store.pages import ThreadTitle, public_collection_name
from archive.store.searching.finding import COUNT_UP_TO, Found, Order, answers_in_order, search_posts
from archive.store.searching.hits import HitRow, hit_rows

HITS_A_PAGE = 20
MOST_HITS = COUNT_UP_TO
MAX_PAGE = MOST_HITS // HITS_A_PAGE
_ORDER_WORDS = {
    Order.BEST: "best first",
    Order.NEWEST: "newest first",
    Order.OLDEST: "oldest first",
    Order.SOURCED: "best sourced first",
    None: "those received last first",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post that was found, as a list shows it."""

    post: HitRow
    checked: CheckSum | None  # what was found of its references; None where its level needs none
    thread: ThreadTitle
    title_parts: Parts
    snippet: Parts
    cites: Sequence[CitedHere]  # of the works that had to be cited


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of hits."""

    query: str
    read_as: str  # what was searched, in words; "" for nothing
    cited: Sequence[tuple[CitedWork, bool]]  # works that are named, each with whether it must be cited
    ignored: Sequence[Ignored]  # what was not searched of it, and why
    has_words: bool  # whether hits hold words that were asked for
    searched: bool  # whether there was anything to search for
    hits: Sequence[Hit]
    total: int
    counted_all: bool  # False: there are more than `total`
    order: str  # in words
    left_out: Sequence[str]  # sentences on what was not searched
    facets: Facets  # of the counted hits
    offer: tuple[str, int] | None  # the search spelled otherwise, and how much that finds
    page: int
    more: bool

    @property
    def shares(self) -> Shares:
        """The counted hits that are answers, by level."""
        return self.facets.levels


def search(
    session: Session,
    text: str,
    *,
    levels: frozenset[Level | None] | None = None,
    collection: str | None = None,
    author: str | None = None,
    order: Order | None = Order.BEST,  # None: as received, the last one first
    page: int = 1,
    size: int = HITS_A_PAGE,
    facets: bool = True,
    names: bool = False,
) -> SearchPage:
    """Find public posts; with `levels`, answers so decided (None: not yet tagged).

    :param size: of a page; MOST_HITS at the most, and then of the first page alone.
    :param facets: whether what hits have in common is wanted, and other spellings.
    :param names: whether whoever asks sees the names of moderators.
    """
    wanted = Wanted(text=text, levels=levels, collection=collection, author=author)
    understood = understand(session, wanted, names=names)
    query = understood.query
    page = max(1, min(page, MAX_PAGE))
    found = Found()
    if understood.is_searched:
        offset = (page - 1) * HITS_A_PAGE
        found = search_posts(session, understood.plan, order=order, limit=size, offset=offset, matched=facets)
    few = facets and understood.is_searched and found.total < FEW
    return SearchPage(
        query=text,
        read_as=said(query, endings=understood.has_endings) if query.clauses else "",
        cited=understood.cited,
        ignored=understood.ignored,
        has_words=bool(query.wanted),
        searched=understood.is_searched,
        hits=_hits(session, found.post_ids, understood),
        total=found.total,
        counted_all=found.counted_all,
        order=_ORDER_WORDS[found.order],
        left_out=(*query.left_out, *_left_out(understood, found)),
        facets=facets_of(session, understood, found.matched) if found.matched.kinds else NONE,
        offer=better_spelling(session, wanted, understood, found=found.total, names=names) if few else None,
        page=page,
        more=page < MAX_PAGE and (page * HITS_A_PAGE < found.total),
    )


def wanted_answers(session: Session, wanted: Wanted, *, after: int = 0, limit: int) -> Subquery:
    """SQL: the first answers that are wanted, in the order in which their texts came: `post_id`, `revision_id`.

    :param after: a revision behind which they lie.
    """
    return answers_in_order(understand(session, wanted, names=True).plan, after=after, limit=limit)


def collection_name(session: Session, slug: str) -> str | None:
    """What a collection is called that may be searched; None where there is none."""
    return public_collection_name(session, slug)


def _left_out(understood: Understood, found: Found) -> list[str]:
    """What was not searched, beside drafts and what is taken down."""
    if not understood.is_searched:
        return [why] if (why := not_searched(understood.query)) else []
    sentences = []
    if found.looked_at:
        which = "with these words " if understood.plan.has_words else ""
        sentences.append(f"Of the texts {which}only the {found.looked_at:,} received last were looked at.")
    plain = [place.name for place in understood.places if place.language == NO_LANGUAGE]
    if understood.has_endings and plain and any(not term.exact for term in understood.query.wanted):
        named = ", ".join(plain[:3]) + (f" and {len(plain) - 3} more" if len(plain) > 3 else "")
        sentences.append(f"Words were searched as they are typed, without other endings, in {named}.")
    return sentences


def _hits(session: Session, post_ids: Sequence[int], understood: Understood) -> Sequence[Hit]:
    rows = {row.id: row for row in hit_rows(session, post_ids)}
    sourced = [row.revision_id for row in rows.values() if row.level is not None and row.level.sourced]
    standings = standings_of(session, sourced) if sourced else {}
    sums = {revision: check_sum(standings.get(revision, ())) for revision in sourced}
    works = [work for work, is_wanted in understood.cited if is_wanted]
    cites = cited_here(session, [*rows.values()], works) if works else {}
    hits = Hits(understood.words)
    found = [rows[id_] for id_ in post_ids if id_ in rows]
    return [_hit(row, sums.get(row.revision_id), hits, cites.get(row.id, [])) for row in found]


def _hit(row: HitRow, checked: CheckSum | None, hits: Hits, cites: Sequence[CitedHere]) -> Hit:
    return Hit(
        post=row,
        checked=checked,
        thread=ThreadTitle(0, row.thread, row.title, row.collection, row.collection_name),
        title_parts=list(parts(row.title, hits.find(row.title))),
        snippet=snippet(row.words or row.text, hits),
        cites=cites,
    )
