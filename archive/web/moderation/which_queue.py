"""Which answers a moderator works through, as addresses and forms carry it."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from archive.services.search import Wanted
from archive.web.arguments import words
from archive.web.form_fields import line_field
from archive.web.search.facets import Asked, asked

_MAX_SLUG = 80  # characters
_MAX_SEARCH = 8_000  # characters of a search's address


@dataclass(frozen=True, slots=True)
class Queue:
    """The answers of all collections, of one, or those that a search finds."""

    collection: str | None = None
    search: Asked | None = None  # in place of the collection

    @property
    def wanted(self) -> Wanted | None:
        """What the search finds; None where there is none."""
        return None if self.search is None else self.search.wanted

    @property
    def address(self) -> str:
        """As it stands in an address, behind the question mark; "" for all."""
        if self.search is not None:
            return self.search.queue
        return urlencode({"collection": self.collection}) if self.collection else ""

    @property
    def field(self) -> tuple[str, str]:
        """As it stands in a form: the name of the field, and what it holds."""
        return ("search", self.address) if self.search is not None else ("collection", self.collection or "")


def queue_in_address() -> Queue:
    """The queue that the request's address names.

    :raises ArgumentError: if that cannot be.
    """
    if "q" in request.args:
        return Queue(search=asked())
    return Queue(words("collection", most=_MAX_SLUG) or None)


def queue_in_form() -> Queue:
    """The queue that the request's form names.

    :raises FieldError: if its name is too long.
    :raises ArgumentError: if that cannot be.
    """
    search = line_field("search", label="A search", most=_MAX_SEARCH)
    if search:
        return Queue(search=asked(MultiDict(parse_qsl(search, keep_blank_values=True))))
    return Queue(line_field("collection", label="A collection's address", most=_MAX_SLUG) or None)
