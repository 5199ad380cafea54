"""Answers that cite works, as a run of the engine would store it."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select

from archive.domain.sources import Csl, Manner, Reference
from archive.domain.sources.naming import kind_of
from archive.services.sources.citing import cite
from archive.services.transaction import writing
from archive.store.citations import CitingText
from archive.store.sources import Source, SourceKey
from archive.store.users import User
from tests.fillings import Master, filling_for
from tests.integration.conftest import Archive, filling_of
from tests.integration.written import ANNALIST, RUSTICUS, WEAVER, thread

ENGINE = "test-1"
AUTHORS = (ANNALIST, RUSTICUS, WEAVER)
Cites = Callable[..., None]


def reference(
    *keys: str,
    start: int = 0,
    end: int = 5,
    manner: Manner = Manner.CONSULTED,
    locator: str | None = None,
    **csl: object,
) -> Reference:
    said: Csl = {"type": "book", **csl}
    return Reference(
        start=start,
        end=end,
        kind=kind_of(keys[0]),
        keys=keys,
        csl=said,
        locator=locator,
        locator_span=None,
        manner=manner,
    )


def _publish(archive: Archive) -> int:
    answers = [(author, f"An answer by {author}, in some words.") for author in AUTHORS]
    return archive.import_({"dykes.txt": thread("Who paid for the dykes?", answers)}, public=True).batch


filling = filling_for(answered=filling_of(_publish))


@pytest.fixture
def answered(master: Master) -> int:
    """A thread with three answers is public; the batch."""
    return int(master.made)


@pytest.fixture
def cites(archive: Archive) -> Cites:
    """Have the answer of an author cite works, in place of what it cited before."""

    def cites(author: str, *references: Reference, engine: str = ENGINE) -> None:
        row = archive.answer(author)
        text = CitingText(thread_id=row.thread_id, post_id=row.id, revision_id=row.revision_id, references=references)
        with writing(archive.session):
            cite(archive.session, [text], engine=engine)

    return cites


@pytest.fixture
def maud(archive: Archive) -> User:
    return archive.add_moderator("maud")


def work(archive: Archive, key: str) -> Source:
    """The work of that name."""
    archive.session.expire_all()
    query = select(Source).join(SourceKey, SourceKey.source_id == Source.id).where(SourceKey.key == key)
    return archive.session.scalars(query).one()


def shown(archive: Archive) -> Sequence[tuple[str, int]]:
    """The works that readers see, with how many answers point to them."""
    archive.session.rollback()
    query = select(Source.title, Source.answers).where(Source.answers > 0).order_by(Source.id)
    return [(title, answers) for title, answers in archive.session.execute(query)]
