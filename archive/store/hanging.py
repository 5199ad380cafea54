"""Which post hangs under which: posts that wait for their parent, and take their place below it when they can.

What readers see hangs only under what readers see: a public post waits for a parent that is not there, and for one that
is not public. So no draft changes anything above, beside or between public posts before it is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, TextClause, func, literal, select, text, update
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PostKey, PublicId
from archive.domain.placement import kind_below
from archive.domain.records import Edge
from archive.store.base import Word
from archive.store.moving import carry, follow_parents, set_kind, subtree
from archive.store.parts import parts
from archive.store.threads import Post

_Above = aliased(Post)
_SAID = "coalesce({0}.source_thread_id, {0}.thread_id)"
_SAME_THREAD = f"{_SAID.format('post')} = {_SAID.format('parent')}"

# A parent in another thread stays away, unless a person chose it: a source that says so contradicts itself. Mails, and
# what else names no thread, are hung under what is in another one when all of it has come: see `joining`.
_FITS = f"""(post.edge = 'person' OR (post.edge != 'references' AND {_SAME_THREAD})
    OR (post.edge = 'references' AND parent.thread_id = post.thread_id))"""
_LINK = f"""
    UPDATE post SET awaits = NULL,
        parent_id = (SELECT parent.id FROM post AS parent WHERE parent.public_id = post.awaits)
    WHERE awaits IS NOT NULL AND {{which}} AND EXISTS (
        SELECT 1 FROM post AS parent WHERE parent.public_id = post.awaits AND (parent.public OR NOT post.public)
        AND {_FITS}
    )
    RETURNING id, thread_id
"""
_WAIT_FOR_NEW = "awaits IN (SELECT public_id FROM post AS came WHERE came.id BETWEEN :first AND :last)"
_TOUCHED = "id IN (SELECT id FROM touched_post)"
_WAIT_FOR_TOUCHED = f"awaits IN (SELECT public_id FROM post AS came WHERE came.{_TOUCHED})"

# A post that stood as something else because of its parent is again what its source says.
_UNLINK = """
    UPDATE post SET parent_id = NULL,
        awaits = (SELECT parent.public_id FROM post AS parent WHERE parent.id = post.parent_id),
        kind = CASE WHEN edge = 'person' THEN kind ELSE coalesce(source_kind, kind) END,
        source_kind = CASE WHEN edge = 'person' THEN source_kind END
    WHERE public AND {which}
    AND EXISTS (SELECT 1 FROM post AS parent WHERE parent.id = post.parent_id AND NOT parent.public)
    RETURNING id, thread_id
"""
_BESIDE_TOUCHED = "thread_id IN (SELECT id FROM touched_thread)"
_ANY_WITHDRAWN = text(f"SELECT 1 FROM post WHERE NOT public AND {_TOUCHED} LIMIT 1")

# By what `ix_post_cut` holds alone, so that SQLite takes it.
_CUT = text(f"""
    SELECT id, source_parent FROM post WHERE source_parent IS NOT NULL
    AND id IN (SELECT id FROM post WHERE edge = 'cut' AND {_BESIDE_TOUCHED}) ORDER BY id
""")
# Whether a post, as readers see it if they do, is the end of the line above what its source says that it answers.
_STILL_A_CIRCLE = text("""
    WITH RECURSIVE line (id, parent_id) AS (
        SELECT parent.id, parent.parent_id FROM post AS parent JOIN post ON post.id = :post
        WHERE parent.public_id = :said AND (parent.public OR NOT post.public)
        UNION
        SELECT post.id, post.parent_id FROM post JOIN line ON post.id = line.parent_id
    )
    SELECT 1 FROM line WHERE id = :post
""")

_CONTRADICTS = f"post.edge != 'references' AND NOT ({_SAME_THREAD})"
_CONTRADICTIONS = f"""
    SELECT post.source_key, parent.source_key, thread.public_id
    FROM post JOIN post AS parent ON parent.public_id = post.awaits JOIN thread ON thread.id = post.thread_id
    WHERE post.awaits IS NOT NULL AND {_CONTRADICTS} AND post.id BETWEEN :first AND :last
    UNION
    SELECT post.source_key, parent.source_key, thread.public_id
    FROM post AS parent JOIN post ON post.awaits = parent.public_id JOIN thread ON thread.id = post.thread_id
    WHERE post.awaits IS NOT NULL AND {_CONTRADICTS} AND parent.id BETWEEN :first AND :last
    ORDER BY 1, 2
"""

# Whatever hangs where it should not, or waits for nothing, and a sentence on each.
WRONG_LINKS: tuple[tuple[TextClause, str], ...] = (
    (
        text("""
            SELECT post.public_id FROM post JOIN post AS parent ON parent.id = post.parent_id
            WHERE post.public AND NOT parent.public ORDER BY post.id"""),
        "Post {}: it is public, and hangs under a post that is not.",
    ),
    (
        text(f"""
            SELECT post.public_id FROM post JOIN post AS parent ON parent.public_id = post.awaits
            JOIN thread ON thread.id = post.thread_id
            WHERE post.awaits IS NOT NULL AND (parent.public OR NOT post.public) AND post.edge != 'person'
            AND (({_SAME_THREAD}) OR (post.edge = 'references' AND NOT thread.unsettled)) ORDER BY post.id"""),
        "Post {}: it waits for a post under which it could hang.",
    ),
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A post that is said to answer one in another thread than the thread it is said to be in."""

    key: PostKey
    parent_key: PostKey
    thread: PublicId


