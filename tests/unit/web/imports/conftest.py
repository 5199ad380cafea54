"""An archivist with a browser, and somebody who does the jobs."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session


@pytest.fixture
def archivist(client: FlaskClient, make_user: Callable, log_in: Callable) -> FlaskClient:
    """An archivist, logged in."""
    make_user("arno", "archivist")
    log_in(client, "arno")
    return client


@pytest.fixture
def work_off(app: Flask, session: Session) -> Callable[[], None]:
    """Do what is queued, as a worker does."""

    def work_off() -> None:
        session.rollback()
        queue = app.extensions["jobs"].queue
        while (job := queue.dequeue()) is not None:
            queue.execute(job)
        session.rollback()

    return work_off
