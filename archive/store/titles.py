"""What threads are called of whose question nothing came, or nothing is public: the subject of their first mail."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import exists, select, text, update
from sqlalchemy.orm import Session, aliased

from archive.domain.records import PostKind
from archive.domain.thread_tree import sibling_rank
from archive.store.parts import parts
from archive.store.threads import Post, Revision, RevisionText, Thread

UNTITLED = "Untitled"  # what lists print for a thread of which neither title nor subject was received
_Question = aliased(Post)
_Text = aliased(Revision)
_AT_ONCE = 1_000  # rows

# Those that readers see, of which a batch touches a text with a title or a subject; see `publishing`.
_WITHOUT_QUESTION = text(f"""
    SELECT DISTINCT thread.id FROM touched_revision JOIN revision ON revision.id = touched_revision.id
    JOIN thread ON thread.id = revision.thread_id
    WHERE revision.subject IS NOT NULL AND thread.public AND NOT thread.own AND (
        thread.title = '{UNTITLED}' OR NOT EXISTS (
            SELECT 1 FROM post WHERE post.thread_id = thread.id AND post.kind = 'question' AND post.public))
    ORDER BY thread.id
""")


def title_by_subject(session: Session, thread_id: int) -> None:
    """Give a draft without a titled question the subject of its first mail for a title, whichever came first."""
    question = exists().where(_Question.thread_id == thread_id, _Question.kind == PostKind.QUESTION)
    question = question.where(
        _Text.post_id == _Question.id, RevisionText.revision_id == _Text.id, RevisionText.title != ""
    )
    query = (
        select(Post.posted_at, Post.source_key, Revision.facts)
        .join(Revision, Revision.post_id == Post.id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Post.thread_id == thread_id, ~Thread.public, ~question, Revision.facts.contains('"subject":'))
    )
    if subject := _first_subject(session.execute(query.execution_options(yield_per=_AT_ONCE))):
        session.execute(update(Thread).where(Thread.id == thread_id).values(title=subject))


def title_touched(session: Session, also: Collection[int]) -> None:
    """Give what is touched and public without its question the title of a public text, or the first subject of them.

    :param also: threads of which it was touched where their posts hang.
    """
    threads = {*session.scalars(_WITHOUT_QUESTION)}
    title_by_public_texts(session, threads)
    title_by_public_texts(session, _public_without_question(session, {*also} - threads))


def title_by_public_texts(session: Session, thread_ids: Collection[int]) -> None:
    """Give threads the title of a public text, or the first subject of them."""
    for part in parts(sorted(thread_ids)):
        titles = dict.fromkeys(part, UNTITLED) | dict(_public_titles(session, part))
        rows = [{"id": id_, "title": title} for id_, title in titles.items()]
        session.execute(text("UPDATE thread SET title = :title WHERE id = :id"), rows)


def untitled_threads(session: Session, thread_ids: Sequence[int]) -> Sequence[int]:
    """Those of some threads that readers see and that have no title."""
    query = select(Thread.id).where(Thread.id.in_(thread_ids), Thread.public, Thread.title == UNTITLED)
    return session.scalars(query.order_by(Thread.id)).all()


def _public_without_question(session: Session, thread_ids: Collection[int]) -> set[int]:
    question = exists().where(_Question.thread_id == Thread.id, _Question.kind == PostKind.QUESTION, _Question.public)
    query = select(Thread.id).where(Thread.public, ~Thread.own, ~question)
    found: set[int] = set()
    for part in parts(sorted(thread_ids)):
        found.update(session.scalars(query.where(Thread.id.in_(part))))
    return found


def _public_titles(session: Session, thread_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    query = (
        select(Post.thread_id, Post.posted_at, Post.source_key, Revision.facts, RevisionText.title)
        .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .where(Post.thread_id.in_(thread_ids), Revision.subject.is_not(None))
        .order_by(Post.thread_id, Post.id)
    )
    found = session.execute(query.execution_options(yield_per=_AT_ONCE))
    for thread_id, rows in groupby(found, key=attrgetter("thread_id")):
        title = _title_or_subject(rows)
        if title:
            yield thread_id, title


def _title_or_subject(rows: Iterable[Any]) -> str | None:
    """The first title; where there is none, the first subject."""
    titles: list[str] = []

    def untitled() -> Iterator[Any]:
        for row in rows:
            if row.title:
                titles.append(row.title)
                return
            yield row

    subject = _first_subject(untitled())
    return titles[0] if titles else subject


def _first_subject(rows: Iterable[Any]) -> str | None:
    """The subject of the first of some texts that has one. A thread may have a million: one is held."""
    first: tuple[tuple[datetime, str], str] | None = None
    for row in rows:
        rank = sibling_rank(row.posted_at, row.source_key)
        if first is None or rank <= first[0]:
            subject = orjson.loads(row.facts or "{}").get("subject", "")
            if subject.strip() and (first is None or (rank, subject) < first):
                first = rank, subject
    return None if first is None else first[1]
