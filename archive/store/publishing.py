"""What is public: set by statements over whole batches, or over threads, from one rule.

A revision is public when a published batch contains a reading in which it was seen. A post's
current revision is its newest public one, an earlier one if all are; a post is public when it has one, a thread when a
post of it is. A decision is in force while the revision that it judged is public. A post's author is the one whom the
newest published capture names.

What a batch touches stands in temporary tables, from `refresh_posts` to `forget_touched`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from archive.store.searching.indexing import INDEX_TEXTS, REMEMBER_TEXTS
from archive.store.source_counts import recount_threads, recount_touched
from archive.store.titles import UNTITLED, title_touched
from archive.store.topics import file_threads, file_touched

ALL_POSITIONS = (0, 2**31 - 1)  # of a batch's inputs
_PUBLISHING = 0x5075626C  # PostgreSQL: whoever publishes or rolls back holds this until the commit

# Each statement's revisions, posts and threads are those that the batch touches.
_TOUCHED_READINGS = """
    SELECT reading_id FROM batch_input WHERE batch_id = :batch AND position BETWEEN :first AND :last
"""
_TOUCHED_REVISIONS = f"""
    SELECT id FROM revision WHERE reading_id IN ({_TOUCHED_READINGS})
    UNION
    SELECT revision_id FROM sighting WHERE reading_id IN ({_TOUCHED_READINGS})
"""
_PUBLISHED_READINGS = """
    SELECT batch_input.reading_id FROM batch_input JOIN batch ON batch.id = batch_input.batch_id
    WHERE batch.state = 'published' AND batch_input.reading_id IS NOT NULL AND batch_input.done_bytes > 0
"""
# What a statement changes, SQLite keeps in memory as it was until the statement has ended: so each takes a part.
_A_PART = 20_000  # rows
_IN_PART = "SELECT id FROM touched_{} WHERE id BETWEEN :low AND :high"
_TOUCHED_POSTS, _TOUCHED_THREADS = _IN_PART.format("post"), _IN_PART.format("thread")
# Threads that hold a post, and those whose pages say that a newer capture lacks a post of theirs, whether readers can
# see what the source of a moved post says that it answers, or where what began them was moved.
_SHOWN_IN = (
    "SELECT thread_id FROM post WHERE id IN (SELECT id FROM touched_post)",
    f"""SELECT post.thread_id FROM absence JOIN post ON post.id = absence.post_id
        WHERE absence.reading_id IN ({_TOUCHED_READINGS})""",
    """SELECT post.thread_id FROM placement JOIN post ON post.placement_id = placement.id
        JOIN post AS said ON said.public_id = post.source_parent
        WHERE said.id IN (SELECT id FROM touched_post)""",
    "SELECT was_thread_id FROM placement WHERE post_id IN (SELECT id FROM touched_post)",
)

# The newest of some revisions; one of which the source itself has a newer text only where there is no other.
_NEWEST = "coalesce(max(CASE WHEN NOT earlier THEN id END), max(id))"

# The rule, column by column.
_REVISION_IS_PUBLIC = f"""(
    revision.reading_id IN ({_PUBLISHED_READINGS})
    OR revision.id IN (SELECT revision_id FROM sighting WHERE reading_id IN ({_PUBLISHED_READINGS}))
)"""
_POST_IS_PUBLIC = "EXISTS (SELECT 1 FROM revision WHERE revision.post_id = post.id AND revision.is_current)"
_HAS_PUBLIC = "EXISTS (SELECT 1 FROM post WHERE post.thread_id = thread.id AND post.public)"
_FROM_COUNTED = "FROM post WHERE post.thread_id = thread.id AND post.public AND post.takedown_id IS NULL"
_COUNTED = {  # all of them from one look at the thread's posts
    "answers": "count(CASE WHEN post.kind = 'answer' THEN 1 END)",
    "replies": "count(CASE WHEN post.kind = 'reply' THEN 1 END)",
    "sourced": "count(CASE WHEN post.kind = 'answer' AND (post.level = 'pinpoint' OR post.level = 'cited') THEN 1 END)",
    "decided": "count(CASE WHEN post.kind = 'answer' AND post.level IS NOT NULL THEN 1 END)",
    "began_at": "coalesce(min(CASE WHEN post.kind = 'question' THEN post.posted_at END), min(post.posted_at))",
}
_OF_THREAD = {
    "public": _HAS_PUBLIC,
    **{column: f"(SELECT {rule} {_FROM_COUNTED})" for column, rule in _COUNTED.items()},
}
# A subquery within the other, so that PostgreSQL begins with the thread's posts: of a batch that was a draft it
# believes that no text is current, and would begin with all of those, once for each thread.
_TITLE_OF_QUESTION = """
    (SELECT title FROM (
        SELECT post.id, (
            SELECT revision_text.title FROM revision JOIN revision_text ON revision_text.revision_id = revision.id
            WHERE revision.post_id = post.id AND revision.is_current
        ) AS title
        FROM post WHERE post.thread_id = thread.id AND post.kind = 'question'
    ) AS question WHERE title IS NOT NULL ORDER BY id LIMIT 1)
