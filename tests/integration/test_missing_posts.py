"""Posts that a capture names and does not give: readers are told of them, for as long as they are missing."""

import json
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.domain.ids import PublicId
from archive.services.browse import thread_page
from archive.services.ingest.publish import publish, roll_back
from archive.services.views import Missing, ThreadPage
from archive.store.gaps import which_are_public
from archive.store.threads import Thread
from tests.integration.conftest import BY, Archive, Content
from tests.integration.reddit_pages import comment, more, page
from tests.integration.test_numbered_threads import dump

B = comment("b", "Two.", at=120)
GAPPED = page(comment("a", "One.", at=110, replies=(more("t1_a", 3),)), B, more("t3_t", 2))


def shown(archive: Archive, *, drafts: bool = False) -> ThreadPage:
    archive.session.rollback()
    address = archive.session.scalars(select(Thread.public_id).order_by(Thread.id).limit(1)).one()
    return thread_page(archive.session, address, drafts=drafts)


def missing(archive: Archive, *, drafts: bool = False) -> Mapping[str, tuple[int, int]]:
    """How many posts are missing below which, and how many are there that came from elsewhere."""
    below = {post.byline or "": post.missing for post in shown(archive, drafts=drafts).posts}
    return {name: (one.posts, one.others) for name, one in below.items() if one is not None}


def said(id_: str, parent: str, at: int = 200) -> dict[str, object]:
    named: dict[str, object] = {"id": id_, "link_id": "t3_t", "parent_id": parent, "body": f"I am {id_}."}
    return named | {"author": f"by_{id_}", "created_utc": at}


def test_a_thread_says_below_which_posts_more_were(archive: Archive) -> None:
    batch = archive.import_({"1.json": GAPPED}, public=True).batch
    assert missing(archive) == {"by_a": (3, 0), "asker": (2, 0)}
    assert archive.import_({"1.json": GAPPED}).balance.missing == 5
    roll_back(archive.session, batch, reason="Wrong.", by=BY)
    assert missing(archive, drafts=True) == {"by_a": (3, 0), "asker": (2, 0)}  # the second batch stands


def test_a_draft_tells_readers_of_nothing_missing(archive: Archive) -> None:
    archive.import_({"1.json": page(comment("a", "One.", at=110), B)}, public=True)
    draft = archive.import_({"2.json": GAPPED}).batch
    assert missing(archive) == {}
    publish(archive.session, draft, by=BY)
    assert missing(archive) == {"by_a": (3, 0), "asker": (2, 0)}
    roll_back(archive.session, draft, reason="Wrong.", by=BY)
    assert missing(archive) == {}


@pytest.mark.parametrize("gapped_first", [True, False])
def test_what_came_from_elsewhere_is_missed_no_more_whichever_came_first(archive: Archive, gapped_first: bool) -> None:
    others: dict[str, Content] = {"c.ndjson": dump(said("c", "t1_a"), said("d", "t1_c"))}
    files: list[dict[str, Content]] = [{"1.json": GAPPED}, others]
    for one in files if gapped_first else files[::-1]:
        archive.import_(one, public=True)
    assert missing(archive) == {"by_a": (3, 2), "asker": (2, 0)}  # what came below a is not of the question's
    archive.import_({"e.ndjson": dump(said("e", "t1_d"), said("f", "t3_t"))}, public=True)
    assert missing(archive) == {"asker": (2, 1)}
    archive.import_({"g.ndjson": dump(said("g", "t1_f"))}, public=True)
    assert missing(archive) == {}


def test_the_newest_capture_that_says_so_counts(archive: Archive) -> None:
    archive.import_({"1.json": GAPPED}, public=True)
    newer = page(comment("a", "One.", at=110, replies=(more("t1_a", 7),)), B, comment("h", "Eight.", at=130))
    archive.import_({"2.json": newer}, public=True)
    assert missing(archive) == {"by_a": (7, 0), "asker": (2, 1)}


def test_posts_below_one_that_is_missing_too_are_missing_somewhere_in_the_thread(archive: Archive) -> None:
    archive.import_({"1.json": page(B, more("t1_gone", 4))}, public=True)
    lost = shown(archive).missing
    assert lost == Missing(posts=4, others=0, received_at=lost.received_at if lost else None)  # type: ignore[arg-type]
    archive.import_({"2.ndjson": dump(said("gone", "t3_t"))}, public=True)
    assert shown(archive).missing is None
    assert missing(archive) == {"by_gone": (4, 0)}


def test_a_topic_that_gives_a_part_of_its_posts_lacks_the_others_somewhere(archive: Archive) -> None:
    posts = [
        {"id": 10 + number, "post_number": number, "username": f"by_{number}", "cooked": f"<p>{number}.</p>"}
        for number in (1, 2)
    ]
    stream = {"posts": posts, "stream": [11, 12, 13, 14]}
    topic = {"id": 5, "title": "Dykes?", "slug": "dykes", "posts_count": 4, "post_stream": stream}
    for post in posts:
        post |= {"topic_id": 5, "created_at": "2020-01-01T00:00:00Z", "reply_to_post_number": None}
    archive.import_({"1.json": json.dumps(topic)}, public=True)
    lost = shown(archive).missing
    assert lost is not None
    assert (lost.posts, lost.others) == (2, 0)


def test_a_page_says_so_in_words(archive: Archive, client: FlaskClient) -> None:
    archive.import_({"1.json": GAPPED}, public=True)
    html = client.get(f"/threads/{shown(archive).public_id}").get_data(as_text=True)
    assert html.count("The source had 3 more posts below this post; what was received on") == 1
    assert html.count("The source had 2 more posts below this post; what was received on") == 1
    archive.import_({"c.ndjson": dump(said("c", "t1_a"))}, public=True)
    html = client.get(f"/threads/{shown(archive).public_id}").get_data(as_text=True)
    assert "does not hold them. 1 post there came from elsewhere." in html


def test_a_capture_may_leave_out_posts_below_any_number_of_others(archive: Archive) -> None:
    addresses = {PublicId(f"{number:014}") for number in range(70_000)}  # more than PostgreSQL takes in one statement
    assert which_are_public(archive.session, addresses) == set()
