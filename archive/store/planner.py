"""What PostgreSQL has to know and to do, after a large batch, before it can choose its ways through the tables.

It looks at tables by itself, and sorts what has come into the index of words, a minute or more after they have grown.
Until then it takes them for as small as they were, and reads every text for a search: of an archive that was empty
before, for more than a second. SQLite chooses by the indexes alone.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

MANY = 2_000  # posts that have come or gone; of fewer, PostgreSQL's own look is soon enough
_GROWING = (
    *("thread", "author", "post", "revision", "revision_text", "thread_topic", "search_form"),
    *("citation", "source", "source_key"),
)
_SORT_WORDS = """
    SELECT gin_clean_pending_list(oid) FROM pg_class
    WHERE oid = to_regclass('ix_revision_text_search') AND pg_has_role(relowner, 'USAGE')
"""


def look_at_tables(session: Session) -> None:
    """Have PostgreSQL know from the commit on what has changed. A table that somebody looks at now is left to them."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(_SORT_WORDS))
        session.execute(text(f"ANALYZE (SKIP_LOCKED) {', '.join(_GROWING)}"))