"""
# Whether a title is that of a question's text that is not public, and of none that is.
_IS_UNPUBLISHED = """
    coalesce((
        SELECT max(CASE WHEN revision.public THEN 1 ELSE 0 END)
        FROM post JOIN revision ON revision.post_id = post.id
        JOIN revision_text ON revision_text.revision_id = revision.id
        WHERE post.thread_id = thread.id AND coalesce(post.source_kind, post.kind) = 'question'
        AND revision_text.title = thread.title
    ), 1) = 0
"""
# Where no public question has a title, a thread keeps the one that readers saw, or that a person gave it, or in which
# nothing is public; of one that they did not see, the title may be that of a draft.
_KEEPS_TITLE = f"""(
    NOT {_HAS_PUBLIC} OR thread.own OR (thread.public AND NOT {_IS_UNPUBLISHED})
)"""
_UPDATE_THREADS = f"""UPDATE thread SET public = {_HAS_PUBLIC},
            ({", ".join(_COUNTED)}) = (SELECT {", ".join(_COUNTED.values())} {_FROM_COUNTED}),
            title = coalesce({_TITLE_OF_QUESTION}, CASE WHEN {_KEEPS_TITLE} THEN thread.title ELSE '{UNTITLED}' END),
            version = version + 1,
            changed_at = :now
        WHERE id IN ({{which}})"""

# Who is named as the author of a post of which captures do not all say the same: whom the newest published one names
# that says anything of it; where none says anything, nobody; where none is published, what was first given. That stands
# for what all captures say that have no row.
_IS_FIRST = "naming.reading_id = (SELECT reading_id FROM revision WHERE revision.post_id = post.id AND number = 1)"
_NAMING_IS_PUBLISHED = f"""(
    naming.reading_id IN ({_PUBLISHED_READINGS})
    OR {_IS_FIRST} AND EXISTS (
        SELECT 1 FROM (
            SELECT revision.reading_id FROM revision WHERE revision.post_id = post.id
            UNION ALL
            SELECT sighting.reading_id FROM revision JOIN sighting ON sighting.revision_id = revision.id
            WHERE revision.post_id = post.id
        ) AS seen WHERE seen.reading_id IN ({_PUBLISHED_READINGS}) AND NOT EXISTS (
            SELECT 1 FROM naming AS other WHERE other.post_id = post.id AND other.reading_id = seen.reading_id
        )
    )
)"""
_SAYS_MOST = f"""
    CASE WHEN NOT {_NAMING_IS_PUBLISHED} THEN CASE WHEN {_IS_FIRST} THEN 2 ELSE 3 END
    WHEN naming.byline IS NULL THEN 1 ELSE 0 END, naming.reading_id DESC
