"""The private page of differences: both readings side by side, and nobody else's."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.services.bench.cast import Said, Sight, cast
from archive.services.browse import visible_post
from archive.store.tags import Tag
from archive.store.users import User
from tests.browser.threads import publish_thread
from tests.fillings import Master, filling_for

HERE = "/moderation/differences"


filling = filling_for(answer=publish_thread)


@pytest.fixture
def answer(master: Master) -> str:
    """The address of a published answer."""
    return str(master.made[0])


def vote(session: Session, name: str, answer: str, level: Level, *, words: str, note: str = "") -> None:
    session.rollback()
    row = visible_post(session, answer, drafts=False)
    start = row.text.index(words)
    said = Said(level=level, evidence=[(start, start + len(words))], note=note, seen=Sight.MARKS)
    moderator = session.scalars(select(User).where(User.name == name)).one()
    cast(
        session,
        post=row.public_id,
        revision_id=row.revision_id,
        version=row.tag_version,
        said=said,
        moderator=moderator,
    )


def page(client: FlaskClient) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", client.get(HERE).get_data(as_text=True)).split())


def test_both_readings_stand_there_with_their_words_for_nobody_else_to_see(
    session: Session, answer: str, somebody: Callable[..., FlaskClient]
) -> None:
    newt = somebody("newt", "moderator", practised=False)
    teasel, ida = somebody("teasel", "moderator"), somebody("ida", "admin")
    assert "Nowhere. No answer on which you voted was decided otherwise." in page(newt)
    vote(session, "newt", answer, Level.ATTRIBUTED, words="Kober did the hard part", note="She is <b>named</b>.")
    vote(
        session,
        "teasel",
        answer,
        Level.RECOLLECTED,
        words="cannot cite them now",
        note="The papers are named, and recalled.",
    )
    text = page(newt)
    assert "1 answer, newest decision first. Only you see this page." in text
    assert "You said Attributed, not cited , decided From memory" in text
    assert "before your votes counted Kober did the hard part She is &lt;b&gt;named&lt;/b&gt;." in text
    assert "The decision: One moderator’s decision by teasel" in text
    assert "cannot cite them now The papers are named, and recalled." in text
    assert 'href="/threads/' in newt.get(HERE).get_data(as_text=True)
    for other in (teasel, ida):
        assert "Nowhere." in page(other)
        assert "Kober" not in page(other)


def test_a_reference_that_was_supplied_is_no_difference(
    session: Session, answer: str, somebody: Callable[..., FlaskClient]
) -> None:
    newt = somebody("newt", "moderator", practised=False)
    somebody("teasel", "moderator")
    vote(session, "newt", answer, Level.ATTRIBUTED, words="Kober")
    vote(session, "teasel", answer, Level.RECOLLECTED, words="cannot cite them now")
    assert "1 answer" in page(newt)
    session.execute(update(Tag).values(basis=Basis.REFERENCE))
    session.commit()
    assert "Nowhere." in page(newt)


@pytest.mark.parametrize("before", ["0", "x", "-1", "99999999999"])
def test_an_address_that_cannot_be_is_said_to_be_so(maud: FlaskClient, before: str) -> None:
    assert maud.get(f"{HERE}?before={before}").status_code == 400
