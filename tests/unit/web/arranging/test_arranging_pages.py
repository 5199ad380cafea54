"""Moving posts in the browser: without script, by those who may, and never over somebody else's decision."""

import re
from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.pages import select_posts
from archive.store.threads import Post, Thread
from archive.store.vault import Vault
from tests.conftest import csrf_token
from tests.fillings import Master, filling_for

MAILS = """From ada@example.org Mon Jan  6 10:00:00 2003
From: Ada <ada@example.org>
Date: Mon, 6 Jan 2003 10:00:00 +0000
Subject: Lock gates of the old canal
Message-ID: <one@example.org>

Who made the lock gates of the old canal, and of which wood?

From bo@example.org Mon Jan  6 11:00:00 2003
From: Bo Lund <bo@example.org>
Date: Mon, 6 Jan 2003 11:00:00 +0000
Subject: Re: Lock gates of the old canal
Message-ID: <two@example.org>

> Who made the lock gates of the old canal, and of which wood?

A carpenter from the village, and of oak.

From cy@example.org Tue Jan  7 11:00:00 2003
From: Cy <cy@example.org>
Date: Tue, 7 Jan 2003 11:00:00 +0000
Subject: Re: Something else
Message-ID: <three@example.org>
References: <gone@example.org>

This answers what is missing.
"""


def _publish(session: Session, vault: Vault) -> dict[str, str]:
    file = NamedFile("list.mbox", partial(BytesIO, MAILS.encode()))
    batch = receive_files(session, vault, [file], collection="Canals", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    publish(session, batch, by=Actor.of(None))
    return {row.byline: row.public_id for row in session.execute(select_posts(drafts=False))}


filling = filling_for(posts=_publish)


@pytest.fixture
def posts(master: Master) -> dict[str, str]:
    """The addresses of three published mails, by their authors."""
    return dict(master.made)


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def _fields(client: FlaskClient, post: str) -> dict[str, str]:
    page = _text(client.get(f"/posts/{post}/place"))
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("decision", "parent")}
    return {name: match[1] for name, match in found.items() if match} | {"csrf_token": csrf_token(client, "/doubts")}


def _move(client: FlaskClient, post: str, **fields: str) -> TestResponse:
    return client.post(f"/posts/{post}/moves", data={**_fields(client, post), **fields})


def test_a_mail_that_says_re_and_nothing_else_waits_with_the_proposals_for_it(
    posts: dict[str, str], somebody: Callable[..., FlaskClient]
) -> None:
    client = somebody("maud", "moderator")
    assert "Canals" in _text(client.get("/doubts"))
    page = _text(client.get("/doubts/canals"))
    assert "Its subject says that it is a reply" in page
    assert "The post quotes its words. It bears the same subject." in page
    assert "What it answers is missing" in page
    assert f'value="{posts["Ada"]}">Attach here' in page


def test_attaching_is_shown_to_readers_and_can_be_undone(
    client: FlaskClient, posts: dict[str, str], somebody: Callable[..., FlaskClient]
) -> None:
    arno = somebody("arno", "archivist")
    old = client.get(f"/posts/{posts['Bo Lund']}").headers["Location"].partition("#")[0]
    assert _move(arno, posts["Bo Lund"], to=posts["Ada"]).status_code == 303
    page = _text(arno.get(f"/posts/{posts['Bo Lund']}/place"))
    assert "moved it here" in page
    assert "Undo" in page
    thread = client.get(f"/posts/{posts['Ada']}").headers["Location"].partition("#")[0]
    shown = _text(client.get(thread))
    assert "Moved here by <bdi>arno</bdi>" in shown
    assert ", since it quotes the words of that post, and since both bear the same subject; its source" in shown
    assert client.get(old).headers["Location"] == f"/posts/{posts['Bo Lund']}"
    undone = arno.post(f"/posts/{posts['Bo Lund']}/returns", data=_fields(arno, posts["Bo Lund"]))
    assert undone.status_code == 303
    assert "Bo Lund" in _text(client.get(old))
    assert "Bo Lund" not in _text(client.get(thread))


def test_a_decision_on_a_place_names_the_post_and_its_first_words_to_those_who_may_see_it(
    session: Session, vault: Vault, posts: dict[str, str], somebody: Callable[..., FlaskClient]
) -> None:
    def draft(name: str, key: str) -> tuple[int, str]:
        mail = MAILS.partition("From bo@")[0].replace("one@", key).replace("Ada", name).replace("wood", "stone")
        file = NamedFile(f"{name}.mbox", partial(BytesIO, mail.encode()))
        batch = receive_files(session, vault, [file], collection="Canals", by=Actor.of(None))
        run_batch(session, vault, batch, by=Actor.of(None))
        session.rollback()
        (post,) = (row.public_id for row in session.execute(select_posts(drafts=True)) if row.byline == name)
        return batch, post

    def decision(client: FlaskClient, post: str) -> str:
        page = _text(client.get(f"/posts/{post}/place")).partition('id="decisions-h"')[2]
        return re.sub("<[^>]+>", "", page.partition("<li>")[2].partition("</li>")[0])

    arno, maud = somebody("arno", "archivist"), somebody("maud", "moderator")
    _move(arno, posts["Bo Lund"], to=posts["Ada"])
    words = "Under the post by Ada, “Who made the lock gates of the old canal, and of which wood?”"
    assert decision(maud, posts["Bo Lund"]).startswith(words)
    (_, dee), (batch, eve) = draft("Dee", "four@"), draft("Eve", "five@")
    _move(arno, eve, to=dee)
    publish(session, batch, by=Actor.of(None))
    session.rollback()
    assert decision(arno, eve).startswith("Under the post by Dee, “Who made")
    assert decision(maud, eve).startswith("Under a post that is not published, ")
    page = _text(maud.get(f"/posts/{eve}/place"))
    assert "Dee" not in page
    assert dee not in page


