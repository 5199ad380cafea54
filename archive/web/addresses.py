"""Addresses: the shapes of those that are ours, and those that we send a browser to."""

from urllib.parse import urlsplit

from werkzeug.routing import BaseConverter, IntegerConverter, Map

MAX_ADDRESS_LENGTH = 2000  # characters
MOST_ROWS = 2**31 - 1  # the number of a row; PostgreSQL compares none with a larger one


class PublicIdConverter(BaseConverter):
    """The permanent name of a thread, a post or an author."""

    regex = "[0-9a-hjkmnp-tv-z]{14}"


class SlugConverter(BaseConverter):
    """The short name of a collection."""

    regex = r"[^\W_]+(?:-[^\W_]+)*"  # letters of any script, digits, hyphens between them


class Sha256Converter(BaseConverter):
    """The name of an original."""

    regex = "[0-9a-f]{64}"


class RowConverter(IntegerConverter):
    """The number of a row."""

    def __init__(self, routes: Map) -> None:
        super().__init__(routes, max=MOST_ROWS)


CONVERTERS: dict[str, type[BaseConverter]] = {
    "public_id": PublicIdConverter,
    "slug": SlugConverter,
    "sha256": Sha256Converter,
    "row": RowConverter,
}


def stay_home(wanted: str | None, otherwise: str = "/") -> str:
    """The address if it is a path of this archive, and another one if it leads anywhere else.

    Browsers read a backslash as a slash and leave out tabs and line breaks, so none may occur.
    """
    if not wanted or len(wanted) > MAX_ADDRESS_LENGTH or not wanted.isprintable() or "\\" in wanted:
        return otherwise
    if not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else wanted
