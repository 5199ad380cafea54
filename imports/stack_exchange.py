"""Questions, answers and comments from the tables of the Stack Exchange data dump.

Format: https://meta.stackexchange.com/questions/2677, as rows of XML: `imports.stack_exchange_rows`.
Posts.xml holds questions and answers, Comments.xml what stands below both, Users.xml the names.
Bodies are HTML, comments a small Markdown; times are UTC and do not say so.

A question names its accepted answer, and so does a vote of the asker in Votes.xml, but not the answer itself. So that
it can bear the mark, Posts.xml is gone through once before it is read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import BinaryIO

from archive.domain.ids import PostKey, Sha256, ThreadKey
from archive.domain.records import (
    Checkpoint,
    Edge,
    Item,
    KeyBasis,
    Layout,
    Markup,
    Note,
    PostKind,
    PostRecord,
    RawRef,
    Skipped,
    Unreadable,
)
from imports.companions import NO_COMPANIONS, Companions, Lookup
from imports.limits import DETECTION_BYTES, MAX_FACT_CHARACTERS
from imports.moments import from_iso_in_utc
from imports.post_bounds import within_bounds
from imports.stack_exchange_companions import BY_VOTE, look_up_accepted, look_up_names, look_up_questions
from imports.stack_exchange_fields import facts_of, longest_fact, number_of, user_of
from imports.stack_exchange_parser import Fields
from imports.stack_exchange_prolog import is_document_type, table_of
from imports.stack_exchange_rows import Between, Broken, Piece, Row, read_rows

_READ_AT_ONCE = 1024 * 1024  # bytes
_KINDS = {"1": PostKind.QUESTION, "2": PostKind.ANSWER}
_OTHER_TYPES = {  # https://meta.stackexchange.com/questions/2677, PostTypeId
    "3": "An orphaned tag wiki",
    "4": "The excerpt of a tag wiki",
    "5": "A tag wiki",
    "6": "A moderator’s nomination",
    "7": "A placeholder of a wiki",
    "8": "A wiki on privileges",
}
_NOT_READ = {
    "users": "Users are read along with Posts.xml and Comments.xml, for their names.",
    "votes": "Votes are read along with Posts.xml, for which answers were accepted; of all others, the score is kept.",
    "badges": "Badges are not kept: they say nothing of a post.",
    "postlinks": "The links between questions are not kept apart: they stand in the texts.",
    "tags": "The list of tags is not kept: each question has its own.",
}
_DOCUMENT_TYPE = "It declares how XML beside it is written (a DTD). It holds no post, and no reader needs it."
Converted = PostRecord | Layout | Skipped | Unreadable


def is_posts(head: bytes) -> bool:
    """Whether a file begins as Posts.xml does."""
    return table_of(head) == "posts"


def is_comments(head: bytes) -> bool:
    """Whether a file begins as Comments.xml does."""
    return table_of(head) == "comments"


def is_other(head: bytes) -> bool:
    """Whether a file begins as another table of a dump does, or as the document type of one."""
    return table_of(head) in _NOT_READ or is_document_type(head)


def read_posts(
    file: BinaryIO, *, original: Sha256, start: int = 0, companions: Companions = NO_COMPANIONS, **_: object
) -> Iterator[Item]:
    """Yield the questions and answers of Posts.xml and everything around them. Never raises on bad content.

    :param companions: `users.xml` and `votes.xml`, where they are at hand.
    """
    with ExitStack() as stack:
        reading = Reading(original, start)
        reading.accepted = look_up_accepted(stack, file, companions, reading.note_damage)
        reading.names = look_up_names(stack, companions, reading.note_damage)
        yield from items_of(read_rows(file, "posts", start=start), reading, reading.post)


def read_comments(
    file: BinaryIO, *, original: Sha256, start: int = 0, companions: Companions = NO_COMPANIONS, **_: object
) -> Iterator[Item]:
    """Yield the comments of Comments.xml and everything around them. Never raises on bad content.

    :param companions: `posts.xml` and `users.xml`, where they are at hand.
    """
    with ExitStack() as stack:
        reading = Reading(original, start)
        reading.names = look_up_names(stack, companions, reading.note_damage)
        reading.questions = look_up_questions(stack, companions, reading.note_damage)
        yield from items_of(read_rows(file, "comments", start=start), reading, reading.comment)


def read_other(file: BinaryIO, *, original: Sha256, start: int = 0, **_: object) -> Iterator[Item]:
    """Yield one item, which says why a file that holds no posts is left out."""
    return skip_whole(file, _NOT_READ, original=original, start=start)


def skip_whole(file: BinaryIO, reasons: Mapping[str, str], *, original: Sha256, start: int) -> Iterator[Item]:
    """Yield one item, which says why a file is left out, by its table."""
    head = file.read(DETECTION_BYTES)
    size = len(head)
    while chunk := file.read(_READ_AT_ONCE):
        size += len(chunk)
    ref = RawRef(original=original, offset=0, length=size)
    reason = _DOCUMENT_TYPE if is_document_type(head) else reasons.get(table_of(head) or "")
    if start == 0:
        yield (
            Skipped(ref=ref, reason=reason) if reason else Unreadable(ref=ref, reason="The file is no table of a dump.")
        )


def items_of(
    pieces: Iterable[Piece], reading: "Reading", convert: Callable[[Fields, RawRef], Converted]
) -> Iterator[Item]:
    """The items of a table: what each row is converted to, and everything around it."""
    for piece in pieces:
        ref = RawRef(original=reading.original, offset=piece.offset, length=piece.length)
        if isinstance(piece, Row):
            item = convert(piece.fields, ref)
            if reading.notes:
                yield from reading.notes
                reading.notes.clear()
            yield within_bounds(item) if isinstance(item, PostRecord) else item
            yield Checkpoint(piece.offset + piece.length)
        elif isinstance(piece, Between):
            yield _between(ref, piece.foreign)
        elif isinstance(piece, Broken):
            yield Unreadable(ref=ref, reason=piece.reason)
            if piece.length:  # an empty file has nothing to go on from
                yield Checkpoint(piece.offset + piece.length)
        else:
            yield Note(ref=ref, text=piece.text)
    yield from reading.notes  # of a file without a row


def _between(ref: RawRef, foreign: str | None) -> Layout | Skipped:
    if foreign is None:
        return Layout(ref=ref)
    return Skipped(ref=ref, reason=f"What begins at byte {ref.offset:,} is no row but {foreign}.")


class Reading:
    """One run over a table: rows to posts, and what has to be noted on the way."""

    def __init__(self, original: Sha256, start: int) -> None:
        self.original, self._start = original, start
        self.notes: list[Note] = []  # not yet yielded
        self.names: Lookup[str] | None = None  # by the number of the user
        self.questions: Lookup[int] | None = None  # by the number of the answer
        self.accepted: Lookup[int] | None = None  # the question, by the number of the answer
        self._noted: set[str] = set()

    def post(self, fields: Fields, ref: RawRef) -> Converted:
        """A row of Posts.xml."""
        type_ = fields.get("PostTypeId", "")
        kind = _KINDS.get(type_)
        if kind is None:
            return _other_type(type_, ref)
        number = number_of(fields.get("Id"))
        if number is None:
            return _numberless(ref)
        if _says_too_much(fields, ref):
            return _too_much_said(ref)
        key = PostKey(f"p{number}")
        is_question = kind is PostKind.QUESTION
        parent = None if is_question else self._parent(number, fields.get("ParentId"), ref)
        facts = facts_of(fields)
        if parent is not None and self._is_accepted(number, parent):
            facts["accepted"] = True
        return PostRecord(
            thread=ThreadKey(parent or key),
            key=key,
            key_basis=KeyBasis.SOURCE,
            parent=parent,
            kind=kind,
            byline=self._byline(fields.get("OwnerDisplayName"), fields.get("OwnerUserId"), ref),
            title=fields.get("Title") if is_question else None,
            text=fields.get("Body", ""),
            markup=Markup.HTML,
            posted_at=self._posted_at(fields, ref),
            ref=ref,
            edge=Edge.SOURCE,
            facts=facts or None,
        )

    def comment(self, fields: Fields, ref: RawRef) -> Converted:
        """A row of Comments.xml."""
        number, post = number_of(fields.get("Id")), number_of(fields.get("PostId"))
        if number is None:
            return _numberless(ref)
        if post is None:
            return Unreadable(ref=ref, reason=f"The comment at byte {ref.offset:,} names no post (PostId) by a number.")
        if _says_too_much(fields, ref):
            return _too_much_said(ref)
        return PostRecord(
            thread=ThreadKey(f"p{self._question(post, ref)}"),
            key=PostKey(f"c{number}"),
            key_basis=KeyBasis.SOURCE,
            parent=PostKey(f"p{post}"),
            kind=PostKind.REPLY,
            byline=self._byline(fields.get("UserDisplayName"), fields.get("UserId"), ref),
            title=None,
            text=fields.get("Text", ""),
            markup=Markup.MARKDOWN,
            posted_at=self._posted_at(fields, ref),
            ref=ref,
            edge=Edge.SOURCE,
            facts=facts_of(fields) or None,
        )

    def note_damage(self, name: str, count: int) -> None:
        """Say that a companion could not be read as a whole."""
        ref = RawRef(original=self.original, offset=self._start, length=0)
        text = f"Parts of {name}, beside this file, could not be read ({count}): what they say is missing here."
        self.notes.append(Note(ref=ref, text=text))

    def _parent(self, number: str, named: str | None, ref: RawRef) -> PostKey | None:
        question = number_of(named)
        if question is not None and question != number:
            return PostKey(f"p{question}")
        what = "itself as its question" if question else "no question (ParentId) by a number"
        self.notes.append(Note(ref=ref, text=f"Answer {number} names {what}: it stands in a thread of its own."))
        return None

    def _is_accepted(self, number: str, parent: PostKey) -> bool:
        """Whether the question that an answer stands under names it, or a vote does."""
        question = None if self.accepted is None else self.accepted.get(int(number))
        return question == BY_VOTE or f"p{question}" == parent

    def _question(self, post: str, ref: RawRef) -> str | int:
        """The question in whose thread a post is that has a comment."""
        if self.questions is None:
            text = "Posts.xml is not beside this file: each post with comments is taken for a question."
            self._note_once(ref, "questions", text)
            return post
        return self.questions.get(int(post)) or post

    def _byline(self, name: str | None, user: str | None, ref: RawRef) -> str | None:
        if name or user is None:
            return name or None
        if self.names is None:
            text = (
                "Users.xml is not beside this file: posts name their authors by numbers only, and have no names here."
            )
            self._note_once(ref, "names", text)
            return None
        number = user_of(user)
        return None if number is None else self.names.get(number)

    def _posted_at(self, fields: Fields, ref: RawRef) -> datetime | None:
        value = fields.get("CreationDate")
        moment = None if value is None else from_iso_in_utc(value)
        if moment is None and value is not None:
            text = f"From byte {ref.offset:,} on there are dates that cannot be read, “{value[:40]}” first."
            self._note_once(ref, "dates", text)
        return moment

    def _note_once(self, ref: RawRef, about: str, text: str) -> None:
        if about not in self._noted:
            self._noted.add(about)
            self.notes.append(Note(ref=ref, text=text))


def _other_type(type_: str, ref: RawRef) -> Skipped | Unreadable:
    if number_of(type_) is None:
        return Unreadable(
            ref=ref, reason=f"The row at byte {ref.offset:,} does not say by a number what it is (PostTypeId)."
        )
    what = _OTHER_TYPES.get(type_, "A post of another kind")
    return Skipped(ref=ref, reason=f"{what} (PostTypeId {type_}) is neither a question nor an answer.")


def _numberless(ref: RawRef) -> Unreadable:
    return Unreadable(
        ref=ref, reason=f"The row at byte {ref.offset:,} has no number (Id) by which it could be known again."
    )


def _says_too_much(fields: Fields, ref: RawRef) -> bool:
    most = MAX_FACT_CHARACTERS
    return ref.length > most and longest_fact(fields) > most  # nearly every row is shorter than one field may be


def _too_much_said(ref: RawRef) -> Unreadable:
    reason = f"A field of the row at byte {ref.offset:,} is longer than {MAX_FACT_CHARACTERS:,} characters."
    return Unreadable(ref=ref, reason=reason)
