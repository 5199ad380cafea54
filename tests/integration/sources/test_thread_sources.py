"""The works of a thread: each once, with who names it, and nothing of what readers do not see."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from archive.domain.sources import Manner
from archive.domain.sources.verdicts import Verdict
from archive.services.browse import NotFoundError
from archive.services.checking.check import check
from archive.services.citing import works
from archive.services.citing.works import csl_items, works_page
from archive.services.ingest.publish import roll_back
from archive.store.cited import citations_of
from archive.store.threads import Thread
from archive.store.users import User
from tests.integration.conftest import BY, Archive
from tests.integration.sources.conftest import Cites, reference
from tests.integration.taking_down import Two
from tests.integration.written import ANNALIST, RUSTICUS, WEAVER

ISBN, DOI, PAGE = "isbn:9780306406157", "doi:10.1000/182", "url:example.org/dykes"


def listed(archive: Archive, after: str | None = None) -> list[tuple[str, list[tuple[str | None, str | None, str]]]]:
    """Each work by its title, with who names it, where in it, and what was found."""
    archive.session.rollback()
    page = works_page(archive.session, archive.session.scalars(select(Thread.public_id)).one(), after=after)
    return [
        (
            work.cited.title,
            [(one.text.by, one.cited.locator, one.cited.verdict or Verdict.UNCHECKED) for one in work.named_by],
        )
        for work in page.works
    ]


def exported(archive: Archive) -> list[object]:
    return [
        item["title"] for item in csl_items(archive.session, archive.session.scalars(select(Thread.public_id)).one())[1]
    ]


@pytest.fixture
def cited(archive: Archive, answered: int, cites: Cites) -> Archive:
    cites(WEAVER, reference(DOI, title="Salt tax", locator="p. 3"), reference(PAGE, start=9, end=12, title="Dykes"))
    cites(ANNALIST, reference(ISBN, title="Memoirs"), reference(DOI, start=9, end=12, title="Salt tax"))
    cites(
        RUSTICUS, reference(ISBN, title="Memoirs", manner=Manner.RECALLED), reference(ISBN, start=9, end=12, title="M")
    )
    return archive


def test_each_work_stands_once_with_who_names_it(cited: Archive, maud: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row = cited.answer(WEAVER)
    salt = citations_of(cited.session, [row.revision_id])[0]
    check(
        cited.session,
        post=row.public_id,
        citation=salt.id,
        seen=0,
        verdict=Verdict.SUPPORTS,
        note="",
        moderator=maud,
    )
    unchecked = Verdict.UNCHECKED
    assert listed(cited) == [
        ("Memoirs", [(ANNALIST, None, unchecked), (RUSTICUS, None, unchecked), (RUSTICUS, None, unchecked)]),
        ("Salt tax", [(ANNALIST, None, unchecked), (WEAVER, "p. 3", Verdict.SUPPORTS)]),
        ("Dykes", [(WEAVER, None, unchecked)]),
    ]
    assert exported(cited) == ["Memoirs", "Salt tax", "Dykes"]
    monkeypatch.setattr(works, "WORKS_A_PAGE", 2)
    assert [title for title, _ in listed(cited)] == ["Memoirs", "Salt tax"]
    page = works_page(cited.session, cited.session.scalars(select(Thread.public_id)).one())
    assert [title for title, _ in listed(cited, page.further)] == ["Dykes"]


def test_what_is_down_or_withdrawn_names_no_work(cited: Archive, make_user: Callable[..., User], answered: int) -> None:
    make_user("maud", "moderator")
    make_user("nora", "moderator")
    Two(cited, ("maud", "nora")).take_down(cited.answer(WEAVER).public_id)
    assert [title for title, _ in listed(cited)] == ["Memoirs", "Salt tax"]
    assert WEAVER not in repr(listed(cited))
    assert exported(cited) == ["Memoirs", "Salt tax"]
    thread = cited.session.scalars(select(Thread.public_id)).one()
    roll_back(cited.session, answered, reason="", by=BY)
    for ask in (works_page, csl_items):
        with pytest.raises(NotFoundError):
            ask(cited.session, thread)