"""
_NAMES = ("byline", "author_id")
_NAME = f"(SELECT {{}} FROM naming WHERE naming.post_id = post.id ORDER BY {_SAYS_MOST} LIMIT 1)"
# What was taken down with its author's name stays without it, whatever a capture says.
_IS_NAMED = "post.id NOT IN (SELECT sealed_name.post_id FROM sealed_name)"
_NAMED_BY_SEVERAL = f"{_IS_NAMED} AND post.id IN (SELECT naming.post_id FROM naming{{}})"

_TABLES = ("revision", "post", "thread", "text")
_FORGET = tuple(f"DROP TABLE IF EXISTS touched_{what}" for what in _TABLES)
_REMEMBER = (
    *_FORGET,
    *(f"CREATE TEMPORARY TABLE touched_{what} (id INTEGER PRIMARY KEY)" for what in _TABLES),
    f"INSERT INTO touched_revision {_TOUCHED_REVISIONS}",
    """INSERT INTO touched_post
        SELECT DISTINCT post_id FROM revision WHERE id IN (SELECT id FROM touched_revision)""",
    f"INSERT INTO touched_thread {' UNION '.join(_SHOWN_IN)}",
)
_OF_REVISIONS = (f"UPDATE revision SET public = {_REVISION_IS_PUBLIC} WHERE id IN ({_IN_PART.format('revision')})",)
_OF_POSTS = (
    f"UPDATE revision SET is_current = FALSE WHERE is_current AND post_id IN ({_TOUCHED_POSTS})",
    f"""UPDATE revision SET is_current = TRUE WHERE id IN (
            SELECT {_NEWEST} FROM revision WHERE public AND post_id IN ({_TOUCHED_POSTS}) GROUP BY post_id)""",
    f"UPDATE post SET public = {_POST_IS_PUBLIC} WHERE id IN ({_TOUCHED_POSTS})",
    # A tag counts as long as readers can see the text that it was given to.
    f"""UPDATE post SET level = (
            SELECT tag.level FROM tag JOIN revision ON revision.id = tag.revision_id AND revision.public
            WHERE tag.id = post.tag_id
        ) WHERE tag_id IS NOT NULL AND id IN ({_TOUCHED_POSTS})""",
    f"""UPDATE post SET ({", ".join(_NAMES)}) = {_NAME.format(", ".join(_NAMES))}
        WHERE {_NAMED_BY_SEVERAL.format(" WHERE naming.post_id BETWEEN :low AND :high")}
        AND id IN ({_TOUCHED_POSTS})""",
)

# Whatever is not as the rule has it, and a sentence on each.
WRONG_FLAGS: tuple[tuple[TextClause, str], ...] = (
    (
        text(f"""
            SELECT post.public_id FROM revision JOIN post ON post.id = revision.post_id
            WHERE revision.public != {_REVISION_IS_PUBLIC} ORDER BY revision.id"""),
        "Post {}: a text of it is public and in no published batch, or not public and in one.",
    ),
    (
        text(f"""
            SELECT post.public_id FROM revision JOIN post ON post.id = revision.post_id
            WHERE revision.is_current != (revision.id = coalesce(
                (SELECT {_NEWEST} FROM revision AS other WHERE other.public AND other.post_id = revision.post_id), 0))
            ORDER BY revision.id"""),
        "Post {}: the text that is shown is not its newest public one.",
    ),
    (
        text(f"SELECT public_id FROM post WHERE public != {_POST_IS_PUBLIC} ORDER BY id"),
        "Post {}: it is public without a public text, or has one and is not public.",
    ),
    (
        text(f"""
            SELECT public_id FROM thread
            WHERE {" OR ".join(f"thread.{column} IS DISTINCT FROM {rule}" for column, rule in _OF_THREAD.items())}
            OR thread.title != coalesce({_TITLE_OF_QUESTION}, thread.title) ORDER BY id"""),
        "Thread {}: whether it is public, its counts or its title are not what follows from its posts.",
    ),
    (
        text(f"""
            SELECT public_id FROM thread
            WHERE thread.public AND {_TITLE_OF_QUESTION} IS NULL AND {_IS_UNPUBLISHED} ORDER BY id"""),
        "Thread {}: its title is that of a question that is not public.",
    ),
    (
        text(f"""
            SELECT post.public_id FROM post WHERE {_NAMED_BY_SEVERAL.format("")}
            AND ({" OR ".join(f"post.{column} IS DISTINCT FROM {_NAME.format(column)}" for column in _NAMES)})
            ORDER BY post.id"""),
        "Post {}: its author is not the one whom the newest published capture names.",
    ),
)

# What the batch holds and no other published one does: where there is nothing, nothing changes.
_PUBLIC_BY_IT_ALONE = """
    SELECT 1 FROM batch_input AS mine WHERE mine.batch_id = :batch AND mine.reading_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM batch_input AS theirs JOIN batch ON batch.id = theirs.batch_id
        WHERE batch.state = 'published' AND theirs.batch_id != mine.batch_id AND theirs.done_bytes > 0
        AND theirs.reading_id = mine.reading_id AND theirs.done_bytes >= mine.done_bytes
    ) LIMIT 1
