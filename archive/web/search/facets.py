"""A search with its filters as an address, and the addresses of narrower and wider ones."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from archive.domain.source_quality import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for."""

    query: str
    levels: frozenset[Level | None] | None = None
    collection: str = ""
    author: str = ""
    page: int = 1

    @property
    def address(self) -> str:
        """The address of this search."""
        pairs = [("q", self.query)]
        if self.levels is not None:
            pairs += [("level", level or "none") for level in (*Level, None) if level in self.levels]
        pairs += [("collection", self.collection), ("author", self.author)]
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return "/search?" + urlencode([(name, value) for name, value in pairs if value or name == "q"])

    def at_page(self, page: int) -> str:
        """The address of another page of the same hits."""
        return replace(self, page=page).address

    def only_level(self, level: Level | None) -> str:
        """The address of the same search among answers of one level."""
        return replace(self, levels=frozenset({level}), page=1).address

    def any_level(self) -> str:
        """The address of the same search at every level."""
        return replace(self, levels=None, page=1).address

    def in_collection(self, slug: str) -> str:
        """The address of the same search in one collection; in all for ""."""
        return replace(self, collection=slug, page=1).address

    def by_author(self, name: str) -> str:
        """The address of the same search among one author's posts; among all for ""."""
        return replace(self, author=name, page=1).address
