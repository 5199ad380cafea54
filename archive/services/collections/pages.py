"""The page of a collection: what it is, how much of it there is and when it was written, and its threads."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.collection_about import About
from archive.domain.ids import CollectionSlug
from archive.services.browse import lines_in_order, visible_collection
from archive.services.views import Shares, ThreadLine
from archive.store.about import about_in_force
from archive.store.calendar import Extent, Period, Unit, count_by, extents
from archive.store.collection_files import FileRow, files_of_collection
from archive.store.collections import Collection
from archive.store.listing import ThreadOrder, count_authors, thread_numbers
from archive.store.shares import decided_by_collection, shares_of
from archive.store.topics import TopicCount, count_topics, topics_of_collection

THREADS_A_PAGE = 50
_TOPICS_SHOWN = 12
_FILES_SHOWN = 8
FILES_A_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is told of a collection beside its threads."""

    about: About
    extent: Extent
    shares: Shares
    authors: int
    years: Sequence[Period]
    topics: Sequence[TopicCount]  # the first ones
    all_topics: int
    files: Sequence[FileRow]  # the first ones
    more_files: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPage:
    """Some threads of a collection, and on its first page what is told of it."""

    slug: CollectionSlug
    name: str
    head: Head | None
    order: ThreadOrder
    threads: Sequence[ThreadLine]
    further: int | None  # what to ask for as `before` to see further ones


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPage:
    """Files that a collection was read from."""

    slug: CollectionSlug
    name: str
    files: Sequence[FileRow]
    further: tuple[int, int] | None  # batch and position behind which there are further ones


def collection_page(session: Session, slug: str, order: ThreadOrder, *, before: int | None) -> CollectionPage:
    """One collection's threads in an order, from behind `before` on.

    :raises NotFoundError: if there is none of that name, or nothing of it is public.
    """
    collection = visible_collection(session, slug)
    numbers = thread_numbers(session, collection.id, order, before=before, limit=THREADS_A_PAGE + 1)
    shown = numbers[:THREADS_A_PAGE]
    return CollectionPage(
        slug=collection.slug,
        name=collection.name,
        head=_head(session, collection) if before is None else None,
        order=order,
        threads=lines_in_order(session, shown),
        further=shown[-1] if len(numbers) > THREADS_A_PAGE else None,
    )


def files_page(session: Session, slug: str, *, before: tuple[int, int] | None) -> FilesPage:
    """The files of a collection, the last received first.

    :raises NotFoundError: if there is none of that name, or nothing of it is public.
    """
    collection = visible_collection(session, slug)
    files = files_of_collection(session, collection.id, before=before, limit=FILES_A_PAGE + 1)
    last = files[FILES_A_PAGE - 1] if len(files) > FILES_A_PAGE else None
    return FilesPage(
        slug=collection.slug,
        name=collection.name,
        files=files[:FILES_A_PAGE],
        further=(last.batch, last.position) if last else None,
    )


def _head(session: Session, collection: Collection) -> Head:
    files = files_of_collection(session, collection.id, before=None, limit=_FILES_SHOWN + 1)
    extent = extents(session, collection_id=collection.id)[collection.id]
    decided = decided_by_collection(session, collection_id=collection.id).get(collection.id, {})
    return Head(
        about=about_in_force(session, collection.id)[0],
        extent=extent,
        shares=shares_of(extent.answers, decided),
        authors=count_authors(session, collection.id),
        years=count_by(session, collection.id, Unit.YEAR),
        topics=topics_of_collection(session, collection.id, after=None, limit=_TOPICS_SHOWN),
        all_topics=count_topics(session, collection.id),
        files=files[:_FILES_SHOWN],
        more_files=len(files) > _FILES_SHOWN,
    )
