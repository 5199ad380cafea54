"""People with a browser each."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def somebody(app: Flask, make_user: Callable, log_in: Callable) -> Callable[[str, str], FlaskClient]:
    """The browser of somebody new who is logged in, by name and role."""

    def somebody(name: str, role: str, **options: bool) -> FlaskClient:
        make_user(name, role, **options)
        client = app.test_client()
        log_in(client, name)
        return client

    return somebody


@pytest.fixture
def maud(somebody: Callable[[str, str], FlaskClient]) -> FlaskClient:
    """A moderator with a browser."""
    return somebody("maud", "moderator")
