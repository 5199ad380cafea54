"""What an archivist sends: files or pasted text, and how doubtful lines are to be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import BinaryIO, cast

from flask import request
from werkzeug.datastructures import FileStorage

from archive.domain.records import LineReading, Markup
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.receive import MAX_COLLECTION_NAME
from archive.web.form_fields import FieldError, line_field, word_field
from imports import AUTO

MAX_PASTED = 1_000_000  # characters
PASTED = "pasted text"  # the name under which it is kept
_AT_ONCE = 16 * 1024 * 1024  # bytes that are received while the browser waits
_MAX_FILE_NAME = 255  # characters
_MAX_FORMAT_NAME = 40  # characters
_READING = re.compile(r"reading-([0-9]{1,9})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What is to be imported, and how it is to be taken."""

    collection: str
    format: str
    markup: Markup
    files: tuple[NamedFile, ...]
    folder_names: tuple[str, ...]  # picked from the import folder
    tokens: tuple[str, ...]  # of what was uploaded before, in pieces

    @property
    def takes_long(self) -> bool:
        """Whether it is left to a worker, so that the browser need not wait."""
        return bool(self.folder_names or self.tokens or (request.content_length or 0) > _AT_ONCE)


def typed_values() -> dict[str, str]:
    """The form's fields as they were typed, to be shown again beside an error."""
    usual = {"collection": "", "text": "", "format": AUTO, "markup": Markup.PLAIN.value}
    return {name: request.form.get(name, value) for name, value in usual.items()}


def read_upload() -> Upload:
    """The upload in the request's form.

    :raises FieldError: if a field is too long or there is nothing in any.
    """
    collection = line_field("collection", label="The name of a collection", most=MAX_COLLECTION_NAME)
    if not collection:
        raise FieldError("collection", "Say which collection this goes into.")
    files = (*_files(), *_pasted())
    folder_names, tokens = (tuple(dict.fromkeys(request.form.getlist(name))) for name in ("folder", "upload"))
    if not (files or folder_names or tokens):
        raise FieldError("files", "Choose a file, or paste a thread.")
    return Upload(
        collection=collection,
        format=line_field("format", label="A format", most=_MAX_FORMAT_NAME) or AUTO,
        markup=word_field("markup", Markup),
        files=files,
        folder_names=folder_names,
        tokens=tokens,
    )


def read_corrections() -> dict[tuple[int, int], LineReading]:
    """The doubtful lines that are to be read otherwise than the page showed them, by input and offset in bytes."""
    found: dict[tuple[int, int], LineReading] = {}
    for name, value in request.form.items():
        line = _READING.fullmatch(name)
        if line and value in set(LineReading) and value != request.form.get(f"was-{line[1]}-{line[2]}"):
            found[int(line[1]), int(line[2])] = LineReading(value)
    return found


def _files() -> Iterator[NamedFile]:
    for file in request.files.getlist("files"):
        if file.filename:
            yield NamedFile(printable_name(file.filename), partial(_stream, file))


def _pasted() -> Iterator[NamedFile]:
    text = request.form.get("text", "").replace("\r\n", "\n")  # browsers send CR LF, whatever was pasted
    if len(text) > MAX_PASTED:
        raise FieldError("text", f"Pasted text has at most {MAX_PASTED:,} characters. Send more as a file.")
    if text.strip():
        yield NamedFile(PASTED, partial(BytesIO, text.encode("utf-8", "surrogatepass")))


def _stream(file: FileStorage) -> BinaryIO:
    return cast("BinaryIO", file.stream)


def printable_name(name: str) -> str:
    """A file's name as a browser gives it, without what cannot be printed; of a long one, the end."""
    shown = "".join(char if char.isprintable() else "\ufffd" for char in name)
    return shown[-_MAX_FILE_NAME:]
