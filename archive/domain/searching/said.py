"""A search in words, so that everybody sees how it was read."""

from archive.domain.searching.operators import OPERATORS
from archive.domain.searching.query import AllOf, AnyOf, Filter, Node, Not, Query, Term


def said(query: Query, *, endings: bool = True) -> str:
    """How a search was read: “posts with …”.

    :param endings: whether words are found in their other endings too, in some collection.
    """
    clauses = query.clauses
    words = ", ".join(_said(clause, is_alone=len(clauses) == 1) for clause in clauses)
    has_endings = endings and any(not term.exact for term in query.wanted)
    return f"posts {words}{'; words also in their other endings' if has_endings else ''}"


def _said(node: Node, *, without: bool = False, is_alone: bool = False) -> str:
    match node:
        case Term():
            return f"{'without' if without else 'with'} {_word(node)}"
        case Filter():
            words = OPERATORS[node.operator].said(node)
            return f"leaving out those {words}" if without else words
        case Not(of):
            return _said(of, without=not without)
        case AllOf(of):
            words = " and ".join(map(_said, of))
        case AnyOf(of):
            words = " or ".join(map(_said, of))
    return f"not ({words})" if without else words if is_alone else f"({words})"


def _word(term: Term) -> str:
    words = f"“{' '.join(term.words)}”"
    if len(term.words) > 1:
        return f"the words {words} side by side"
    return f"exactly {words}" if term.exact else words
