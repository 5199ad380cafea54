"""The demonstration: sample threads, accounts to try each part, and some answers tagged."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.batch import UNFINISHED
from archive.domain.permissions import Role
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.accounts import add_user
from archive.services.assess import assess_all
from archive.services.ingest.receive import receive_paths
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.services.moderate import tag
from archive.store.batches import Batch
from archive.store.originals import Original, Reading
from archive.store.pages import PostRow, select_posts
from archive.store.threads import Post
from archive.store.users import User, find_user
from archive.store.vault import Vault

COLLECTION = "Curious Histories"
DEMO_PASSWORD = "footnote-demo"  # noqa: S105 - printed at every start, for an archive of samples
LOGINS: dict[str, Role] = {
    "maud": Role.MODERATOR,
    "teasel": Role.MODERATOR,
    "ansel": Role.ARCHIVIST,
    "ida": Role.ADMIN,
}
_BY = Actor(None, "the demonstration")  # with a blank: no account can have that name


@dataclass(frozen=True, slots=True)
class SampleTag:
    """A tag of the samples, as its file gives it."""

    thread: str  # name of the file
    author: str
    answer: int  # of this author in this thread, from 1
    level: Level
    evidence: str
    moderator: str


def load_demo(session: Session, vault: Vault) -> None:
    """Load what is missing; a second time changes nothing."""
    for name, role in LOGINS.items():
        if find_user(session, name) is None:
            add_user(session, name=name, password=DEMO_PASSWORD, roles=frozenset({role}), by=_BY)
    if session.scalar(select(Batch.id).where(Batch.state.not_in(UNFINISHED)).limit(1)) is not None:
        return
    with as_file(files("archive.samples") / "threads") as folder:
        batch = receive_paths(session, vault, [folder], collection=COLLECTION, by=_BY)
        run_batch(session, vault, batch, by=_BY, publish_it=True)
    for sample in sample_tags():
        _give(session, sample)
    for _ in assess_all(session):  # so that the works that the samples cite are there at the first look
        pass


def sample_tags() -> Iterator[SampleTag]:
    """Yield the tags of the samples."""
    rows: list[dict[str, Any]] = tomllib.loads((files("archive.samples") / "tags.toml").read_text("utf-8"))["tag"]
    for row in rows:
        yield SampleTag(**{**row, "level": Level(row["level"])})


def _give(session: Session, sample: SampleTag) -> None:
    post = _answers_of(session, sample)[sample.answer - 1]
    start = post.text.index(sample.evidence) if sample.evidence else 0
    moderator = session.scalars(select(User).where(User.name == sample.moderator)).one()
    tag(
        session,
        post=post.public_id,
        revision_id=post.revision_id,
        version=post.tag_version,
        level=sample.level,
        evidence=[(start, start + len(sample.evidence))] if sample.evidence else [],
        note="",
        moderator=moderator,
        suggestion_seen=False,
    )


def _answers_of(session: Session, sample: SampleTag) -> list[PostRow]:
    query = (
        select_posts(drafts=False)
        .join(Original, Original.sha256 == Reading.original)
        .where(Post.kind == PostKind.ANSWER, Post.byline == sample.author, Original.name.endswith(f"/{sample.thread}"))
        .order_by(Post.position)
    )
    return list(session.execute(query))
