"""Threads of our own for the stories, and a quick way to have one published."""

from functools import partial
from io import BytesIO
from xml.sax.saxutils import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.threads import Post
from archive.store.vault import Vault

# "Knossos" is no author here, though the importer takes it for one: the archivist knows better.
LINEAR_B = """Did Kober or Ventris read Linear B?

by minos_mary
palaeo_pat

Kober did the hard part. She would not guess at the sounds of the signs.

I read her papers once but cannot cite them now.

syllabary

Ventris, in 1952. There was a broadcast on the wireless.

Knossos

It was excavated by Evans, who never read a word of it.

tholos1953

John Chadwick, "The Decipherment of Linear B" (Cambridge 1958), p. 67.
"""


# A site's own rendering: an answer whose words stand between tags and references.
ALE_HTML = (
    "<p>They wrote &quot;a strong version of a porter&quot; in"
    ' <a href="https://www.example.org/a/very-long-address" title="a title of more than twenty-five signs">Salt &amp;'
    " the Crown</a> by <em>Marta</em> Ellwood.</p>\n<blockquote>\n<p>I remember it.</p>\n</blockquote>\n"
    "<ul>\n<li>Ale, <code>&lt;b&gt;</code></li>\n</ul>"
)
_ROW = '<row Id="{}" PostTypeId="{}" CreationDate="2014-01-21T20:26:05.383" Score="1" {} Body="{}" />'


def ale_posts(answer: str = ALE_HTML) -> str:
    """A question and its answer as the Stack Exchange dump has them."""
    rows = _ROW.format(1, 1, 'Title="What is ale?" AnswerCount="1"', escape("<p>What <b>is</b> ale?</p>"))
    rows += "\n  " + _ROW.format(2, 2, 'ParentId="1"', escape(answer, {'"': "&quot;", "\n": "&#xA;"}))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<posts>\n  {rows}\n</posts>'


def publish_thread(
    session: Session, vault: Vault, text: str = LINEAR_B, collection: str = "Scripts", name: str = "thread.txt"
) -> list[str]:
    """Import a thread and publish it; the addresses of its answers in order."""
    file = NamedFile(name, partial(BytesIO, text.encode()))
    batch = receive_files(session, vault, [file], collection=collection, by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    publish(session, batch, by=Actor.of(None))
    query = select(Post.public_id).where(Post.kind == PostKind.ANSWER).order_by(Post.id)
    return list(session.scalars(query))


def leave_in_quarantine(session: Session, vault: Vault) -> int:
    """Import a dump of which some lines cannot be read; the number of its batch."""
    question = b'{"id": "aa1", "author": "clio", "title": "Who paid?", "selftext": "", "subreddit": "history"}\n'
    damaged = (
        '{"id": "c1", "body": "<b>\u202e \u200b'.encode() + b"w" * 300 + b"\n[1]\n[2]\n" + bytes(range(11, 32)) * 40
    )
    files = [NamedFile("dump.ndjson", lambda: BytesIO(question + damaged))]
    batch = receive_files(session, vault, files, collection="History", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    return batch
