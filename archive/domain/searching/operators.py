"""The operators of the search: what each takes, what it means, and how it is said. Whoever adds one adds a row
here, and its condition in archive/store/searching/conditions.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archive.domain.searching import values
from archive.domain.searching.query import Filter
from archive.domain.searching.values import Has, Score, Status
from archive.domain.source_quality import Level

_STATES = {
    Status.DELETED: "deleted at its source",
    Status.REMOVED: "removed by a moderator of its source",
    Status.MOVED: "moved by a person of this archive",
    Status.REVISED: "received in several texts",
    Status.QUESTIONED: "whose tag was questioned",
    Status.CHECKED: "with a reference that somebody looked up",
    Status.SINGLE: "tagged by one moderator",
    Status.AGREED: "tagged by moderators who agree",
    Status.ADJUDICATED: "tagged by a written decision between readings",
}
_THINGS = {Has.LINK: "a link", Has.QUOTE: "a quotation", Has.TAG: "a moderator’s tag"}
_SIGNS = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most", "=": "exactly"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator."""

    read: Callable[[str], Any]  # raises UnreadableValueError
    examples: tuple[str, ...]
    means: str  # for the table of operators
    said: Callable[[Filter], str]  # as in "posts …"


def _either(words: list[str]) -> str:
    return " or ".join(words)


def _time(before: str, filter_: Filter) -> str:
    first, dots, last = filter_.text.partition("..")
    if not dots:
        return f"posted {before} {filter_.text}"
    first, last = first.strip(), last.strip(". ")
    words = [f"from {first}" if first else "", f"to the end of {last}" if last else ""]
    return f"posted {' '.join(filter(None, words))}"


def _score(score: Score) -> str:
    return f"with a score of {_SIGNS[score.sign]} {score.figure:g}"


def _levels(filter_: Filter) -> str:
    badges = [f"“{level.badge}”" for level in Level if level in filter_.value]
    tagged = f"tagged {_either(badges)}" if badges else ""
    return _either([said for said in (tagged, "not yet tagged" if None in filter_.value else "") if said])


OPERATORS: dict[str, Operator] = {
    "author": Operator(
        read=values.name,
        examples=("author:quillmarsh", 'author:"Mary Ann"'),
        means="by that name, exactly as printed",
        said=lambda filter_: f"by “{filter_.value}”",
    ),
    "collection": Operator(
        read=values.name,
        examples=("collection:history", 'collection:"Asked of History"'),
        means="in that collection, by its name or its address",
        said=lambda filter_: f"in the collection “{filter_.value}”",
    ),
    "quality": Operator(
        read=values.levels,
        examples=("quality:sourced", "quality:recollected..cited", "quality:testimony", "quality:none"),
        means="answers of a level, of a range on the spine, sourced ones, or those not yet tagged",
        said=_levels,
    ),
    "cites": Operator(
        read=values.work,
        examples=("cites:khrushchev", 'cites:"great terror"', "cites:doi:10.1086/691682"),
        means="answers that cite a work with these words in its title, authors or names, or the work of that name",
        said=lambda filter_: f"citing “{filter_.value}”",
    ),
    "domain": Operator(
        read=values.host,
        examples=("domain:archive.org",),
        means="answers that cite a page there, or below it",
        said=lambda filter_: f"citing a page on “{filter_.value}”",
    ),
    "in": Operator(
        read=values.kinds,
        examples=("in:question", "in:answer,reply"),
        means="the kind of post",
        said=lambda filter_: f"that are {_either(sorted({'reply': 'replies'}.get(k, k + 's') for k in filter_.value))}",
    ),
    "topic": Operator(
        read=values.name,
        examples=("topic:water", 'topic:"Soviet Union"'),
        means="in threads that their source files under that topic, as it is written there",
        said=lambda filter_: f"in threads on the topic “{filter_.value}”",
    ),
    "before": Operator(
        read=values.before,
        examples=("before:2012", "before:2012-03-09"),
        means="posted before that year, month or day began (UTC)",
        said=lambda filter_: _time("before", filter_),
    ),
    "after": Operator(
        read=values.after,
        examples=("after:2012-03",),
        means="posted after that year, month or day had ended",
        said=lambda filter_: _time("after", filter_),
    ),
    "date": Operator(
        read=values.during,
        examples=("date:2012", "date:2012..2014-06"),
        means="posted in that time",
        said=lambda filter_: _time("in", filter_),
    ),
    "score": Operator(
        read=values.score,
        examples=("score:>10", "score:<=0"),
        means="the score that the source gives",
        said=lambda filter_: _score(filter_.value),
    ),
    "has": Operator(
        read=values.things,
        examples=("has:link", "has:quote", "has:tag"),
        means="with a link, a quotation, or a moderator’s tag",
        said=lambda filter_: f"with {_either([_THINGS[thing] for thing in Has if thing in filter_.value])}",
    ),
    "status": Operator(
        read=values.states,
        examples=tuple(f"status:{state}" for state in Status),
        means="what has become of a post, or of its tag",
        said=lambda filter_: _either([_STATES[state] for state in Status if state in filter_.value]),
    ),
    "by": Operator(
        read=values.name,
        examples=("by:maud",),
        means="answers whose tag that moderator gave",
        said=lambda filter_: f"tagged by the moderator “{filter_.value}”",
    ),
}
NAMED_OTHERWISE = {  # elsewhere → here
    "from": "author", "f": "author", "user": "author", "list": "collection", "l": "collection", "level": "quality",
    "source": "cites", "site": "domain", "host": "domain", "url": "domain", "kind": "in", "type": "in",
    "since": "after", "until": "before", "d": "date", "dt": "date", "year": "date", "is": "status", "state": "status",
    "tag": "topic", "flair": "topic", "moderator": "by", "points": "score", "votes": "score",
}  # fmt: skip
