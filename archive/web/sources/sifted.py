"""The index of works with its filters as an address, and the addresses of narrower and wider ones."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from archive.domain.sources import SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What the address asks for."""

    kind: SourceKind | None = None
    domain: str = ""
    words: str = ""
    after: str | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether it is about some works only."""
        return bool(self.kind or self.domain or self.words)

    @property
    def address(self) -> str:
        """The address of this list."""
        pairs = (("kind", self.kind), ("domain", self.domain), ("q", self.words), ("after", self.after))
        asked = urlencode([(name, value) for name, value in pairs if value])
        return f"/sources?{asked}".rstrip("?")

    def of_kind(self, kind: SourceKind | None) -> str:
        """The address of the same list with works of one kind; of all for None."""
        return replace(self, kind=kind, after=None).address

    def at_domain(self, domain: str) -> str:
        """The address of the same list with works at one place of the web; anywhere for ""."""
        return replace(self, domain=domain, after=None).address

    def with_words(self, words: str) -> str:
        """The address of the same list with works of which these words are said; any for ""."""
        return replace(self, words=words, after=None).address

    def behind(self, work: str) -> str:
        """The address of what follows a work."""
        return replace(self, after=work).address

    @property
    def beginning(self) -> str:
        """The address of the beginning of the list."""
        return replace(self, after=None).address
