"""What of a file an archivist can mend: the text of a stretch in quarantine, and the way back to bytes."""

import re
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.orm import Session

from archive.errors import ArchiveError
from archive.store.batches import BatchInput, Remark
from archive.store.originals import Original
from archive.store.quarantine import input_with
from archive.store.sealed import sealed_in
from archive.store.vault import Vault
from imports.formats import known_formats
from imports.mail_charset import encoding_of
from imports.reader import Format, Unit
from imports.text_encoding import decode, has_wide_mark

MAX_REPAIR_BYTES = 256 * 1024  # of what is mended in a form; longer things are mended in an editor
_MAX_CONTROLS = 0.1  # of a text's characters; beyond it, bytes are no text
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")  # which no form can hold
_TAIL = re.compile(rb"[\r\n]*\Z")
_WHOLE_FILE = Format(name="none", title="", sniff=lambda _: False, read=lambda *_, **__: iter(()))


class NotMendableError(ArchiveError):
    """A stretch cannot be repaired in a form."""

    def __init__(self, reason: str, *, instead: str = "Mend the file and import it anew.") -> None:
        super().__init__(f"{reason} {instead}")


class NotWritableError(ArchiveError):
    """What was typed cannot be written as the item says that it is written."""

    def __init__(self, character: str, encoding: str) -> None:
        super().__init__(f"“{character}” cannot be written in {encoding.upper()}, in which this stretch is.")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitText:
    """A piece of a file that can be read by itself, as a form holds it."""

    input: BatchInput
    format: str  # by which it is read; "none" where the file was in none that is known
    offset: int  # bytes; where it begins in the file
    length: int  # bytes
    is_file: bool  # whether it is the whole file
    text: str  # with LF between lines, without line ends at its end
    encoding: str
    line_end: str
    tail: bytes  # the line ends at its end
    around: tuple[bytes, bytes]
    replaced: int  # characters that a form cannot hold, or bytes that are no text, each shown as “�”

    def encode(self, text: str) -> bytes:
        """The bytes of the unit with another text: a file of its own.

        :raises NotWritableError: if the encoding does not have a character.
        """
        lines = _LINE_END.sub("\n", text).rstrip("\n").replace("\n", self.line_end)
        try:
            body = lines.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise NotWritableError(lines[error.start], self.encoding) from None
        before, after = self.around
        return before + body + self.tail + after


def unit_of(session: Session, vault: Vault, remark: Remark) -> UnitText:
    """What can be mended of the file that the stretch is in.

    :raises NotMendableError: if nothing of it can be mended in a form.
    :raises BytesLostError: if the vault does not hold the bytes, or they are damaged.
    """
    if remark.is_refused:
        raise NotMendableError(
            "There is nothing to repair: the file could be read, and is not for this collection.",
            instead="Import it into a collection of its own, and dismiss it here.",
        )
    found = input_with(session, remark) if remark.original is not None else None
    if found is None or remark.original is None:
        raise NotMendableError("It was set aside before anything of it was read.")
    input_, format_name = found
    format_ = next((known for known in known_formats() if known.name == format_name), _WHOLE_FILE)
    size = session.get_one(Original, remark.original).size
    with vault.open(remark.original) as file:
        start, end = _bounds(file, format_.unit, remark, size)
        if end - start > MAX_REPAIR_BYTES:
            raise NotMendableError(
                f"It can be read again only {_WHAT[format_.unit]}, which is longer than {MAX_REPAIR_BYTES // 1024} KiB."
            )
        if any(stretch.overlaps(start, end - start) for stretch in sealed_in(session, remark.original)):
            raise NotMendableError("It can be read again only with what was taken down, which is sealed.")
        file.seek(start)
        raw = file.read(end - start)
    return _as_text(raw, start, input_, format_, is_file=(start, end) == (0, size))


_WHAT = {Unit.LINE: "as its line", Unit.ITEM: "as it is", Unit.FILE: "as the whole file"}


def is_text(text: str) -> bool:
    """Whether decoded bytes were text: control characters are few."""
    return len(_CONTROL.findall(text)) <= _MAX_CONTROLS * len(text)


def _bounds(file: BinaryIO, unit: Unit, remark: Remark, size: int) -> tuple[int, int]:
    """Where the unit begins and ends. What is too long for a form is not looked through."""
    start, end = remark.offset, remark.offset + remark.length
    if unit is Unit.ITEM:
        return start, end
    if unit is Unit.FILE or end - start > MAX_REPAIR_BYTES:
        return 0, size
    reach = max(0, start - MAX_REPAIR_BYTES)
    file.seek(reach)
    before = file.read(start - reach)
    stretch = file.read(end - start)
    if not stretch.endswith(b"\n"):
        rest = file.read(MAX_REPAIR_BYTES)
        end += rest.find(b"\n") + 1 or len(rest)
    return reach + before.rfind(b"\n") + 1, end


def _as_text(raw: bytes, start: int, input_: BatchInput, format_: Format, *, is_file: bool) -> UnitText:
    decoded = decode(raw)
    shown = encoding_of(raw) if format_.names_encoding else decoded.encoding
    text = decoded.text if shown == decoded.encoding else raw.decode(shown, "replace")
    if not is_text(text):
        raise NotMendableError("Its bytes are no text.")
    wide = has_wide_mark(raw)
    tail = b"" if wide else (_TAIL.search(raw) or [b""])[0]
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    ends = _LINE_END.findall(text)
    return UnitText(
        input=input_,
        format=format_.name,
        offset=start,
        length=len(raw),
        is_file=is_file,
        text=_LINE_END.sub("\n", text).rstrip("\n"),
        encoding=shown if format_.names_encoding else "utf-8",
        line_end=max(("\n", "\r\n", "\r"), key=ends.count),
        tail=tail,
        around=(b"", b"") if is_file else format_.around,
        replaced=text.count("\N{REPLACEMENT CHARACTER}") - raw.count(b"\xef\xbf\xbd"),
    )
