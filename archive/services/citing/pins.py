"""A post as it was cited: the text that a permalink is pinned to, and what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services.browse import NotFoundError, threads_by_id, visible_post
from archive.services.citing.cite import pin_of
from archive.services.differences import Difference, differences_in_row
from archive.services.post_views import post_views
from archive.services.views import PostView, ThreadLine
from archive.store.pages import revision_row
from archive.store.pinned import (
    PrintedText,
    has_sealed_words,
    printed_texts,
    tag_in_force,
    tag_numbered,
)


class NoSuchTextError(NotFoundError):
    """A permalink is pinned to a text that is not here."""

    def __init__(self) -> None:
        ArchiveError.__init__(
            self,
            "No text of this post that readers can see is known by these digits. The address may be cut short, or the "
            "text was withdrawn with the file that brought it.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TagSince:
    """A tag that is another one than when the post was cited."""

    was: Level | None
    was_at: datetime | None  # when that had been decided; None where there was none


@dataclass(frozen=True, slots=True, kw_only=True)
class PinPage:
    """A post as it was cited."""

    thread: ThreadLine
    now: PostView  # with the text, and the tag, of today
    shown: PostView | None  # with the text that was cited; None: it is down, or words of it are
    pin: str  # of the text that is shown
    is_current: bool  # whether that is still the text
    difference: Difference | None  # of today's text from it
    tag_since: TagSince | None  # None: it is the same tag, or the address does not say which it was


def pin_page(session: Session, public_id: str, pin: str, *, tag: int | None) -> PinPage:
    """The text that an address is pinned to.

    Of a post of which words are down, digits that fit none of its texts may be of what it was. Whoever guesses at the
    words must not learn whether they do: whatever fits nothing is told the same.

    :param tag: the decision that was in force, by its number; 0 for none; None where the address does not say.
    :raises NotFoundError: if there is no such post, or no such text of it.
    """
    row = visible_post(session, public_id, drafts=False)
    (today,) = post_views(session, [row], drafts=False)
    thread = threads_by_id(session, {row.thread_id})[row.thread_id]
    texts = printed_texts(session, row.id)
    found = None if today.taken_down else _known_by(texts, pin)
    if found is None and not today.taken_down and not has_sealed_words(session, row.id):
        raise NoSuchTextError
    is_current = found is not None and found.is_current
    return PinPage(
        thread=thread,
        now=today,
        shown=today if is_current else _text_view(session, found) if found else None,
        pin=pin_of(found.fingerprint) if found else pin,
        is_current=is_current,
        difference=None if is_current or found is None else _difference(session, texts[0], found),
        tag_since=None if today.taken_down else _tag_since(session, today, tag),
    )


def _known_by(texts: Sequence[PrintedText], pin: str) -> PrintedText | None:
    return next((text for text in texts if text.fingerprint.startswith(pin)), None)


def _text_view(session: Session, text: PrintedText) -> PostView:
    (view,) = post_views(session, [revision_row(session, text.revision_id)], drafts=False)
    return view


def _difference(session: Session, current: PrintedText, cited: PrintedText) -> Difference | None:
    """Of the current text from the cited one."""
    return differences_in_row(session, [current.revision_id, cited.revision_id]).get(current.revision_id)


def _tag_since(session: Session, today: PostView, tag: int | None) -> TagSince | None:
    if tag is None or today.kind is not PostKind.ANSWER or tag == tag_in_force(session, today.id):
        return None
    then = tag_numbered(session, today.id, tag) if tag else None
    if tag and then is None:  # no decision on this post: whoever made the address made it up
        return None
    return TagSince(was=then.level if then else None, was_at=then.at if then else None)