def test_a_post_is_found_by_its_address_and_by_its_key(
    posts: dict[str, str], somebody: Callable[..., FlaskClient]
) -> None:
    client = somebody("maud", "moderator")
    for named in ("one@example.org", f"https://archive.example/threads/00000000000000#post-{posts['Ada']}"):
        assert _move(client, posts["Cy"], to="named", named=named).status_code == 303
        assert client.post(f"/posts/{posts['Cy']}/returns", data=_fields(client, posts["Cy"])).status_code == 303
    refused = _move(client, posts["Cy"], to="named", named="nothing of the kind")
    assert refused.status_code == 409
    assert "neither the address nor the key" in _text(refused)


def test_what_was_typed_and_chosen_stays_in_a_form_that_is_refused(
    posts: dict[str, str], somebody: Callable[..., FlaskClient]
) -> None:
    client = somebody("maud", "moderator")
    refused = _move(client, posts["Cy"], to="named", named=" ", title="Who <dug> it?")
    page = _text(refused)
    assert refused.status_code == 409
    assert "No post is named. Nothing was moved." in page
    assert 'value="Who &lt;dug&gt; it?"' in page
    assert [field for field in page.split("<") if " checked" in field and 'value="named"' in field]
    page = _text(_move(client, posts["Cy"], to="named", named="nothing of the kind"))
    assert 'value="nothing of the kind"' in page


def test_what_a_colleague_moved_meanwhile_is_a_conflict(
    posts: dict[str, str], somebody: Callable[..., FlaskClient]
) -> None:
    maud, otto = somebody("maud", "moderator"), somebody("otto", "moderator")
    late = _fields(otto, posts["Cy"])
    assert _move(maud, posts["Cy"], to=posts["Ada"]).status_code == 303
    answer = otto.post(f"/posts/{posts['Cy']}/moves", data={**late, "to": posts["Bo Lund"]})
    assert answer.status_code == 409
    assert "Nothing was overwritten" in _text(answer)


def test_what_was_left_as_it_is_waits_no_longer(posts: dict[str, str], somebody: Callable[..., FlaskClient]) -> None:
    client = somebody("maud", "moderator")
    for name in ("Cy", "Bo Lund"):
        answer = client.post(f"/posts/{posts[name]}/stays", data=_fields(client, posts[name]))
        assert answer.status_code == 303
    assert "or somebody has decided it" in _text(client.get("/doubts"))
    assert "Nothing waits here" in _text(client.get("/doubts/canals"))
    client.post(f"/posts/{posts['Cy']}/returns", data=_fields(client, posts["Cy"]))
    assert "What it answers is missing" in _text(client.get("/doubts/canals"))


def test_readers_see_no_way_to_move_and_are_refused(
    client: FlaskClient, posts: dict[str, str], somebody: Callable[..., FlaskClient]
) -> None:
    thread = client.get(f"/posts/{posts['Ada']}").headers["Location"]
    assert "/place" not in _text(client.get(thread))
    reader = somebody("rea", "reader")
    assert reader.get(f"/posts/{posts['Cy']}/place").status_code == 403
    fields = {"csrf_token": csrf_token(reader, "/account"), "decision": "0", "parent": "", "to": posts["Ada"]}
    assert reader.post(f"/posts/{posts['Cy']}/moves", data=fields).status_code == 403
    maud = somebody("maud", "moderator")
    assert "/place" in _text(maud.get(thread))
    without = {"decision": "0", "parent": "", "to": posts["Ada"]}
    assert maud.post(f"/posts/{posts['Cy']}/moves", data=without).status_code == 400


def test_a_thread_whose_first_mail_is_missing_bears_the_subject(session: Session, posts: dict[str, str]) -> None:
    query = select(Thread.title).join(Post, Post.thread_id == Thread.id).where(Post.public_id == posts["Cy"])
    assert session.scalar(query) == "Re: Something else"


def test_the_address_of_a_thread_that_another_file_joined_to_its_own_leads_there(
    client: FlaskClient, session: Session, vault: Vault, posts: dict[str, str]
) -> None:
    def bring(name: str, parent: str) -> str:
        mail = f"From: {name} <{name}@example.org>\nMessage-ID: <{name}@example.org>\nIn-Reply-To: <{parent}>\n\nYes.\n"
        file = NamedFile(f"{name}.eml", partial(BytesIO, mail.encode()))
        batch = receive_files(session, vault, [file], collection="Canals", by=Actor.of(None))
        run_batch(session, vault, batch, by=Actor.of(None), publish_it=True)
        (post,) = [row.public_id for row in session.execute(select_posts(drafts=False)) if row.byline == name]
        return post

    dee = bring("dee", "eli@example.org")
    old = client.get(f"/posts/{dee}").headers["Location"].partition("#")[0]
    assert client.get(old).status_code == 200
    bring("eli", "one@example.org")
    home = client.get(f"/posts/{posts['Ada']}").headers["Location"].partition("#")[0]
    assert client.get(f"/posts/{dee}").headers["Location"] == f"{home}#post-{dee}"
    assert client.get(client.get(old).headers["Location"]).headers["Location"].startswith(f"{home}#post-")
