"""What an answer on the bench depends on besides itself, and what a vote on it has to do: asked for at once.

Each is a moment's work for the database, and each statement of its own would take longer than all of them together.
"""

from typing import NamedTuple

from sqlalchemy import Integer, String, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from archive.domain.bench_rules import BenchRules
from archive.domain.ids import CollectionSlug, PublicId, UserId
from archive.domain.shipped_codebook import SHIPPED_VERSION
from archive.store.acts import UNDONE, Act
from archive.store.bench_rules import RULES, StoredRules
from archive.store.bulk_tags import Mark
from archive.store.codebook import CodebookVersion
from archive.store.collections import Collection
from archive.store.holds import Hold, TeamNote
from archive.store.pages import PostRow
from archive.store.pending import Pending
from archive.store.tags import Tag
from archive.store.threads import Author, Post, Revision, RevisionRow, RevisionText, Thread
from archive.store.trained import IN_FORCE, TrainedModel
from archive.store.votes import Vote

_MINE = bindparam("mine", type_=Integer)
_POST = bindparam("post", type_=Integer)
_REVISION = bindparam("revision", type_=Integer)
_Writer = aliased(Post)


class Circumstances(NamedTuple):
    """Of one text of an answer, for one moderator."""

    thread: PublicId
    title: str
    collection_id: int
    collection: CollectionSlug
    collection_name: str
    answers: int  # of the thread, public ones
    codebook: int  # the version in force
    engine: str | None  # the weights in force that this version of the program can read; None for those it came with
    current: int  # the text that readers see
    public: bool  # whether the text is
    voted: bool  # whether anybody has ever voted on the answer
    decided: bool  # whether the moderator has decided on the text
    marked: bool  # by the moderator, to be tagged with others
    noted: bool  # whether the team said anything of the answer or its author
    held: bool  # for a colleague
    pending: bool
    undone: bool  # whether the moderator took something back that could be done again
    rules: BenchRules  # of the collection


def circumstances(session: Session, post: PostRow, revision_id: int, *, moderator: UserId, base: str) -> Circumstances:
    """What stands around a text of an answer that is there.

    :param base: the version of the program's engine.
    """
    asked = {"thread": post.thread_id, "post": post.id, "revision": revision_id, "mine": moderator, "base": base}
    row = session.execute(_AROUND, asked).one()
    *facts, rules = (*row[:_FACTS], row[_FACTS:])
    set_ones = BenchRules() if None in rules else BenchRules(**dict(zip(RULES, rules, strict=True)))
    return Circumstances._make((*facts, set_ones))


class JudgedRow(NamedTuple):
    """A public text of a post that somebody judges."""

    post_id: int
    writer: str | None
    engine: str | None  # the weights in force, as above
    revision: RevisionRow


def find_judged(session: Session, post: PublicId, revision_id: int, *, base: str) -> JudgedRow | None:
    """The text of that number, if it is one of a public post, and public.

    :param base: the version of the program's engine.
    """
    row = session.execute(_JUDGED, {"address": post, "revision": revision_id, "base": base}).one_or_none()
    return None if row is None else JudgedRow(row[0], row[1], row[2], RevisionRow._make(row[3:]))


_ENGINE = (
    select(TrainedModel.engine).where(IN_FORCE, TrainedModel.base == bindparam("base", type_=String)).scalar_subquery()
)


_JUDGED = (
    select(
        Post.id,
        func.coalesce(Author.name, Post.byline),
        _ENGINE,
        RevisionText.text,
        Revision.markup,
        Revision.number,
        Revision.fingerprint,
    )
    .select_from(Post)
    .join(Revision, Revision.post_id == Post.id)
    .join(RevisionText, RevisionText.revision_id == Revision.id)
    .outerjoin(Author, Author.id == Post.author_id)
    .where(Post.public_id == bindparam("address"), Post.public, Revision.id == _REVISION, Revision.public)
)
_AUTHOR = select(_Writer.author_id).where(_Writer.id == _POST).scalar_subquery()
_FACTS = len(Circumstances._fields) - 1
_AROUND = (
    select(
        Thread.public_id,
        Thread.title,
        Thread.collection_id,
        Collection.slug,
        Collection.name,
        Thread.answers,
        func.coalesce(select(func.max(CodebookVersion.number)).scalar_subquery(), SHIPPED_VERSION),
        _ENGINE,
        select(Revision.id).where(Revision.post_id == _POST, Revision.is_current).scalar_subquery(),
        select(Revision.id).where(Revision.id == _REVISION, Revision.post_id == _POST, Revision.public).exists(),
        select(Vote.id).where(Vote.post_id == _POST).exists(),
        select(Tag.id).where(Tag.post_id == _POST, Tag.revision_id == _REVISION, Tag.moderator_id == _MINE).exists(),
        select(Mark.post_id).where(Mark.post_id == _POST, Mark.moderator_id == _MINE).exists(),
        or_(
            select(TeamNote.id).where(TeamNote.post_id == _POST, TeamNote.removed_at.is_(None)).exists(),
            select(TeamNote.id).where(TeamNote.author_id == _AUTHOR, TeamNote.removed_at.is_(None)).exists(),
        ),
        select(Hold.id).where(Hold.post_id == _POST, Hold.ended_at.is_(None)).exists(),
        select(Pending.post_id).where(Pending.post_id == _POST).exists(),
        select(Act.id).where(Act.moderator_id == _MINE, UNDONE).exists(),
        *(getattr(StoredRules, name) for name in RULES),
    )
    .select_from(Thread)
    .join(Collection, Collection.id == Thread.collection_id)
    .outerjoin(StoredRules, StoredRules.collection_id == Thread.collection_id)
    .where(Thread.id == bindparam("thread", type_=Integer))
)
