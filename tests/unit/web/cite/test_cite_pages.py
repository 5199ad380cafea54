"""Pages and files about citing: what they say, and to whom they say nothing."""

import json
import re
from collections.abc import Callable
from functools import partial
from html import unescape
from io import BytesIO

import bibtexparser
import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.services.browse import visible_post
from archive.services.checking.check import Seen, strike
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.cited import citations_of
from archive.store.threads import Post, Thread
from archive.store.users import User
from archive.store.vault import Vault
from tests.integration.citing import DREAMER, LEAGUE, NAMER, SCHOLAR
from tests.integration.test_old_places import STACK
from tests.integration.written import thread
from tests.unit.web.citing import publish_league

pytestmark = pytest.mark.database("sqlite")

BY = Actor.of(None)
HOSTILE = "</script><b>}, author = {Mallory} 100 % ER  - \u202e“quoted”"
ENDINGS = ("bib", "ris", "json")


def bring(session: Session, vault: Vault, name: str, text: str, *, collection: str, public: bool = True) -> None:
    file = NamedFile(name, partial(BytesIO, text.encode()))
    batch = receive_files(session, vault, [file], collection=collection, by=BY)
    run_batch(session, vault, batch, by=BY)
    if public:
        publish(session, batch, by=BY)


def entries(client: FlaskClient, address: str) -> dict[str, list[str]]:
    """By ending, the titles in the files at an address, as foreign parsers read them."""
    files = {ending: client.get(f"{address}.{ending}") for ending in ENDINGS}
    for ending, file in files.items():
        assert file.status_code == 200
        assert file.headers["Content-Disposition"].endswith(f'.{ending}"')
    library = bibtexparser.parse_string(files["bib"].text)
    assert not library.failed_blocks
    items = json.loads(files["json"].text)
    assert len(CiteProcJSON(items)) == len(items)
    return {
        "bib": [entry.fields_dict["title"].value.strip("{}") for entry in library.entries],
        "ris": [entry["title"] for entry in rispy.loads(files["ris"].text)],
        "json": [item["title"] for item in items],
    }


def citations(page: str) -> list[str]:
    """The citations on a page, by style, as text."""
    found = re.findall(r'<dd class="citation" id="[a-z-]+" dir="auto">(.*?)</dd>', page)
    return [unescape(re.sub("<[^>]+>", "", one)) for one in found]


def test_an_answer_is_cited_in_every_style_and_file(
    client: FlaskClient, session: Session, vault: Vault, maud: FlaskClient
) -> None:
    post = publish_league(session, vault, "maud")[SCHOLAR]
    page = client.get(f"/posts/{post}/cite")
    assert page.status_code == 200
    told = citations(page.text)
    assert len(told) == 5
    for one in told:
        for words in (SCHOLAR, LEAGUE, "League", "Footnote", "n.d.", "2026", f"http://localhost/posts/{post}/at/"):
            assert words in one
        assert re.search("tagged [“‘]Cited[”’] on ", one, re.IGNORECASE)
        assert "; not checked" in one
    url = re.search(r"http://localhost(/posts/\S+/at/[0-9a-f]{16}\?tag=[1-9][0-9]*)", told[0])
    assert url
    pinned = client.get(url[1])
    assert "Nothing has changed" in pinned.text
    assert entries(client, f"/posts/{post}/cite") == {ending: [f"Answer to “{LEAGUE}”"] for ending in ENDINGS}
    assert client.get(f"/posts/{post}/cite.exe").status_code == 404


def test_a_thread_is_cited_with_how_many_answers_are_sourced(
    client: FlaskClient, session: Session, vault: Vault, maud: FlaskClient
) -> None:
    publish_league(session, vault, "maud")
    address = session.scalar(select(Thread.public_id))
    page = client.get(f"/threads/{address}/cite")
    assert all("4 answers, 2 of them sourced" in one for one in citations(page.text))
    pin = re.search(rf"http://localhost(/threads/{address}/at/[0-9a-f]{{16}})", page.text)
    assert pin
    answer = client.get(pin[1])
    assert (answer.status_code, answer.location) == (302, f"/threads/{address}")
    assert entries(client, f"/threads/{address}/cite") == {ending: [LEAGUE] for ending in ENDINGS}


