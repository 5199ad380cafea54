"""What can be asked for: each operation says its address, who may call it, what comes in and what goes out.

From that the view is made, the description of the API, and the page that people read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import getdoc
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from msgspec import Struct

from archive.api.answers import answer
from archive.api.asking import read_body, read_query
from archive.api.callers import check_allowed
from archive.domain.permissions import Permission
from archive.domain.tokens import ALLOWS, Scope
from archive.web.permissions import declare

ROOT = "/api/v1"
bp = Blueprint("api", __name__, url_prefix=ROOT)

READING, OPENLY, MODERATING, AT_ONCE, DISPUTES, CHECKING, OBJECTIONS, OFFERS, TAKEDOWNS, IMPORTING, ABOUT = GROUPS = (
    "Reading",
    "Decisions in the open",
    "Moderating",
    "Many answers at once",
    "Readings that differ",
    "Looking citations up",
    "Objections to tags",
    "Supplied references",
    "Takedowns",
    "Importing",
    "About the interface",
)
View = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that a program can ask for."""

    name: str
    method: str
    rule: str  # Flask's, below the root
    group: str  # under which people find it
    summary: str
    description: str
    scope: Scope | None  # of the token that it takes; None: anybody may
    query: type[Struct] | None
    body: type[Struct] | None
    returns: Any  # a frozen dataclass; None: no JSON
    status: int
    cost: int  # as how many requests it is counted
    receives: str | None  # the media type of a body that is no JSON
    media: str


OPERATIONS: dict[str, Operation] = {}  # by the endpoint that Flask knows them by


def operation(
    method: str,
    rule: str,
    *,
    group: str,
    summary: str,
    returns: Any = None,
    scope: Scope | None = None,
    query: type[Struct] | None = None,
    body: type[Struct] | None = None,
    status: int = 200,
    cost: int = 1,
    receives: str | None = None,
    media: str = "application/json",
) -> Callable[[View], View]:
    """Make a view an operation. It is given what its address names, `asked` for a query and `body` for a body."""

    def decorate(view: View) -> View:
        told = Operation(
            name=view.__name__,
            method=method,
            rule=rule,
            group=group,
            summary=summary,
            description=getdoc(view) or "",
            scope=scope,
            query=query,
            body=body,
            returns=returns,
            status=status,
            cost=cost,
            receives=receives,
            media=media,
        )
        OPERATIONS[f"{bp.name}.{told.name}"] = told
        bp.add_url_rule(rule, told.name, _as_view(told, view), methods=[method])
        return view

    return decorate


def _as_view(told: Operation, view: View) -> Callable[..., ResponseReturnValue]:
    @wraps(view)
    def guarded(**given: Any) -> ResponseReturnValue:
        if told.scope is not None:
            check_allowed(told.scope)
        if told.query is not None:
            given["asked"] = read_query(told.query)
        if told.body is not None:
            given["body"] = read_body(told.body)
        return answer(view(**given), status=told.status)

    declare(guarded, Permission.READ if told.scope is None else ALLOWS[told.scope])
    return guarded
