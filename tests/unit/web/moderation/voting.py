"""What moderators send from the bench, and what comes of it."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import csrf_token

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def bench(client: FlaskClient, post: str, *, served: bool = False) -> str:
    """The page of an answer; :param served: as the queue gives it."""
    return client.get(f"/moderation/posts/{post}{'?served=yes' if served else ''}").get_data(as_text=True)


def form_of(page: str, *, after: str = 'id="bench"') -> dict[str, str]:
    """The hidden fields of the bench, or of another form."""
    return dict(_HIDDEN.findall(page.partition(after)[2]))


def vote(client: FlaskClient, post: str, level: str, *, served: bool = False, **fields: object) -> TestResponse:
    """Give a level to an answer, from its page."""
    form = form_of(bench(client, post, served=served))
    return client.post(f"/posts/{post}/tags", data={**form, "level": level, **fields})


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Press a button that asks for nothing more than these fields."""
    return client.post(path, data={"csrf_token": csrf_token(client, "/moderation"), **fields})


def follow(client: FlaskClient, answer: TestResponse) -> str:
    """The page to which an answer leads."""
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client.get(answer.headers["Location"], follow_redirects=True).get_data(as_text=True)


def next_page(client: FlaskClient, path: str = "/moderation/queue") -> str:
    """What a queue gives next."""
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def post_on(page: str) -> str:
    """The answer that is on the bench."""
    found = re.search(r'data-post="(\w+)"', page)
    assert found, "no answer is on the bench"
    return found[1]


def level_of(client: FlaskClient, post: str) -> str:
    """The level that readers see."""
    thread = client.get(f"/posts/{post}").headers["Location"].partition("#")[0]
    article = client.get(thread).get_data(as_text=True).partition(f'id="post-{post}"')[2]
    found = re.search(r'class="level lv-(\w+)"', article)
    assert found
    return found[1]


def in_words(part: str) -> str:
    """The words of a piece of a page, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())
