"""Citing a post or a thread: everything that a citation says, as of now."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.citing.cited import Cited, Part, Shared, Tagged, one_line
from archive.domain.ids import PublicId, Sha256
from archive.domain.records import PostKind
from archive.domain.takedown import ReasonClass
from archive.errors import ArchiveError
from archive.services.browse import threads_by_id, visible_post, visible_thread
from archive.services.post_views import post_views
from archive.services.views import PostView, ThreadLine
from archive.store.heads import question_of
from archive.store.pages import PostRow, posts_by_id
from archive.store.pinned import printed_texts, tag_in_force

PIN_DIGITS = 16  # of a fingerprint: enough to tell the texts of one post apart
_OPENING_WORDS, _OPENING_LENGTH = 20, 300  # words, characters
_PARTS = {PostKind.QUESTION: Part.QUESTION, PostKind.ANSWER: Part.ANSWER, PostKind.REPLY: Part.REPLY}


class TakenDownError(ArchiveError):
    """Nothing of a post is shown any more."""

    def __init__(self, reason: ReasonClass) -> None:
        self.reason = reason
        super().__init__(f"This post was taken down ({reason}), so there is nothing of it to cite.")


@dataclass(frozen=True, slots=True)
class Home:
    """The archive, as citations name it."""

    name: str
    address: str  # without a slash at its end


@dataclass(frozen=True, slots=True, kw_only=True)
class CitePage:
    """A citation, and what it is of."""

    cited: Cited
    thread: ThreadLine
    post: PostView | None  # None: the thread as a whole


def cite_post(session: Session, public_id: str, home: Home) -> CitePage:
    """What a citation of a public post says, of the text that readers see now.

    :raises NotFoundError: if there is none.
    :raises TakenDownError: if all of it is down.
    """
    row = visible_post(session, public_id, drafts=False)
    if row.takedown_id is not None:
        raise TakenDownError(row.takedown_reason)
    (post,) = post_views(session, [row], drafts=False)
    thread = threads_by_id(session, {row.thread_id})[row.thread_id]
    pin = pin_of(printed_texts(session, row.id)[0].fingerprint)
    asked = f"?tag={tag_in_force(session, row.id)}" if row.kind is PostKind.ANSWER else ""
    cited = Cited(
        part=_PARTS[row.kind],
        key=f"footnote-{row.public_id}-{pin[:8]}",
        by=_by(row),
        title=one_line(thread.title),
        opening=_opening(post),
        posted_at=row.posted_at,
        collection=one_line(thread.collection_name),
        archive=home.name,
        url=f"{home.address}/posts/{row.public_id}/at/{pin}{asked}",
        retrieved_at=now(),
        standing=_tagged(post) if row.kind is PostKind.ANSWER else None,
    )
    return CitePage(cited=cited, thread=thread, post=post)


def cite_thread(session: Session, public_id: str, home: Home) -> CitePage:
    """What a citation of a public thread says: its question's author and date, and how many answers are sourced.

    :raises NotFoundError: if there is none.
    """
    found = visible_thread(session, public_id, drafts=False)
    line = threads_by_id(session, {found.id})[found.id]
    question = _question(session, found.id)
    pin = pin_of(printed_texts(session, question.id)[0].fingerprint) if question else ""
    shares = line.shares
    cited = Cited(
        part=Part.THREAD,
        key=f"footnote-{line.public_id}{'-' + pin[:8] if pin else ''}",
        by=_by(question) if question else None,
        title=one_line(line.title),
        opening="",
        posted_at=question.posted_at if question else None,
        collection=one_line(line.collection_name),
        archive=home.name,
        url=f"{home.address}/threads/{line.public_id}{'/at/' + pin if pin else ''}",
        retrieved_at=now(),
        standing=Shared(
            answers=sum(shares.values()),
            tagged=sum(count for level, count in shares.items() if level),
            sourced=sum(count for level, count in shares.items() if level and level.sourced),
        ),
    )
    return CitePage(cited=cited, thread=line, post=None)


def thread_pin(session: Session, public_id: str, pin: str) -> PublicId | None:
    """The question of a thread if it has another text than the one that a citation of the thread is pinned to; None
    where it stands as cited.

    :raises NotFoundError: if there is no such thread.
    """
    question = _question(session, visible_thread(session, public_id, drafts=False).id)
    if question is None or printed_texts(session, question.id)[0].fingerprint.startswith(pin):
        return None
    address: PublicId = question.public_id
    return address


def pin_of(fingerprint: Sha256) -> str:
    """What a permalink is pinned by."""
    return fingerprint[:PIN_DIGITS]


def _question(session: Session, thread_id: int) -> PostRow | None:
    asked = question_of(session, thread_id, drafts=False)
    return None if asked is None or asked.takedown_id is not None else posts_by_id(session, [asked.id])[0]


def _by(row: PostRow) -> str | None:
    return one_line(row.author or row.byline or "") or None


def _opening(post: PostView) -> str:
    words = one_line((post.words or post.text)[: _OPENING_LENGTH * 4]).split(" ")
    return " ".join(words[:_OPENING_WORDS])[:_OPENING_LENGTH].strip()


def _tagged(post: PostView) -> Tagged:
    decision = post.decision
    if decision is None:
        return Tagged(level=None, at=None, checked=None)
    return Tagged(
        level=decision.level,
        at=decision.at,
        checked=post.checked.words if post.checked else None,
        earlier=decision.revision_number != post.revision_number,
    )
