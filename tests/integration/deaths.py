"""Archives that are written by processes which may be killed, and what must be so of them at every moment."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from archive import clock
from archive.domain.batch import BatchState
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.bench.cast import Said, Sight, cast
from archive.services.ledger import Actor, record
from archive.services.search import search
from archive.services.transaction import look_at_one_moment
from archive.store.batches import Batch, list_batches
from archive.store.changes import Change
from archive.store.originals import Original
from archive.store.pages import select_posts
from archive.store.threads import Post, Revision, RevisionText, Thread
from archive.store.users import User
from archive.store.vault import Vault
from tests.databases import opened
from tests.integration.contents import Contents, contents, public_contents
from tests.integration.desks import LATE
from tests.integration.mortal import Ended, Forks

IN_QUARANTINE = 3  # exit code: there is something among the newer files that cannot be read
ANY_TIME = "any_time"  # no stretch: the process is killed from outside, by the clock

Stretch = str  # of an import: see `stretches`
Kill = tuple[Stretch, float]  # the stretch, and how far into it, from 0 to 1


@dataclass(frozen=True, slots=True)
class Place:
    """An archive that is written by processes that may be killed."""

    forks: Forks
    data: Path
    database_url: str

    def footnote(self, *arguments: str | Path, die_at: int | None = None, die_after: float | None = None) -> Ended:
        """Run a command."""
        return self.forks.run(
            *arguments, data=self.data, database_url=self.database_url, die_at=die_at, die_after=die_after
        )

    def bring(self, path: Path, *, die_at: int | None = None, die_after: float | None = None) -> Ended:
        """Import and publish, or die on the way: at a moment, or after so many seconds."""
        order = ("import", path, "--collection", "history", "--publish", "--json")
        return self.footnote(*order, die_at=die_at, die_after=die_after)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A look at what the processes left."""
        with opened(self.database_url) as engine, Session(engine, expire_on_commit=False) as session:
            yield session


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """An import that nobody killed."""

    moments: Sequence[str]
    seconds: float
    before: Contents  # what readers saw until it was published
    after: Contents  # what they have seen since
    whole: Contents


def tag_one(session: Session) -> None:
    """Judge the first answer that readers see."""
    maud = User(name="maud", password_hash="", active=True, created_at=clock.now())
    session.add(maud)
    record(session, by=Actor.of(None), act="add account", subject="user maud", detail={"roles": []})
    session.commit()
    answers = select_posts(drafts=False).where(Post.kind == PostKind.ANSWER)
    row = session.execute(answers.order_by(Post.public_id).limit(1)).one()
    cast(
        session,
        post=row.public_id,
        revision_id=row.revision_id,
        version=0,
        said=Said(level=Level.RECOLLECTED, seen=Sight.MARKS),
        moderator=maud,
    )


def stretches(moments: Sequence[str]) -> dict[Stretch, Sequence[int]]:
    """The moments, counted from 1, of each stretch of an import."""

    def numbers(*words: str) -> list[int]:
        return [number for number, moment in enumerate(moments, 1) if any(word in moment for word in words)]

    commits, publishing = numbers("before COMMIT", "after COMMIT"), numbers("touched_revision")[0]
    settling = numbers("before SELECT thread.id, thread.public_id, count(post.id)")[0]
    return {
        "receiving": range(1, commits[1]),
        "committing": commits[:4] + commits[-6:],  # of what was received, the beginning, the last chunks, the end
        "reading": sorted({*range(commits[1], settling)} - {*numbers("within COMMIT")}),
        "indexing": numbers("INSERT INTO revision_fts", "COPY revision_text"),
        "settling": range(settling, publishing),
        "publishing": range(publishing, commits[-2]),
    }


def _stretch_at(moments: Sequence[str], number: int) -> Stretch:
    """The stretch that a process was in which had come so far."""
    within = stretches(moments)
    order = ("receiving", "indexing", "reading", "settling", "publishing")
    return next((stretch for stretch in order if number in within[stretch]), "beginning or end")


def seen_by_readers(session: Session) -> Contents:
    """What readers are shown, and what they find."""
    found = search(session, LATE)
    return {**public_contents(session), "found": sorted((hit.post.public_id,) for hit in found.hits)}


