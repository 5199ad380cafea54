"""What each operator asks of a post, in SQL. The tables at hand are revision, post and thread."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.domain.ids import CollectionSlug, author_address
from archive.domain.searching.query import AllOf, AnyOf, Filter, Node, Not
from archive.domain.searching.stems import NO_LANGUAGE
from archive.domain.searching.values import Has, Score, Span, Status
from archive.domain.source_quality import Level
from archive.store.searching.dialects import Dialect, Expand, is_wordy

_CITED = """
    SELECT citation.revision_id FROM source JOIN source_key ON source_key.source_id = source.id
    JOIN citation ON citation.key = source_key.key AND citation.is_current AND NOT citation.sealed
    WHERE source.answers > 0 AND {said}
"""
_LIKE_SIGNS, _ESCAPED = re.compile("[%_/]"), r"/\g<0>"
_SAYS = "EXISTS (SELECT 1 FROM revision_text AS said WHERE said.revision_id = revision.id AND ({}))"
_TAG = "post.level IS NOT NULL AND post.tag_id IN (SELECT tag.id FROM tag {} WHERE {})"
_STATES: dict[Status, str] = {
    Status.DELETED: "revision.state = 'deleted'",
    Status.REMOVED: "revision.state = 'removed'",
    Status.MOVED: "post.placement_id IN (SELECT placement.id FROM placement WHERE placement.outcome = 'moved')",
    Status.REVISED: "EXISTS (SELECT 1 FROM revision AS other WHERE other.post_id = post.id AND other.public "
    "AND other.id != revision.id)",
    Status.QUESTIONED: "EXISTS (SELECT 1 FROM objection WHERE objection.post_id = post.id "
    "AND objection.state != 'open')",
    Status.CHECKED: "EXISTS (SELECT 1 FROM citation JOIN citation_check ON citation_check.id = citation.check_id "
    "WHERE citation.revision_id = revision.id AND NOT citation.sealed AND citation_check.verdict != 'unchecked')",
    Status.SINGLE: _TAG.format("", "tag.basis = 'single'"),
    Status.AGREED: _TAG.format("", "tag.basis = 'agreed'"),
    Status.ADJUDICATED: _TAG.format("", "tag.basis = 'adjudicated'"),
}
_QUOTES = (
    "said.text LIKE '>%' OR said.text LIKE '&gt;%' OR said.text LIKE :quote_line OR said.text LIKE :escaped_line "
    "OR {tag} AND lower(said.text) LIKE '%<blockquote%'"
)
_LINKS = "{address} AND (lower(said.text) LIKE '%http://%' OR lower(said.text) LIKE '%https://%') OR {link}"
_NEW_LINE = {"quote_line": "%\n>%", "escaped_line": "%\n&gt;%"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Citing:
    """What an answer must cite: one work, or any of which some words are said."""

    work: int | None
    words: Sequence[str]  # folded, the beginnings of words; none and no work: what nobody cites


@dataclass(frozen=True, slots=True)
class Place:
    """A collection that can be searched."""

    id: int
    slug: CollectionSlug
    name: str
    language: str


@dataclass(slots=True)
class Asking:
    """What SQL is made with, and the parameters that it has."""

    dialect: Dialect
    places: Sequence[Place]
    works: Mapping[str, Citing]  # by what stands behind `cites:`
    expand: Callable[[str], Expand]  # by language
    parameters: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)  # operators

    def put(self, value: object) -> str:
        """The name of a new parameter."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return name

    def condition(self, node: Node) -> str:
        """SQL: whether a post is what is asked for."""
        if is_wordy(node):
            return self._words(node)
        match node:
            case Filter():
                self.used.add(node.operator)
                return f"({CONDITIONS[node.operator](self, node)})"
            case Not(of):
                return f"NOT coalesce({self.condition(of)}, FALSE)"
            case AllOf(of):
                return f"({' AND '.join(map(self.condition, of))})"
            case AnyOf(of):
                return f"({' OR '.join(map(self.condition, of))})"
        raise TypeError(node)

    def by_language(self, node: Node) -> Mapping[str, list[int]]:
        """What is asked of the index, and of which collections: their languages have other forms of a word."""
        found: dict[str, list[int]] = {}
        for place in self.places:
            found.setdefault(self.dialect.match(node, self.expand(place.language)), []).append(place.id)
        return found or {self.dialect.match(node, self.expand(NO_LANGUAGE)): []}

    def _words(self, node: Node) -> str:
        by_language = self.by_language(node)
        self.parameters["floor"] = 0  # until it is known that not all texts are looked at
        either = []
        for match, places in by_language.items():
            matching = f"revision.id IN ({self.dialect.matching.format(match=self.put(match))})"
            either.append(matching if len(by_language) == 1 else f"({matching} AND {_in_places(places)})")
        return f"({' OR '.join(either) or 'FALSE'})"


def _in_places(ids: Sequence[int]) -> str:
    return f"thread.collection_id IN ({', '.join(map(str, ids))})" if ids else "FALSE"


