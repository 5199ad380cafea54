"""The pages of works: without script, for those who may, and never with a word of a draft."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.services.assess import assess_all
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish, roll_back
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.sources import Source, SourceKey
from archive.store.threads import Post
from archive.store.vault import Vault
from tests.conftest import csrf_token

BY = Actor.of(None)
THREAD = """Who paid for the dykes?

by clio_reads7

annalist_1204

It is in *Salt and the Crown* by Marta Ellwood, p. 12, and at https://example.org/<dykes>?a=1 too.

rusticus88

All of it is in doi:10.1000/182 with figures.

There is a page on salt as well, with pictures: https://example.org/salt

weaver_of_ghent2

As far as I remember it is in Molotov's memoirs, which I do not have here.
"""
LATER = """Why was salt taxed?

by clio_reads7

secret_9

My own *The Secret Book* by Ada Unseen has it on p. 3.

There are figures in doi:10.1000/182 too.
"""
Bring = Callable[[str], int]


@pytest.fixture
def bring(session: Session, vault: Vault) -> Bring:
    """Import and publish a thread and have it assessed; the batch."""

    def bring(text: str) -> int:
        file = NamedFile("a.txt", partial(BytesIO, text.encode()))
        batch = receive_files(session, vault, [file], collection="History", by=BY)
        run_batch(session, vault, batch, by=BY)
        publish(session, batch, by=BY)
        for _ in assess_all(session):
            pass
        return batch

    return bring


@pytest.fixture
def address(session: Session) -> Callable[[str], str]:
    def address(name: str) -> str:
        session.rollback()
        query = select(Source.public_id).join(SourceKey, SourceKey.source_id == Source.id).where(SourceKey.key == name)
        return f"/sources/{session.scalars(query).one()}"

    return address


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def send(client: FlaskClient, page: str, to: str, **fields: object) -> TestResponse:
    return client.post(to, data={"csrf_token": csrf_token(client, page), **fields})


def titles(client: FlaskClient, address: str = "/sources") -> list[str]:
    found = re.findall(r'<h2 class="work-name"><a href="[^"]*">(.*?)</a>', text_of(client.get(address)))
    return [re.sub("<[^>]*>", "", title) for title in found]


def test_an_empty_index_says_what_fills_it(client: FlaskClient) -> None:
    page = text_of(client.get("/sources"))
    assert "No work is named yet" in page
    assert "footnote assess" in page


def test_the_index_lists_works_and_narrows_them(client: FlaskClient, bring: Bring) -> None:
    bring(THREAD)
    assert "Ellwood, Salt and the Crown" in titles(client)
    assert titles(client, "/sources?kind=doi") == ["DOI 10.1000/182"]
    assert titles(client, "/sources?q=molotov") == ["Molotov, memoirs"]
    assert titles(client, "/sources?domain=example.org&q=salt") == ["example.org/salt"]
    assert titles(client, "/sources?q=nothing-like-it") == []
    assert client.get("/sources?kind=nonsense").status_code == 400
    assert client.get("/sources?after=nonsense").status_code == 400


def test_what_narrows_the_index_stands_folded_before_the_list_and_leads_somewhere(
    client: FlaskClient, bring: Bring
) -> None:
    bring(THREAD)
    page = text_of(client.get("/sources"))
    assert page.index('<details class="facets-box">') < page.index('<ol class="works"')
    assert re.findall(r'<a href="/sources[?]domain=([^"]*)">.*?</a> <span class="n">(\d+)</span>', page)
    assert "On the web at" not in text_of(client.get("/sources?kind=doi"))
    assert "Narrow this list" not in text_of(client.get("/sources?q=nothing-like-it"))
    narrowed = text_of(client.get("/sources?kind=url"))
    for address in re.findall(r'<a href="(/sources[?]kind=url&amp;domain=[^"]*)">', narrowed):
        assert titles(client, address.replace("&amp;", "&"))


def test_captures_are_of_that_time_only_where_the_answer_has_one(
    client: FlaskClient, session: Session, bring: Bring, address: Callable[[str], str]
) -> None:
    bring(THREAD)
    work = address("url:example.org/salt")
    page = text_of(client.get(work))
    assert "https://web.archive.org/web/*/https://example.org/salt" in page
    assert ">Captures<span" in page
    session.execute(update(Post).values(posted_at=datetime(2013, 5, 4, tzinfo=UTC)))
    session.commit()
    page = text_of(client.get(work))
    assert "https://web.archive.org/web/20130504000000/https://example.org/salt" in page
    assert ">Captures of that time<span" in page


def test_a_hit_by_its_works_shows_them_and_the_words(
    client: FlaskClient, bring: Bring, address: Callable[[str], str]
) -> None:
    bring(THREAD)
    page = text_of(client.get("/search?q=cites:ellwood"))
    assert f'cites <a href="{address("work:ellwood|salt and the crown")}">' in page
    assert '<mark class="named">' in page
    assert "p. 12" in page
    remembered = text_of(client.get("/search?q=cites:molotov"))
    assert f'names <a href="{address("work:molotov|memoirs")}">' in remembered
    assert "from memory" in remembered
    assert '<mark class="named">' not in text_of(client.get("/search?q=salt"))


def test_what_narrows_a_search_stands_folded_before_the_hits(client: FlaskClient, bring: Bring) -> None:
    bring(THREAD)
    page = text_of(client.get("/search?q=salt"))
    assert page.index('<details class="facets-box">') < page.index('<ol class="hits"')
    assert "facets-box" not in text_of(client.get("/search?q=nothinglikeit"))


def test_a_work_shows_who_cites_it_and_who_only_remembers_it(
    client: FlaskClient, bring: Bring, address: Callable[[str], str]
) -> None:
    bring(THREAD)
    page = text_of(client.get(address("doi:10.1000/182")))
    assert "1 answer here names it." in page
    assert "rusticus88" in page
    assert 'href="https://doi.org/10.1000/182"' in page
    page = text_of(client.get(address("work:molotov|memoirs")))
    assert "Only remembered by" in page
    assert "Cited by" not in page


def test_a_work_is_given_as_csl_json_with_nothing_that_no_answer_says(
    client: FlaskClient, bring: Bring, address: Callable[[str], str]
) -> None:
    bring(THREAD)
    answer = client.get(f"{address('work:ellwood|salt and the crown')}/csl.json")
    assert answer.content_type.startswith("application/vnd.citationstyles.csl+json")
    assert "attachment" in answer.headers["Content-Disposition"]
    (item,) = json.loads(answer.data)
    assert item["title"] == "Salt and the Crown"
    assert item["author"] == [{"family": "Ellwood", "given": "Marta"}]
    assert "issued" not in item


def test_no_page_shows_what_only_a_draft_says(
    client: FlaskClient, session: Session, bring: Bring, address: Callable[[str], str]
) -> None:
    bring(THREAD)
    later = bring(LATER)
    secret, shared = address("work:unseen|secret book"), address("doi:10.1000/182")
    assert "secret_9" in text_of(client.get(shared))
    roll_back(session, later, reason="", by=BY)
    assert client.get(secret).status_code == client.get(f"{secret}/csl.json").status_code == 404
    for page in ("/sources", shared, "/sources?q=secret", "/search?q=cites:secret", f"{shared}/csl.json"):
        shown = text_of(client.get(page)).lower()
        assert "secret book" not in shown, page
        assert "secret_9" not in shown, page
        assert "unseen" not in shown, page


def test_a_published_answer_is_in_the_index_at_the_next_look(client: FlaskClient, bring: Bring) -> None:
    bring(THREAD)
    before = titles(client)
    bring(LATER)
    assert set(titles(client)) - set(before) == {"Unseen, The Secret Book"}


def test_readers_see_nothing_of_moderators(
    client: FlaskClient, maud: FlaskClient, bring: Bring, address: Callable[[str], str]
) -> None:
    bring(THREAD)
    work = address("doi:10.1000/182")
    assert "Merge another work" in text_of(maud.get(work))
    assert "Merge another work" not in text_of(client.get(work))
    for page in (f"{work}/merge", f"{work}/split", "/sources/doubtful"):
        assert client.get(page).headers["Location"].startswith("/login?")


def test_a_moderator_merges_two_works_and_takes_it_back(
    maud: FlaskClient, client: FlaskClient, bring: Bring, address: Callable[[str], str]
) -> None:
    bring(THREAD)
    doi, page = address("doi:10.1000/182"), address("url:example.org/salt")
    assert "example.org/salt" in text_of(maud.get(f"{doi}/merge?q=salt"))
    assert send(maud, f"{doi}/merge?q=salt", f"{doi}/merges").status_code == 409
    other = page.rpartition("/")[2]
    answer = send(maud, f"{doi}/merge?q=salt", f"{doi}/merges", other=other, note="The <same>.")
    assert answer.status_code == 303
    assert client.get(page).headers["Location"] == doi
    shown = text_of(maud.get(doi))
    assert "went into it, by <bdi>maud</bdi>" in shown
    assert "The &lt;same&gt;." in shown
    assert "<span>Address: <bdi>example.org/salt</bdi></span>" in shown
    assert "url:example.org" not in shown
    assert send(maud, f"{doi}/merge?q=salt", f"{doi}/merges", other=other).status_code == 409
    (decision,) = re.findall(r'name="decision" value="(\d+)"', shown)
    assert send(maud, doi, f"{doi}/undone", decision=decision).status_code == 303
    assert client.get(page).status_code == 200
    assert "A merge was taken back" in text_of(maud.get(doi))
    assert send(maud, doi, f"{doi}/undone", decision=decision).status_code == 409


def test_a_moderator_splits_names_off(maud: FlaskClient, bring: Bring, address: Callable[[str], str]) -> None:
    bring(THREAD)
    doi, page = address("doi:10.1000/182"), address("url:example.org/salt")
    send(maud, f"{doi}/merge?q=salt", f"{doi}/merges", other=page.rpartition("/")[2])
    assert "leave at least one" in text_of(send(maud, f"{doi}/split", f"{doi}/splits"))
    answer = send(maud, f"{doi}/split", f"{doi}/splits", name="url:example.org/salt", note="")
    assert answer.status_code == 303
    assert address("url:example.org/salt") != doi
    assert "one name only" in text_of(maud.get(f"{doi}/split"))


def test_works_in_doubt_are_merged_or_kept_apart(
    maud: FlaskClient, bring: Bring, address: Callable[[str], str]
) -> None:
    bring(THREAD)
    bring("Who says so?\n\nby clio_reads7\n\npiet_9\n\nIt is all in *Salt and the Crown*, p. 3.\n")
    page = text_of(maud.get("/sources/doubtful"))
    assert "one of them names no author" in page
    assert "1 pair of works may be one" in text_of(maud.get("/sources"))
    (dismissal,) = re.findall(r'action="(/sources/doubtful/\d+/dismissals)"', page)
    assert send(maud, "/sources/doubtful", dismissal).status_code == 303
    assert "No two works are in doubt" in text_of(maud.get("/sources/doubtful"))
    assert send(maud, "/sources", dismissal).status_code == 409
    assert address("work:|salt and the crown") != address("work:ellwood|salt and the crown")


def test_the_header_and_the_search_page_lead_to_works(client: FlaskClient) -> None:
    assert '<a href="/sources">Sources</a>' in text_of(client.get("/"))
    page = text_of(client.get("/search"))
    assert "cites:khrushchev" in page
    assert 'href="/sources"' in page