def sound_contents(session: Session) -> Contents:
    """What is there, held against what must be so at every moment: no post twice, none in part, sheets that count."""
    held = contents(session)
    keys = [(post[1], post[2]) for post in held["posts"]]
    assert len(set(keys)) == len(keys)
    assert len(held["revisions"]) == session.scalar(select(func.count(Revision.id)))  # each with its text
    assert {revision[0] for revision in held["revisions"]} == {post[0] for post in held["posts"]}
    _check_threads(session)
    for batch in session.scalars(select(Batch)):
        brought = session.scalar(select(func.count()).where(Revision.batch_id == batch.id))
        only_renamed = Change.batch_id == batch.id, Change.revision_id == Change.before_id
        renamed = session.scalar(select(func.count()).where(*only_renamed)) or 0
        assert brought == batch.sheet.added + batch.sheet.changed - renamed
    if session.get_bind().dialect.name == "sqlite":
        _check_file(session)
    return held


def _check_threads(session: Session) -> None:
    """In each thread that does not wait for it the posts stand one after the other, and in none say two the same."""
    query = (
        select(Post.thread_id, Thread.unsettled, Post.id, Post.position, RevisionText.text)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Revision, Revision.post_id == Post.id)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
    )
    positions: dict[int, dict[int, int]] = {}
    said: dict[tuple[int, str], int] = {}
    for thread, unsettled, post, position, words in session.execute(query):
        if not unsettled:
            positions.setdefault(thread, {})[post] = position
        assert said.setdefault((thread, words), post) == post, f"Two posts say: {words}"
    for of_posts in positions.values():
        assert sorted(of_posts.values()) == list(range(len(of_posts)))


def _check_file(session: Session) -> None:
    """The file itself, and that the words that can be searched are those of the texts."""
    assert session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
    assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    session.execute(text("INSERT INTO revision_fts(revision_fts, rank) VALUES ('integrity-check', 1)"))
    session.rollback()


def check_after_death(place: Place, undisturbed: Undisturbed) -> bool:
    """Whether it died when everything was done."""
    _check_verified(place)
    with place.session() as session:
        look_at_one_moment(session)  # the server may still be about the last commit that the dead process asked for
        sound_contents(session)
        batches = list_batches(session)
        published = len(batches) == 2 and batches[0].state is BatchState.PUBLISHED
        shown = seen_by_readers(session)
        assert shown == (undisturbed.after if published else undisturbed.before)
    return published


def check_end(place: Place, undisturbed: Undisturbed) -> None:
    """Nothing is left of the deaths on the way."""
    _check_verified(place)
    with place.session() as session:
        look_at_one_moment(session)
        assert sound_contents(session) == undisturbed.whole
        assert seen_by_readers(session) == undisturbed.after
        files = session.scalars(select(Original.sha256))
        assert set(Vault(place.data / "originals").hashes()) == set(files)


def _check_verified(place: Place) -> None:
    verified = place.footnote("verify")
    assert (verified.code, verified.stdout) == (0, ""), verified.stderr


def _check_again(place: Place, newer: Path, undisturbed: Undisturbed) -> None:
    """Importing the same once more changes nothing."""
    sheet = json.loads(place.bring(newer).stdout)
    assert (sheet["added"], sheet["changed"]) == (0, 0)
    with place.session() as session:
        held = contents(session)
    for noun in ("originals", "threads", "authors", "posts", "revisions", "sightings"):
        assert held[noun] == undisturbed.whole[noun]


def kill_and_go_on(place: Place, newer: Path, undisturbed: Undisturbed, kill: Kill) -> Stretch:
    """Kill an import, look at what is left, and let the same command end it; returns the stretch that it died in."""
    ended = _die(place, newer, undisturbed, kill)
    if ended.killed and not check_after_death(place, undisturbed):
        again = place.bring(newer, die_at=0)  # in as small pieces as before: they number the notes of a batch
        assert again.code == IN_QUARANTINE or "is published" in again.stderr, again.stderr  # by the last commit of all
    check_end(place, undisturbed)
    _check_again(place, newer, undisturbed)
    return _stretch_at(undisturbed.moments, ended.reached)


def _die(place: Place, newer: Path, undisturbed: Undisturbed, kill: Kill) -> Ended:
    stretch, share = kill
    if stretch == ANY_TIME:
        ended = place.bring(newer, die_at=0, die_after=share * undisturbed.seconds)
        print(f"Killed from outside at moment {ended.reached} of {len(undisturbed.moments)}")
        assert ended.killed or ended.code == IN_QUARANTINE, ended.stderr  # it may have been faster
        return ended
    numbers = stretches(undisturbed.moments)[stretch]
    die_at = numbers[int(share * len(numbers))]
    print(f"To be killed at moment {die_at} of {len(undisturbed.moments)}: {undisturbed.moments[die_at - 1]}")
    ended = place.bring(newer, die_at=die_at)
    assert ended.killed
    return ended
