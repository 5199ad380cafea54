"""Why it is doubtful where a post hangs, and how a page says so."""

from enum import StrEnum

from archive.domain.records import Edge


class Doubt(StrEnum):
    """Why a person should look at the place of a post."""

    MISSING = "missing"
    CONTRADICTED = "contradicted"
    CUT = "cut"
    UNSAID = "unsaid"
    ADDRESSED = "addressed"


DOUBTS: dict[Doubt, str] = {
    Doubt.MISSING: "What it answers is missing: it was in no file that was imported, or is not public.",
    Doubt.CONTRADICTED: "Its source says that it is in this thread, and that it answers a post in another one.",
    Doubt.CUT: "Its source has it answer a reply to itself. The circle was cut above it.",
    Doubt.UNSAID: "Its subject says that it is a reply, and it does not say to what. It stands as a thread of its own.",
    Doubt.ADDRESSED: "It stands below the question, and its first words speak to somebody who answered before.",
}
_BY_EDGE = {Edge.CUT: Doubt.CUT, Edge.UNSAID: Doubt.UNSAID, Edge.ADDRESSED: Doubt.ADDRESSED}


def doubt_of(edge: Edge, *, waits: bool, parent_is_here: bool) -> Doubt | None:
    """Why the place of a post is in doubt; None where it is not.

    :param waits: whether it hangs from nothing, though its source names a parent.
    :param parent_is_here: whether the archive holds that parent, in another thread.
    """
    if waits:
        return Doubt.CONTRADICTED if parent_is_here else Doubt.MISSING
    return _BY_EDGE.get(edge)
