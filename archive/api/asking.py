"""What comes in with a request, checked by the types that describe it: its query, its body, its files."""

import shutil
import tempfile
from functools import cache
from typing import Any, BinaryIO, TypeVar, cast

import msgspec
from flask import request
from msgspec import Struct
from msgspec.inspect import ListType, Metadata, StructType, Type, type_info
from msgspec.structs import fields

from archive.errors import ArchiveError

Shape = TypeVar("Shape", bound=Struct)
MAX_BODY = 1024 * 1024  # bytes of JSON
JSON = "application/json"
BYTES = "application/octet-stream"


class RequestError(ArchiveError):
    """What was asked for cannot be: a parameter or a body is not as the description says."""


class BodyError(ArchiveError):
    """A body is JSON, and not what it should say."""


class BodyTooLargeError(ArchiveError):
    """A body is longer than it may be."""

    def __init__(self) -> None:
        super().__init__(f"A body of JSON has at most {MAX_BODY:,} bytes.")


class MediaTypeError(ArchiveError):
    """A body is called something else than what is wanted."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"The body must be {wanted}, and the header Content-Type must say so.")


def read_query(kind: type[Shape]) -> Shape:
    """What stands behind the question mark, without what nobody can type. A parameter without a value counts as not
    given.

    :raises RequestError: if a parameter is unknown, given twice, or not as it should be.
    """
    given: dict[str, Any] = {}
    for name, all_values in request.args.lists():
        values = [typed for value in all_values if (typed := fit(value))]
        if not values:
            continue
        if name in _lists(kind):
            given[name] = values
        elif len(values) > 1:
            raise RequestError(f"The address has “{name[:80]}” more than once.")
        else:
            given[name] = values[0]
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise RequestError(f"The address asks for what there cannot be: {_told(error)}.") from error


def read_body(kind: type[Shape]) -> Shape:
    """What the request brings as JSON; nothing at all counts as {}, where nothing need be said.

    :raises MediaTypeError: if it is called something else.
    :raises RequestError: if it is no JSON.
    :raises BodyError: if it is not the JSON that is wanted.
    :raises BodyTooLargeError: if it is too long.
    """
    if not needs_body(kind) and not request.content_length and not request.get_data():
        return kind()
    _check_media(JSON)
    if (request.content_length or 0) > MAX_BODY:
        raise BodyTooLargeError
    data = request.get_data(cache=False)
    if len(data) > MAX_BODY:
        raise BodyTooLargeError
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise BodyError(f"The body is not what this wants: {_told(error)}. Nothing was stored.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError("The body cannot be read as JSON. Nothing was stored.") from error


def needs_body(kind: type[Struct]) -> bool:
    """Whether something must be said: a field has no value of its own."""
    return any(field.required for field in fields(kind))


def body_as_file() -> BinaryIO:
    """The bytes that the request brings, in a file that is gone when it is closed.

    :raises MediaTypeError: if they are called something else.
    """
    _check_media(BYTES)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever receives it closes it
    try:
        shutil.copyfileobj(request.stream, file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return cast("BinaryIO", file)


def fit(text: str) -> str:
    """What is left of a text on a line once what nobody can type is taken out: as the pages' own fields have it."""
    kept = (" " if char in "\t\r\n" else char for char in text if char.isprintable() or char in "\t\r\n\u200c\u200d")
    return "".join(kept).strip()


def _check_media(wanted: str) -> None:
    if request.mimetype != wanted:
        raise MediaTypeError(wanted)


@cache
def _lists(kind: type[Struct]) -> frozenset[str]:
    """The parameters that may be given several times."""
    info = type_info(kind)
    assert isinstance(info, StructType)  # noqa: S101 - what the parameter's type says
    return frozenset(field.encode_name for field in info.fields if isinstance(_bare(field.type), ListType))


def _bare(kind: Type) -> Type:
    return kind.type if isinstance(kind, Metadata) else kind


def _told(error: msgspec.ValidationError) -> str:
    """msgspec's words, without its marks of code."""
    return str(error).replace("`", "").replace("$.", "")[:300]
