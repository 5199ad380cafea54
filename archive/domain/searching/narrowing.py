"""A search with one operator more, which whatever it finds has to fulfil too."""

import re
from functools import lru_cache

from archive.domain.searching.parsing import parse

_ANY_OPERATOR = "author:\ue000"  # all of them stand in a search in the same way, and nobody types this one
_BRACKETS = re.compile(r"[()]")
_QUOTES = '"“”„'


def narrowed(text: str, operator: str) -> str:
    """The search with an operator in front, where no NOT or OR at its end reaches it, and no limit cuts it off."""
    return f"{operator} {_behind_an_operator(text)}".strip()


@lru_cache(maxsize=200)  # one page has it narrowed in many ways
def _behind_an_operator(text: str) -> str:
    """The search as it means the same behind an operator as by itself: in brackets where an OR would leave it out."""
    closed = text + '"' * (sum(map(text.count, _QUOTES)) % 2)
    meant = tuple(dict.fromkeys((*parse(_ANY_OPERATOR).clauses, *parse(text).clauses)))
    in_brackets = f"({closed})"
    for written in (closed, in_brackets):
        if _clauses(written) == meant:
            return written
    # It is at the limits, or has brackets that close nothing: the operator has to hold, whatever else it comes to mean.
    return in_brackets if meant[0] in _clauses(in_brackets) else f"({_BRACKETS.sub(' ', closed)})"


def _clauses(written: str) -> tuple[object, ...]:
    return parse(f"{_ANY_OPERATOR} {written}").clauses
