"""The history of an answer's tag, as a reader without an account sees it."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish, roll_back
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.threads import Post
from archive.store.vault import Vault
from tests.unit.web.moderation.conftest import THREAD
from tests.unit.web.moderation.voting import vote

Moderator = Callable[[str], FlaskClient]

_FOR_MODERATORS = ("Suggested was", "Take this tag back", "<form method", "bench</a>", "/moderation", "csrf-token")


def _history(client: FlaskClient, post: str) -> str:
    answer = client.get(f"/posts/{post}/tags")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _import(session: Session, vault: Vault, text: str, *, public: bool = True) -> int:
    file = NamedFile("kober.txt", partial(BytesIO, text.encode()))
    batch = receive_files(session, vault, [file], collection="Scripts", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    if public:
        publish(session, batch, by=Actor.of(None))
    session.rollback()
    return batch


def test_a_reader_sees_every_decision_with_its_words_and_note_and_nothing_that_is_for_moderators(
    client: FlaskClient, moderator: Moderator, answers: list[str]
) -> None:
    maud = moderator("maud")
    vote(maud, answers[0], "recollected", note="he says so", evidence="23-27")
    vote(maud, answers[0], "attributed")
    page = _history(client, answers[0])
    for words in ("From memory", "Attributed", "<bdi>maud</bdi>", "codebook 2", "he says so"):
        assert words in page
    assert "<blockquote" in page
    assert 'id="decision-1"' in page
    assert 'href="#decision-2"' in page
    for words in _FOR_MODERATORS:
        assert words not in page


def test_a_thread_leads_its_readers_to_the_history(
    client: FlaskClient, moderator: Moderator, answers: list[str]
) -> None:
    vote(moderator("maud"), answers[0], "recollected")
    thread = client.get(f"/posts/{answers[0]}").headers["Location"].partition("#")[0]
    page = client.get(thread).get_data(as_text=True)
    assert f'href="/posts/{answers[0]}/tags"' in page
    assert f'href="/posts/{answers[1]}/tags"' not in page


def test_before_anybody_decided_the_history_says_so(client: FlaskClient, answers: list[str]) -> None:
    page = _history(client, answers[0])
    assert "Nobody has decided on this answer yet." in page
    assert "bench" not in page.partition("<main")[2].partition("</main>")[0]


def test_of_a_text_that_was_withdrawn_neither_words_nor_note_are_shown(
    client: FlaskClient, session: Session, vault: Vault, moderator: Moderator, answers: list[str]
) -> None:
    newer = _import(session, vault, THREAD.replace("once", "on the secret shelf"))
    vote(moderator("maud"), answers[0], "recollected", evidence="0-60", note="the secret shelf is no reference")
    assert "secret" in _history(client, answers[0])
    roll_back(session, newer, reason="", by=Actor.of(None))
    session.rollback()
    page = _history(client, answers[0])
    assert "secret" not in page
    assert "text 2, withdrawn" in page


def test_drafts_and_posts_that_are_no_answers_have_no_public_history(
    client: FlaskClient, session: Session, vault: Vault, answers: list[str]
) -> None:
    question = session.scalars(select(Post.public_id).where(Post.kind == PostKind.QUESTION)).one()
    known = set(session.scalars(select(Post.public_id)))
    _import(session, vault, THREAD.replace("Linear B", "Linear A"), public=False)
    drafts = set(session.scalars(select(Post.public_id))) - known
    session.rollback()
    assert drafts
    for post in (question, *drafts):
        assert client.get(f"/posts/{post}/tags").status_code == 404
