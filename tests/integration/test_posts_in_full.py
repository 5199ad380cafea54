"""Posts as programs get them: in lists that go on, with their bytes and hashes, and nothing of what is not public."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.domain.source_quality import Level
from archive.domain.takedown import ReasonClass
from archive.services import posts_in_full
from archive.services.browse import NotFoundError, visible_author
from archive.services.posts_in_full import (
    all_of_collection,
    its_revisions,
    one_post,
    posts_of_author,
    posts_of_thread,
)
from archive.store.shares import shares_of_author
from archive.store.users import User
from tests.integration.conftest import COLLECTION, Archive
from tests.integration.taking_down import Two
from tests.integration.written import DYKES, DYKES_FILE, ON_DYKES, RUSTICUS, thread


def ids(posts: object) -> list[str]:
    return [found.post.public_id for found in posts]


@pytest.fixture
def full(archive: Archive, make_user: Callable[..., User]) -> Archive:
    """Two public threads, drafts beside them and within one, and a thread in another collection."""
    archive.import_({"dykes.txt": DYKES_FILE}, public=True)
    archive.import_(
        {"more.txt": thread("Who dug?", [("one_of_many7", "Monks did."), (RUSTICUS, "Who else?")])}, public=True
    )
    archive.import_({"draft.txt": thread("Who saw the quokka?", [("wombat_1", "The numbat did.")])})
    archive.import_({"again.txt": thread(DYKES, (*ON_DYKES, ("dunnart_4", "The abbeys paid for the rest.")))})
    archive.import_({"other.txt": thread("Elsewhere?", [("kowari_2", "Here.")])}, collection="Other", public=True)
    archive.judge("one_of_many7", Level.UNSOURCED, make_user("maud", "moderator"))
    make_user("nora", "moderator")
    return archive


def test_lists_go_on_and_hold_what_is_public_in_its_order(full: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    session = full.session
    public = [row for row in full.posts(drafts=False) if row.byline != "kowari_2"]
    wanted = [row.public_id for row in sorted(public, key=lambda row: (row.thread_id, row.position)) if row.depth]
    for at_once in (1, 2, 500):
        monkeypatch.setattr(posts_in_full, "_AT_ONCE", at_once)
        found = ids(all_of_collection(session, COLLECTION, after=None))
        assert [post for post in found if post in wanted] == wanted
        assert len(found) == len(set(found)) == len(wanted) + 2  # with the questions
        for place, post in enumerate(found):
            assert ids(all_of_collection(session, COLLECTION, after=post)) == found[place + 1 :]
    of_thread = one_post(session, wanted[-1]).thread.public_id
    first = posts_of_thread(session, of_thread, after=None, limit=2)
    rest = posts_of_thread(session, of_thread, after=first.last, limit=2)
    assert (len(first.posts), len(rest.posts), rest.last) == (2, 1, None)
    author = str(one_post(session, wanted[-1]).post.author_id)
    assert sum(shares_of_author(session, visible_author(session, author).id).values()) == 2
    newest = posts_of_author(session, author, after=None, limit=1)
    older = posts_of_author(session, author, after=newest.last, limit=1)
    assert (ids(newest.posts)[0], older.last) == (wanted[-1], None)
    assert ids(older.posts)[0] in wanted


def test_nothing_of_a_draft_is_given_nor_can_a_list_begin_behind_it(full: Archive) -> None:
    session = full.session
    drafts = {row.public_id for row in full.posts()} - {row.public_id for row in full.posts(drafts=False)}
    assert drafts
    for post in drafts:
        with pytest.raises(NotFoundError):
            one_post(session, post)
        with pytest.raises(NotFoundError):
            all_of_collection(session, COLLECTION, after=post)
    with pytest.raises(NotFoundError):
        all_of_collection(session, "nowhere", after=None)


def test_what_is_down_is_given_without_its_words_and_without_hashes_by_which_they_could_be_guessed(
    full: Archive, client: FlaskClient
) -> None:
    two, session = Two(full, ("maud", "nora")), full.session
    whole, some = full.answer("one_of_many7").public_id, full.answers(RUSTICUS)[-1].public_id
    before = one_post(session, some)
    assert before.fingerprint is not None
    two.take_down(whole, reason=ReasonClass.PERSONAL)
    two.take_down(some, "Who else")
    down, cut = one_post(session, whole), one_post(session, some)
    assert (down.post.author, down.post.byline, down.post.decision, down.citations) == (None, None, None, ())
    assert down.fingerprint is None
    assert cut.fingerprint not in (None, before.fingerprint)
    pinned = client.get(f"/api/v1/posts/{some}").json["revision"]["pinned"]
    assert client.get(pinned.removeprefix("http://localhost")).status_code == 200
    said = str([*all_of_collection(session, COLLECTION, after=None), *its_revisions(session, whole)])
    assert not [word for word in ("Monks did", "one_of_many7", "Who else") if word in said]
    assert "removed" in cut.post.text
    told = client.get(f"/api/v1/posts/{whole}").json
    assert (told["taken_down"]["reason"], told["text"], told["original"]) == ("personal data", None, None)
    assert (told["revision"]["pinned"], told["facts"], told["tag"]) == (None, {}, None)
    assert [line["post"] for line in client.get("/api/v1/takedowns").json["items"]] == [some, whole]
