"""What the bench asks of the database: each statement of a vote is one for which twenty moderators wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from archive.services.assess import assess_all
from archive.store.database import db
from tests.unit.web.moderation.voting import form_of, next_page, post_on

_OF_A_PAGE, _OF_A_VOTE, _WHILE_OTHERS_WAIT = 14, 32, 18  # of a vote where every part of the queue has to be asked


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """All that is asked while the block runs, in order."""
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_vote_and_the_page_of_an_answer_ask_the_database_for_little(
    app: Flask, session: Session, moderator: Callable[[str], FlaskClient], answers: list[str]
) -> None:
    for _ in assess_all(session):
        pass
    maud = moderator("maud")
    page = next_page(maud)
    post = post_on(page)
    assert post in answers
    with statements(app) as of_vote:
        form = {**form_of(page), "level": "unsourced"}
        assert maud.post(f"/posts/{post}/tags", data=form).status_code == 303
    with statements(app) as of_page:
        assert maud.get(f"/moderation/posts/{answers[1]}?served=yes").status_code == 200
    assert len(of_page) <= _OF_A_PAGE, "\n".join(of_page)
    assert len(of_vote) <= _OF_A_VOTE, "\n".join(of_vote)
    written = next(number for number, one in enumerate(of_vote) if one.startswith("INSERT INTO vote"))
    assert len(of_vote) - written <= _WHILE_OTHERS_WAIT, "\n".join(of_vote[written:])
