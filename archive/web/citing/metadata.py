"""What a thread's page says of itself to programs: tags of its head, JSON-LD, and a description of each answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.services.citing.cite import Home
from archive.web.citing.coins import coins
from archive.web.citing.here import home
from archive.web.citing.json_ld import json_ld
from archive.web.safe_html import data_block
from archive.web.threads.pages import Thread
from archive.web.words import first_words

_DESCRIPTION = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The head of a thread's page, for programs."""

    cite_as: str
    names: Sequence[tuple[str, str]]  # meta elements by name
    properties: Sequence[tuple[str, str]]  # meta elements by property
    block: str | None  # JSON-LD, as an element


def thread_metadata(thread: Thread) -> Metadata | None:
    """What a thread's page says of itself; None where readers do not see it."""
    if thread.page.is_draft:
        return None
    here = home()
    node = json_ld(thread, home=here.address, archive=here.name)
    return Metadata(
        cite_as=f"{here.address}/threads/{thread.page.public_id}",
        names=[*_names(thread, here)],
        properties=[*_properties(thread, here)],
        block=data_block(node, "application/ld+json") if node else None,
    )


def thread_coins(thread: Thread) -> Sequence[str]:
    """The descriptions of its answers; none of a draft."""
    here = home()
    return [] if thread.page.is_draft else coins(thread, home=here.address, archive=here.name)


def _names(thread: Thread, here: Home) -> Iterator[tuple[str, str]]:
    """What Zotero's translator for embedded metadata takes: without the type it would make an article of it."""
    page = thread.page
    question = thread.question.view if thread.question and thread.question.view.taken_down is None else None
    yield "z:itemType", "forumPost"
    if page.title:
        yield "citation_title", page.title
    if question and (by := question.author or question.byline):
        yield "citation_author", by
    if question and question.posted_at:
        yield "citation_date", f"{question.posted_at:%Y/%m/%d}"
    yield "citation_publisher", here.name
    yield "citation_public_url", f"{here.address}/threads/{page.public_id}"
    yield "DC.source", page.collection_name
    yield "DC.publisher", here.name


def _properties(thread: Thread, here: Home) -> Iterator[tuple[str, str]]:
    page = thread.page
    question = thread.question.view if thread.question and thread.question.view.taken_down is None else None
    yield "og:type", "article"
    yield "og:site_name", here.name
    if page.title:
        yield "og:title", page.title
    yield "og:url", f"{here.address}/threads/{page.public_id}"
    if question and question.text:
        yield "og:description", first_words((question.words or question.text)[:1000], _DESCRIPTION)
