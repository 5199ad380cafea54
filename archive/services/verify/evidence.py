"""Evidence: whether the words of tags and votes stand in the texts where they say."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.sealed import SealedText
from archive.store.tags import Tag
from archive.store.threads import Post, RevisionText
from archive.store.votes import Vote

_TABLES: dict[str, type[Tag] | type[Vote]] = {"Tag": Tag, "Vote": Vote}


def evidence_faults(session: Session) -> Iterator[str]:
    """Yield where words of evidence are not those that stand there; not of texts that were purged."""
    purged = select(SealedText.revision_id).where(SealedText.text.is_(None))
    for name, table in _TABLES.items():
        query = (
            select(table.id, table.evidence, RevisionText.text, Post.public_id)
            .join(RevisionText, RevisionText.revision_id == table.revision_id)
            .join(Post, Post.id == table.post_id)
            .where(table.revision_id.not_in(purged))
            .order_by(table.id)
        )
        for number, evidence, text, post in session.execute(query.execution_options(yield_per=1000)):
            if any(text[words["start"] : words["end"]] != words["text"] for words in evidence):
                yield f"{name} {number} on post {post}: its words of evidence do not stand in the text where it says."