def test_the_works_of_a_thread_stand_on_one_page_and_in_files(
    client: FlaskClient, session: Session, vault: Vault, maud: FlaskClient
) -> None:
    posts = publish_league(session, vault, "maud")
    address = session.scalar(select(Thread.public_id))
    before = entries(client, f"/threads/{address}/sources")
    assert before["bib"]
    assert len(before["bib"]) == len(before["ris"]) == len(before["json"]) == 5
    row = visible_post(session, posts[DREAMER], drafts=False)
    (invented,) = citations_of(session, [row.revision_id])
    strike(
        session,
        post=row.public_id,
        citation=invented.id,
        seen=Seen(check=0, version=row.tag_version),
        level=Level.UNSOURCED,
        note="There is no such book.",
        moderator=session.scalars(select(User).where(User.name == "maud")).one(),
    )
    page = client.get(f"/threads/{address}/sources").text
    assert len(re.findall(r'<p class="work">(?:<a[^>]*>)?<s>', page)) == 1
    assert "There is no such book." in page
    assert "1 work does not exist" in page
    assert page.count("Not checked") == 4
    assert NAMER in page
    assert [len(titles) for titles in entries(client, f"/threads/{address}/sources").values()] == [4, 4, 4]


def test_hostile_words_break_no_page_and_no_file(client: FlaskClient, session: Session, vault: Vault) -> None:
    bring(session, vault, "h.txt", thread(HOSTILE, [("or_dinary7", "Words.")]), collection="a, b and {c}")
    address, post = session.execute(
        select(Thread.public_id, Post.public_id)
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.byline == "or_dinary7")
    ).one()
    for path in (
        f"/threads/{address}",
        f"/threads/{address}/cite",
        f"/posts/{post}/cite",
        f"/threads/{address}/sources",
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert "<b>}" not in page.text
        assert not any("\u202e" in one for one in citations(page.text))
    for titles in entries(client, f"/threads/{address}/cite").values():
        assert len(titles) == 1


def test_a_thread_without_sources_says_what_to_do_next(client: FlaskClient, session: Session, vault: Vault) -> None:
    bring(session, vault, "n.txt", thread("Who?", [("or_dinary7", "Nobody.")]), collection="Nobody")
    address = session.scalar(select(Thread.public_id))
    page = client.get(f"/threads/{address}/sources")
    assert "supply the reference" in page.text
    assert client.get(f"/threads/{address}/sources.json").get_json() == []
    assert client.get(f"/threads/{address}/sources.bib").text == ""


def test_a_pin_that_fits_nothing_says_so(client: FlaskClient, session: Session, vault: Vault) -> None:
    bring(session, vault, "n.txt", thread("Who?", [("or_dinary7", "Nobody.")]), collection="Nobody")
    post = session.scalars(select(Post.public_id).where(Post.byline == "or_dinary7")).one()
    for pin in ("0" * 16, "short", "0" * 65, "Z" * 16):
        answer = client.get(f"/posts/{post}/at/{pin}")
        assert answer.status_code == 404
        assert "The address may be cut short" in unescape(answer.text)
    assert client.get(f"/posts/{post}/at/{'0' * 16}?tag=x").status_code == 400


def test_an_old_address_is_led_home_and_nowhere_else(client: FlaskClient, session: Session, vault: Vault) -> None:
    bring(session, vault, "Posts.xml", STACK, collection="History")
    question = session.scalars(select(Post.public_id).where(Post.source_key == "p11")).one()
    for path in (
        "/from?url=https://history.stackexchange.com/questions/11/x",
        "/old/history.stackexchange.com/questions/11/x?noredirect=1",
        "/old/https://history.stackexchange.com/questions/11",
    ):
        answer = client.get(path)
        while answer.status_code == 308:  # slashes that were doubled
            answer = client.get(answer.location)
        assert (answer.status_code, answer.location) == (302, f"/posts/{question}"), path
    for typed in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "https://redd.it/9zzzz",
        "x" * 1999,
    ):
        answer = client.get("/from", query_string={"url": typed})
        assert answer.status_code == 404
        assert "Location" not in answer.headers
        assert not re.search(r'(?:href|src|action)="(?:https?:|javascript:|//)', answer.text)
    for typed, said in (
        ("https://stackoverflow.com/a/12", "It may be this, if the collection is of that site"),
        (
            "https://meta.history.stackexchange.com/questions/11",
            "called like <bdi>meta.history.stackexchange.com</bdi>",
        ),
        ("https://forum.example.org/questions/11", "It is of none of the forms"),
        ("https://history.stackexchange.com/q/11#comment7", "comment itself is not in this archive; its thread is."),
        ("https://history.stackexchange.com/q/11/x/12#comment7_12", "not in this archive; its answer is."),
        ("https://superuser.com/q/11#comment7", "comment itself is not in this archive; what it stood below may be."),
    ):
        answer = client.get("/from", query_string={"url": typed})
        assert said in answer.text, typed
        assert answer.status_code == (404 if "none of" in said else 200), typed
        assert ('href="/posts/' in answer.text) is (answer.status_code == 200), typed
    assert "Stack Exchange, <bdi>question 12345</bdi>" in client.get("/from?url=superuser.com/q/12345").text
    assert client.get("/from").status_code == 200
    assert client.get("/from?url=" + "x" * 2001).status_code == 400


