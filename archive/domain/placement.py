"""Where a person may hang a post, and what becomes of the kinds of posts that are moved.

The tree that is shown follows from two things that both stay true: what the sources say, and what people
decided. A decision on a post outweighs its source; everything below the post comes along.
"""

from dataclasses import dataclass
from enum import StrEnum

from archive.domain.ids import PublicId, ThreadKey
from archive.domain.records import Edge, PostKind
from archive.errors import ArchiveError

MAX_TITLE = 300  # characters, of a thread that a person begins
_BY_PLACE_ALONE = frozenset({Edge.PERSON, Edge.REFERENCES})


class PlacementAct(StrEnum):
    """What a decision on the place of a post does."""

    MOVE = "move"
    LEAVE = "leave"  # where it is, though that is in doubt
    PUT_BACK = "put back"  # takes back the decision before


class Outcome(StrEnum):
    """What is in force after a decision."""

    MOVED = "moved"  # to where a person said
    LEFT = "left"  # where the source has it, and nobody is asked again
    SOURCE = "source"  # where the source has it


class MoveNotAllowedError(ArchiveError):
    """The post cannot hang there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that is to hang somewhere, or that another is to hang under, as far as the rules go."""

    id: int
    collection_id: int
    public: bool


def check_parent(post: Candidate, parent: Candidate, *, below: frozenset[int], any_public: bool) -> None:
    """Whether a post can hang under another.

    :param below: the post and everything that hangs under it.
    :param any_public: whether any of these is published.
    :raises MoveNotAllowedError: if it cannot.
    """
    if parent.id == post.id:
        raise MoveNotAllowedError("A post cannot hang under itself. Nothing was moved.")
    if parent.id in below:
        raise MoveNotAllowedError(
            "That post hangs below this one, so this one cannot hang under it. Nothing was moved."
        )
    if parent.collection_id != post.collection_id:
        raise MoveNotAllowedError("That post is in another collection. Nothing was moved.")
    if any_public and not parent.public:
        raise MoveNotAllowedError("That post is a draft, and what is to hang under it is published. Nothing was moved.")


def kind_of_moved(parent: PostKind | None) -> PostKind:
    """What a post is that a person hung under one of a kind; None where it begins a thread."""
    if parent is None:
        return PostKind.QUESTION
    return PostKind.ANSWER if parent is PostKind.QUESTION else PostKind.REPLY


def kind_below(said: PostKind, *, edge: Edge, parent_said: PostKind, parent_is: PostKind) -> PostKind:
    """What a post is that hangs under another, which may have become something else than its source says.

    :param edge: how it is known that it does. What a person put there is what follows from it. So are mails: a file
        that holds a part of a thread may not know what begins it.
    """
    was_question, is_question = parent_said is PostKind.QUESTION, parent_is is PostKind.QUESTION
    if edge not in _BY_PLACE_ALONE and (was_question == is_question or said is PostKind.QUESTION):
        return said
    return PostKind.ANSWER if is_question else PostKind.REPLY


def kind_of_mail_below_nothing(
    said: PostKind, is_: PostKind, *, edge: Edge, is_first: bool, awaits_first: bool | None
) -> PostKind:
    """What a mail is, or what a person put under mails, that hangs from nothing.

    :param is_: what it is now.
    :param is_first: whether its thread is known by its key.
    :param awaits_first: whether it waits for the post by whose key its thread is known; None: it waits for none.
    """
    if edge is Edge.PERSON:
        return is_
    if is_first and (edge is Edge.CUT or awaits_first is not None):
        return PostKind.QUESTION
    if edge is Edge.CUT:
        return is_
    if awaits_first is None:
        return said
    return PostKind.ANSWER if awaits_first else PostKind.REPLY


def own_thread_key(post: PublicId) -> ThreadKey:
    """The key of the thread that a person lets begin with a post: the same in any archive."""
    return ThreadKey(f"from post {post}")


def clean_title(title: str) -> str:
    """The title on one line.

    :raises MoveNotAllowedError: if it is too long.
    """
    title = " ".join(title.replace("\0", "").split())
    if len(title) > MAX_TITLE:
        raise MoveNotAllowedError(f"A title has at most {MAX_TITLE} characters. Nothing was moved.")
    return title
