"""Which works a search means by `cites:`, and where hits cite them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.records import Markup
from archive.domain.sources import Manner
from archive.domain.sources.asked import names_asked
from archive.domain.sources.works import fold
from archive.services.sources.passages import Quoted, quote
from archive.store.searching.conditions import Citing
from archive.store.source_pages import citations_asked, find_by_name, find_work
from archive.store.sources import Source

_MOST_WORDS = 10
_MOST_SHOWN = 3  # works with each hit
_ADDRESS = re.compile("[0-9a-hjkmnp-tv-z]{14}")  # the last part of the address of a work


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWork:
    """What had to be cited, as understood."""

    asked: str
    title: str | None  # of the one work that is meant; None: any of which the words are said
    public_id: PublicId | None
    is_unknown: bool  # a name was given, and no public answer cites a work of that name
    as_filter: Citing

    @property
    def words(self) -> Sequence[str]:
        """The words that are said of the works that are meant."""
        return self.as_filter.words


def cited_work(session: Session, asked: str) -> CitedWork:
    """The work that has this address or name, or else all of which these words are said."""
    names = names_asked(asked)
    work = find_by_name(session, names) if names else None
    if work is None and _ADDRESS.fullmatch(asked):
        work = find_work(session, asked)
        work = work if work and work.answers else None
    words = [] if work or names else fold(asked).split()[:_MOST_WORDS]
    return CitedWork(
        asked=asked,
        title=work.title if work else None,
        public_id=work.public_id if work else None,
        is_unknown=work is None and not words,
        as_filter=Citing(work=work.id if work else None, words=words),
    )


class CitingPost(Protocol):
    """As much of a post as its passages are quoted by."""

    @property
    def id(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def markup(self) -> Markup: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedHere:
    """A work that was asked for, and where a hit first cites it."""

    work: Source
    quoted: Quoted
    locator: str | None
    manner: Manner


def cited_here(
    session: Session, posts: Sequence[CitingPost], asked: Sequence[CitedWork]
) -> Mapping[int, Sequence[CitedHere]]:
    """By post, the first few of the works that had to be cited, as each cites them."""
    by_id = {post.id: post for post in posts}
    found: dict[int, dict[int, CitedHere]] = {id_: {} for id_ in by_id}
    for citation, work in citations_asked(session, [*by_id], [one.as_filter for one in asked]):
        post, works = by_id[citation.post_id], found[citation.post_id]
        if work.id not in works and len(works) < _MOST_SHOWN:
            quoted = quote(post.text, citation.start, citation.end, post.markup)
            works[work.id] = CitedHere(work=work, quoted=quoted, locator=citation.locator, manner=citation.manner)
    return {id_: [*works.values()] for id_, works in found.items()}
