"""One import run: its states, and the balance sheet that must add up."""

from dataclasses import dataclass, fields
from enum import StrEnum

from archive.errors import ArchiveError


class BatchState(StrEnum):
    """Where an import stands."""

    RECEIVED = "received"  # bytes kept, nothing read into the archive yet
    IMPORTING = "importing"  # under way, or cut off and to be continued
    DRAFT = "draft"  # complete, seen by archivists only
    PUBLISHED = "published"
    ROLLED_BACK = "rolled_back"


UNFINISHED = (BatchState.RECEIVED, BatchState.IMPORTING)


class BatchAct(StrEnum):
    """What an archivist can do with a batch."""

    IMPORT = "import"
    STOP = "stop"  # an import that waits or is under way
    PUBLISH = "publish"
    ROLL_BACK = "roll back"
    MEND = "mend"  # to repair or dismiss what could not be read, or take that back


TRANSITIONS: dict[BatchAct, dict[BatchState, BatchState]] = {
    BatchAct.IMPORT: {
        BatchState.RECEIVED: BatchState.DRAFT,
        BatchState.IMPORTING: BatchState.DRAFT,
    },
    BatchAct.STOP: {
        BatchState.RECEIVED: BatchState.RECEIVED,
        BatchState.IMPORTING: BatchState.IMPORTING,
    },
    BatchAct.PUBLISH: {BatchState.DRAFT: BatchState.PUBLISHED},
    BatchAct.ROLL_BACK: {
        BatchState.RECEIVED: BatchState.ROLLED_BACK,
        BatchState.IMPORTING: BatchState.ROLLED_BACK,
        BatchState.DRAFT: BatchState.ROLLED_BACK,
        BatchState.PUBLISHED: BatchState.ROLLED_BACK,
    },
    BatchAct.MEND: {
        BatchState.DRAFT: BatchState.DRAFT,
        BatchState.PUBLISHED: BatchState.PUBLISHED,
    },
}

ACT_WORDS: dict[BatchAct, str] = {
    BatchAct.IMPORT: "import it",
    BatchAct.STOP: "stop it",
    BatchAct.PUBLISH: "publish it",
    BatchAct.ROLL_BACK: "roll it back",
    BatchAct.MEND: "mend it",
}

STATE_WORDS: dict[BatchState, str] = {
    BatchState.RECEIVED: "received and not yet read in",
    BatchState.IMPORTING: "not finished",
    BatchState.DRAFT: "a draft",
    BatchState.PUBLISHED: "published",
    BatchState.ROLLED_BACK: "rolled back",
}


class BatchStateError(ArchiveError):
    """The batch is not in a state for what was asked."""

    def __init__(self, batch: int, state: BatchState, act: BatchAct) -> None:
        self.batch, self.state, self.act = batch, state, act
        super().__init__(f"Batch {batch} is {STATE_WORDS[state]}, so you cannot {ACT_WORDS[act]}.")


def after(act: BatchAct, *, batch: int, state: BatchState) -> BatchState:
    """The state that an act leads to.

    :raises BatchStateError: if the act is not possible in that state.
    """
    try:
        return TRANSITIONS[act][state]
    except KeyError:
        raise BatchStateError(batch, state, act) from None


class Outcome(StrEnum):
    """What became of one post that was read."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    SKIPPED = "skipped"


@dataclass(slots=True)
class Balance:
    """Counts of one import. `read` and the bytes are counted where things are read, the rest where they end up."""

    read: int = 0
    added: int = 0
    unchanged: int = 0
    changed: int = 0
    duplicate: int = 0
    quarantined: int = 0
    skipped: int = 0
    threads: int = 0  # with at least one post in the input
    questions: int = 0
    answers: int = 0
    replies: int = 0
    missing: int = 0  # that the source says there are, and does not give; they are not among the read
    bytes_received: int = 0
    bytes_in_posts: int = 0
    bytes_in_layout: int = 0
    bytes_set_aside: int = 0  # quarantined, dismissed or skipped; of what was repaired, the bytes as received
    dismissed: int = 0  # that could not be read, and that an archivist said to leave

    @property
    def adds_up(self) -> bool:
        """Whether every post and every byte that came in is accounted for."""
        ended = (
            self.added
            + self.unchanged
            + self.changed
            + self.duplicate
            + self.quarantined
            + self.dismissed
            + self.skipped
        )
        placed = self.bytes_in_posts + self.bytes_in_layout + self.bytes_set_aside
        return self.read == ended and self.bytes_received == placed

    def move(self, by: "Balance", *, back: bool = False) -> None:
        """Add the counts of another sheet; or, where it is taken back, take them off."""
        for field in fields(self):
            moved = getattr(by, field.name)
            setattr(self, field.name, getattr(self, field.name) + (-moved if back else moved))

    def as_dict(self) -> dict[str, int]:
        """The counts by name, in order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
