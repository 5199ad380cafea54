"""Works, and the answers that point to them."""

from typing import Annotated

from msgspec import Meta, Struct

from archive.api.lists import FurtherBehind, page
from archive.api.operations import READING, operation
from archive.api.shapes.basics import After, Page
from archive.api.shapes.reading import CitingAnswer, Passage, Source
from archive.api.shaping import Shaper
from archive.domain.sources import SourceKind
from archive.services.posts_in_full import FullPost, numbered_in_full
from archive.services.sources import pages
from archive.services.sources.pages import CitingAnswer as Answer
from archive.store.database import db
from archive.store.sources import Source as Work

_SOURCE = "/sources/<public_id:source>"


class Which(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which works are wanted."""

    q: Annotated[str, Meta(max_length=200, description="Beginnings of words in title, authors or names.")] = ""
    kind: SourceKind | None = None
    domain: Annotated[str, Meta(max_length=255, description="Where on the web they lie.")] | None = None
    after: After | None = None


@operation("GET", "/sources", group=READING, summary="Works that answers cite", query=Which, returns=Page[Source])
def sources(asked: Which) -> Page[Source]:
    """Those to which most answers point come first."""
    found = pages.index_page(db.session(), kind=asked.kind, domain=asked.domain, words=asked.q, after=asked.after)
    shaper = Shaper()
    return page([_source(shaper, work) for work in found.works], after=found.further)


@operation("GET", _SOURCE, group=READING, summary="A work", returns=Source)
def source(source: str) -> Source:
    """A work, or the one into which it went."""
    return _source(Shaper(), pages.visible_work(db.session(), source))


@operation(
    "GET",
    f"{_SOURCE}/answers",
    group=READING,
    summary="Answers that cite a work",
    query=FurtherBehind,
    returns=Page[CitingAnswer],
)
def citing_answers(source: str, asked: FurtherBehind) -> Page[CitingAnswer]:
    """First those that cite it, then those that only remember it; of each the newest first."""
    session = db.session()
    found = pages.work_page(session, source, after=asked.after)
    posts, shaper = numbered_in_full(session, [answer.post.id for answer in found.answers]), Shaper()
    items = [_answer(shaper, answer, posts[answer.post.id]) for answer in found.answers if answer.post.id in posts]
    return page(items, after=found.further)


def _source(shaper: Shaper, work: Work) -> Source:
    return Source(
        id=work.public_id,
        url=shaper.url(f"/sources/{work.public_id}"),
        kind=work.kind,
        title=work.title,
        names=work.names,
        domain=work.domain,
        csl=pages.csl_item(work),
        answers=work.answers,
        from_memory=work.from_memory,
    )


def _answer(shaper: Shaper, answer: Answer, post: FullPost) -> CitingAnswer:
    found = {row.id: shaper.found(row) for row in post.citations}
    return CitingAnswer(
        post=shaper.post(post),
        from_memory=answer.remembers,
        passages=[
            Passage(
                citation=passage.citation_id,
                before=passage.quoted.before,
                words=passage.quoted.words,
                behind=passage.quoted.behind,
                locator=passage.locator,
                manner=passage.manner,
                archived=passage.wayback,
                found=found.get(passage.citation_id),
            )
            for passage in answer.passages
        ],
    )
