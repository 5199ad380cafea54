"""Lists that go on: where a list is asked for, and the address of its next part."""

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

from flask import request
from msgspec import Struct

from archive.api.shapes.basics import After, AfterRow, Before, Limit, Page
from archive.web.own_address import own_address

Item = TypeVar("Item")
A_PAGE = 50


class Behind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list that goes on behind one of its items."""

    after: After | None = None
    limit: Limit = A_PAGE


class FurtherBehind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list whose parts have one size."""

    after: After | None = None


class FurtherOn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of which the oldest come first."""

    after: AfterRow | None = None


class Older(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of which the newest come first."""

    before: Before | None = None


def page(items: Sequence[Item], **onward: str | int | None) -> Page[Item]:
    """A part of a list.

    :param onward: the parameter that leads to the next part; None for there is none.
    """
    return Page(items=items, next=onward_address(**onward))


def onward_address(**onward: str | int | None) -> str | None:
    """The address of this request with another parameter."""
    ((name, value),) = onward.items()
    if value is None:
        return None
    pairs = [(key, text) for key, text in request.args.items(multi=True) if key != name and text]
    return f"{own_address()}{quote(request.path)}?{urlencode([*pairs, (name, str(value))])}"
