"""The archive, its collections, their threads, and authors."""

from dataclasses import asdict

from archive import __version__
from archive.api.lists import Behind, page
from archive.api.operations import READING, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.posts import Post
from archive.api.shapes.reading import Archive, Author, Collection, CollectionDetail, Thread
from archive.api.shaping import Shaper, counts
from archive.services import browse
from archive.services.codebook.versions import current
from archive.services.collections.pages import collection_page
from archive.services.posts_in_full import posts_of_author, posts_of_thread
from archive.services.views import CollectionCard, ThreadLine
from archive.store.collections import Collection as CollectionRow
from archive.store.database import db
from archive.store.listing import ThreadOrder
from archive.store.shares import shares_of_author

_THREAD = "/threads/<public_id:thread>"
_AUTHOR = "/authors/<public_id:author>"


@operation("GET", "/archive", group=READING, summary="The archive at a glance", returns=Archive)
def archive() -> Archive:
    """What it holds that is open to readers."""
    session = db.session()
    front = browse.front_page(session)
    return Archive(
        url=Shaper().url("/"),
        program=f"footnote {__version__}",
        collections=len(front.collections),
        threads=front.threads,
        answers=front.answers,
        decided=front.decided,
        sourced=front.sourced,
        codebook=current(session).number,
    )


@operation("GET", "/collections", group=READING, summary="All collections", returns=Page[Collection])
def collections() -> Page[Collection]:
    """Those of which something is public, by name, in one part."""
    shaper = Shaper()
    return Page(items=[_collection(shaper, card) for card in browse.front_page(db.session()).collections], next=None)


@operation("GET", "/collections/<slug:collection>", group=READING, summary="A collection", returns=CollectionDetail)
def collection(collection: str) -> CollectionDetail:
    """A community or a list."""
    found = collection_page(db.session(), collection, ThreadOrder.RECEIVED, before=None)
    assert found.head is not None  # noqa: S101 - which is told with the first threads
    head, extent = found.head, found.head.extent
    card = CollectionCard(
        slug=found.slug,
        name=found.name,
        description=head.about.description,
        threads=extent.threads,
        answers=extent.answers,
        shares=head.shares,
        first=extent.first,
        last=extent.last,
    )
    return CollectionDetail(
        **asdict(_collection(Shaper(), card)),
        licence=head.about.licence or None,
        provenance=head.about.provenance or None,
        replies=extent.replies,
        authors=head.authors,
        undated=extent.undated,
    )


@operation("GET", _THREAD, group=READING, summary="A thread", returns=Thread)
def thread(thread: str) -> Thread:
    """A question and what hangs from it, without the posts: see “Posts of a thread”."""
    session = db.session()
    row = browse.visible_thread(session, thread, drafts=False)
    return thread_shape(Shaper(), browse.threads_by_id(session, {row.id})[row.id])


@operation("GET", f"{_THREAD}/posts", group=READING, summary="Posts of a thread", query=Behind, returns=Page[Post])
def thread_posts(thread: str, asked: Behind) -> Page[Post]:
    """In reading order: what hangs under a post follows it, one level deeper."""
    part, shaper = posts_of_thread(db.session(), thread, after=asked.after, limit=asked.limit), Shaper()
    return page([shaper.post(one) for one in part.posts], after=part.last)


@operation("GET", _AUTHOR, group=READING, summary="An author", returns=Author)
def author(author: str) -> Author:
    """A name under which somebody posted in a collection. The same name in two collections may be two people."""
    session = db.session()
    found = browse.visible_author(session, author)
    where = session.get_one(CollectionRow, found.collection_id)
    shaper = Shaper()
    return Author(
        id=found.public_id,
        name=found.name,
        url=shaper.url(f"/authors/{found.public_id}"),
        collection=shaper.collection_name(where.slug, where.name),
        levels=counts(shares_of_author(session, found.id)),
    )


@operation("GET", f"{_AUTHOR}/posts", group=READING, summary="Posts of an author", query=Behind, returns=Page[Post])
def author_posts(author: str, asked: Behind) -> Page[Post]:
    """The last received first."""
    part, shaper = posts_of_author(db.session(), author, after=asked.after, limit=asked.limit), Shaper()
    return page([shaper.post(one) for one in part.posts], after=part.last)


def _collection(shaper: Shaper, card: CollectionCard) -> Collection:
    return Collection(
        slug=card.slug,
        name=card.name,
        url=shaper.url(f"/collections/{card.slug}"),
        threads=card.threads,
        answers=card.answers,
        levels=counts(card.shares),
        description=card.description or None,
        first=card.first,
        last=card.last,
    )


def thread_shape(shaper: Shaper, line: ThreadLine) -> Thread:
    """A thread."""
    return Thread(
        id=line.public_id,
        url=shaper.url(f"/threads/{line.public_id}"),
        title=line.title,
        collection=shaper.collection_name(line.collection, line.collection_name),
        asker=line.asker,
        asked_at=line.asked_at,
        answers=line.answers,
        replies=line.replies,
        levels=counts(line.shares),
        checked=line.checked,
    )
