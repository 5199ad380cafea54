"""As much of a post as a list of hits shows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Dialect
from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug, PublicId
from archive.domain.records import Markup, PostKind
from archive.domain.source_quality import Level
from archive.store.driver import read_rows
from archive.store.searching.conditions import Place
from archive.store.searching.dialects import as_list, dialect_of
from archive.store.threads import Post, Revision

_MOST_PLACES = 500


class HitRow(NamedTuple):
    """A post that was found, and its thread."""

    id: int
    public_id: PublicId
    kind: PostKind
    author: str | None
    author_id: PublicId | None
    byline: str | None
    posted_at: datetime | None
    level: Level | None
    revision_id: int
    markup: Markup
    text: str
    words: str | None
    thread: PublicId
    title: str
    collection: CollectionSlug
    collection_name: str


def hit_rows(session: Session, post_ids: Sequence[int]) -> Sequence[HitRow]:
    """Public posts by their numbers, in no order."""
    if not post_ids:
        return ()
    query = _HITS.format(numbers=dialect_of(session).numbers)
    as_stored = _as_stored(session.get_bind().dialect)
    found = []
    for row in read_rows(session, query, {"numbers": as_list(session, post_ids)}):
        values = [*row]
        for place, value_of in as_stored:
            values[place] = value_of(values[place])
        found.append(HitRow._make(values))
    return found


_HITS = """
    SELECT post.id, post.public_id, post.kind, author.name AS author, author.public_id AS author_id, post.byline,
        post.posted_at, post.level, revision.id AS revision_id, revision.markup,
        revision_text.text, revision_text.words, thread.public_id AS thread, thread.title,
        collection.slug AS collection, collection.name AS collection_name
    FROM post
    JOIN revision ON revision.post_id = post.id AND revision.is_current
    JOIN revision_text ON revision_text.revision_id = revision.id
    JOIN thread ON thread.id = post.thread_id
    JOIN collection ON collection.id = thread.collection_id
    LEFT JOIN author ON author.id = post.author_id
    WHERE post.id IN ({numbers}) AND post.public AND post.takedown_id IS NULL
"""
_PLACES = f"""
    SELECT id, slug, name, language FROM collection
    WHERE EXISTS (SELECT 1 FROM thread WHERE thread.public = TRUE AND thread.collection_id = collection.id)
    ORDER BY name, id LIMIT {_MOST_PLACES}
"""


@cache
def _as_stored(dialect: Dialect) -> Sequence[tuple[int, Callable[[Any], Any]]]:
    """What a value in the database stands for, by its place in a row."""
    columns = {"kind": Post.kind, "posted_at": Post.posted_at, "level": Post.level, "markup": Revision.markup}
    values = {name: column.type.result_processor(dialect, None) for name, column in columns.items()}
    return [(HitRow._fields.index(name), value_of) for name, value_of in values.items() if value_of]


def places(session: Session) -> Sequence[Place]:
    """Collections that hold something public, by name."""
    return [Place(*row) for row in read_rows(session, _PLACES)]
