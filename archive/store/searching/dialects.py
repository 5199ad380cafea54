"""How each database is asked for words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy.orm import Session

from archive.domain.searching.query import AllOf, AnyOf, Node, Not, Term
from archive.domain.searching.words import folded

COUNT = "SELECT count(*) FROM (SELECT 1 {found} ORDER BY {received} LIMIT :most) AS counted"
_TITLE_WEIGHT = 2.0
Expand = Callable[[Term], Sequence[str]]  # a word in the forms in which it is wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One database."""

    matches: str  # FROM clause of texts with the words, `revision` among its tables
    newest_matches: str  # SELECT of their numbers, the newest first
    matching: str  # SELECT of those behind :floor
    number: str  # of a text, by which matches are read in their order
    best_first: str  # ORDER BY
    count: str  # SELECT of how many posts there are, of which nothing is asked but words; up to :most
    best: str  # SELECT of one page of them
    holds: str  # whether a text has some signs in it
    then: str  # JOIN of a table that is read after the one before it, whatever indexes it has
    unsorted: str  # the number, so that the database does not read by it
    year: str  # in which a post was posted
    midnight: str  # a day, as times are compared with it: as text, so its year needs four figures
    numbers: str  # SELECT of the numbers in :numbers
    score: str  # that the source gives a post
    word: str  # how a phrase is quoted
    beside: str  # between the words of a phrase
    all_of: str
    any_of: str
    but_not: str

    def match(self, node: Node, expand: Expand) -> str:
        """Words, in the language of the index."""
        match node:
            case Term(words):
                return self._term(words, expand(node))
            case AnyOf(of):
                return f"({self.any_of.join(self.match(part, expand) for part in of)})"
            case AllOf(of):
                wanted = [self.match(part, expand) for part in of if not isinstance(part, Not)]
                unwanted = [self.but_not + self.match(part.of, expand) for part in of if isinstance(part, Not)]
                return f"({self.all_of.join(wanted)}{''.join(unwanted)})"
        raise TypeError(node)

    def _term(self, words: tuple[str, ...], forms: Sequence[str]) -> str:
        if forms:
            phrases = [self.word.format(term=form) for form in forms]
            return f"({self.any_of.join(phrases)})" if len(phrases) > 1 else phrases[0]
        return self.word.format(term=self.beside.join(map(folded, words)))


# FTS5 counts and ranks in a third of the time where it needs to know nothing of posts. It knows the texts that readers
# see and no others, and nothing of posts that are wholly down (indexing.py).
_COUNT_OF_SQLITE = "SELECT count(*) FROM (SELECT 1 FROM revision_fts WHERE revision_fts MATCH :match LIMIT :most)"
_BEST_OF_SQLITE = f"""
    SELECT post.id AS id FROM (
        SELECT rowid, bm25(revision_fts, {_TITLE_WEIGHT}, 1.0) AS score FROM revision_fts
        WHERE revision_fts MATCH :match ORDER BY score, rowid DESC LIMIT :limit OFFSET :offset
    ) AS ranked JOIN revision ON revision.id = ranked.rowid
    JOIN post ON post.id = revision.post_id AND post.public AND post.takedown_id IS NULL
    ORDER BY ranked.score, ranked.rowid DESC
"""
_SQLITE = Dialect(
    matches="revision_fts JOIN revision ON revision.id = revision_fts.rowid AND revision_fts MATCH :match",
    newest_matches="SELECT rowid FROM revision_fts WHERE revision_fts MATCH :match ORDER BY rowid DESC",
    matching="SELECT rowid FROM revision_fts WHERE revision_fts MATCH :{match} AND rowid > :floor",
    number="revision_fts.rowid",  # the order in which FTS5 can read its matches, and stop
    best_first=f"bm25(revision_fts, {_TITLE_WEIGHT}, 1.0), revision.id DESC",
    count=_COUNT_OF_SQLITE,
    best=_BEST_OF_SQLITE,
    holds="instr({text}, '{signs}') > 0",
    then="CROSS JOIN",
    unsorted="+revision.id",
    year="CAST(substr(post.posted_at, 1, 4) AS INTEGER)",
    midnight="{} 00:00:00.000000",
    numbers="SELECT value FROM json_each(:numbers)",
    score="CAST(json_extract(revision.facts, '$.score') AS REAL)",
    word='"{term}"',
    beside=" ",
    all_of=" AND ",
    any_of=" OR ",
    but_not=" NOT ",
)
_POSTGRESQL = Dialect(
    matches="revision_text JOIN revision ON revision.id = revision_text.revision_id "
    "AND revision_text.search @@ to_tsquery('simple', :match)",
    newest_matches="SELECT revision.id FROM revision_text JOIN revision ON revision.id = revision_text.revision_id "
    "AND revision.is_current WHERE revision_text.search @@ to_tsquery('simple', :match) ORDER BY revision.id DESC",
    matching="SELECT revision_id FROM revision_text WHERE search @@ to_tsquery('simple', :{match}) "
    "AND revision_id > :floor",
    number="revision.id",
    best_first="ts_rank(revision_text.search, to_tsquery('simple', :match)) DESC, revision.id DESC",
    count=COUNT,
    best="SELECT post.id AS id {found} ORDER BY {order} LIMIT :limit OFFSET :offset",
    holds="strpos({text}, '{signs}') > 0",
    then="JOIN",
    unsorted="revision.id",
    year="CAST(extract(year FROM post.posted_at AT TIME ZONE 'UTC') AS INTEGER)",
    midnight="{} 00:00:00+00",
    numbers="SELECT unnest(CAST(:numbers AS integer[]))",
    score="CAST(CAST(revision.facts AS json) ->> 'score' AS DOUBLE PRECISION)",
    word="({term})",
    beside=" <-> ",
    all_of=" & ",
    any_of=" | ",
    but_not=" & !",
)


def dialect_of(session: Session) -> Dialect:
    """How the database of a session is asked."""
    return _SQLITE if session.get_bind().dialect.name == "sqlite" else _POSTGRESQL


def as_list(session: Session, items: Sequence[int] | Sequence[str]) -> object:
    """Numbers or words as one parameter, however many there are."""
    return orjson.dumps(items).decode() if session.get_bind().dialect.name == "sqlite" else list(items)


def is_wordy(node: Node) -> bool:
    """Whether an index can answer it: words, joined, and only such words left out as others are wanted beside."""
    match node:
        case Term():
            return True
        case AnyOf(of):
            return all(map(is_wordy, of))
        case AllOf(of):
            inner = [part.of if isinstance(part, Not) else part for part in of]
            return all(map(is_wordy, inner)) and any(not isinstance(part, Not) for part in of)
    return False
