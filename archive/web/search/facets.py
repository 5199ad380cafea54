"""A search with its filters as an address, and the addresses of narrower and wider ones."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from archive.domain.searching.narrowing import narrowed
from archive.domain.source_quality import Level
from archive.services.search import MAX_PAGE, Order, Wanted
from archive.web import arguments

_MAX_NAME = 1000  # characters of an author's name
_MAX_SLUG = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for."""

    query: str
    levels: frozenset[Level | None] | None = None
    collection: str = ""
    author: str = ""
    order: Order = Order.BEST
    facets: bool = True  # whether what hits have in common is wanted too
    page: int = 1

    @property
    def address(self) -> str:
        """The address of this search."""
        page = [("page", str(self.page))] if self.page > 1 else []
        return "/search?" + urlencode([*self.pairs, *self.kept, *page])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """How hits are shown, as an address or a form names it beside the search."""
        order = [("order", str(self.order))] if self.order is not Order.BEST else []
        return [*order, *([] if self.facets else [("facets", "no")])]

    def other(self, place: str) -> str:
        """The address of the same hits in another shape: a feed, a table, data."""
        order = [("order", str(self.order))] if self.order is not Order.BEST else []
        return f"{place}?{urlencode([*self.pairs, *order])}"

    @property
    def queue(self) -> str:
        """The same answers as a queue, as an address names it behind the question mark."""
        return urlencode(self.pairs)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What is asked for, whatever the page, as an address or a form names it."""
        pairs = [("q", self.query)]
        if self.levels is not None:
            pairs += [("level", level or "none") for level in (*Level, None) if level in self.levels]
        pairs += [("collection", self.collection), ("author", self.author)]
        return [(name, value) for name, value in pairs if value or name == "q"]

    @property
    def wanted(self) -> Wanted:
        """The answers that are asked for."""
        return Wanted(
            text=self.query, levels=self.levels, collection=self.collection or None, author=self.author or None
        )

    def at_page(self, page: int) -> str:
        """The address of another page of the same hits."""
        return replace(self, page=page).address

    def only_level(self, level: Level | None) -> str:
        """The address of the same search among answers of one level."""
        return replace(self, levels=frozenset({level}), page=1).address

    def and_also(self, operator: str, value: str) -> str:
        """The address of the same search with one more operator."""
        quoted = f'"{value}"' if " " in value or "," in value else value
        return replace(self, query=narrowed(self.query, f"{operator}:{quoted}"), page=1).address

    def spelled(self, query: str) -> str:
        """The address of another search with the same filters."""
        return replace(self, query=query, page=1).address

    def any_level(self) -> str:
        """The address of the same search at every level."""
        return replace(self, levels=None, page=1).address

    def in_collection(self, slug: str) -> str:
        """The address of the same search in one collection; in all for ""."""
        return replace(self, collection=slug, page=1).address

    def by_author(self, name: str) -> str:
        """The address of the same search among one author's posts; among all for ""."""
        return replace(self, author=name, page=1).address


def asked(given: arguments.Given | None = None) -> Asked:
    """What an address asks for, that of the request where no other is given.

    :raises ArgumentError: if that cannot be.
    """
    return Asked(
        query=arguments.words("q", given=given),
        levels=arguments.levels(given),
        collection=arguments.words("collection", most=_MAX_SLUG, given=given),
        author=arguments.words("author", most=_MAX_NAME, given=given),
        order=arguments.one_of("order", Order, Order.BEST, given=given),
        facets=arguments.words("facets", most=_MAX_SLUG, given=given) != "no",
        page=arguments.whole_number("page", most=MAX_PAGE, given=given) or 1,
    )
