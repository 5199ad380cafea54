"""Rows of posts as pages show them.

What was made of a row is kept for as long as the row is the very same, and nothing else of the post has changed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import orjson
from sqlalchemy.orm import Session

from archive.byte_cache import Remade, weigh
from archive.domain.checking import CheckSum, check_sum
from archive.domain.records import Facts
from archive.domain.source_quality import Level
from archive.services.views import Decision, Evidence, Missing, PostView, TakenDown
from archive.store.cited import standings_of
from archive.store.pages import count_revisions
from archive.store.thread_posts import AnyPost, ReadPost, weigh_post

_NOT_ABSENT: Mapping[int, datetime] = MappingProxyType({})
_NOT_MISSING: Mapping[int, Missing] = MappingProxyType({})
_UNCHECKED = check_sum(())
_OVERHEAD = 1_000  # bytes, about, of a view beside its row


class _Beside(NamedTuple):
    """What is known of a post that its row does not say."""

    revisions: int = 1
    absent_at: datetime | None = None
    missing: Missing | None = None
    checked: CheckSum | None = None


_MadeFrom = tuple[AnyPost, _Beside]
_NOTHING = _Beside()


def _weight(made_from: _MadeFrom, view: PostView) -> int:
    row, known = made_from
    rare = (view.facts, known.missing, view.decision)  # which few have
    return weigh_post(row) + _OVERHEAD + (weigh(*rare) if any(rare) else 0)


def _same(then: _MadeFrom, now: _MadeFrom) -> bool:
    return then[0] is now[0] and then[1] == now[1]


_kept: Remade[int, _MadeFrom, PostView] = Remade(24 * 1024 * 1024, weigh=_weight, same=_same)  # by revision


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
    sums = {revision_id: check_sum(found) for revision_id, found in standings_of(session, sourced).items()}
    beside = {revision_id: _Beside(checked=sums.get(revision_id, _UNCHECKED)) for revision_id in sourced}
    for row in rows:
        if row.id in revisions or row.id in absences or row.id in missing:
            checked = beside.get(row.revision_id, _NOTHING).checked
            known = revisions.get(row.id, 1), absences.get(row.id), missing.get(row.id)
            beside[row.revision_id] = _Beside(*known, checked)
    made_from = [(row, beside.get(row.revision_id, _NOTHING)) for row in rows]
    if not all(isinstance(row, ReadPost) for row in rows):  # those are made anew each time
        return [*map(_post_view, made_from)]
    return _kept.of_all([row.revision_id for row in rows], made_from, _post_view)


def _post_view(made_from: _MadeFrom) -> PostView:
    row, known = made_from
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
        revisions=known.revisions,
        captured_at=row.captured_at,
        decision=None if row.level is None or taken_down else _decision(row, row.level),
        tag_version=row.tag_version,
        checked=None if taken_down else known.checked,
        absent_at=known.absent_at,
        missing=known.missing,
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
