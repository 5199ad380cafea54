"""A post beside its bytes: shown in the encoding in which they were read, with the notes to which its text leads."""

import re
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.services.bench.cast import Said, Sight, cast
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.pages import PostRow, select_posts
from archive.store.threads import Post
from archive.store.users import User
from archive.store.vault import Vault

pytestmark = pytest.mark.database("sqlite")

BY = Actor.of(None)
RUSSIAN = (
    "Кто платил за дамбы Голландии?\n\nby clio\n\nВ средние века.\n\nannalist\n\n"
    "Водные управления, из налога на землю.\n"
)
MAIL = (
    "From: anna@example.org\nMessage-ID: <1@x>\nSubject: Grobla\nContent-Type: text/plain; charset=iso-8859-2\n"
    "Content-Transfer-Encoding: 8bit\n\nKto płacił za groble?\n"
)


@pytest.fixture
def import_(session: Session, vault: Vault) -> Callable[[str, bytes], list[PostRow]]:
    """Import a file and publish it; the posts."""

    def import_(name: str, content: bytes) -> list[PostRow]:
        files = [NamedFile(name, lambda: BytesIO(content))]
        batch = receive_files(session, vault, files, collection="history", by=BY)
        run_batch(session, vault, batch, by=BY, publish_it=True)
        session.rollback()
        return [*session.execute(select_posts(drafts=False).order_by(Post.id))]

    return import_


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8_r", "utf-16", "utf-32"])
def test_bytes_are_shown_in_the_encoding_in_which_they_were_read(
    client: FlaskClient, import_: Callable, encoding: str
) -> None:
    _, answer = import_("a.txt", RUSSIAN.encode(encoding))
    page = client.get(f"/posts/{answer.public_id}/original").get_data(as_text=True)
    assert "<mark>Водные управления, из налога на землю.</mark>" in page
    assert "\ufffd" not in page
    assert ("Read as</dt><dd>plain</dd>" in page) == (encoding == "utf-8")


def test_a_mail_is_shown_in_the_charset_that_it_names(client: FlaskClient, import_: Callable) -> None:
    (post,) = import_("a.eml", MAIL.encode("iso-8859-2"))
    page = client.get(f"/posts/{post.public_id}/original").get_data(as_text=True)
    assert "<mark>Kto płacił za groble?</mark>" in page
    assert "mail, in ISO8859-2" in page


def test_every_number_in_the_text_leads_to_a_note(
    client: FlaskClient, session: Session, make_user: Callable[..., User], import_: Callable
) -> None:
    _, answer = import_("a.txt", b"Who paid?\n\nby clio\n\nOf the dykes.\n\nannalist\n\nThe boards; see their books.\n")
    cast(
        session,
        post=answer.public_id,
        revision_id=answer.revision_id,
        version=answer.tag_version,
        said=Said(level=Level.ATTRIBUTED, evidence=[(4, 10)], seen=Sight.MARKS),
        moderator=make_user("maud", "moderator"),
    )
    page = client.get(f"/posts/{answer.public_id}/original").get_data(as_text=True)
    leads = set(re.findall(r'href="#(o-[nr][0-9]+)"', page))
    assert leads == {"o-n1", "o-r1"}
    assert all(f'id="{place}"' in page for place in leads)


def test_texts_and_quotes_tell_their_own_direction(client: FlaskClient, import_: Callable) -> None:
    question, _ = import_("a.txt", "מי שילם?\n\nby clio\n\nעל הסכרים.\n\nannalist\n\nמועצות המים.\n".encode())
    for path in (f"/posts/{question.public_id}/original", f"/threads/{_thread(client)}"):
        page = client.get(path).get_data(as_text=True)
        assert '<div class="prose" dir="auto">' in page
        assert '<div class="prose">' not in page


def _thread(client: FlaskClient) -> str:
    found = re.search(r'href="/threads/(\w+)"', client.get("/collections/history").get_data(as_text=True))
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("query", "why"), [("-purge", "name at least one word"), ('"" NOT -', "no word in it"), ("AND", "no word in it")]
)
def test_a_search_without_a_word_says_why_nothing_was_searched(client: FlaskClient, query: str, why: str) -> None:
    page = client.get("/search", query_string={"q": query}).get_data(as_text=True)
    assert why in page
    assert "Nothing was found" not in page


def test_a_post_beside_its_bytes_lists_all_that_is_attached_with_whole_hashes(
    client: FlaskClient, import_: Callable
) -> None:
    part = '--B\nContent-Type: image/png\nContent-Disposition: attachment; filename="{}.png"\n\nbytes\n'
    head = 'From: a@x.org\nMessage-ID: <1@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"\n\n'
    (post,) = import_("1.eml", f"{head}{''.join(map(part.format, range(120)))}--B--\n".encode())
    page = client.get(f"/posts/{post.public_id}/original").get_data(as_text=True)
    digest = sha256(b"bytes").hexdigest()
    assert page.count(f", <bdi>image/png</bdi>, 5 bytes, SHA-256 <code>{digest}</code>") == 100
    assert '<h3 id="files">' in page
    assert "And 20 more attachments, not listed." in page
