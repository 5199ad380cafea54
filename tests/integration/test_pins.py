"""What was cited stays to be read at its address, and says what has changed since; what is down does not."""

from collections.abc import Callable

import pytest

from archive.domain.citing.cited import Tagged
from archive.domain.source_quality import Level
from archive.domain.takedown import ReasonClass
from archive.services.browse import NotFoundError
from archive.services.citing.cite import Home, TakenDownError, cite_post, cite_thread, thread_pin
from archive.services.citing.pins import NoSuchTextError, PinPage, pin_page
from archive.services.ingest.publish import publish, roll_back
from archive.store.pinned import printed_texts
from archive.store.threads import Thread
from archive.store.users import User
from tests.integration.conftest import BY, Archive
from tests.integration.taking_down import Two
from tests.integration.written import ANNALIST, ASKER, DYKES, ON_DYKES, RUSTICUS, thread

HOME = Home("Old Letters", "https://letters.example")
EDITED = "I once read that the counts of Holland paid for all of it, but cannot name the book."
SECRET = "The xylophone of Jane Quill stands at 12 Gravel Lane, and nobody may know."


def url_of(archive: Archive, post: str) -> str:
    archive.session.rollback()
    return cite_post(archive.session, post, HOME).cited.url


def seen(archive: Archive, url: str) -> PinPage:
    """What stands at an address that a citation gave."""
    archive.session.rollback()
    path, _, tag = url.removeprefix(f"{HOME.address}/posts/").partition("?tag=")
    post, pin = path.split("/at/")
    return pin_page(archive.session, post, pin, tag=int(tag) if tag else None)


def test_a_text_that_was_cited_is_shown_when_another_has_come(archive: Archive) -> None:
    archive.import_({"a.txt": thread(DYKES, ON_DYKES)}, public=True)
    post = archive.answer(RUSTICUS).public_id
    url = url_of(archive, post)
    first = seen(archive, url)
    assert first.is_current
    assert first.shown == first.now
    later = archive.import_({"b.txt": thread(DYKES, [ON_DYKES[0], (RUSTICUS, EDITED)])})
    assert seen(archive, url) == first, "a draft changes nothing"
    publish(archive.session, later.batch, by=BY)
    page = seen(archive, url)
    assert page.shown is not None
    assert (page.is_current, page.shown.text, page.now.text) == (False, ON_DYKES[1][1], EDITED)
    assert page.difference is not None
    assert [piece.text for piece in page.difference.words.pieces if piece.fate == "inserted"] == ["all"]
    new = url_of(archive, post)
    assert new != url
    assert seen(archive, new).is_current
    roll_back(archive.session, later.batch, reason="", by=BY)
    assert seen(archive, url).is_current
    with pytest.raises(NoSuchTextError):
        seen(archive, new)


def test_a_pin_says_which_tag_was_in_force(archive: Archive, make_user: Callable[..., User]) -> None:
    maud = make_user("maud", "moderator")
    archive.import_({"a.txt": thread(DYKES, ON_DYKES)}, public=True)
    post = archive.answer(RUSTICUS).public_id
    untagged = url_of(archive, post)
    assert untagged.endswith("?tag=0")
    archive.judge(RUSTICUS, Level.ATTRIBUTED, maud)
    attributed = url_of(archive, post)
    since = seen(archive, untagged).tag_since
    assert since is not None
    assert (since.was, since.was_at) == (None, None)
    assert seen(archive, attributed).tag_since is None
    cited = cite_post(archive.session, post, HOME).cited
    assert isinstance(cited.standing, Tagged)
    assert (cited.standing.level, cited.standing.checked) == (Level.ATTRIBUTED, None)
    archive.judge(RUSTICUS, Level.RECOLLECTED, maud)
    since = seen(archive, attributed).tag_since
    assert since is not None
    assert since.was is Level.ATTRIBUTED
    assert since.was_at == cited.standing.at
    archive.judge(ANNALIST, Level.UNSOURCED, maud)
    of_another = url_of(archive, archive.answer(ANNALIST).public_id).partition("?tag=")[2]
    assert seen(archive, attributed.partition("?")[0] + f"?tag={of_another}").tag_since is None
    assert seen(archive, attributed.partition("?")[0]).tag_since is None


