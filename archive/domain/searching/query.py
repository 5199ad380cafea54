"""A search as understood: words, filters, and how they are joined."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after the other in a post; a single one also in its other endings, unless it is exact."""

    words: tuple[str, ...]
    exact: bool = True
    place: tuple[int, int] = field(default=(0, 0), compare=False)  # characters of the search


@dataclass(frozen=True, slots=True)
class Filter:
    """What else a post is: an operator, and the value that was read from what stands behind it."""

    operator: str
    value: Any  # as the operator's reader gives it
    text: str  # as typed, behind the colon


@dataclass(frozen=True, slots=True)
class Not:
    """What a post is not."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class AllOf:
    """What a post is at once."""

    of: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Of what a post is one, or several."""

    of: tuple["Node", ...]


Node = Term | Filter | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something typed that was not searched, why, and what might be searched in its place."""

    typed: str
    why: str  # a sentence
    instead: str = ""  # the whole search, with this changed; "" for none
    offer: str = ""  # what that would be, in words


@dataclass(frozen=True, slots=True)
class Query:
    """A search as understood."""

    text: str  # as read: without what is beyond the limit, and with plain quotation marks
    clauses: tuple[Node, ...]  # all of them hold
    left_out: tuple[str, ...] = ()  # sentences on what was not searched
    ignored: tuple[Ignored, ...] = ()

    @property
    def is_searched(self) -> bool:
        """Whether it says what to look for, and not only what not."""
        return any(map(says_which, self.clauses))

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The words that hits hold, or some of them."""
        return tuple(
            node for clause in self.clauses for node in _inside(clause, negated=False) if isinstance(node, Term)
        )

    @property
    def terms(self) -> tuple[Term, ...]:
        """All words, whether they are wanted or not."""
        return tuple(node for clause in self.clauses for node in _inside(clause) if isinstance(node, Term))

    @property
    def filters(self) -> tuple[Filter, ...]:
        """All filters, whether they are wanted or not."""
        return tuple(node for clause in self.clauses for node in _inside(clause) if isinstance(node, Filter))

    @property
    def wanted_filters(self) -> tuple[Filter, ...]:
        """What hits pass, or some of them."""
        return tuple(
            node for clause in self.clauses for node in _inside(clause, negated=False) if isinstance(node, Filter)
        )


def says_which(node: Node) -> bool:
    """Whether it leaves most posts out: a word does, and the lack of one does not."""
    match node:
        case Not():
            return False
        case AllOf(of):
            return any(map(says_which, of))
        case AnyOf(of):
            return all(map(says_which, of))
    return True


def _inside(node: Node, *, negated: bool = True) -> Iterator[Term | Filter]:
    """Yield the words and filters in it.

    :param negated: whether those that hits lack are among them.
    """
    match node:
        case Term() | Filter():
            yield node
        case Not(of) if negated:
            yield from _inside(of)
        case AllOf(of) | AnyOf(of):
            for part in of:
                yield from _inside(part, negated=negated)