def link_awaited(session: Session, posts: Sequence[dict[str, Any]]) -> tuple[set[int], set[int]]:
    """Hang posts below those of the new ones that they were waiting for; the ids of their threads, and of those
    between which some were carried because a person had moved what they were waiting for.
    """
    if not posts:
        return set(), set()
    linked = _link(session, _WAIT_FOR_NEW, first=posts[0]["id"], last=posts[-1]["id"])
    return {row.thread_id for row in linked}, follow_parents(session, sorted(row.id for row in linked))


def contradictions(session: Session, posts: Sequence[dict[str, Any]]) -> Sequence[Contradiction]:
    """Those in which one of the new posts has a part, once the others are linked."""
    if not posts:
        return []
    found = session.execute(text(_CONTRADICTIONS), {"first": posts[0]["id"], "last": posts[-1]["id"]})
    return [Contradiction(*row) for row in found]


def hang_touched(session: Session) -> set[int]:
    """Hang the posts of a batch (see `publishing`), and those that hang under them or wait for them, where they belong
    now that some are public, or no longer are; the ids of the threads that this changed.
    """
    changed: set[int] = set()
    for row in _unlink(session):
        changed |= {row.thread_id, _return(session, row)}
    linked = [*_link(session, _TOUCHED), *_link(session, _WAIT_FOR_TOUCHED)]
    for post_id in [row.id for row in session.execute(_CUT).all() if not _is_circle(session, row)]:
        changed.add(_mend(session, post_id))
        linked += _link(session, "id = :id", id=post_id)
    ids = sorted(row.id for row in linked)
    _set_kinds(session, ids)
    return changed | {row.thread_id for row in linked} | follow_parents(session, ids)


def wait_again(session: Session, post_id: int) -> None:
    """Let a post hang from nothing, and wait for what it hung under."""
    above = select(_Above.public_id).where(_Above.id == Post.parent_id).scalar_subquery()
    query = update(Post).where(Post.id == post_id).execution_options(synchronize_session=False)
    session.execute(query.values(awaits=above, parent_id=None))


def _link(session: Session, which: str, **parameters: int) -> Sequence[Row[Any]]:
    return session.execute(text(_LINK.format(which=which)), parameters).all()


def _unlink(session: Session) -> Sequence[Row[Any]]:
    """Nothing hangs under a post that was touched and stayed public, or it did before."""
    withdrawn = session.execute(_ANY_WITHDRAWN).first() is not None
    return session.execute(text(_UNLINK.format(which=_BESIDE_TOUCHED if withdrawn else _TOUCHED))).all()


def _return(session: Session, row: Row[Any]) -> int:
    """Carry a post that followed its parent back to the thread that its source names; the thread that it is in. Mails
    are judged with all others: see `joining`.
    """
    stays = Post.edge.in_((Edge.PERSON, Edge.REFERENCES))
    said = session.scalar(select(Post.source_thread_id).where(Post.id == row.id, ~stays))
    if said is None:
        return int(row.thread_id)
    carry(session, subtree(session, row.thread_id, row.id), said)
    return said


def _is_circle(session: Session, row: Row[Any]) -> bool:
    return session.execute(_STILL_A_CIRCLE, {"post": row.id, "said": row.source_parent}).first() is not None


def _mend(session: Session, post_id: int) -> int:
    """Let a post wait for what its source says that it answers, though it was cut from it; its thread."""
    query = update(Post).where(Post.id == post_id).execution_options(synchronize_session=False)
    said = func.coalesce(Post.source_edge, literal(Edge.SOURCE, Word(Edge)))
    values = {"edge": said, "source_edge": None, "awaits": Post.source_parent, "source_parent": None}
    return session.scalars(query.values(**values).returning(Post.thread_id)).one()


def _set_kinds(session: Session, post_ids: Sequence[int]) -> None:
    """What hangs under a post that a person made a question, or no question, may be something else for it."""
    columns = (Post.id, Post.kind, Post.source_kind, Post.edge)
    above = (_Above.kind.label("parent_is"), _Above.source_kind.label("parent_said"))
    for part in parts(post_ids):
        query = select(*columns, *above).join(_Above, _Above.id == Post.parent_id).where(Post.id.in_(part))
        decided = _Above.source_kind.is_not(None) | (Post.edge == Edge.PERSON)
        for row in session.execute(query.where(decided)).all():
            said = row.source_kind or row.kind
            parent_said = row.parent_said or row.parent_is
            is_ = kind_below(said, edge=row.edge, parent_said=parent_said, parent_is=row.parent_is)
            set_kind(session, [row.id], said=said, is_=is_)
