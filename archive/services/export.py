"""Passing a collection on: what is public of it, as Footnote's own lines, which any archive can import."""

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy.orm import Session

from archive.domain.records import Edge, PostKind, PostRecord, PostState, RawRef
from archive.services.browse import any_collection
from archive.services.transaction import look_at_one_moment
from archive.store.exporting import posts_to_export
from imports.footnote_jsonl import write_post


def export_lines(session: Session, collection: str) -> Iterator[bytes]:
    """Yield a line for each public post, as its source gives it. Decisions of people are no part of it.

    :raises NotFoundError: if there is no collection of that name.
    """
    look_at_one_moment(session)
    found = any_collection(session, collection)
    for row in posts_to_export(session, found.id):
        yield write_post(_record(row))


def _record(row: Any) -> PostRecord:
    kind = PostKind(row.kind)
    edge = Edge(row.edge)
    if edge is Edge.PERSON or (edge is Edge.CUT and row.parent is not None):  # nothing is known of what the source says
        edge = Edge.SOURCE
    return PostRecord(
        thread=row.thread,
        key=row.source_key,
        key_basis=row.key_basis,
        parent=row.parent,
        kind=kind,
        byline=row.byline,
        title=row.title if kind is PostKind.QUESTION else None,
        text=row.text,
        markup=row.markup,
        posted_at=row.posted_at,
        ref=RawRef(original=row.original, offset=row.offset, length=row.length),
        edge=edge,
        state=PostState(row.state),
        facts=orjson.loads(row.facts) if row.facts else None,
    )
