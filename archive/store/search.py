"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL, the same query on both.

Ranking every match of a common word costs a hundred times as much as listing the newest
ones, so the best come first only where matches are few, and of many only the newest are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
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
class Filters:
    """What else a hit must be."""

    levels: frozenset[Level | None] | None
    collection: str | None
    author: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The posts of one page of hits, and how many there are."""

    post_ids: Sequence[int]
    total: int
    counted_all: bool
    ranked: bool
    by_level: dict[Level | None, int]  # of the counted ones, the newest, that are answers


def search_posts(session: Session, query: Query, filters: Filters, *, limit: int, offset: int) -> Found:
    """Find public posts whose current text contains what is asked for."""
    dialect = _SQLITE if session.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    match = dialect.match(query.terms)
    conditions, parameters = _conditions(filters)
    parameters |= {"match": match, "most": COUNT_UP_TO + 1, "limit": limit, "offset": offset}
    found = _FROM.format(hits=dialect.hits, conditions=conditions)
    counted = session.execute(text(_COUNT.format(found=found, order=dialect.newest_first)), parameters).all()
    total = sum(row.posts for row in counted)
    ranked = total <= COUNT_UP_TO
    order = dialect.best_first if ranked else dialect.newest_first
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


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one database is asked."""

    hits: str  # FROM clause that yields revisions that match
    best_first: str  # ORDER BY
    newest_first: str  # ORDER BY
    word: str  # how a phrase is quoted
    joined_by: str
    negated: str

    def match(self, terms: Sequence[Term]) -> str:
        wanted = [self._phrase(term) for term in terms if term.wanted]
        unwanted = [self.negated + self._phrase(term) for term in terms if not term.wanted]
        return self.joined_by.join(wanted) + "".join(unwanted)

    def _phrase(self, term: Term) -> str:
        words = map(without_latin_accents, term.words)
        return self.word.format(term=(" " if self is _SQLITE else " <-> ").join(words))


_SQLITE = _Dialect(
    hits="revision_fts JOIN revision ON revision.id = revision_fts.rowid AND revision_fts MATCH :match",
    best_first=f"bm25(revision_fts, {_TITLE_WEIGHT}, 1.0), post.id DESC",
    newest_first="revision_fts.rowid DESC",  # the order in which FTS5 can read its matches, and stop
    word='"{term}"',
    joined_by=" AND ",
    negated=" NOT ",
)
_POSTGRESQL = _Dialect(
    hits="revision_text JOIN revision ON revision.id = revision_text.revision_id "
    "AND revision_text.search @@ to_tsquery('simple', :match)",
    best_first="ts_rank(revision_text.search, to_tsquery('simple', :match)) DESC, post.id DESC",
    newest_first="revision.id DESC",
    word="({term})",
    joined_by=" & ",
    negated=" & !",
)
_FROM = """
    FROM {hits}
    JOIN post ON post.id = revision.post_id AND post.public
    WHERE revision.is_current {conditions}
"""
_COUNT = """
    SELECT level, kind, count(*) AS posts
    FROM (SELECT post.level, post.kind {found} ORDER BY {order} LIMIT :most) AS counted GROUP BY level, kind
"""
_LIST = "SELECT post.id AS id {found} ORDER BY {order} LIMIT :limit OFFSET :offset"


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
    return " ".join(conditions), parameters
