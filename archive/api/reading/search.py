"""Search, in the language of the search box."""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from archive.api.lists import onward_address
from archive.api.operations import READING, operation
from archive.api.shapes.reading import AnyLevel, CollectionHits, Facets, Hit, Hits, Ignored, Piece
from archive.api.shaping import Shaper, counts
from archive.domain.searching.words import Parts
from archive.domain.source_quality import Level
from archive.services import search as service
from archive.services.posts_in_full import numbered_in_full
from archive.services.search import MAX_PAGE, Order
from archive.services.search import Facets as Narrowing
from archive.store.database import db

COST = 5  # requests


class Search(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is looked for: the same as in the address of a search on the pages."""

    q: Annotated[str, Meta(max_length=1000, description="The search, as in the box.", examples=["library alexandria"])]
    level: Annotated[
        list[AnyLevel],
        Meta(max_length=9, description="Answers of these levels; “none”: not yet tagged."),
    ] = []
    collection: Annotated[str, Meta(max_length=80, description="The short name of a collection.")] | None = None
    author: Annotated[str, Meta(max_length=1000, description="The name of an author.")] | None = None
    order: Annotated[Order, Meta(description="In which hits come.")] = Order.BEST
    facets: Annotated[Literal["yes", "no"], Meta(description="Whether what hits have in common is counted.")] = "yes"
    page: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 1


@operation("GET", "/search", group=READING, summary="Search", query=Search, returns=Hits, cost=COST)
def search(asked: Search) -> Hits:
    """Public posts, twenty at a time. What the box on the pages understands is understood here."""
    session = db.session()
    shaper = Shaper()
    found = service.search(
        session,
        asked.q,
        levels=levels_among(asked.level),
        collection=asked.collection,
        author=asked.author,
        order=asked.order,
        page=asked.page,
        facets=asked.facets == "yes",
        names=shaper.tells_names,
    )
    posts = numbered_in_full(session, [hit.post.id for hit in found.hits])
    return Hits(
        query=found.query,
        read_as=found.read_as,
        ignored=[Ignored(typed=one.typed, why=one.why, instead=one.instead or None) for one in found.ignored],
        offer=found.offer[0] if found.offer else None,
        left_out=found.left_out,
        total=found.total,
        counted_all=found.counted_all,
        order=found.order,
        levels=counts(found.shares),
        facets=_facets(shaper, found.facets) if found.facets.counted else None,
        items=[
            Hit(post=shaper.post(posts[hit.post.id]), title=_pieces(hit.title_parts), snippet=_pieces(hit.snippet))
            for hit in found.hits
            if hit.post.id in posts
        ],
        next=onward_address(page=found.page + 1 if found.more else None),
    )


def levels_among(asked: Sequence[str]) -> frozenset[Level | None] | None:
    """The levels that are asked for, None in them for not yet tagged; None for any."""
    return frozenset(None if level == "none" else Level(level) for level in asked) or None


def _facets(shaper: Shaper, found: Narrowing) -> Facets:
    return Facets(
        counted=found.counted,
        kinds=dict(found.kinds),
        collections=[
            CollectionHits(collection=shaper.collection_name(place.slug, place.name), hits=hits)
            for place, hits in found.collections
        ],
        authors=dict(found.authors),
        years={str(year): hits for year, hits in found.years},
        domains=dict(found.domains),
    )


def _pieces(parts: Parts) -> Sequence[Piece]:
    return [Piece(text=text, hit=hit) for text, hit in parts]
