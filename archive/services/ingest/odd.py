"""What a chunk says of posts that the archive has otherwise, as far as an archivist should know."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.domain.batch import Outcome
from archive.domain.capture import KnownPost
from archive.domain.dates import is_redated
from archive.domain.ids import PostKey
from archive.domain.records import Edge, KeyBasis, PostRecord


@dataclass(slots=True)
class Odd:
    """Keys of such posts."""

    redated: list[PostKey] = field(default_factory=list)  # they changed, and bear another date than before
    parents_unheeded: list[PostKey] = field(default_factory=list)

    def weigh(self, known: KnownPost, record: PostRecord, outcome: Outcome) -> None:
        """Count a post that the archive has among them, if it is one."""
        if outcome in (Outcome.ADDED, Outcome.CHANGED) and is_redated(known, record):
            self.redated.append(record.key)
        if _names_late_parent(known, record):
            self.parents_unheeded.append(record.key)

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Yield what is to be noted, each under a name."""
        if self.redated:
            words = (
                f"Numbers under which the archive has posts of other dates: {len(self.redated):,}, "
                f"{self.redated[0]} for one. If this is another site or community, its posts are taken for newer "
                "texts of those: roll the batch back, and import it into a collection of its own."
            )
            yield "numbers", words
        if self.parents_unheeded:
            words = (
                "Posts of which this says what they answer, and the capture that brought them did not: "
                f"{len(self.parents_unheeded):,}, {self.parents_unheeded[0]} for one. They still hang from nothing: "
                "an import moves no post that is known. A person can."
            )
            yield "parents", words


def _names_late_parent(known: KnownPost, record: PostRecord) -> bool:
    """Whether a numbered post hangs from nothing because no capture named its parent, and this one does."""
    named = record.key_basis is KeyBasis.SOURCE and record.parent is not None
    return named and not (known.parent_id or known.awaits or known.edge in (Edge.CUT, Edge.PERSON))
