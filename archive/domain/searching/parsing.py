"""What a person typed into the search box, as words and filters. Nothing that can be typed is an error.

Words are joined by AND; OR binds less than they do, and brackets more. "A phrase" stays together; -word or NOT word
leaves out; =word is found in that form alone. What stands behind an operator is read by it (operators.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from unicodedata import normalize

from archive.domain.searching.operators import NAMED_OTHERWISE, OPERATORS
from archive.domain.searching.query import AllOf, AnyOf, Filter, Ignored, Node, Not, Query, Term
from archive.domain.searching.values import UnreadableValueError
from archive.domain.searching.words import WORD

MAX_QUERY = 500  # characters
MAX_LEAVES = 20  # words, phrases and filters
MAX_CITED = 5
_MAX_DEPTH = 10  # brackets within one another

_NOT_SEARCHED = {  # whether there are words at all → why nothing was
    True: "Nothing was searched: name at least one word that a post must contain, or a work that it must cite.",
    False: "Nothing was searched: there is no word in it that a post could contain, only signs, or NOT and AND.",
}
_AS_TYPED = str.maketrans({"\0": " ", "“": '"', "”": '"', "„": '"'})  # phones put curly quotes around a phrase
_TOKEN = re.compile(
    r'(?P<open>-?\()|(?P<close>\))|(?P<minus>-)?(?:(?P<name>[A-Za-z][A-Za-z_]{0,20}):(?P<value>"[^"]*"?|[^\s"]*)'
    r'|(?P<phrase>"[^"]*"?)|(?P<word>[^\s"()]+))'
)
_NO_VALUE = re.compile(r"[/:]")  # https://…, std::vector
_JOINING = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a search."""

    kind: str  # "leaf", "(", ")", or a joining word
    node: Node | None = None
    negated: bool = False


@dataclass(slots=True)
class _Reading:
    """What is said of a search beside what it means."""

    text: str
    without: frozenset[str]  # operators that are not for whoever asks
    ignored: list[Ignored] = field(default_factory=list)
    leaves: int = 0
    cited: int = 0
    is_cut: bool = False


def parse(text: str, *, without: frozenset[str] = frozenset()) -> Query:
    """Understand a search. Never fails.

    :param without: operators that are not for whoever asks.
    """
    reading = _Reading(normalize("NFC", text[:MAX_QUERY]).translate(_AS_TYPED), without)
    tokens = [*_joined(list(_tokens(reading)))]
    clauses = _flat(_Parser(tokens).read())
    left_out = [f"Only the first {MAX_QUERY} characters were searched."] if len(text) > MAX_QUERY else []
    if reading.is_cut:
        left_out.append(
            f"Only the first {MAX_LEAVES} words, phrases and filters, and {MAX_CITED} works, were searched."
        )
    return Query(reading.text, clauses, tuple(left_out), tuple(reading.ignored))


def not_searched(query: Query) -> str:
    """Why a search that does not say what to look for finds nothing; "" where that was said already."""
    return "" if query.ignored and not query.clauses else _NOT_SEARCHED[bool(query.clauses)]


def _tokens(reading: _Reading) -> Iterator[_Token]:
    place, text, depth = 0, reading.text, 0
    while match := _TOKEN.search(text, place):
        place = match.end()
        if match["open"]:
            depth += 1
            yield _Token("(", negated=match["open"][0] == "-")
        elif match["close"]:
            depth -= 1
            yield _Token(")")
        elif match["word"] in _JOINING and not match["minus"]:
            yield _Token(match["word"])
        else:
            if match["name"] is not None and not match["value"].startswith('"') and depth > 0:
                place -= _closing(match["value"])
            node = _leaf(reading, match, place)
            if node is not None and _has_room(reading, node):
                yield _Token("leaf", node, negated=bool(match["minus"]))


def _closing(value: str) -> int:
    """How many brackets at the end of a value close what was opened before it."""
    return min(len(value) - len(value.rstrip(")")), max(0, value.count(")") - value.count("(")))


def _has_room(reading: _Reading, node: Node) -> bool:
    cites = isinstance(node, Filter) and node.operator == "cites"
    if reading.leaves >= MAX_LEAVES or (cites and reading.cited >= MAX_CITED):
        reading.is_cut = True
        return False
    reading.leaves += 1
    reading.cited += cites
    return True


