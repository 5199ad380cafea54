"""The demonstration: sample threads, accounts to try each part, some answers tagged, some sources looked up, and some
tags questioned.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.batch import UNFINISHED
from archive.domain.collection_about import About
from archive.domain.permissions import Role
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict
from archive.domain.tracing import level_with
from archive.domain.typed_identifier import joined, read_identifier, read_reference
from archive.services.accounts import add_user
from archive.services.assess import assess_all
from archive.services.bench.cast import Said, Sight, cast
from archive.services.checking.check import check
from archive.services.checking.proposal import references_of
from archive.services.collections.about import describe
from archive.services.ingest.receive import receive_paths, slug_of
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.services.objections.objecting import Given, object_to
from archive.services.objections.objecting import keep as keep_tag
from archive.services.tracing.offer import Offer, accept, offer
from archive.store.batches import Batch
from archive.store.cited import CitedRow
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
            add_user(session, name=name, password=DEMO_PASSWORD, roles=frozenset({role}), by=_BY, practised=True)
    if session.scalar(select(Batch.id).where(Batch.state.not_in(UNFINISHED)).limit(1)) is not None:
        return
    with as_file(files("archive.samples") / "threads") as folder:
        batch = receive_paths(session, vault, [folder], collection=COLLECTION, by=_BY)
        run_batch(session, vault, batch, by=_BY, publish_it=True)
    said = tomllib.loads((files("archive.samples") / "about.toml").read_text("utf-8"))
    about = About(**{name: words.strip() for name, words in said.items()})
    describe(session, slug_of(COLLECTION), about, version=0, by=_moderator(session, "ansel"))
    for sample in sample_tags():
        _give(session, sample)
    for row in _rows("sources.toml", "check"):
        _look_up(session, row)
    for row in _rows("sources.toml", "trace"):
        _supply(session, row)
    for row in _rows("objections.toml", "objection"):
        _question(session, row)
    for _ in assess_all(session):  # so that the works that the samples cite are there at the first look
        pass


def sample_tags() -> Iterator[SampleTag]:
    """Yield the tags of the samples."""
    for row in _rows("tags.toml", "tag"):
        yield SampleTag(**{**row, "level": Level(row["level"])})


def _rows(name: str, kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((files("archive.samples") / name).read_text("utf-8"))[kind]
    return rows


def _look_up(session: Session, row: dict[str, Any]) -> None:
    post = _answer(session, row["thread"], row["author"], row["answer"])
    check(
        session,
        post=post.public_id,
        citation=_citation(session, post, row["words"]).id,
        seen=0,
        verdict=Verdict(row["verdict"]),
        note=row["note"],
        moderator=_moderator(session, row["moderator"]),
    )


def _supply(session: Session, row: dict[str, Any]) -> None:
    post = _answer(session, row["thread"], row["author"], row["answer"])
    given = Offer(
        citation=_citation(session, post, row["words"]).id if row["words"] else None,
        reference=row["reference"],
        identifier=row["identifier"],
        locator=row["locator"],
        note=row["note"],
        name=row["name"],
        work=joined(read_identifier(row["identifier"]), read_reference(row["reference"])),
    )
    trace = offer(session, post=post.public_id, given=given, giver=None, seen_as=())
    if row["moderator"]:
        level, moderator = level_with(row["locator"], in_force=post.level), _moderator(session, row["moderator"])
        accept(session, trace_id=trace, version=post.tag_version, level=level, moderator=moderator)


def _question(session: Session, row: dict[str, Any]) -> None:
    post = _answer(session, row["thread"], row["author"], row["answer"])
    said = {name: row[name] for name in ("reason", "name", "by_author")}
    given = Given(**said, expected=Level(row["expected"]), reference="", locator="", identifier="")
    version = post.tag_version
    number = object_to(session, post=post.public_id, version=version, given=given, objector=None, seen_as=())
    if row["moderator"]:
        moderator = _moderator(session, row["moderator"])
        keep_tag(session, objection_id=number, version=version, reply=row["reply"], moderator=moderator)


def _citation(session: Session, post: PostRow, words: str) -> CitedRow:
    start = post.text.index(words)
    return next(one for one in references_of(session, post).all if one.start < start + len(words) and start < one.end)


def _moderator(session: Session, name: str) -> User:
    return session.scalars(select(User).where(User.name == name)).one()


def _give(session: Session, sample: SampleTag) -> None:
    post = _answer(session, sample.thread, sample.author, sample.answer)
    start = post.text.index(sample.evidence) if sample.evidence else 0
    cast(
        session,
        post=post.public_id,
        revision_id=post.revision_id,
        version=post.tag_version,
        said=Said(
            level=sample.level,
            evidence=[(start, start + len(sample.evidence))] if sample.evidence else [],
            seen=Sight.MARKS,
        ),
        moderator=_moderator(session, sample.moderator),
    )


def _answer(session: Session, thread: str, author: str, number: int) -> PostRow:
    query = (
        select_posts(drafts=False)
        .join(Original, Original.sha256 == Reading.original)
        .where(Post.kind == PostKind.ANSWER, Post.byline == author, Original.name.endswith(f"/{thread}"))
        .order_by(Post.position)
    )
    return list(session.execute(query))[number - 1]