def test_what_is_down_is_shown_at_no_pin(archive: Archive, make_user: Callable[..., User]) -> None:
    make_user("maud", "moderator")
    make_user("nora", "moderator")
    two = Two(archive, ("maud", "nora"))
    archive.import_({"a.txt": thread(DYKES, [(RUSTICUS, SECRET), ON_DYKES[0]])}, public=True)
    post = archive.answer(RUSTICUS).public_id
    whole = url_of(archive, post)
    wrong = whole.partition("/at/")[0] + "/at/" + "0" * 16
    with pytest.raises(NoSuchTextError):
        seen(archive, wrong)
    words = two.take_down(post, "Jane Quill")
    assert "Quill" not in str(seen(archive, whole))
    # Whoever guesses at the words that are down learns nothing: a right guess and a wrong one are told the same.
    assert seen(archive, whole).shown is None
    assert repr(seen(archive, whole)).replace(whole[-22:-6], "") == repr(seen(archive, wrong)).replace("0" * 16, "")
    redacted = url_of(archive, post)
    assert redacted != whole
    page = seen(archive, redacted)
    assert page.is_current
    assert page.shown is not None
    assert "[… removed: personal data]" in page.shown.text
    assert "Quill" not in str(cite_post(archive.session, post, HOME))
    two.take_down(post, reason=ReasonClass.AUTHOR)
    tombstone = printed_texts(archive.session, archive.posts(drafts=False)[1].id)[0].fingerprint[:16]
    for url in (whole, redacted, wrong, wrong.replace("0" * 16, tombstone)):
        page = seen(archive, url)
        assert page.shown is None
        assert page.now.taken_down is not None
        assert not any(word in repr(page) for word in ("xylophone", "Quill", "Gravel", RUSTICUS))
    with pytest.raises(TakenDownError):
        cite_post(archive.session, post, HOME)
    two.lift(two.newest)
    two.lift(words.id)
    assert seen(archive, whole).is_current


def test_a_thread_is_cited_by_its_question(archive: Archive, make_user: Callable[..., User]) -> None:
    make_user("maud", "moderator")
    make_user("nora", "moderator")
    archive.import_({"a.txt": thread(DYKES, ON_DYKES, body="In Holland.")}, public=True)
    address = archive.session.query(Thread.public_id).scalar()
    cited = cite_thread(archive.session, address, HOME).cited
    assert (cited.by, cited.title, cited.archive) == (ASKER, DYKES, "Old Letters")
    pin = cited.url.removeprefix(f"{HOME.address}/threads/{address}/at/")
    assert thread_pin(archive.session, address, pin) is None
    archive.import_({"b.txt": thread(DYKES, ON_DYKES, body="In Holland, and in Zeeland.")}, public=True)
    archive.session.rollback()
    question = thread_pin(archive.session, address, pin)
    assert question is not None
    assert pin_page(archive.session, question, pin, tag=None).shown is not None
    Two(archive, ("maud", "nora")).take_down(question)
    archive.session.rollback()
    cited = cite_thread(archive.session, address, HOME).cited
    assert (cited.by, cited.posted_at, cited.url) == (None, None, f"{HOME.address}/threads/{address}")
    assert "dykes" not in repr(cited)
    assert thread_pin(archive.session, address, pin) is None


def test_drafts_are_cited_by_nobody(archive: Archive) -> None:
    archive.import_({"a.txt": thread(DYKES, ON_DYKES)})
    session, address = archive.session, archive.session.query(Thread.public_id).scalar()
    post = archive.posts()[1]
    for ask in (
        lambda: cite_post(session, post.public_id, HOME),
        lambda: cite_thread(session, address, HOME),
        lambda: pin_page(session, post.public_id, "0" * 16, tag=None),
        lambda: thread_pin(session, address, "0" * 16),
    ):
        with pytest.raises(NotFoundError):
            ask()