"""


def publishing_lock(session: Session) -> None:
    """From here to the commit, let nobody else publish or roll back: what is public follows from all batches.

    To be taken before the batch's own row and before the ledger, or two could wait for each other.
    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PUBLISHING})


def arranging_lock(session: Session) -> None:
    """From here to the commit, let nobody else bring posts, move them, publish or roll back.

    Where a new post hangs follows from where its parent was moved, and what is public of a thread from its posts.
    """
    publishing_lock(session)


def refresh_threads(session: Session, thread_ids: Sequence[int], *, now: datetime) -> None:
    """Bring threads in line with the posts that they hold now, also with the topics of their questions, and works with
    the answers in them that cite them.
    """
    statement = text(_UPDATE_THREADS.format(which=":thread"))
    for thread_id in thread_ids:
        session.execute(statement, {"thread": thread_id, "now": _moment(session, now)})
    file_threads(session, thread_ids)
    recount_threads(session, thread_ids)


def refresh_posts(session: Session, batch_id: int, *, positions: tuple[int, int] = ALL_POSITIONS) -> bool:
    """Bring texts and posts that a batch touches in line with the state that the batch now has, and remember which
    they are; whether anything may have changed.

    :param positions: of its inputs, the first and the last that has changed.
    """
    if session.execute(text(_PUBLIC_BY_IT_ALONE), {"batch": batch_id}).first() is None:
        return False
    for statement in _REMEMBER:
        touches = ":batch" in statement
        parameters = {"batch": batch_id, "first": positions[0], "last": positions[1]} if touches else {}
        session.execute(text(statement), parameters)
    _in_parts(session, "revision", _OF_REVISIONS)
    _in_parts(session, "post", _with_index(_OF_POSTS) if session.get_bind().dialect.name == "sqlite" else _OF_POSTS)
    return True


def touch(session: Session, thread_ids: Iterable[int]) -> None:
    """Count threads among those that are touched."""
    query = text("INSERT INTO touched_thread VALUES (:id) ON CONFLICT DO NOTHING")
    if rows := [{"id": id_} for id_ in sorted(thread_ids)]:
        session.execute(query, rows)


def refresh_touched(session: Session, *, now: datetime, rearranged: Collection[int] = ()) -> None:
    """Bring the threads that are touched in line with their posts, count up their versions, and bring works in line
    with the answers that cite them.

    :param rearranged: those of them into or out of which posts were carried.
    """
    statement = _UPDATE_THREADS.format(which=_TOUCHED_THREADS)
    _in_parts(session, "thread", (statement,), now=_moment(session, now))
    title_touched(session, rearranged)
    file_touched(session)
    recount_touched(session)


def rename_post(session: Session, post_id: int) -> None:
    """Name the author of a post of which captures do not all say the same."""
    columns, which = ", ".join(_NAMES), _NAMED_BY_SEVERAL.format("")
    statement = f"UPDATE post SET ({columns}) = {_NAME.format(columns)} WHERE post.id = :post AND {which}"
    session.execute(text(statement), {"post": post_id})


def forget_touched(session: Session) -> None:
    """Drop what was remembered."""
    for statement in _FORGET:
        session.execute(text(statement))


def _with_index(statements: Sequence[str]) -> Sequence[str]:
    """Statements that change which texts are shown, with those that let FTS5 know of it."""
    return [part.format(posts=_TOUCHED_POSTS) for part in (*REMEMBER_TEXTS, *statements, *INDEX_TEXTS)]


def _in_parts(session: Session, what: str, statements: Sequence[str], **parameters: object) -> None:
    """Run the statements on one part after the other of what is touched."""
    ends = text(
        "SELECT min(id), max(id) FROM "
        f"(SELECT id FROM touched_{what} WHERE id > :after ORDER BY id LIMIT {_A_PART}) AS part"
    )
    high = 0
    while (part := session.execute(ends, {"after": high}).one())[1] is not None:
        low, high = part
        for statement in statements:
            session.execute(text(statement), {"low": low, "high": high, **parameters})


def _moment(session: Session, now: datetime) -> datetime:
    return now.replace(tzinfo=None) if session.get_bind().dialect.name == "sqlite" else now
