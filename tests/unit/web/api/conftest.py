"""A program that asks for JSON, in an archive with answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.domain.tokens import Scope
from archive.services.tokens import make_token
from archive.store.users import User
from tests.fillings import Master, filling_for
from tests.unit.web.citing import league_by_ida


@dataclass(frozen=True)
class Program:
    """Something that asks for JSON, with a token or without."""

    client: FlaskClient
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str, **headers: str) -> TestResponse:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(f"/api/v1{path}", headers={**self.headers, **given})

    def post(self, path: str, body: object = None, **options: Any) -> TestResponse:
        options = options or {"json": {} if body is None else body}
        return self.client.post(f"/api/v1{path}", headers=self.headers, **options)

    def read(self, path: str) -> Any:
        """What is answered, where that is as it should be."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status} {answer.text}"
        return answer.json


filling = filling_for(answers=league_by_ida)


@pytest.fixture
def answers(master: Master) -> Mapping[str, str]:
    """By author, the addresses of four answers, all tagged by ida."""
    return master.made


@pytest.fixture
def program(client: FlaskClient) -> Program:
    """A program without a token."""
    return Program(client)


@pytest.fixture
def program_of(app: Flask, session: Session, make_user: Callable[..., User]) -> Callable[..., Program]:
    """A program of somebody new, with a token for everything that the account may do, or for what is named."""

    def make(name: str, *roles: str, scopes: list[Scope] | None = None) -> Program:
        user = make_user(name, *roles)
        wanted = [Scope.MODERATE if role == "moderator" else Scope.IMPORT for role in roles]
        made = make_token(session, user=user, name="a program", scopes=wanted if scopes is None else scopes, days=7)
        session.rollback()
        return Program(app.test_client(), made.token)

    return make
