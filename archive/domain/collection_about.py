"""What an archivist says of a collection."""

from dataclasses import asdict, dataclass

MOST = {"description": 5_000, "licence": 500, "provenance": 5_000}  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Three texts, each "" where nothing is said. Addresses in them become links; nothing else is markup."""

    description: str = ""
    licence: str = ""
    provenance: str = ""

    @property
    def says_something(self) -> bool:
        """Whether any of the three is written."""
        return any(asdict(self).values())