def _leaf(reading: _Reading, match: re.Match[str], end: int) -> Node | None:
    if match["name"] is None:
        return _term(match["phrase"] or match["word"], match.start("phrase" if match["phrase"] else "word"))
    name, value = match["name"].lower(), reading.text[match.start("value") : end]
    typed, start = reading.text[match.start("name") : end], match.start("name")
    if name in OPERATORS and name not in reading.without:
        try:
            return Filter(name, OPERATORS[name].read(value.strip('"')), value.strip('"').strip())
        except UnreadableValueError as error:
            reading.ignored.append(Ignored(typed, str(error)))
            return None
    if not WORD.search(value) or _NO_VALUE.match(value):
        return _term(typed, start)
    reading.ignored.append(_unknown(reading, name, typed, value, start))
    return None


def _unknown(reading: _Reading, name: str, typed: str, value: str, start: int) -> Ignored:
    """Why an operator was not used, and what might have been meant."""
    known = [operator for operator in OPERATORS if operator not in reading.without]
    if name in reading.without:
        why, near = f"The operator “{name}” is for moderators, where an archive does not name them.", ""
    else:
        named = NAMED_OTHERWISE.get(name, "")
        near = named if named in known else next(iter(get_close_matches(name, known, n=1)), "")
        why = f"There is no operator “{name}”."
    words = " ".join(WORD.findall(value))
    new, offer = (f"{near}:{value}", f"Search with {near}: instead") if near else (words, f"Search for {words} instead")
    instead = reading.text[:start] + new + reading.text[start + len(typed) :]
    return Ignored(typed, why, instead, offer)


def _term(typed: str, start: int) -> Node | None:
    words = tuple(WORD.findall(typed))
    if not words:
        return None
    is_exact = len(words) > 1 or typed[0] in '"='
    return Term(words, exact=is_exact, place=(start, start + len(typed)))


def _joined(tokens: list[_Token]) -> Iterator[_Token]:
    """Yield the pieces; an OR that joins nothing is a word."""
    for number, token in enumerate(tokens):
        before = tokens[number - 1].kind if number else ""
        behind = tokens[number + 1].kind if number + 1 < len(tokens) else ""
        if token.kind == "OR" and not (before in ("leaf", ")") and behind in ("leaf", "(", "NOT")):
            yield _Token("leaf", Term(("OR",)))
        else:
            yield token


class _Parser:
    """Pieces, put together."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def read(self) -> Node | None:
        """All of them, whatever brackets are open at their end, or closed that never were opened."""
        found = []
        while self._next < len(self._tokens):
            found.append(self._any_of(0))
            self._next += 1  # a bracket that closes nothing
        return _all_of([node for node in found if node is not None])

    def _any_of(self, depth: int) -> Node | None:
        parts = [self._all_of(depth)]
        while self._next < len(self._tokens) and self._tokens[self._next].kind == "OR":
            self._next += 1
            parts.append(self._all_of(depth))
        nodes = tuple(dict.fromkeys(part for part in parts if part is not None))
        return AnyOf(nodes) if len(nodes) > 1 else nodes[0] if nodes else None

    def _all_of(self, depth: int) -> Node | None:
        found, negate = [], False
        while self._next < len(self._tokens) and self._tokens[self._next].kind not in ("OR", ")"):
            token = self._tokens[self._next]
            self._next += 1
            if token.kind == "NOT":
                negate = True
            if token.kind not in ("leaf", "("):
                continue
            node = token.node if token.kind == "leaf" else self._bracket(depth)
            if node is not None:
                found.append(Not(node) if negate or token.negated else node)
            negate = False
        return _all_of(found)

    def _bracket(self, depth: int) -> Node | None:
        if depth >= _MAX_DEPTH:
            return None
        inside = self._any_of(depth + 1)
        self._next += 1
        return inside


def _all_of(nodes: list[Node]) -> Node | None:
    unlike = tuple(dict.fromkeys(_flat(AllOf(tuple(nodes)))))
    return AllOf(unlike) if len(unlike) > 1 else unlike[0] if unlike else None


def _flat(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    if isinstance(node, AllOf):
        return tuple(inner for part in node.of for inner in _flat(part))
    return (node,)
