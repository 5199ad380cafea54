"""Search: what was understood, what was found, what it has in common, and what was left out."""

from archive.services.search.facets import Facets
from archive.services.search.page import (
    HITS_A_PAGE,
    MAX_PAGE,
    MOST_HITS,
    Hit,
    SearchPage,
    collection_name,
    search,
    wanted_answers,
)
from archive.services.search.wanted import Wanted
from archive.store.searching.finding import Order

__all__ = [
    "HITS_A_PAGE",
    "MAX_PAGE",
    "MOST_HITS",
    "Facets",
    "Hit",
    "Order",
    "SearchPage",
    "Wanted",
    "collection_name",
    "search",
    "wanted_answers",
]
