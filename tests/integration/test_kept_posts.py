"""What was made of a post is used again only as long as nothing that is shown of it is another; on both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from archive.clock import now
from archive.domain.source_quality import Level
from archive.store.tags import Tag
from archive.store.threads import Author, Post, Revision, RevisionText, Thread, touch_threads
from archive.store.users import User
from tests.integration.conftest import Archive
from tests.integration.test_long_threads import line

# Of an answer `a` and a reply `r` to it: a column that pages show, another value, and what stands on the page then.
CHANGES: tuple[tuple[Any, str, str, object, str], ...] = (
    (Post, "a", "posted_at", datetime(1999, 12, 31, tzinfo=UTC), "31 December 1999"),
    (Revision, "a", "facts", '{"score":4711}', "4,711"),
    (Revision, "r", "state", "deleted", "Deleted in the source"),
    (RevisionText, "a", "text", "Nothing of what was said before.", "Nothing of what was said before."),
    (RevisionText, "r", "text", "Nor of this.", "Nor of this."),
    (Author, "a", "name", "somebody else", 'class="up" href="#post-{a}"><bdi>somebody else</bdi>'),
    (Tag, "a", "note", "For another reason.", "For another reason."),
    (User, "a", "name", "another_moderator", "another_moderator"),
)


@pytest.fixture
def talk(archive: Archive) -> Archive:
    lines = [line("q", None, "question", 0), line("a", "q", "answer", 1), line("r", "a", "reply", 2)]
    archive.import_({"a.jsonl": b"\n".join(lines)}, public=True)
    archive.judge("answerer_a", Level.UNSOURCED, archive.add_moderator("maud"))
    return archive


def test_a_change_of_anything_that_is_shown_of_a_post_is_seen_beside_posts_that_stay(
    talk: Archive, client: FlaskClient
) -> None:
    numbers = {row.kind: row for row in talk.posts(drafts=False)}
    answer, reply = numbers["answer"], numbers["reply"]
    address = f"/threads/{talk.session.scalars(select(Thread.public_id)).one()}"
    for table, whose, column, value, shown in CHANGES:
        row = answer if whose == "a" else reply
        before = client.get(address).text
        words = shown.format(a=answer.public_id)
        assert words not in before, words
        talk.session.execute(update(table).where(_of(table, row)).values({column: value}))
        touch_threads(talk.session, [row.thread_id], now=now())
        talk.session.commit()
        assert words in client.get(address).text, words


def _of(table: Any, row: Any) -> Any:
    """SQL: what of a table belongs to a post."""
    tag = select(Post.tag_id).where(Post.id == row.id).scalar_subquery()
    return {
        Post: Post.id == row.id,
        Revision: Revision.id == row.revision_id,
        RevisionText: RevisionText.revision_id == row.revision_id,
        Author: Author.public_id == row.author_id,
        Tag: Tag.id == tag,
        User: User.id == select(Tag.moderator_id).where(Tag.id == tag).scalar_subquery(),
    }[table]
