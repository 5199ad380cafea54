"""Every template compiles, refuses what it was not given, and runs nothing inline."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from jinja2.meta import find_undeclared_variables

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.database("sqlite")

TEMPLATES = sorted(
    path.relative_to(ROOT / "templates").as_posix()
    for path in (ROOT / "templates").rglob("*.*")
    if path.suffix != ".md"
)
_FORBIDDEN = {
    "|safe": re.compile(r"\|\s*safe\b"),
    "autoescape off": re.compile(r"autoescape\s+false", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "inline style": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "address of another site": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
    ),
}
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def test_there_are_templates() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


def test_templates_refuse_what_they_were_not_given(app: Flask) -> None:
    assert issubclass(app.jinja_env.undefined, StrictUndefined)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_is_escaped(app: Flask, name: str) -> None:
    autoescape = app.jinja_env.autoescape
    assert autoescape(name) if callable(autoescape) else autoescape


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_runs_nothing_inline(name: str) -> None:
    assert not list(_breaches((ROOT / "templates" / name).read_text("utf-8")))


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.rpartition("/")[2].startswith("_")])
def test_piece_states_what_it_needs(app: Flask, name: str) -> None:
    """Every piece begins with a comment that says what it is, and names what has to be there for it."""
    text = (ROOT / "templates" / name).read_text("utf-8")
    comment = _COMMENT.match(text)
    assert comment
    with app.test_request_context():
        given: dict[str, object] = dict(app.jinja_env.globals)
        app.update_template_context(given)
    needed = find_undeclared_variables(app.jinja_env.parse(text)) - set(given)
    assert not [variable for variable in needed if not re.search(rf"\b{variable}\b", comment[0])]


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        ("{{ post.html | safe }}", "|safe"),
        ("{% autoescape false %}", "autoescape off"),
        ("<script>run()</script>", "inline script"),
        ("<style>p {}</style>", "inline style"),
        ('<p class="a" style="color: red">', "style attribute"),
        ('<button\n  onclick="run()">', "event handler"),
        ('<a href="javascript:run()">', "javascript: address"),
        ('<script src="https://elsewhere.example/x.js"></script>', "address of another site"),
        ('<link rel="stylesheet" href="//elsewhere.example/x.css">', "address of another site"),
    ],
)
def test_a_breach_is_seen(text: str, breach: str) -> None:
    assert list(_breaches(text)) == [breach]


def _breaches(text: str) -> Iterator[str]:
    text = _COMMENT.sub("", text)
    return (breach for breach, pattern in _FORBIDDEN.items() if pattern.search(text))