def test_maps_are_sent_as_files_that_servers_read(client: FlaskClient, session: Session, vault: Vault) -> None:
    bring(session, vault, "Posts.xml", STACK, collection="History")
    answer = session.scalars(select(Post.public_id).where(Post.source_key == "p12")).one()
    csv = client.get("/collections/history/redirects.csv")
    assert csv.mimetype == "text/csv"
    assert csv.text.splitlines()[-1] == f"/a/12,http://localhost/posts/{answer}"
    assert client.get("/collections/history/redirects.apache").text.count("\n") == 3
    assert client.get("/collections/history/redirects.exe").status_code == 400
    assert client.get("/collections/nowhere/redirects.csv").status_code == 404
    bring(session, vault, "p.txt", thread(LEAGUE, [("one_of_many", "I do not know.")]), collection="Plain")
    bring(session, vault, "q/Posts.xml", STACK.replace("2014", "2011"), collection="Plain", public=False)
    offered = client.get("/from").text
    assert "/collections/history/redirects.csv" in offered
    assert "/collections/plain/" not in offered  # plain text has no addresses, and of drafts nothing is said


def test_drafts_are_on_no_page_about_citing(
    app: Flask, client: FlaskClient, session: Session, vault: Vault, somebody: Callable[[str, str], FlaskClient]
) -> None:
    bring(session, vault, "Posts.xml", STACK, collection="Quokka", public=False)
    archivist = somebody("arno", "archivist")
    address = session.scalar(select(Thread.public_id))
    post = session.scalars(select(Post.public_id).where(Post.source_key == "p12")).one()
    paths = [f"/{what}/cite{ending}" for what in (f"posts/{post}", f"threads/{address}") for ending in ("", ".bib")]
    paths += [f"/threads/{address}/sources", f"/threads/{address}/sources.json", f"/posts/{post}/at/{'0' * 16}"]
    paths += ["/collections/quokka/redirects.csv", "/from?url=history.stackexchange.com/q/11"]
    for path in paths:
        for who in (client, archivist):
            answer = who.get(path)
            assert answer.status_code == 404, path
            assert "dug" not in answer.text
    draft = archivist.get(f"/threads/{address}").text
    assert "Who dug it?" in draft
    assert not any(told in draft for told in ("citation_title", "ld+json", "Z3988", "cite-as", "/cite"))
