"""What a moderator may decide, and what a decision consists of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.domain.records import PostKind
from archive.errors import ArchiveError

MAX_NOTE = 2_000  # characters
MAX_EVIDENCE = 50  # stretches of words


class TagNotAllowedError(ArchiveError):
    """The post cannot be tagged."""


class EvidenceError(TagNotAllowedError):
    """No tag can rest on these words."""


class ReasonCode(StrEnum):
    """Which rule of the codebook settled it, where one did."""

    DISCLAIMER = "disclaimer"
    NO_PLACE = "no place"
    VAGUE = "vague"
    NOT_CONSULTED = "not consulted"
    SIDE_CLAIM = "side claim"
    TOPIC = "topic"
    ACTOR = "actor"
    QUOTED = "quoted"
    OPINION = "opinion"

    @property
    def words(self) -> str:
        """What people read."""
        return _REASONS[self]


_REASONS = {
    ReasonCode.DISCLAIMER: "A disclaimer governs the claim",
    ReasonCode.NO_PLACE: "The work is named, and no place in it",
    ReasonCode.VAGUE: "Nobody is named",
    ReasonCode.NOT_CONSULTED: "The work is named, and was not consulted",
    ReasonCode.SIDE_CLAIM: "It stands with a side claim alone",
    ReasonCode.TOPIC: "The work is what the answer is about",
    ReasonCode.ACTOR: "Somebody in the story speaks, and is no source",
    ReasonCode.QUOTED: "The words are quoted from somebody else",
    ReasonCode.OPINION: "Opinion or advice, and no claim",
}


@dataclass(frozen=True, slots=True)
class EvidenceSpan:
    """Words of a revision that justify a tag."""

    start: int  # characters from the start of the text
    end: int  # characters, exclusive
    text: str


def check_post(*, kind: PostKind, public: bool) -> None:
    """Whether a post can be tagged at all.

    :raises TagNotAllowedError: if it is not a published answer.
    """
    if kind is not PostKind.ANSWER:
        raise TagNotAllowedError(f"Only answers are tagged, and this post is a {kind}.")
    if not public:
        raise TagNotAllowedError("This answer is not published, so it cannot be tagged.")


def evidence_of(text: str, spans: Sequence[tuple[int, int]]) -> list[EvidenceSpan]:
    """The words at the spans, in order, none twice.

    :raises EvidenceError: if a span lies outside the text, or there are too many.
    """
    if len(spans) > MAX_EVIDENCE:
        raise EvidenceError(f"A tag rests on at most {MAX_EVIDENCE} stretches of words. Nothing was stored.")
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            raise EvidenceError("The words chosen as evidence are not in this text. Nothing was stored.")
    return [EvidenceSpan(start, end, text[start:end]) for start, end in sorted(set(spans))]


def clean_note(note: str) -> str:
    """The note without surrounding blanks and NUL characters, which PostgreSQL cannot hold.

    :raises TagNotAllowedError: if it is too long.
    """
    note = note.replace("\0", "").strip()
    if len(note) > MAX_NOTE:
        raise TagNotAllowedError(f"A note has at most {MAX_NOTE:,} characters.")
    return note
