"""What pages show of citations: those of one answer with all verdicts on them, and those of a thread's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from archive.domain.assessment.suggestion import Suggestion
from archive.domain.checking import CheckSum, Standing, check_sum
from archive.domain.ids import UserId
from archive.domain.moderation import check_post
from archive.domain.source_quality import Level
from archive.domain.sources import wayback_url
from archive.domain.sources.verdicts import Verdict
from archive.domain.visible_words import words_seen
from archive.services.bench.sight import sees_suggestion
from archive.services.browse import threads_by_id, visible_post
from archive.services.checking.proposal import is_struck, proposal, references_of
from archive.services.post_views import post_views
from archive.services.sources.passages import Quoted, quote
from archive.services.views import PostView, ThreadLine
from archive.store.checks import list_checks
from archive.store.cited import OFFERED, CitedRow, citations_of
from archive.store.pages import PostRow


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """One verdict, as it was given."""

    id: int
    verdict: Verdict
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationLine:
    """A citation with the words around it."""

    cited: CitedRow
    quoted: Quoted
    entries: Sequence[CheckEntry]  # all verdicts on it, newest first

    @property
    def offered(self) -> bool:
        """Whether the answer stands on it, and does not only remember or name it."""
        return self.cited.manner in OFFERED

    @property
    def struck(self) -> bool:
        """Whether there is no such work."""
        return is_struck(self.cited)


@dataclass(frozen=True, slots=True)
class UnseenSource:
    """Words on which the tag rests that the program takes for no source."""

    start: int  # characters of the text
    end: int
    quoted: Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPage:
    """The citations of one answer."""

    post: PostView
    thread: ThreadLine
    citations: Sequence[CitationLine]
    unseen: Sequence[UnseenSource]
    sum: CheckSum


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikePage:
    """A work that is to be struck from an answer, and what the codebook makes of the answer then."""

    post: PostView
    thread: ThreadLine
    citations: Sequence[CitationLine]  # all that point to the work
    check: int  # the verdict on the one that was asked for, by its number; 0 for none
    proposal: Suggestion | None  # None: not to be seen, as the moderator has not read the answer, or reads blind
    left: int  # references that can still be retrieved, supplied ones among them
    supplied: Sequence[Level]  # the levels that follow from those

    @property
    def chosen(self) -> Level | None:
        """The level that is chosen beforehand: a supplied reference counts for it, though it is not in the text."""
        level = self.proposal.level if self.proposal else None
        if not self.supplied or (level is not None and level.sourced):
            return level
        return Level.PINPOINT if Level.PINPOINT in self.supplied else Level.CITED

    @property
    def levels(self) -> Sequence[Level]:
        """The levels that the answer may have."""
        return [level for level in Level if self.left or not level.sourced]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWork:
    """A citation as readers see it beside its answer."""

    cited: CitedRow
    words: str
    wayback: str | None  # where its page may be found as it was when the answer was written


def sources_page(session: Session, public_id: str) -> SourcesPage:
    """All citations of an answer that readers see.

    :raises NotFoundError: if there is none.
    :raises TagNotAllowedError: if it is no answer.
    """
    row = visible_post(session, public_id, drafts=False)
    check_post(kind=row.kind, public=row.public)
    cited = references_of(session, row).all
    (post,) = post_views(session, [row], drafts=False)
    return SourcesPage(
        post=post,
        unseen=_unseen(post, cited),
        thread=threads_by_id(session, {row.thread_id})[row.thread_id],
        citations=citation_lines(session, row, cited),
        sum=check_sum(
            Standing(one.source_id, one.locator, one.verdict or Verdict.UNCHECKED)
            for one in cited
            if one.manner in OFFERED or _has_verdict(one)
        ),
    )


def _unseen(post: PostView, cited: Sequence[CitedRow]) -> Sequence[UnseenSource]:
    decision = post.decision
    if decision is None or not decision.level.sourced or decision.revision_number != post.revision_number:
        return ()
    return [
        UnseenSource(words.start, words.end, quote(post.text, words.start, words.end, post.markup))
        for words in decision.evidence
        if not any(one.start < words.end and words.start < one.end for one in cited)
    ]


def strike_page(session: Session, public_id: str, citation: int, *, moderator: UserId) -> StrikePage:
    """What striking the work of a citation would do.

    :raises NotFoundError: if there is no such answer, or no such citation in it.
    :raises TagNotAllowedError: if it is no answer.
    """
    row, references, proposed = proposal(session, public_id, citation)
    check_post(kind=row.kind, public=row.public)
    return StrikePage(
        post=post_views(session, [row], drafts=False)[0],
        thread=threads_by_id(session, {row.thread_id})[row.thread_id],
        citations=citation_lines(session, row, references.same_work(citation)),
        check=references.one(citation).check_id or 0,
        proposal=proposed if sees_suggestion(session, row, moderator) else None,
        left=references.left_without(citation),
        supplied=[one.level for one in references.supplied_without(citation)],
    )


def cited_works(session: Session, posts: Sequence[PostView]) -> Mapping[int, Sequence[CitedWork]]:
    """By text, what readers see of the citations of answers: of those that are tagged as citing, all on which they
    stand; and everywhere, those on which somebody found something.
    """
    by_text = {post.revision_id: post for post in posts}
    found = citations_of(session, by_text)
    works: dict[int, Sequence[CitedWork]] = {}
    for revision_id, rows in groupby(found, lambda row: row.revision_id):
        post = by_text[revision_id]
        if shown := [_cited_work(post, row) for row in rows if _is_shown(post, row)]:
            works[revision_id] = shown
    return works


def findings(session: Session, posts: Sequence[PostView]) -> Mapping[int, CitedRow]:
    """By citation, what was found of those of the texts of some posts."""
    return {row.id: row for row in citations_of(session, [post.revision_id for post in posts])}


def _is_shown(post: PostView, row: CitedRow) -> bool:
    sourced = post.decision is not None and post.decision.level.sourced
    return _has_verdict(row) or (sourced and row.manner in OFFERED)


def _has_verdict(row: CitedRow) -> bool:
    return row.verdict not in (None, Verdict.UNCHECKED)


def _cited_work(post: PostView, row: CitedRow) -> CitedWork:
    url = row.csl.get("URL")
    return CitedWork(
        cited=row,
        words=words_seen(post.text[row.start : row.end], post.markup),
        wayback=wayback_url(url, post.posted_at) if isinstance(url, str) else None,
    )


def citation_lines(session: Session, row: PostRow, cited: Sequence[CitedRow]) -> Sequence[CitationLine]:
    entries: dict[int, list[CheckEntry]] = {}
    for check, name in list_checks(session, [one.id for one in cited]):
        entry = CheckEntry(check.id, check.verdict, check.note, name, check.at)
        entries.setdefault(check.citation_id, []).append(entry)
    return [
        CitationLine(
            cited=one,
            quoted=quote(row.text, one.start, one.end, row.markup),
            entries=entries.get(one.id, ()),
        )
        for one in cited
    ]
