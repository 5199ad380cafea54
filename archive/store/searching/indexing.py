"""Which texts FTS5 knows. PostgreSQL keeps an index of all texts by itself; each search asks who sees them."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

# FTS5 weighs a word by how many texts have it, and a text by how long others are. So it knows the texts that readers
# see and no others: a draft would change the order of what they find, and they would wait for what they may not see.
# What is left of a post that is wholly down, such as the words in place of its title, no search may count either.
# Texts are given in their order, or it would write each time what it has gathered. `touched_text` was shown before.
# As much as PostgreSQL can hold, and with “ss” for “ß”, which FTS5 takes for another letter.
_FOLDED = "replace(replace({}, 'ß', 'ss'), 'ẞ', 'ss')"
_SEARCHED = ", ".join((_FOLDED.format("title"), _FOLDED.format("substr(coalesce(words, text), 1, 200000)")))
_STANDING = "SELECT id FROM post WHERE takedown_id IS NULL AND id {posts}"
_KNOWN = f"SELECT id FROM revision WHERE is_current AND post_id IN ({_STANDING})"
REMEMBER_TEXTS = ("DELETE FROM touched_text", f"INSERT INTO touched_text {_KNOWN.format(posts='IN ({posts})')}")
INDEX_TEXTS = (
    f"""INSERT INTO revision_fts(revision_fts, rowid, title, text)
        SELECT 'delete', revision_id, {_SEARCHED}
        FROM touched_text JOIN revision ON revision.id = touched_text.id AND NOT revision.is_current
        JOIN revision_text ON revision_text.revision_id = touched_text.id
        ORDER BY revision_id""",
    f"""INSERT INTO revision_fts(rowid, title, text)
        SELECT revision_id, {_SEARCHED} FROM revision_text
        WHERE revision_id IN ({_KNOWN.format(posts="IN ({posts})")})
        AND revision_id NOT IN (SELECT id FROM touched_text)
        ORDER BY revision_id""",
)
WRONG_INDEX = text("""
    SELECT post.public_id FROM revision JOIN post ON post.id = revision.post_id
    WHERE (revision.is_current AND post.takedown_id IS NULL)
    != EXISTS (SELECT 1 FROM revision_fts_docsize WHERE id = revision.id) ORDER BY revision.id
""")


def unindex_posts(session: Session, post_ids: Sequence[int]) -> None:
    """Have no search find posts until they are indexed again; before anything of their current texts is changed."""
    if session.get_bind().dialect.name == "sqlite":
        _index(session, "INSERT INTO revision_fts(revision_fts, rowid, title, text) SELECT 'delete',", post_ids)


def index_posts(session: Session, post_ids: Sequence[int]) -> None:
    """Have searches find posts by what their current texts say now."""
    if session.get_bind().dialect.name == "sqlite":
        _index(session, "INSERT INTO revision_fts(rowid, title, text) SELECT", post_ids)


def _index(session: Session, into: str, post_ids: Sequence[int]) -> None:
    known = _KNOWN.format(posts="= :post")
    statement = f"{into} revision_id, {_SEARCHED} FROM revision_text WHERE revision_id IN ({known})"
    for post_id in sorted(post_ids):
        session.execute(text(statement), {"post": post_id})
