from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.threads import Post
from archive.store.vault import Vault
from tests import rules
from tests.fillings import Master, filling_for

THREAD = """Who deserves the credit for reading Linear B?

by minos_mary
palaeo_pat

Kober did the hard part. I read her papers once but cannot cite them now.

syllabary

Michael Ventris, in 1952.

tholos1953

John Chadwick, "The Decipherment of Linear B" (Cambridge 1958), p. 67.
"""


def import_thread(session: Session, vault: Vault, text: str) -> list[str]:
    """Import a thread into the collection "scripts" and publish it; the addresses of all answers."""
    file = NamedFile("kober.txt", partial(BytesIO, text.encode()))
    batch = receive_files(session, vault, [file], collection="Scripts", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    publish(session, batch, by=Actor.of(None))
    query = select(Post.public_id).where(Post.kind == PostKind.ANSWER).order_by(Post.position)
    return list(session.scalars(query))


filling = filling_for(answers=partial(import_thread, text=THREAD))


@pytest.fixture
def answers(master: Master) -> list[str]:
    """The addresses of three published answers in the collection "scripts", in the order of the queue."""
    return list(master.made)


@pytest.fixture
def set_rules(session: Session) -> Callable[..., None]:
    """Have every collection set these rules for its moderators."""

    return partial(rules.set_rules, session)


@pytest.fixture
def moderator(app: Flask, make_user: Callable, log_in: Callable) -> Callable[[str], FlaskClient]:
    """A moderator of that name, logged in, with a browser of their own."""

    def moderator(name: str) -> FlaskClient:
        make_user(name, "moderator")
        client = app.test_client()
        log_in(client, name)
        return client

    return moderator
