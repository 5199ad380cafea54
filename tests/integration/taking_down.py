"""What tests of takedowns share: two moderators who agree, and everything that readers can get of an archive."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select, text

from archive.domain.ids import PublicId
from archive.domain.takedown import ReasonClass, Scope
from archive.services import browse
from archive.services.browse import NotFoundError
from archive.services.collections.authors import author_page, authors_page
from archive.services.collections.calendar import calendar_page
from archive.services.collections.pages import collection_page, files_page
from archive.services.collections.topics import topics_page
from archive.services.export import export_lines
from archive.services.posts_in_full import its_revisions, posts_of_thread
from archive.services.search import search
from archive.services.takedown import decide, request
from archive.services.takedown.request import Request
from archive.services.verify import find_faults
from archive.store.calendar import Unit
from archive.store.listing import ThreadOrder
from archive.store.takedowns import Takedown
from archive.store.threads import Author, Thread
from archive.store.users import User
from tests.integration.conftest import COLLECTION, Archive

WHY = Request(reason=ReasonClass.PERSONAL, words="Please remove this.", name="", contact="somebody@example.org")


@dataclass(frozen=True, slots=True)
class Two:
    """Two moderators, and the archive in which they take down."""

    archive: Archive
    names: tuple[str, str]

    @property
    def one(self) -> User:
        return self.archive.person(self.names[0])

    @property
    def other(self) -> User:
        return self.archive.person(self.names[1])

    def ask(self, post: str, *, reason: ReasonClass = ReasonClass.PERSONAL) -> Takedown:
        asked = Request(reason=reason, words=WHY.words, name="", contact=WHY.contact)
        seen_as = [f"address {post} {self.newest}"]
        request.ask(self.archive.session, post=PublicId(post), asked=asked, by=None, seen_as=seen_as)
        return self.takedown()

    def take_down(self, post: str, *words: str, reason: ReasonClass = ReasonClass.PERSONAL) -> Takedown:
        """Ask for it, propose it and agree to it; all of the post where no words are named."""
        takedown = self.propose(self.ask(post, reason=reason), *words)
        decide.confirm(self.archive.session, takedown_id=takedown.id, version=takedown.version, moderator=self.other)
        return self.takedown(takedown.id)

    def propose(self, takedown: Takedown, *words: str) -> Takedown:
        decide.propose(
            self.archive.session,
            takedown_id=takedown.id,
            version=takedown.version,
            scope=Scope.WORDS if words else Scope.WHOLE,
            passages="\n".join(words),
            reason=takedown.reason,
            moderator=self.one,
        )
        return self.takedown(takedown.id)

    def lift(self, number: int) -> None:
        """Put it back: the one asks for it, the other agrees."""
        for moderator in (self.one, self.other):
            version = self.takedown(number).version
            decide.lift(self.archive.session, takedown_id=number, version=version, moderator=moderator)

    @property
    def newest(self) -> int:
        return self.archive.session.scalar(text("SELECT coalesce(max(id), 0) FROM takedown")) or 0

    def takedown(self, number: int | None = None) -> Takedown:
        self.archive.session.expire_all()
        return self.archive.session.get_one(Takedown, number or self.newest)


def everything(archive: Archive, words: str) -> str:
    """All that services give readers of an archive, and what a search for some words gives."""
    return "\n".join(_everything(archive, words))


def _everything(archive: Archive, words: str) -> Iterator[str]:
    session = archive.session
    session.rollback()
    yield b"".join(export_lines(session, COLLECTION)).decode()
    yield str(browse.front_page(session))
    for order in ThreadOrder:
        yield str(collection_page(session, COLLECTION, order, before=None))
    yield str(files_page(session, COLLECTION, before=None))
    yield str(authors_page(session, COLLECTION, after=None))
    yield str(topics_page(session, COLLECTION, after=None))
    yield str(calendar_page(session, COLLECTION, Unit.YEAR))
    for thread in session.scalars(select(Thread.public_id).order_by(Thread.id)):
        yield str(browse.thread_page(session, thread, drafts=True))
        yield str(posts_of_thread(session, thread, after=None, limit=200))
    for author in session.scalars(select(Author.public_id).order_by(Author.id)):
        try:
            yield str(author_page(session, author, before=None))
        except NotFoundError:
            continue
    for post in sorted(archive.addresses()):
        yield str(browse.revisions_page(session, post, drafts=True))
        with suppress(NotFoundError):  # of a draft
            yield str(its_revisions(session, post))
    found = search(session, words)
    yield str((found.total, found.hits, found.shares))


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))