def in_languages(asking: Asking, node: Node) -> tuple[str, str]:
    """What is asked of the index, and on what further condition, where languages have other forms of the words."""
    by_language = asking.by_language(node)
    if len(by_language) <= 1:
        return next(iter(by_language)), ""
    return asking.dialect.any_of.join(by_language), asking.condition(node)


def _author(asking: Asking, filter_: Filter) -> str:
    addresses = ", ".join(f"'{author_address(place.slug, filter_.value)}'" for place in asking.places)
    return f"post.author_id IN (SELECT author.id FROM author WHERE author.public_id IN ({addresses}))"


def _collection(asking: Asking, filter_: Filter) -> str:
    return _in_places([place.id for place in asking.places if is_called(place, filter_.value)])


def is_called(place: Place, name: str) -> bool:
    """Whether a collection has that name or address."""
    return name.casefold() in (place.slug.casefold(), place.name.casefold())


def _quality(_asking: Asking, filter_: Filter) -> str:
    named = [f"'{level.value}'" for level in Level if level in filter_.value]
    either = [f"post.level IN ({', '.join(named)})"] if named else []
    either += ["post.level IS NULL"] if None in filter_.value else []
    return f"post.kind = 'answer' AND ({' OR '.join(either) or 'FALSE'})"


def _cites(asking: Asking, filter_: Filter) -> str:
    citing, said = asking.works[filter_.value], []
    if citing.work is not None:
        said.append(f"source.id = :{asking.put(citing.work)}")
    said += [f"source.words LIKE :{asking.put(f'% {_escaped(word)}%')} ESCAPE '/'" for word in citing.words]
    which = _CITED.format(said=" AND ".join(said) or "FALSE")
    return f"post.kind = 'answer' AND revision.id IN ({which})"


def _domain(asking: Asking, filter_: Filter) -> str:
    at, below = asking.put(filter_.value), asking.put(f"%.{_escaped(filter_.value)}")
    which = _CITED.format(said=f"(source.domain = :{at} OR source.domain LIKE :{below} ESCAPE '/')")
    return f"post.kind = 'answer' AND revision.id IN ({which})"


def _escaped(words: str) -> str:
    return _LIKE_SIGNS.sub(_ESCAPED, words)


def _in(_asking: Asking, filter_: Filter) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in sorted(filter_.value))
    return f"post.kind IN ({kinds})"


def _topic(asking: Asking, filter_: Filter) -> str:
    places, topic = ", ".join(str(place.id) for place in asking.places), asking.put(filter_.value)
    which = f"thread_topic.topic = :{topic} AND thread_topic.collection_id IN ({places or 'NULL'})"
    return f"post.thread_id IN (SELECT thread_topic.thread_id FROM thread_topic WHERE {which})"


def _time(asking: Asking, filter_: Filter) -> str:
    span: Span = filter_.value
    midnight = asking.dialect.midnight
    since = [f"post.posted_at >= :{asking.put(midnight.format(span.since))}"] if span.since else []
    until = [f"post.posted_at < :{asking.put(midnight.format(span.until))}"] if span.until else []
    return " AND ".join((*since, *until))


def _score(asking: Asking, filter_: Filter) -> str:
    score: Score = filter_.value
    return f"{asking.dialect.score} {score.sign} :{asking.put(score.figure)}"


def _has(asking: Asking, filter_: Filter) -> str:
    return " OR ".join(f"({_THINGS[thing](asking)})" for thing in sorted(filter_.value))


def _link(asking: Asking) -> str:
    said = _LINKS.format(address=_holds(asking, "://"), link=_holds(asking, "href="))
    return f"""{_SAYS.format(said)} OR coalesce(revision.facts, '') LIKE '%"link":%'"""


def _quotation(asking: Asking) -> str:
    asking.parameters |= _NEW_LINE
    return _SAYS.format(_QUOTES.format(tag=_holds(asking, "<")))


def _holds(asking: Asking, signs: str) -> str:
    return asking.dialect.holds.format(text="said.text", signs=signs)


_THINGS: dict[Has, Callable[[Asking], str]] = {
    Has.LINK: _link,
    Has.QUOTE: _quotation,
    Has.TAG: lambda _asking: "post.level IS NOT NULL",
}


def _status(_asking: Asking, filter_: Filter) -> str:
    return " OR ".join(f"({_STATES[state]})" for state in sorted(filter_.value))


def _by(asking: Asking, filter_: Filter) -> str:
    users = "JOIN user_account ON user_account.id = tag.moderator_id"
    return _TAG.format(users, f"user_account.name = :{asking.put(filter_.value)}")


CONDITIONS: dict[str, Callable[[Asking, Filter], str]] = {
    "author": _author,
    "collection": _collection,
    "quality": _quality,
    "cites": _cites,
    "domain": _domain,
    "in": _in,
    "topic": _topic,
    "before": _time,
    "after": _time,
    "date": _time,
    "score": _score,
    "has": _has,
    "status": _status,
    "by": _by,
}
FEW = frozenset(("author", "cites", "domain"))  # operators by which the database finds posts without looking at all
WIDE = frozenset(("collection", "quality", "in", "before", "after", "date", "score"))  # those that most posts may pass
