"""What was decided on an answer, one decision after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.second_opinions import Basis, basis_words
from archive.domain.source_quality import Level
from archive.services.browse import visible_post
from archive.services.views import Evidence
from archive.store.checks import struck_tags
from archive.store.tags import TagAct, list_decisions
from archive.store.threads import Post, Revision
from archive.store.traces import traces_of_tags


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One decision on a post."""

    id: int
    act: TagAct
    level: Level | None
    by: str
    at: datetime
    evidence: Sequence[Evidence]
    note: str
    codebook_version: int
    revision_number: int
    suggested: Level | None
    suggestion_seen: bool
    in_force: bool
    withdrawn: bool  # the text that was judged: readers see it no longer, and no tag that was given to it
    was: Level | None  # before it; None: no tag
    because: str  # what led to it, where that was no look at the answer alone; "" otherwise
    basis: str  # what it rests on, in words
    together: bool  # whether several gave the level, of whom the one who is named was the last


def history(session: Session, public_id: str) -> Sequence[HistoryEntry]:
    """The decisions on a post, newest first.

    :raises NotFoundError: if there is no such post.
    """
    row = visible_post(session, public_id, drafts=False)
    in_force = session.get_one(Post, row.id).tag_id
    query = select(Revision.id, Revision.number, Revision.public).where(Revision.post_id == row.id)
    judged = {revision.id: revision for revision in session.execute(query)}
    causes: dict[int | None, str] = {
        trace.tag_id: "by a supplied reference" for trace in traces_of_tags(session, row.id)
    }
    causes.update(dict.fromkeys(struck_tags(session, row.id), "as a reference was struck"))
    decisions = list_decisions(session, row.id)
    causes.update({one.id: "on an objection" for one, _ in decisions if one.basis is Basis.OBJECTION})
    before = [decision for decision, _ in decisions[1:]]
    return [
        HistoryEntry(
            id=decision.id,
            act=decision.act,
            level=decision.level,
            by=name,
            at=decision.at,
            evidence=[Evidence(**words) for words in decision.evidence if judged[decision.revision_id].public],
            note=decision.note,
            codebook_version=decision.codebook_version,
            revision_number=judged[decision.revision_id].number,
            suggested=decision.suggested,
            suggestion_seen=decision.suggestion_seen,
            in_force=decision.id == in_force and judged[decision.revision_id].public,
            withdrawn=not judged[decision.revision_id].public,
            was=former.level if former else None,
            because=causes.get(decision.id, ""),
            basis=basis_words(decision.basis, agreeing=len(decision.rests_on), votes=decision.votes),
            together=decision.basis is Basis.AGREED,
        )
        for (decision, name), former in zip_longest(decisions, before)
    ]
