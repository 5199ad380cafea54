"""What a person asks of the search: the language of it, what it means, and how it is said in words."""

from archive.domain.searching.parsing import parse
from archive.domain.searching.query import AllOf, AnyOf, Filter, Ignored, Node, Not, Query, Term

__all__ = ["AllOf", "AnyOf", "Filter", "Ignored", "Node", "Not", "Query", "Term", "parse"]
