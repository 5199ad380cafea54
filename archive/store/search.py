"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL, the same query on both.

Ranking every match of a common word costs a hundred times as much as listing the newest
ones, so the best come first only where matches are few, and of many only the newest are counted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, Subquery, column, text
from sqlalchemy.orm import Session

from archive.domain.search_query import Query, Term, without_latin_accents
from archive.domain.source_quality import Level

# FTS5 weighs a word by how many texts have it, and a text by how long others are. So it knows the texts that readers
# see and no others: a draft would change the order of what they find, and they would wait for what they may not see.
# Texts are given in their order, or it would write each time what it has gathered. `touched_text` was shown before.
_SEARCHED = "substr(coalesce(words, text), 1, 200000)"  # as much as PostgreSQL can hold
REMEMBER_TEXTS = (
    "DELETE FROM touched_text",
    "INSERT INTO touched_text SELECT id FROM revision WHERE is_current AND post_id IN ({posts})",
)
INDEX_TEXTS = (
    f"""INSERT INTO revision_fts(revision_fts, rowid, title, text)
        SELECT 'delete', revision_id, title, {_SEARCHED}
        FROM touched_text JOIN revision ON revision.id = touched_text.id AND NOT revision.is_current
        JOIN revision_text ON revision_text.revision_id = touched_text.id
        ORDER BY revision_id""",
    f"""INSERT INTO revision_fts(rowid, title, text)
        SELECT revision_id, title, {_SEARCHED} FROM revision_text
        WHERE revision_id IN (SELECT id FROM revision WHERE is_current AND post_id IN ({{posts}}))
        AND revision_id NOT IN (SELECT id FROM touched_text)
        ORDER BY revision_id""",
)
WRONG_INDEX = text("""
    SELECT post.public_id FROM revision JOIN post ON post.id = revision.post_id
    WHERE revision.is_current != EXISTS (SELECT 1 FROM revision_fts_docsize WHERE id = revision.id) ORDER BY revision.id
""")
COUNT_UP_TO = 3_000  # matches; as many are ranked
_TITLE_WEIGHT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Citing:
    """What an answer must cite, or must not: one work, or any of which some words are said."""

    work: int | None
    words: Sequence[str]  # folded, the beginnings of words; none and no work: what nobody cites
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What else a hit must be."""

    levels: frozenset[Level | None] | None
    collection: str | None
    author: str | None
    cites: Sequence[Citing] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The posts of one page of hits, and how many there are."""

    post_ids: Sequence[int]
    total: int
    counted_all: bool
    ranked: bool
    by_level: dict[Level | None, int]  # of the counted ones, the newest, that are answers


def unindex_posts(session: Session, post_ids: Sequence[int]) -> None:
    """Have no search find posts until they are indexed again; before anything of their current texts is changed."""
    if session.get_bind().dialect.name == "sqlite":
        _index(session, "INSERT INTO revision_fts(revision_fts, rowid, title, text) SELECT 'delete',", post_ids)


def index_posts(session: Session, post_ids: Sequence[int]) -> None:
    """Have searches find posts by what their current texts say now."""
    if session.get_bind().dialect.name == "sqlite":
        _index(session, "INSERT INTO revision_fts(rowid, title, text) SELECT", post_ids)


def _index(session: Session, into: str, post_ids: Sequence[int]) -> None:
    current = "SELECT id FROM revision WHERE is_current AND post_id = :post"
    statement = f"{into} revision_id, title, {_SEARCHED} FROM revision_text WHERE revision_id IN ({current})"
    for post_id in sorted(post_ids):
        session.execute(text(statement), {"post": post_id})


def search_posts(session: Session, query: Query, filters: Filters, *, limit: int, offset: int) -> Found:
    """Find public posts whose current text contains what is asked for, and cites it."""
    dialect = _dialect(session)
    has_words = bool(query.wanted)
    found, parameters = _matching(dialect, query, filters)
    parameters |= {"most": COUNT_UP_TO + 1, "limit": limit, "offset": offset}
    newest_first = dialect.newest_first if has_words else "revision.id DESC"
    counted = session.execute(text(_COUNT.format(found=found, order=newest_first)), parameters).all()
    total = sum(row.posts for row in counted)
    ranked = has_words and total <= COUNT_UP_TO
    order = dialect.best_first if ranked else newest_first
    rows = session.execute(text(_LIST.format(found=found, order=order)), parameters)
    return Found(
        post_ids=[row.id for row in rows],
        total=min(total, COUNT_UP_TO),
        counted_all=total <= COUNT_UP_TO,
        ranked=ranked,
        by_level={
            None if row.level is None else Level(row.level): row.posts for row in counted if row.kind == "answer"
        },
    )


