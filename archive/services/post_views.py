"""Rows of posts as pages show them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import orjson
from sqlalchemy.orm import Session

from archive.domain.checking import CheckSum, check_sum
from archive.domain.records import Facts
from archive.domain.source_quality import Level
from archive.services.views import Decision, Evidence, Missing, PostView, TakenDown
from archive.store.cited import standings_of
from archive.store.pages import count_revisions
from archive.store.thread_posts import AnyPost

_NOT_ABSENT: Mapping[int, datetime] = MappingProxyType({})
_NOT_MISSING: Mapping[int, Missing] = MappingProxyType({})


def post_views(
    session: Session,
    rows: Sequence[AnyPost],
    *,
    drafts: bool,
    absences: Mapping[int, datetime] = _NOT_ABSENT,
    missing: Mapping[int, Missing] = _NOT_MISSING,
) -> list[PostView]:
    """Rows of posts as pages show them.

    :param absences: by post, when a capture came that lacks it, where a page says so.
    :param missing: by post, what is known to be missing below it, where a page says so.
    """
    revisions = count_revisions(session, [row.id for row in rows if row.revision_number > 1], drafts=drafts)
    sourced = [row.revision_id for row in rows if row.level is not None and row.level.sourced]
    standings = standings_of(session, sourced)
    sums = {revision_id: check_sum(standings.get(revision_id, ())) for revision_id in sourced}
    return [
        _post_view(
            row,
            revisions=revisions.get(row.id, 1),
            absent_at=absences.get(row.id),
            missing=missing.get(row.id),
            checked=sums.get(row.revision_id),
        )
        for row in rows
    ]


def _post_view(
    row: AnyPost,
    *,
    revisions: int,
    absent_at: datetime | None,
    missing: Missing | None,
    checked: CheckSum | None,
) -> PostView:
    taken_down = TakenDown(reason=row.takedown_reason, at=row.taken_down_at) if row.takedown_id is not None else None
    return PostView(
        id=row.id,
        public_id=row.public_id,
        kind=row.kind,
        author=row.author,
        author_id=row.author_id,
        byline=row.byline,
        posted_at=row.posted_at,
        parent=row.parent,
        parent_author=row.parent_author,
        awaits=row.awaits,
        edge=row.edge,
        depth=row.depth,
        text=row.text,
        words=row.words,
        markup=row.markup,
        state=row.state,
        facts=facts_of(row),
        revision_id=row.revision_id,
        revision_number=row.revision_number,
        revisions=revisions,
        captured_at=row.captured_at,
        decision=None if row.level is None or taken_down else _decision(row, row.level),
        tag_version=row.tag_version,
        checked=None if taken_down else checked,
        absent_at=absent_at,
        missing=missing,
        taken_down=taken_down,
    )


def facts_of(row: AnyPost) -> Facts:
    """What else the source says of the post."""
    facts: Facts = orjson.loads(row.facts) if row.facts else {}
    return facts


def _decision(row: AnyPost, level: Level) -> Decision:
    return Decision(
        level=level,
        by=row.tagged_by,
        at=row.tagged_at,
        codebook_version=row.codebook_version,
        note=row.note,
        evidence=[Evidence(**words) for words in row.evidence],
        revision_number=row.tagged_revision_number,
        basis=row.basis,
        agreeing=len(row.rests_on),
        votes=row.votes,
    )
