"""One level for many answers: those that a search finds, those that were marked, and what became of them."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from archive.api.callers import me
from archive.api.moderating.outcomes import undone
from archive.api.moderating.signals import noticed
from archive.api.operations import AT_ONCE, operation
from archive.api.reading.search import levels_among
from archive.api.shapes.bulks import (
    AnswerAsIs,
    AnswerLeftOut,
    AnswerPicked,
    AtOnce,
    AuthorName,
    Bulk,
    BulkForeseen,
    FoundBy,
    Levels,
    Sampled,
    Search,
    Slug,
)
from archive.api.shapes.desks import Nothing, Undone
from archive.api.shaping import Shaper
from archive.domain.ids import PublicId
from archive.domain.tokens import Scope
from archive.services.bench import bulk as bulks
from archive.services.bench import bulk_pages
from archive.services.bench.bulk import Picked, SaidOfAll
from archive.services.bench.undo import undo_bulk as take_bulk_back
from archive.services.posts_in_full import numbered_in_full
from archive.store.database import db
from archive.store.pages import posts_at
from archive.web.search.facets import Asked

COST = 10  # requests: thousands of answers are looked at
_BULK = "/moderation/bulks/<row:bulk>"
_YesNo = Annotated[Literal["yes", "no"], Meta(description="Whether answers that you tagged alone count, too.")]
_CHANGED = 0  # the number of no text


class WhichAnswers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which answers are to have one level: a search, as on the pages."""

    q: Search = ""
    level: Levels = []
    collection: Slug | None = None
    author: AuthorName | None = None
    own: _YesNo = "no"


class WhichMarked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the marked answers are to have one level."""

    own: _YesNo = "no"


@operation(
    "GET",
    "/moderation/bulk",
    group=AT_ONCE,
    summary="What a search would tag",
    scope=Scope.MODERATE,
    query=WhichAnswers,
    returns=BulkForeseen,
    cost=COST,
)
def foresee_search(asked: WhichAnswers) -> BulkForeseen:
    """How many answers it finds, how they stand, a sample to be read, and those that would be tagged, at most 500.
    Nothing is stored. A search that leaves nothing out finds nothing here.
    """
    search = _asked(asked.q, asked.level, asked.collection, asked.author)
    return _foreseen(bulk_pages.foresee_search(db.session(), search.wanted, me(), own=asked.own == "yes"))


@operation(
    "GET",
    "/moderation/marked",
    group=AT_ONCE,
    summary="What is marked",
    scope=Scope.MODERATE,
    query=WhichMarked,
    returns=BulkForeseen,
    cost=COST,
)
def foresee_marked(asked: WhichMarked) -> BulkForeseen:
    """The same of the answers that you marked, on the bench or with “Mark an answer”."""
    return _foreseen(bulk_pages.foresee_marked(db.session(), me(), own=asked.own == "yes"))


@operation(
    "POST",
    "/moderation/bulks",
    group=AT_ONCE,
    summary="Tag many answers at once",
    scope=Scope.MODERATE,
    body=AtOnce,
    returns=Bulk,
    status=201,
    cost=COST,
)
def tag_at_once(body: AtOnce) -> Bulk:
    """One vote on each, all in one. What somebody voted or decided on since it was looked at is left out, and
    `left_out` says why; 409 where that is all of it. “Undo” takes the whole of it back.
    """
    found = body.search
    said = SaidOfAll(
        level=body.level, reason=body.reason, note=body.note, own=body.own, source=_source(found) if found else ""
    )
    return _bulk(bulks.tag_at_once(db.session(), _picked(body.answers), said, moderator=me()))


@operation("GET", _BULK, group=AT_ONCE, summary="Many answers, afterwards", scope=Scope.MODERATE, returns=Bulk)
def bulk(bulk: int) -> Bulk:
    """What was given to many answers, whoever gave it, and what became of them."""
    return _bulk(bulk)


@operation(
    "POST",
    f"{_BULK}/undos",
    group=AT_ONCE,
    summary="Take a bulk back",
    scope=Scope.MODERATE,
    body=Nothing,
    returns=Undone,
    cost=COST,
)
def undo_bulk(bulk: int, body: Nothing) -> Undone:  # noqa: ARG001 - there is nothing in it
    """All that you gave to many answers, whatever you did since. What others decided on since stays as it is."""
    return undone(take_bulk_back(db.session(), bulk, moderator=me()))


def _asked(q: str, level: Sequence[str], collection: str | None, author: str | None) -> Asked:
    return Asked(query=q, levels=levels_among(level), collection=collection or "", author=author or "")


def _source(found: FoundBy) -> str:
    """As an address has it."""
    return _asked(found.q, found.level, found.collection, found.author).queue


def _picked(answers: Sequence[AnswerPicked]) -> list[Picked]:
    """By the rows of their texts. One that has another text now stays in, so that it is told what became of it."""
    asked = {PublicId(one.post): one for one in answers}
    texts = {row.public_id: (row.revision_number, row.revision_id) for row in posts_at(db.session(), [*asked])}
    return [
        Picked(post, text if number == one.revision else _CHANGED, one.tag_version)
        for post, one in asked.items()
        for number, text in [texts.get(post, (_CHANGED, _CHANGED))]
    ]


def _foreseen(found: bulk_pages.Foreseen) -> BulkForeseen:
    shaper = Shaper()
    full = numbered_in_full(db.session(), [line.post.id for line in found.sample])
    return BulkForeseen(
        found=found.found,
        more=found.more,
        standing={standing.value: count for standing, count in found.standing.items()},
        answers=[*_as_they_are([*found.sample, *found.rest])],
        sample=[
            Sampled(post=shaper.post(full[line.post.id]), noticed=noticed(line.post.text, line.signals or ()))
            for line in found.sample
        ],
        later=found.later,
    )


def _as_they_are(lines: Sequence[bulk_pages.Line]) -> Iterator[AnswerAsIs]:
    for line in lines:
        post = line.post
        yield AnswerAsIs(post=post.public_id, revision=post.revision_number, tag_version=post.tag_version)


def _bulk(number: int) -> Bulk:
    page, shaper = bulk_pages.bulk_page(db.session(), number, moderator=me()), Shaper()
    given = page.bulk
    return Bulk(
        id=given.id,
        url=shaper.url(f"/moderation/bulks/{given.id}"),
        by=page.by,
        at=given.at,
        level=given.level,
        reason=given.reason,
        note=given.note,
        search=given.source or None,
        asked=given.asked,
        stored=given.stored,
        own=page.own,
        taken_back=page.taken_back,
        tagged=page.tagged,
        waiting=page.waiting,
        open=page.open,
        otherwise=[line.post.public_id for line in page.otherwise],
        left_out=[AnswerLeftOut(post=line.post.public_id, why=why, words=why.words) for line, why in page.left_out],
        gone=page.gone,
    )
