"""The authors of a collection, and what one of them posted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug, PublicId
from archive.services.browse import threads_by_id, visible_author, visible_collection
from archive.services.post_views import post_views
from archive.services.views import PostView, Shares, ThreadLine
from archive.store.collections import Collection
from archive.store.listing import AuthorCount, authors_by_posts, count_authors, newest_posts
from archive.store.shares import shares_of_author
from archive.store.threads import Post

AUTHORS_A_PAGE = 100
POSTS_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorsPage:
    """Some authors of a collection, those with the most posts first."""

    slug: CollectionSlug
    name: str
    authors: Sequence[AuthorCount]
    all_authors: int
    further: AuthorCount | None  # the author behind whom there are further ones


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorPage:
    """Some of what one name posted in a collection, the last received first."""

    name: str
    public_id: PublicId
    collection: CollectionSlug
    collection_name: str
    posts: Sequence[tuple[PostView, ThreadLine]]
    shares: Shares  # of all answers
    further: int | None  # what to ask for as `before` to see further ones


def authors_page(session: Session, slug: str, *, after: tuple[int, int] | None) -> AuthorsPage:
    """The authors of a collection, from behind `after` on: so many posts, and the number of the author.

    :raises NotFoundError: if there is none of that name, or nothing of it is public.
    """
    collection = visible_collection(session, slug)
    authors = authors_by_posts(session, collection.id, after=after, limit=AUTHORS_A_PAGE + 1)
    return AuthorsPage(
        slug=collection.slug,
        name=collection.name,
        authors=authors[:AUTHORS_A_PAGE],
        all_authors=count_authors(session, collection.id),
        further=authors[AUTHORS_A_PAGE - 1] if len(authors) > AUTHORS_A_PAGE else None,
    )


def author_page(session: Session, public_id: str, *, before: int | None) -> AuthorPage:
    """What is public of one name in a collection, from behind the post numbered `before` on.

    :raises NotFoundError: if there is no such author, or nothing of theirs is public.
    """
    author = visible_author(session, public_id)
    rows = newest_posts(session, Post.author_id == author.id, before=before, limit=POSTS_A_PAGE + 1)
    shown = rows[:POSTS_A_PAGE]
    threads = threads_by_id(session, {row.thread_id for row in shown})
    collection = session.get_one(Collection, author.collection_id)
    posts = post_views(session, shown, drafts=False)
    return AuthorPage(
        name=author.name,
        public_id=author.public_id,
        collection=collection.slug,
        collection_name=collection.name,
        posts=[(post, threads[row.thread_id]) for post, row in zip(posts, shown, strict=True)],
        shares=shares_of_author(session, author.id),
        further=shown[-1].id if len(rows) > POSTS_A_PAGE else None,
    )
