"""What one table of the Stack Exchange data dump needs of another: names by user, questions by answer."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import BinaryIO

from imports.companions import Companions, Lookup, Value
from imports.stack_exchange_fields import number_of, user_of
from imports.stack_exchange_parser import Fields
from imports.stack_exchange_rows import Broken, Piece, Row, read_rows

POSTS_FILE, USERS_FILE, VOTES_FILE = "posts.xml", "users.xml", "votes.xml"
BY_VOTE = 0  # in place of the question, where only a vote says that its asker accepted an answer
_ACCEPTED = "1"  # VoteTypeId

OnDamage = Callable[[str, int], None]  # is told the name of a file, and how many parts of it could not be read


def look_up_names(stack: ExitStack, companions: Companions, on_damage: OnDamage) -> Lookup[str] | None:
    """The names of users by their numbers, as long as the stack is open; None without Users.xml."""
    return _look_up(stack, companions, USERS_FILE, _name, on_damage)


def look_up_questions(stack: ExitStack, companions: Companions, on_damage: OnDamage) -> Lookup[int] | None:
    """The numbers of questions by those of their answers; None without Posts.xml."""
    return _look_up(stack, companions, POSTS_FILE, _question, on_damage)


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