def answers_in_order(session: Session, query: Query, filters: Filters, *, after: int, limit: int) -> Subquery:
    """SQL: the first public answers that match, in the order in which their texts came: `post_id`, `revision_id`.

    :param after: a revision behind which they lie.
    """
    dialect = _dialect(session)
    found, parameters = _matching(dialect, query, filters)
    number = dialect.number if query.wanted else "revision.id"
    rows = text(_IN_ORDER.format(found=found, number=number))
    asked = rows.bindparams(after=after, most=limit, **parameters)
    return asked.columns(column("post_id", Integer), column("revision_id", Integer)).subquery("hit")


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one database is asked."""

    hits: str  # FROM clause that yields revisions that match
    matching: str  # SELECT of their numbers
    best_first: str  # ORDER BY
    newest_first: str  # ORDER BY
    number: str  # of a revision, by which matches are read in their order
    word: str  # how a phrase is quoted
    joined_by: str
    negated: str
    either: str

    def match(self, terms: Sequence[Term]) -> str:
        """What is asked for; of words none of which is wanted, texts with any of them."""
        wanted = [self._phrase(term) for term in terms if term.wanted]
        if not wanted:
            return self.either.join(map(self._phrase, terms))
        unwanted = [self.negated + self._phrase(term) for term in terms if not term.wanted]
        return self.joined_by.join(wanted) + "".join(unwanted)

    def _phrase(self, term: Term) -> str:
        words = map(without_latin_accents, term.words)
        return self.word.format(term=(" " if self is _SQLITE else " <-> ").join(words))


_SQLITE = _Dialect(
    hits="revision_fts JOIN revision ON revision.id = revision_fts.rowid AND revision_fts MATCH :match",
    best_first=f"bm25(revision_fts, {_TITLE_WEIGHT}, 1.0), post.id DESC",
    newest_first="revision_fts.rowid DESC",  # the order in which FTS5 can read its matches, and stop
    number="revision_fts.rowid",
    word='"{term}"',
    joined_by=" AND ",
    negated=" NOT ",
    either=" OR ",
    matching="SELECT rowid FROM revision_fts WHERE revision_fts MATCH :match",
)
_POSTGRESQL = _Dialect(
    hits="revision_text JOIN revision ON revision.id = revision_text.revision_id "
    "AND revision_text.search @@ to_tsquery('simple', :match)",
    best_first="ts_rank(revision_text.search, to_tsquery('simple', :match)) DESC, post.id DESC",
    newest_first="revision.id DESC",
    number="revision.id",
    word="({term})",
    joined_by=" & ",
    negated=" & !",
    either=" | ",
    matching="SELECT revision_id FROM revision_text WHERE search @@ to_tsquery('simple', :match)",
)
_FROM = """
    FROM {hits}
    JOIN post ON post.id = revision.post_id AND post.public AND post.takedown_id IS NULL
    WHERE revision.is_current {conditions}
"""
_CITED = """
    SELECT citation.revision_id FROM source JOIN source_key ON source_key.source_id = source.id
    JOIN citation ON citation.key = source_key.key AND citation.is_current
    WHERE source.answers > 0 AND {said}
"""
_LIKE_SIGNS, _ESCAPED = re.compile("[%_/]"), r"/\g<0>"
_COUNT = """
    SELECT level, kind, count(*) AS posts
    FROM (SELECT post.level, post.kind {found} ORDER BY {order} LIMIT :most) AS counted GROUP BY level, kind
"""
_IN_ORDER = """
    SELECT post.id AS post_id, revision.id AS revision_id {found}
    AND post.kind = 'answer' AND {number} > :after ORDER BY {number} LIMIT :most
"""
_LIST = "SELECT post.id AS id {found} ORDER BY {order} LIMIT :limit OFFSET :offset"


def _dialect(session: Session) -> _Dialect:
    return _SQLITE if session.get_bind().dialect.name == "sqlite" else _POSTGRESQL


def _matching(dialect: _Dialect, query: Query, filters: Filters) -> tuple[str, dict[str, object]]:
    """From where and on what conditions hits come, and what is put into it."""
    conditions, parameters = _conditions(filters)
    if query.terms:
        parameters["match"] = dialect.match(query.terms)
    if query.terms and not query.wanted:
        conditions += f" AND revision.id NOT IN ({dialect.matching})"
    return _FROM.format(hits=dialect.hits if query.wanted else "revision", conditions=conditions), parameters


def _conditions(filters: Filters) -> tuple[str, dict[str, object]]:
    conditions, parameters = [], dict[str, object]()
    if filters.collection is not None:
        conditions.append(
            "AND post.thread_id IN (SELECT thread.id FROM thread JOIN collection "
            "ON collection.id = thread.collection_id WHERE collection.slug = :collection)"
        )
        parameters["collection"] = filters.collection
    if filters.author is not None:
        conditions.append("AND post.author_id IN (SELECT author.id FROM author WHERE author.name = :author)")
        parameters["author"] = filters.author
    if filters.levels is not None:
        named = [f"'{level.value}'" for level in sorted(level for level in filters.levels if level)]
        either = [f"post.level IN ({', '.join(named)})"] if named else []
        either += ["post.level IS NULL"] if None in filters.levels else []
        conditions.append(f"AND post.kind = 'answer' AND ({' OR '.join(either) or 'FALSE'})")
    for number, citing in enumerate(filters.cites):
        conditions.append(_citing(number, citing, parameters))
    return " ".join(conditions), parameters


def _citing(number: int, citing: Citing, parameters: dict[str, object]) -> str:
    said = []
    if citing.work is not None:
        said.append(f"source.id = :work{number}")
        parameters[f"work{number}"] = citing.work
    for place, word in enumerate(citing.words):
        said.append(f"source.words LIKE :word{number}_{place} ESCAPE '/'")
        parameters[f"word{number}_{place}"] = f"% {_LIKE_SIGNS.sub(_ESCAPED, word)}%"
    which = _CITED.format(said=" AND ".join(said) or "FALSE")
    return f"AND post.kind = 'answer' AND revision.id {'IN' if citing.wanted else 'NOT IN'} ({which})"
