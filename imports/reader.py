"""What a reader of a foreign format is: how it is called, and what is known of its format."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import BinaryIO, NamedTuple, Protocol, TypeVar, cast

from archive.domain.ids import PostKey, Sha256
from archive.domain.records import Item, LineReading, Markup
from imports.companions import NO_COMPANIONS, Companions
from imports.thread_items import NO_CORRECTIONS

File = TypeVar("File")


class Reader(Protocol):
    """How every format is read."""

    def __call__(
        self,
        file: BinaryIO,
        *,
        original: Sha256,
        start: int = 0,
        markup: Markup = Markup.PLAIN,
        corrections: Mapping[int, LineReading] = NO_CORRECTIONS,
    ) -> Iterator[Item]:
        """Yield posts and everything around them, in file order. Never raises on bad content.

        :param start: bytes; where to go on: at the beginning of an item.
        :param corrections: how the archivist reads lines that stand alone, by their offset in bytes.
        """
        ...


class CompanionReader(Protocol):
    """How a format is read that wants to look into the files beside the one it reads. It is a `Reader` without them."""

    def __call__(
        self,
        file: BinaryIO,
        *,
        original: Sha256,
        start: int = 0,
        markup: Markup = Markup.PLAIN,
        corrections: Mapping[int, LineReading] = NO_CORRECTIONS,
        companions: Companions = NO_COMPANIONS,
    ) -> Iterator[Item]:
        """See `Reader`.

        :param companions: those of the files in `Format.companions` that lie beside the one read.
        """
        ...


class Unit(StrEnum):
    """What of a file can be read without the rest of it, once an archivist has mended it."""

    LINE = "line"
    ITEM = "item"  # the stretch that was set aside
    FILE = "file"  # nothing but the whole


class Numbered(NamedTuple):
    """A post by the number that its site gave it, with its date, which the site never changes."""

    key: PostKey
    posted_at: datetime
    offset: int  # bytes from the start of the file
    length: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One foreign format."""

    name: str  # on the command line
    title: str  # for people
    sniff: Callable[[bytes], bool]  # whether the beginning of a file looks like it
    read: Reader
    unit: Unit = Unit.FILE
    around: tuple[bytes, bytes] = (b"", b"")  # what makes a file of a unit, before and after it
    is_decoded_whole: bool = False  # whether it is the text as a whole that tells its encoding
    names_encoding: bool = False  # whether an item says itself how it is encoded
    is_json: bool = False  # for whoever brings JSON that no format fits, and is told which do
    asks_markup: bool = False  # whether it leaves open how texts are written, so that an archivist says it
    companions: frozenset[str] = frozenset()  # base names, in lower case, of files beside it that `read` wants
    # Of a table of a site that counts its posts by itself, so that another site has the same numbers:
    find_numbers: Callable[[BinaryIO], Iterator[Numbered]] | None = None  # goes through a file for them; never raises
    stands_under: str | None = None  # base name, in lower case, of the table beside it that holds what its posts are on

    @property
    def is_of_one_site(self) -> bool:
        """Whether its posts may only stand beside those of the same site."""
        return self.find_numbers is not None or self.stands_under is not None

    def reader(self, companions: Companions) -> Reader:
        """How to read a file of this format that has these companions, and maybe others, beside it."""
        if not self.companions:
            return self.read
        return partial(cast("CompanionReader", self.read), companions=self.wanted(companions))

    def wanted(self, companions: Mapping[str, File]) -> dict[str, File]:
        """Those of some files that `read` looks into."""
        return {name: companions[name] for name in self.companions & companions.keys()}
