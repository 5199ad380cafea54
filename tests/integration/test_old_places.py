"""Old addresses lead to archived posts, and maps of them hold what is public."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from archive.domain.citing.redirects import MapForm
from archive.services.browse import NotFoundError
from archive.services.citing.old import look_for
from archive.services.citing.redirects import mapped_collections, redirect_map
from archive.store.collections import Collection
from archive.store.threads import Post, Thread
from archive.store.users import User
from tests.integration.conftest import Archive
from tests.integration.taking_down import Two
from tests.integration.test_numbered_threads import asked, comment, dump
from tests.integration.written import DYKES, ON_DYKES, thread

HOME = "https://letters.example"
STACK = """<posts>
<row Id="11" PostTypeId="1" Title="Who dug it?" Body="a" CreationDate="2014-01-01T00:00:00.000" />
<row Id="12" PostTypeId="2" ParentId="11" Body="b" CreationDate="2014-01-02T00:00:00.000" />
</posts>
"""
MAIL = """From: Zoe <zoe@example.org>
Date: Sat, 9 Mar 2019 14:02:00 +0000
Subject: Canals
Message-ID: <a/b+c@example.org>

Who dug them?
"""
NEWS = json.dumps({"id": 8863, "type": "story", "by": "zoe", "time": 1175714200, "title": "Canals"}) + "\n"
NEWS += (
    json.dumps({"id": 9224, "type": "comment", "by": "ada", "time": 1175714300, "parent": 8863, "text": "Dutch"}) + "\n"
)
TOPIC = {
    "id": 30,
    "title": "Canals",
    "posts_count": 2,
    "post_stream": {
        "posts": [
            {"id": 1, "post_number": n, "topic_id": 30, "username": f"u{n}", "cooked": f"<p>{n}</p>", "created_at": ""}
            for n in (1, 2)
        ]
    },
}


def key_of(archive: Archive, address: str) -> str:
    """The key of the post or thread at a permalink."""
    what, public_id = address.strip("/").split("/")
    of = Post if what == "posts" else Thread
    return f"{what} {archive.session.scalar(select(of.source_key).where(of.public_id == public_id))}"


def found(archive: Archive, typed: str) -> list[str]:
    return [key_of(archive, match.address) for match in look_for(archive.session, typed).matches]


@pytest.fixture
def places(archive: Archive) -> Archive:
    archive.import_({"r.ndjson": dump(asked(), comment(1), comment(2, 1))}, collection="canals", public=True)
    archive.import_({"Posts.xml": STACK}, collection="history", public=True)
    archive.import_({"m.eml": MAIL}, collection="list", public=True)
    archive.import_({"hn.jsonl": NEWS}, collection="news", public=True)
    archive.import_({"t.json": json.dumps(TOPIC)}, collection="forum", public=True)
    archive.import_({"p.txt": thread(DYKES, ON_DYKES)}, collection="plain", public=True)
    archive.import_({"d.ndjson": dump(asked("quokka"), comment(77, "t3_quokka", thread="quokka"))}, collection="canals")
    return archive


def test_an_old_address_leads_to_the_post(places: Archive) -> None:
    own = places.session.scalars(select(Post.public_id).where(Post.source_key == "t1_2")).one()
    for typed, key in {
        "https://old.reddit.com/r/canals/comments/root/who/2/?context=3": "posts t1_2",
        "https://www.reddit.com/r/canals/comments/root/": "posts t3_root",
        "redd.it/root": "posts t3_root",
        "https://history.stackexchange.com/questions/11/who-dug-it": "posts p11",
        "https://history.stackexchange.com/questions/11/who-dug-it/12#12": "posts p12",
        "https://history.stackexchange.com/a/12": "posts p12",
        "<a/b+c@example.org>": "posts a/b+c@example.org",
        "https://lore.kernel.org/list/x/a%2Fb%2Bc@example.org/": "posts a/b+c@example.org",
        "news.ycombinator.com/item?id=9224": "posts 9224",
        "https://forum.example/t/canals/30/2": "posts 30/2",
        f"https://former.example/posts/{own}/at/0123456789abcdef": "posts t1_2",
        # a post that is not here leads to its thread
        "https://history.stackexchange.com/questions/11/who-dug-it/99#99": "threads p11",
        "https://forum.example/t/canals/30/7": "threads 30",
    }.items():
        assert found(places, typed) == [key], typed
    for typed in ("redd.it/quokka", "t1_77", "reddit.com/comments/quokka/_/77", "news.ycombinator.com/item?id=30"):
        assert found(places, typed) == [], typed
    assert look_for(places.session, "dykes").understood is None


def test_what_several_collections_have_is_asked_about_unless_one_is_called_like_the_site(places: Archive) -> None:
    other = STACK.replace("2014", "2011").replace("Who dug it?", "Who brewed it?")
    for collection in ("beer", "zoology"):
        places.import_({f"{collection}/Posts.xml": other}, collection=collection, public=True)
    for site, names, other_site in (
        ("zoology", ["zoology"], False),
        ("meta.zoology", ["zoology", "beer", "history"], True),
        ("cooking", ["beer", "history", "zoology"], True),
    ):
        looked = look_for(places.session, f"{site}.stackexchange.com/q/11")
        assert [match.found.collection_name for match in looked.matches] == names
        assert (looked.other_site, looked.sure is None) == (other_site, other_site)


def test_a_map_holds_what_is_public_and_not_down(places: Archive, make_user: Callable[..., User]) -> None:
    make_user("maud", "moderator")
    make_user("nora", "moderator")
    maps = {
        name: "".join(redirect_map(places.session, slug, MapForm.CSV, home=HOME)).splitlines()[1:]
        for name, slug in places.session.execute(select(Collection.name, Collection.slug)).all()
    }
    told = {name: [line.partition(",")[0] for line in lines] for name, lines in maps.items()}
    assert told == {
        "canals": ["/comments/root", "/comments/root/_/1", "/comments/root/_/2"],
        "history": ["/questions/11", "/q/11", "/a/12"],
        "list": ["mid:a%2Fb+c@example.org"],
        "news": ["/item?id=8863", "/item?id=9224"],
        "forum": ["/t/30", "/t/30/1", "/t/30/2"],
        "plain": [],
    }
    assert [one.name for one in mapped_collections(places.session)] == [name for name in sorted(told) if told[name]]
    for line in maps["canals"]:
        old, new = line.split(",")
        assert found(places, f"reddit.com{old}") == [key_of(places, new.removeprefix(HOME))]
    post = places.session.scalars(select(Post.public_id).where(Post.source_key == "t1_2")).one()
    Two(places, ("maud", "nora")).take_down(post)
    nginx = "".join(redirect_map(places.session, "canals", MapForm.NGINX, home=HOME))
    assert post not in nginx
    assert nginx.count("\n") == 2
    written = places.run("redirects", "canals", "--form", "nginx", "--address", f"{HOME}/")
    assert (written.stdout, written.stderr) == (nginx, "2 old addresses written.\n")
    without = places.run("redirects", "canals")
    assert (without.exit_code, without.stdout) == (2, "")
    assert "--address" in without.stderr


def test_nothing_is_told_of_a_collection_of_drafts(archive: Archive) -> None:
    archive.import_({"d.ndjson": dump(asked("quokka"))}, collection="kowari")
    for slug in ("kowari", "nowhere"):
        with pytest.raises(NotFoundError):
            redirect_map(archive.session, slug, MapForm.CSV, home=HOME)
