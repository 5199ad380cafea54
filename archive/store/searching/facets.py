"""What the posts that were found have in common: names behind the numbers by which they are counted."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from archive.store.driver import read_rows
from archive.store.searching.dialects import as_list, dialect_of

_DOMAINS = """
    SELECT source.domain, count(DISTINCT citation.revision_id) AS posts
    FROM citation JOIN source_key ON source_key.key = citation.key JOIN source ON source.id = source_key.source_id
    WHERE citation.revision_id IN ({numbers}) AND citation.is_current AND NOT citation.sealed
    AND source.domain IS NOT NULL AND source.answers > 0
    GROUP BY source.domain ORDER BY posts DESC, source.domain LIMIT :limit
"""


def cited_domains(session: Session, revision_ids: Sequence[int], *, limit: int) -> Sequence[tuple[str, int]]:
    """Places on the web that most of the texts cite, and how many do."""
    query = _DOMAINS.format(numbers=dialect_of(session).numbers)
    rows = read_rows(session, query, {"numbers": as_list(session, revision_ids), "limit": limit})
    return [(domain, posts) for domain, posts in rows]


def author_names(session: Session, ids: Iterable[int]) -> Mapping[int, str]:
    """Names of authors by their numbers."""
    query = f"SELECT id, name FROM author WHERE id IN ({dialect_of(session).numbers})"
    return dict(read_rows(session, query, {"numbers": as_list(session, [*ids])}))
