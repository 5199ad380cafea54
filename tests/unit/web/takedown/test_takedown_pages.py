"""Asking for a takedown without an account, the desk of the moderators, and every page after it."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.domain.records import PostKind
from archive.services.assess import assess_all
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.takedowns import Takedown
from archive.store.threads import Post
from archive.store.vault import Vault
from tests.conftest import csrf_token
from tests.fillings import Master, filling_for
from tests.integration.written import ASKER, DYKES, RUSTICUS, WEAVER, thread

SECRET = "The xylophone of Jane Quill stands at 12 Gravel Lane, as her book (Leiden, 1954), p. 12, says."
SECRETS = ("xylophone", "Quill", "Gravel")
TOLD = thread(DYKES, [(RUSTICUS, SECRET), (WEAVER, "Nobody else paid for it.")])
BY = Actor.of(None)


def bring(session: Session, vault: Vault, text: str) -> int:
    file = NamedFile("d.txt", partial(BytesIO, text.encode()))
    batch = receive_files(session, vault, [file], collection="Dykes", by=BY)
    run_batch(session, vault, batch, by=BY)
    publish(session, batch, by=BY)
    return batch


def _tell(session: Session, vault: Vault) -> str:
    bring(session, vault, TOLD)
    for _ in assess_all(session):
        pass
    return session.scalars(select(Post.public_id).where(Post.byline == RUSTICUS)).one()


filling = filling_for(post=_tell)


@pytest.fixture
def post(master: Master) -> str:
    """The address of the answer that holds the secret."""
    return master.made


@pytest.fixture
def nora(somebody: Callable[[str, str], FlaskClient]) -> FlaskClient:
    """Another moderator."""
    return somebody("nora", "moderator")


def html(client: FlaskClient, address: str) -> str:
    return client.get(address, follow_redirects=True).get_data(as_text=True)


def send(client: FlaskClient, address: str, form: str, **fields: str) -> TestResponse:
    """Send a form of a page, as somebody fills it in."""
    version = re.search(r'name="version" value="(\d+)"', html(client, form))
    fields = {"version": version[1] if version else "", **fields}
    return client.post(address, data={"csrf_token": csrf_token(client, form), **fields})


def ask(client: FlaskClient, post: str, **fields: str) -> TestResponse:
    fields = {"reason": "personal data", "words": "This is where I live.", "contact": "jane@example.org", **fields}
    return send(client, f"/posts/{post}/takedowns", f"/posts/{post}/takedown", **fields)


def propose(client: FlaskClient, number: int = 1, **fields: str) -> TestResponse:
    fields = {"reason": "personal data", "scope": "whole", "passages": "", **fields}
    at = f"/moderation/takedowns/{number}"
    return send(client, f"{at}/proposals", at, **fields)


def act(client: FlaskClient, what: str, number: int = 1, **fields: str) -> TestResponse:
    at = f"/moderation/takedowns/{number}"
    return send(client, f"{at}/{what}", at, **fields)


def every_page(client: FlaskClient, *begin: str) -> dict[str, str]:
    """All pages to which links lead, from some on, by address."""
    found: dict[str, str] = {}
    waiting = [*begin]
    while waiting:
        address = waiting.pop()
        if address in found or len(found) > 300:
            continue
        answer = client.get(address)
        body = answer.get_data(as_text=True)
        found[address] = body
        links = [*re.findall(r'(?:href|src)="(/[^"#]*)', body), answer.headers.get("Location", "")]
        waiting += [unescape(link).partition("#")[0] for link in links if link.startswith("/") and "static" not in link]
    return found


def test_a_whole_takedown_from_the_request_to_the_tombstone(
    client: FlaskClient, maud: FlaskClient, nora: FlaskClient, post: str
) -> None:
    thread_page = client.get(f"/posts/{post}").headers["Location"].partition("#")[0]
    assert f'href="/posts/{post}/takedown"' in html(client, thread_page)
    answer = ask(client, post)
    assert answer.status_code == 303
    mine = answer.headers["Location"]
    assert "It waits for a moderator." in html(client, mine)
    assert "jane@example.org" not in html(client, mine)
    assert "jane@example.org" in html(maud, "/moderation/takedowns/1")
    assert "Personal data" in html(maud, "/moderation/takedowns")
    assert propose(maud).status_code == 303
    assert "a second one has to agree" in html(client, mine)
    refused = act(maud, "confirmations")
    assert (refused.status_code, "Another moderator has to agree" in refused.get_data(as_text=True)) == (409, True)
    assert "xylophone" in html(client, thread_page)
    before = client.get(thread_page).headers.get("ETag")
    assert act(nora, "confirmations").status_code == 303
    assert "The post is down since" in html(client, mine)
    page = html(client, thread_page)
    assert "xylophone" not in page
    assert client.get(thread_page).headers.get("ETag") != before or before is None
    tombstone = page.partition(f'id="post-{post}"')[2].partition("</article>")[0]
    assert "Taken down" in tombstone
    assert "personal data" in tombstone
    assert "nobody named" in tombstone
    assert "/original" not in tombstone
    assert "Answer 1 of 1" in page
    table = html(client, "/takedowns")
    assert "A whole post" in table
    assert f"#post-{post}" in table


@pytest.fixture(params=["", "Jane Quill\n12 Gravel Lane\nxylophone"], ids=["whole", "words"])
def down(client: FlaskClient, maud: FlaskClient, nora: FlaskClient, post: str, request: pytest.FixtureRequest) -> str:
    """The address of the answer, once it is down: all of it, or its words."""
    ask(client, post)
    propose(maud, scope="words" if request.param else "whole", passages=request.param)
    act(nora, "confirmations")
    return post


@pytest.fixture
def bring_again(session: Session, vault: Vault, down: str) -> int:
    """The batch that brings a newer text of the same answer."""
    return bring(session, vault, TOLD.replace("says.", "says so."))


@pytest.mark.parametrize("person", ["nobody", "moderator", "archivist", "admin"])
def test_no_page_shows_what_is_down_to_anybody(
    app: Flask,
    bring_again: int,
    somebody: Callable[[str, str], FlaskClient],
    down: str,
    person: str,
) -> None:
    client, post = app.test_client() if person == "nobody" else somebody("pat", person), down
    begin = [
        "/",
        "/collections/dykes",
        "/collections/dykes/feed.atom",
        "/search?q=stands",
        "/search?q=lane",
        "/search?q=-nothing",
        "/search?q=cites%3Aleiden",
        f"/posts/{post}",
        f"/posts/{post}/original",
        f"/posts/{post}/revisions",
        f"/posts/{post}/cite.json",
        f"/posts/{post}/at/{'0' * 16}",
        f"/posts/{post}/tags",
        f"/posts/{post}/sources",
        f"/moderation/posts/{post}",
        "/moderation",
        "/moderation/queue",
        "/moderation/takedowns/1",
        "/trace",
        "/sources",
        f"/imports/{bring_again}",
        f"/imports/{bring_again}/changes",
    ]
    found = every_page(client, *begin)
    assert len(found) > 20
    assert answers_well(client, begin[:3])
    secrets = SECRETS if "removed: personal" in found[f"/posts/{post}/revisions"] else (*SECRETS, RUSTICUS)
    shown = {address: [word for word in secrets if word in page] for address, page in found.items()}
    assert {address: words for address, words in shown.items() if words} == {}


def answers_well(client: FlaskClient, addresses: list[str]) -> bool:
    return all(client.get(address).status_code == 200 for address in addresses)


@pytest.fixture
def question(session: Session, client: FlaskClient, maud: FlaskClient, nora: FlaskClient, post: str) -> str:
    """The address of the question, which is down."""
    address = session.scalars(select(Post.public_id).where(Post.kind == PostKind.QUESTION)).one()
    assert address != post
    ask(client, address)
    propose(maud)
    act(nora, "confirmations")
    return address


@pytest.mark.parametrize("person", ["nobody", "archivist"])
def test_no_page_shows_the_title_of_a_question_that_is_down(
    app: Flask, question: str, somebody: Callable, person: str
) -> None:
    client = app.test_client() if person == "nobody" else somebody("pat", person)
    begin = ["/", "/collections/dykes", "/collections/dykes/feed.atom", f"/posts/{question}", "/search?q=nobody"]
    found = every_page(client, *begin, "/imports")
    assert answers_well(client, begin[:3])
    assert "[Title removed: personal data]" in found["/collections/dykes/feed.atom"]
    assert [address for address, page in found.items() if "Holland" in page or ASKER in page] == []


def test_words_that_do_not_stand_there_are_named_and_what_was_typed_is_kept(
    client: FlaskClient, maud: FlaskClient, post: str
) -> None:
    ask(client, post)
    answer = propose(maud, scope="words", passages="Jane Quill\nJane Smith")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Not found in the post: “Jane Smith”" in page
    assert "Jane Quill\nJane Smith</textarea>" in page


def test_a_request_without_a_reason_is_not_sent_and_kept(client: FlaskClient, post: str) -> None:
    answer = ask(client, post, reason="")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose the reason that fits best." in page
    assert "This is where I live." in page


def test_many_requests_from_one_place_are_refused(client: FlaskClient, post: str, session: Session) -> None:
    other = session.scalars(select(Post.public_id).where(Post.byline == WEAVER)).one()
    sent = [ask(client, one) for one in (post, post, post, other, other)]
    assert {answer.status_code for answer in sent} == {303}
    answer = ask(client, other)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "What you typed was not stored" in answer.get_data(as_text=True)
    assert len(session.scalars(select(Takedown)).all()) == 5


def test_a_post_has_only_so_many_requests(app: Flask, post: str) -> None:
    for number in range(5):
        address = {"REMOTE_ADDR": f"192.0.2.{number}"}
        client = app.test_client()
        client.environ_base.update(address)
        assert ask(client, post).status_code == 303
    client = app.test_client()
    client.environ_base.update({"REMOTE_ADDR": "192.0.2.99"})
    answer = ask(client, post)
    assert (answer.status_code, "wait for moderators already" in answer.get_data(as_text=True)) == (429, True)


def test_a_declined_request_has_its_reply(client: FlaskClient, maud: FlaskClient, post: str) -> None:
    mine = ask(client, post).headers["Location"]
    assert act(maud, "refusals", reply=" ").status_code == 422
    assert act(maud, "refusals", reply="It is in every <phone> book.").status_code == 303
    assert "It is in every &lt;phone&gt; book." in html(client, mine)
    assert "book." not in html(client, "/takedowns")


def test_an_old_page_decides_nothing(client: FlaskClient, maud: FlaskClient, nora: FlaskClient, post: str) -> None:
    ask(client, post)
    propose(maud)
    answer = act(nora, "confirmations", version="1")
    assert answer.status_code == 409
    assert "maud proposed what to remove after your page was made" in answer.get_data(as_text=True)


def test_an_admin_alone_looks_behind_and_purges(
    client: FlaskClient,
    maud: FlaskClient,
    nora: FlaskClient,
    somebody: Callable[[str, str], FlaskClient],
    post: str,
) -> None:
    ask(client, post)
    propose(maud)
    act(nora, "confirmations")
    assert "what is sealed" not in html(maud, "/moderation/takedowns/1")
    assert act(maud, "looks", why="Curious.").status_code == 403
    assert act(maud, "purges", why="Away with it.").status_code == 403
    ada = somebody("ada", "admin")
    assert "The ledger is not purged" in html(ada, "/moderation/takedowns/1")
    assert act(ada, "looks", why="").status_code == 409
    answer = act(ada, "looks", why="The court asks.")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert "xylophone" in answer.get_data(as_text=True)
    assert act(ada, "purges", why="The court wants it gone.").status_code == 303
    assert "xylophone" not in act(ada, "looks", why="Is it gone?").get_data(as_text=True)
    assert "and purged" in html(maud, "/moderation/takedowns/1")


def test_a_file_that_holds_what_is_down_is_not_given_away(
    client: FlaskClient, maud: FlaskClient, nora: FlaskClient, post: str, vault: Vault
) -> None:
    (name,) = vault.hashes()
    assert maud.get(f"/originals/{name}").status_code == 200
    ask(client, post)
    propose(maud)
    act(nora, "confirmations")
    assert maud.get(f"/originals/{name}").status_code == 403
    assert "its bytes are sealed" in html(client, f"/posts/{post}/original")
