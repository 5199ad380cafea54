"""What PostgreSQL knows of its tables when it chooses a way through them.

It looks at tables by itself, a minute or more after they have grown. Until then it takes them for as small as they
were, and a search of an archive that was empty before takes half a second. SQLite chooses by the indexes alone.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

MANY = 2_000  # posts that have come or gone; of fewer, PostgreSQL's own look is soon enough
_GROWING = (
    *("thread", "author", "post", "revision", "revision_text", "thread_topic", "search_form"),
    *("citation", "source", "source_key"),
)


def look_at_tables(session: Session) -> None:
    """Have PostgreSQL know from the commit on what has changed. A table that somebody looks at now is left to them."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE (SKIP_LOCKED) {', '.join(_GROWING)}"))
