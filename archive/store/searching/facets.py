"""What the posts that were found have in common: names behind the numbers by which they are counted."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from archive.store.searching.dialects import as_list, dialect_of
from archive.store.threads import Author

_DOMAINS = """
    SELECT source.domain, count(DISTINCT citation.revision_id) AS posts
    FROM citation JOIN source_key ON source_key.key = citation.key JOIN source ON source.id = source_key.source_id
    WHERE citation.revision_id IN ({numbers}) AND citation.is_current AND NOT citation.sealed
    AND source.domain IS NOT NULL AND source.answers > 0
    GROUP BY source.domain ORDER BY posts DESC, source.domain LIMIT :limit
"""


def cited_domains(session: Session, revision_ids: Sequence[int], *, limit: int) -> Sequence[tuple[str, int]]:
    """Places on the web that most of the texts cite, and how many do."""
    query = text(_DOMAINS.format(numbers=dialect_of(session).numbers))
    numbers = as_list(session, revision_ids)
    return [(row.domain, row.posts) for row in session.execute(query, {"numbers": numbers, "limit": limit})]


def author_names(session: Session, ids: Iterable[int]) -> Mapping[int, str]:
    """Names of authors by their numbers."""
    rows = session.execute(select(Author.id, Author.name).where(Author.id.in_([*ids])))
    return {id_: name for id_, name in rows}  # noqa: C416 - typed so
