"""A search with its filters as an address, and the addresses of narrower and wider ones."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote_plus, urlencode

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

    def spelled(self, query: str) -> str:
        """The address of another search with the same filters."""
        return replace(self, query=query, page=1).address

    def any_level(self) -> str:
        """The address of the same search at every level."""
        return replace(self, levels=None, page=1).address

    def any_collection(self) -> str:
        """The address of the same search in all collections."""
        return replace(self, collection="", page=1).address

    def anybody(self) -> str:
        """The address of the same search among the posts of all authors."""
        return replace(self, author="", page=1).address


class Narrower:
    """The addresses of narrower searches, each at its first page. What is the same in most of them is written once."""

    def __init__(self, asked: Asked) -> None:
        """:param asked: the search that they narrow."""
        self._asked, self._q = asked, _more([("q", asked.query)])[1:]
        self._level, self._collection, self._author = (
            _more([(name, value) for name, value in asked.pairs if name == which])
            for which in ("level", "collection", "author")
        )
        self._kept = _more(asked.kept)

    def and_also(self, operator: str, value: str) -> str:
        """With one more operator."""
        quoted = f'"{value}"' if " " in value or "," in value else value
        query = _more([("q", narrowed(self._asked.query, f"{operator}:{quoted}"))])[1:]
        return f"/search?{query}{self._level}{self._collection}{self._author}{self._kept}"

    def only_level(self, level: Level | None) -> str:
        """Among answers of one level."""
        return f"/search?{self._q}&level={level or 'none'}{self._collection}{self._author}{self._kept}"

    def in_collection(self, slug: str) -> str:
        """In one collection."""
        return f"/search?{self._q}{self._level}{_more([('collection', slug)])}{self._author}{self._kept}"

    def by_author(self, name: str) -> str:
        """Among one author's posts."""
        return f"/search?{self._q}{self._level}{self._collection}{_more([('author', name)])}{self._kept}"


def _more(pairs: Iterable[tuple[str, str]]) -> str:
    """Arguments as they stand in an address behind others."""
    return "".join(f"&{name}={quote_plus(value)}" for name, value in pairs)


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
