"""What one table of the Stack Exchange data dump needs of another: names by user, questions by answer."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import BinaryIO

import orjson

from imports.companions import Companions, Lookup, Value
from imports.stack_exchange_fields import number_of, user_of
from imports.stack_exchange_parser import Fields
from imports.stack_exchange_rows import Broken, Piece, Row, read_rows

POSTS_FILE, USERS_FILE, VOTES_FILE = "posts.xml", "users.xml", "votes.xml"
BY_VOTE = 0  # in place of the question, where only a vote says that its asker accepted an answer
TEXT_TYPES = frozenset({"2", "5", "8"})  # PostHistoryTypeId: the first text, an edited one, one that was gone back to
_ACCEPTED = "1"  # VoteTypeId
_HEAD = ("PostTypeId", "ParentId", "CreationDate", "OwnerUserId", "OwnerDisplayName")

OnDamage = Callable[[str, int], None]  # is told the name of a file, and how many parts of it could not be read


def look_up_names(stack: ExitStack, companions: Companions, on_damage: OnDamage) -> Lookup[str] | None:
    """The names of users by their numbers, as long as the stack is open; None without Users.xml."""
    return _look_up(stack, companions, USERS_FILE, _name, on_damage)


def look_up_questions(stack: ExitStack, companions: Companions, on_damage: OnDamage) -> Lookup[int] | None:
    """The numbers of questions by those of their answers; None without Posts.xml."""
    return _look_up(stack, companions, POSTS_FILE, _question, on_damage)


def look_up_heads(stack: ExitStack, companions: Companions, on_damage: OnDamage) -> Lookup[str] | None:
    """The rows of questions and answers by their numbers, as JSON without their texts; None without Posts.xml."""
    return _look_up(stack, companions, POSTS_FILE, _head, on_damage)


def look_up_newest(stack: ExitStack, history: BinaryIO) -> Lookup[int]:
    """By the number of a post, that of the last row of its history that holds a text."""
    lookup = stack.enter_context(Lookup(_picked(read_rows(history, "posthistory"), _text_row, [0])))
    history.seek(0)
    return lookup


def look_up_accepted(stack: ExitStack, posts: BinaryIO, companions: Companions, on_damage: OnDamage) -> Lookup[int]:
    """By the numbers of answers that were accepted, those of the questions that name them, or BY_VOTE."""
    broken: list[int] = [0]
    votes = companions.get(VOTES_FILE)
    with ExitStack() as opened:
        pieces = () if votes is None else read_rows(opened.enter_context(votes()), "votes")
        by_vote = _picked(pieces, _voted, broken)
        by_question = _picked(read_rows(posts, "posts"), _accepting, [0])  # what is broken is told when it is read
        lookup = stack.enter_context(Lookup(chain(by_vote, by_question)))
    posts.seek(0)
    if broken[0]:
        on_damage(VOTES_FILE.capitalize(), broken[0])
    return lookup


def _look_up(
    stack: ExitStack,
    companions: Companions,
    name: str,
    pick: Callable[[Fields], tuple[int, Value] | None],
    on_damage: OnDamage,
) -> Lookup[Value] | None:
    open_file = companions.get(name)
    if open_file is None:
        return None
    broken: list[int] = [0]
    with open_file() as file:
        rows = _picked(read_rows(file, name.removesuffix(".xml")), pick, broken)
        lookup = stack.enter_context(Lookup(rows))
    if broken[0]:
        on_damage(name.capitalize(), broken[0])
    return lookup


def _picked(
    pieces: Iterable[Piece], pick: Callable[[Fields], tuple[int, Value] | None], broken: list[int]
) -> Iterator[tuple[int, Value]]:
    for piece in pieces:
        if isinstance(piece, Row):
            entry = pick(piece.fields)
            if entry is not None:
                yield entry
        elif isinstance(piece, Broken):
            broken[0] += 1


def _name(fields: Fields) -> tuple[int, str] | None:
    number, name = user_of(fields.get("Id")), fields.get("DisplayName")
    return (number, name) if number is not None and name else None


def _head(fields: Fields) -> tuple[int, str] | None:
    number = number_of(fields.get("Id"))
    if number is None or fields.get("PostTypeId") not in ("1", "2"):
        return None
    head = {name: fields[name] for name in _HEAD if name in fields}
    return int(number), orjson.dumps(head).decode()


def _text_row(fields: Fields) -> tuple[int, int] | None:
    if fields.get("PostHistoryTypeId") not in TEXT_TYPES:
        return None
    post, row = number_of(fields.get("PostId")), number_of(fields.get("Id"))
    return (int(post), int(row)) if post and row else None


def _voted(fields: Fields) -> tuple[int, int] | None:
    answer = number_of(fields.get("PostId")) if fields.get("VoteTypeId") == _ACCEPTED else None
    return (int(answer), BY_VOTE) if answer else None


def _accepting(fields: Fields) -> tuple[int, int] | None:
    named = fields.get("AcceptedAnswerId")
    if named is None or fields.get("PostTypeId") != "1":
        return None
    answer, question = number_of(named), number_of(fields.get("Id"))
    return (int(answer), int(question)) if answer and question else None


def _question(fields: Fields) -> tuple[int, int] | None:
    if fields.get("PostTypeId") != "2":
        return None
    answer, question = number_of(fields.get("Id")), number_of(fields.get("ParentId"))
    return (int(answer), int(question)) if answer and question else None
