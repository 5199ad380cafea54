"""Looking citations up: verdicts on them, and striking what does not exist."""

from archive.api.callers import me, my_id
from archive.api.operations import CHECKING, operation
from archive.api.shapes.checks import (
    CitationOnBench,
    GivenVerdict,
    SourcesOnBench,
    Strike,
    StrikeForeseen,
    VerdictSaid,
    WordsChecked,
)
from archive.api.shapes.posts import Words
from archive.api.shaping import Shaper
from archive.domain.ids import PublicId
from archive.domain.tokens import Scope
from archive.services.checking import check as checks
from archive.services.checking import pages
from archive.services.checking.check import Seen
from archive.services.views import PostView
from archive.store.database import db

_SOURCES = "/moderation/posts/<public_id:post>/sources"


@operation(
    "GET",
    _SOURCES,
    group=CHECKING,
    summary="Sources to look up",
    scope=Scope.MODERATE,
    returns=SourcesOnBench,
)
def sources_on_bench(post: str) -> SourcesOnBench:
    """All citations of an answer with all verdicts on them; `check` is sent back with the next."""
    return _sources(post)


@operation(
    "POST",
    f"{_SOURCES}/verdicts",
    group=CHECKING,
    summary="Give a verdict",
    scope=Scope.MODERATE,
    body=VerdictSaid,
    returns=SourcesOnBench,
    status=201,
)
def give_verdict(post: str, body: VerdictSaid) -> SourcesOnBench:
    """On a citation that somebody looked up, or take it back. It says nothing of the level. Where somebody else was
    there since, nothing is stored: 409 says who, and what.
    """
    checks.check(
        db.session(),
        post=PublicId(post),
        citation=body.citation,
        seen=body.seen,
        verdict=body.verdict,
        note=body.note,
        moderator=me(),
    )
    return _sources(post)


@operation(
    "POST",
    f"{_SOURCES}/further",
    group=CHECKING,
    summary="Give a verdict on words",
    scope=Scope.MODERATE,
    body=WordsChecked,
    returns=SourcesOnBench,
    status=201,
)
def give_verdict_on_words(post: str, body: WordsChecked) -> SourcesOnBench:
    """Of a source that the program did not see: its words become a citation with that verdict."""
    checks.check_words(
        db.session(), post=PublicId(post), words=body.words, verdict=body.verdict, note=body.note, moderator=me()
    )
    return _sources(post)


@operation(
    "GET",
    f"{_SOURCES}/<row:citation>/strike",
    group=CHECKING,
    summary="What a strike would do",
    scope=Scope.MODERATE,
    returns=StrikeForeseen,
)
def foresee_strike(post: str, citation: int) -> StrikeForeseen:
    """What goes with a work that does not exist, and the levels that the answer may have then."""
    page, shaper = pages.strike_page(db.session(), post, citation, moderator=my_id()), Shaper()
    return StrikeForeseen(
        post=page.post.public_id,
        tag_version=page.post.tag_version,
        check=page.check,
        citations=[shaper.citation(page.post, line.cited) for line in page.citations],
        left=page.left,
        levels=page.levels,
        chosen=page.chosen,
        suggested=page.proposal.level if page.proposal else None,
    )


@operation(
    "POST",
    f"{_SOURCES}/strikes",
    group=CHECKING,
    summary="Strike a work",
    scope=Scope.MODERATE,
    body=Strike,
    returns=SourcesOnBench,
    status=201,
)
def strike(post: str, body: Strike) -> SourcesOnBench:
    """That does not exist, wherever the answer names it, and settle the level of the answer in the same breath."""
    checks.strike(
        db.session(),
        post=PublicId(post),
        citation=body.citation,
        seen=Seen(body.seen, body.tag_version),
        level=body.level,
        note=body.note,
        moderator=me(),
    )
    return _sources(post)


def _sources(post: str) -> SourcesOnBench:
    page, shaper = pages.sources_page(db.session(), post), Shaper()
    return SourcesOnBench(
        post=page.post.public_id,
        tag_version=page.post.tag_version,
        level=page.post.decision.level if page.post.decision else None,
        words=page.sum.words,
        citations=[_line(shaper, page.post, line) for line in page.citations],
        unseen=[Words(start=one.start, end=one.end, text=page.post.text[one.start : one.end]) for one in page.unseen],
    )


def _line(shaper: Shaper, post: PostView, line: pages.CitationLine) -> CitationOnBench:
    return CitationOnBench(
        citation=shaper.citation(post, line.cited),
        check=line.cited.check_id or 0,
        offered=line.offered,
        struck=line.struck,
        verdicts=[
            GivenVerdict(id=one.id, verdict=one.verdict, note=one.note, by=one.by, at=one.at) for one in line.entries
        ],
    )
