"""Citations as whoever looks them up sees them, and what is sent of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.shapes.basics import Id, Moment, Number
from archive.api.shapes.desks import NO_NUL, Place, Span, TagVersion
from archive.api.shapes.posts import Citation, Words
from archive.domain.checking import MAX_NOTE
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict

_Note = Annotated[
    str, Meta(max_length=MAX_NOTE, pattern=NO_NUL, description="What speaks against a citation needs one.")
]
_Seen = Annotated[Place, Meta(description="The verdict that you saw on it: its “check”; 0 for none.", examples=[5])]
_Verdict = Annotated[Verdict, Meta(examples=[Verdict.SUPPORTS.value])]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenVerdict:
    """A verdict as it was given."""

    id: Annotated[int, Meta(ge=1, examples=[5])]
    verdict: _Verdict
    note: str
    by: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationOnBench:
    """A citation with everything that was found of it."""

    citation: Citation
    check: Annotated[int, Meta(ge=0, examples=[5], description="The number of the verdict in force; 0 for none.")]
    offered: Annotated[
        bool, Meta(description="Whether the answer stands on it, and does not only remember or name it.")
    ]
    struck: Annotated[bool, Meta(description="Whether there is no such work.", examples=[False])]
    verdicts: Annotated[Sequence[GivenVerdict], Meta(description="All of them, the newest first.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesOnBench:
    """The citations of an answer, to be looked up."""

    post: Id
    tag_version: Number
    level: Annotated[Level | None, Meta(examples=[Level.CITED.value])]
    words: Annotated[str, Meta(description="What the verdicts come to.", examples=["looked up: supports"])]
    citations: Sequence[CitationOnBench]
    unseen: Annotated[
        Sequence[Words], Meta(description="Words on which the tag rests that the program takes for no source.")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeForeseen:
    """What striking a work from an answer would do."""

    post: Id
    tag_version: Number
    check: Annotated[int, Meta(ge=0, examples=[5], description="Of the citation that was asked for.")]
    citations: Annotated[Sequence[Citation], Meta(description="All that point to the work.")]
    left: Annotated[int, Meta(ge=0, examples=[0], description="References that can still be retrieved then.")]
    levels: Annotated[Sequence[Level], Meta(description="That the answer may have then.", examples=[["attributed"]])]
    chosen: Annotated[
        Level | None,
        Meta(description="What follows from what is left, as far as you may see it.", examples=["attributed"]),
    ]
    suggested: Annotated[
        Level | None,
        Meta(
            description="What the program would say of the text without it; null: nothing, or it comes later.",
            examples=["attributed"],
        ),
    ]


class VerdictSaid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found of a citation."""

    citation: Annotated[int, Meta(ge=1, le=2**31 - 1, description="Its “id”.", examples=[17])]
    seen: _Seen
    verdict: Annotated[
        Verdict,
        Meta(description="“unchecked” takes a verdict back; “fabricated” is told by a strike.", examples=["supports"]),
    ]
    note: _Note = ""


class WordsChecked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found of a source that the program did not see."""

    words: Annotated[Span, Meta(description="That name it: start and end (exclusive) in characters of the text.")]
    verdict: _Verdict
    note: _Note = ""


class Strike(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A work that does not exist, and the level of the answer without it."""

    citation: Annotated[int, Meta(ge=1, le=2**31 - 1, description="Its “id”.", examples=[17])]
    seen: _Seen
    tag_version: TagVersion
    level: Annotated[Level, Meta(examples=["attributed"])]
    note: Annotated[str, Meta(max_length=MAX_NOTE, pattern=NO_NUL, description="Where you looked, and what is there.")]
