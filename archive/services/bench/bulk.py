"""One level for many answers at once: all of them or none, each by a vote of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.at_once import MOST_AT_ONCE, AtOnceError, LeftOut, Standing
from archive.domain.ids import PublicId, UserId
from archive.domain.moderation import ReasonCode, clean_note
from archive.domain.source_quality import Level
from archive.services import assess
from archive.services.bench.cast import Judged, Said, Sight, vote_of
from archive.services.bench.lone import settle_lone
from archive.services.decisions import held_posts
from archive.services.ledger import Actor, record, record_all
from archive.services.transaction import writing
from archive.store.acts import ActKind, add_act
from archive.store.bulk_tags import MAX_SOURCE, Bulk, Candidate, answers_numbered, as_recorded, forget_marks
from archive.store.codebook import current_number
from archive.store.ledger import Told
from archive.store.pages import PostRow
from archive.store.threads import revisions_numbered
from archive.store.users import User
from archive.store.votes import as_recorded as vote_as_recorded
from archive.store.votes import own_levels, set_own_aside


class NothingTaggedError(AtOnceError):
    """All answers that were chosen had to be left out."""

    def __init__(self, left_out: Mapping[PublicId, LeftOut]) -> None:
        self.left_out = left_out
        reasons = ", ".join(dict.fromkeys(why.words for why in left_out.values()))
        super().__init__(f"Nothing was stored: every answer that you chose was left out ({reasons}).")


@dataclass(frozen=True, slots=True)
class Picked:
    """An answer as it stood on the page where it was chosen."""

    post: PublicId
    revision_id: int
    version: int  # of its decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfAll:
    """What a moderator says of many answers."""

    level: Level
    reason: ReasonCode | None = None
    note: str = ""
    own: bool = False  # whether answers that one tagged alone may be tagged anew
    source: str = ""  # the search by which they were found


def tag_at_once(session: Session, picked: Sequence[Picked], said: SaidOfAll, *, moderator: User) -> int:
    """Vote on many answers; the number of the bulk. Answers on which others voted or decided since are left out.

    :raises AtOnceError: if none is chosen, or too many, or the moderator's votes do not count yet.
    :raises NothingTaggedError: if all of them had to be left out.
    """
    _check(picked, said, moderator)
    note = clean_note(said.note)
    assess.propose_for_all(session, [one.revision_id for one in picked])  # before anybody has to wait
    with writing(session):
        rows = held_posts(session, [one.post for one in picked])
        left_out = _left_out(session, picked, said, moderator.id)
        wanted = [one for one in picked if one.post not in left_out]
        if not wanted:
            raise NothingTaggedError(left_out)
        bulk = _add_bulk(session, said, note, moderator, asked=len(picked), left_out=left_out)
        number, of_each = bulk.id, Said(level=said.level, reason=said.reason, note=note, seen=Sight.MARKS)
        _vote_on_all(session, [rows[one.post] for one in wanted], of_each, moderator, bulk)
        forget_marks(session, moderator.id, [row.id for row in rows.values()])
        add_act(session, moderator.id, ActKind.BULK, at=bulk.at, post=None, what=number)
    return number


def _check(picked: Sequence[Picked], said: SaidOfAll, moderator: User) -> None:
    if not picked:
        raise AtOnceError("No answer is ticked. Tick those that you want to tag; nothing was stored.")
    if len(picked) > MOST_AT_ONCE:
        raise AtOnceError(f"At most {MOST_AT_ONCE} answers are tagged at once, and these are {len(picked):,}.")
    if len(said.source) > MAX_SOURCE:
        raise AtOnceError(
            "The search is too long to be kept with what is tagged by it. Shorten it; nothing was stored."
        )
    if not moderator.votes_count:
        raise AtOnceError("Your votes count once you have done the practice answers; then you can tag many at once.")


def _left_out(
    session: Session, picked: Sequence[Picked], said: SaidOfAll, moderator: UserId
) -> dict[PublicId, LeftOut]:
    stand = answers_numbered(session, [one.post for one in picked], moderator)
    own = own_levels(session, moderator, [one.revision_id for one in stand.values()])
    same = {revision for revision, level in own.items() if level is said.level}
    why = ((one.post, _why(one, stand.get(one.post), own=said.own, same=same)) for one in picked)
    return {post: reason for post, reason in why if reason is not None}


def _why(one: Picked, stands: Candidate | None, *, own: bool, same: set[int]) -> LeftOut | None:
    if stands is None or stands.revision_id != one.revision_id:
        return LeftOut.CHANGED
    if stands.version != one.version:
        return LeftOut.DECIDED
    if stands.standing is Standing.READ:
        return LeftOut.READ
    if stands.standing is Standing.DECIDED or (stands.standing is Standing.OWN and not own):
        return LeftOut.DECIDED
    if stands.standing is Standing.ASIDE:
        return LeftOut.ASIDE
    return LeftOut.SAME if stands.revision_id in same else None


def _add_bulk(
    session: Session,
    said: SaidOfAll,
    note: str,
    moderator: User,
    *,
    asked: int,
    left_out: Mapping[PublicId, LeftOut],
) -> Bulk:
    bulk = Bulk(
        moderator_id=moderator.id,
        at=now(),
        source=said.source,
        level=said.level,
        reason=said.reason,
        note=note,
        asked=asked,
        stored=asked - len(left_out),
        left_out=[[post, why] for post, why in left_out.items()],
    )
    session.add(bulk)
    session.flush()
    record(session, by=Actor.of(moderator), act="bulk", subject=f"bulk {bulk.id}", detail=as_recorded(bulk))
    return bulk


def _vote_on_all(session: Session, rows: Sequence[PostRow], said: Said, moderator: User, bulk: Bulk) -> None:
    texts = [row.revision_id for row in rows]
    revisions = {revision.id: revision for revision in revisions_numbered(session, texts)}
    suggestions = assess.suggestions_of(session, texts)
    before = set_own_aside(session, moderator.id, texts)
    votes, codebook = [], current_number(session)
    for row in rows:
        judged = Judged(row, row.revision_id, row.text, suggestions[row.revision_id], codebook)
        replaced = before.get(row.revision_id)
        votes.append(vote_of(judged, said, moderator, before=replaced, at=bulk.at, bulk=bulk.id))
    session.add_all(votes)
    session.flush()
    pairs = [*zip(rows, votes, strict=True)]
    told: list[Told] = [
        ("vote", f"post {row.public_id}", vote_as_recorded(vote, revisions[vote.revision_id])) for row, vote in pairs
    ]
    record_all(session, told + settle_lone(session, pairs, by=moderator, at=bulk.at), by=Actor.of(moderator))
