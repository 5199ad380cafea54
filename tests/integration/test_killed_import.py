"""An import that is killed at any moment leaves a sound archive, and ends as if nothing had happened.

The import that is killed brings new threads, new answers and changed texts to an archive that readers
read: what they see must not move before the batch is published as a whole.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import URL, func, select, text
from sqlalchemy.orm import Session

from archive import clock
from archive.domain.batch import BatchState
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.ledger import Actor, record
from archive.services.moderate import tag
from archive.services.search import search
from archive.store.batches import Batch, list_batches
from archive.store.opening import open_engine
from archive.store.originals import Original
from archive.store.pages import select_posts
from archive.store.threads import Post, Revision, RevisionText
from archive.store.users import User
from archive.store.vault import Vault
from tests.bench.corpus import Corpus
from tests.databases import Copies, empty_database
from tests.integration.contents import Contents, contents, public_contents
from tests.integration.mortal import Ended, Forks, forking
from tests.integration.written import DYKES_FILE, lines, zipped

IN_QUARANTINE = 3  # exit code: the newer threads have a broken line among them
LATE = "This came long after all the others."
_COMPILED: dict[object, object] = {}  # our own statements: compiled once, not once for each archive that is looked at

Stretch = str  # of an import: see `_stretches`
Kill = tuple[Stretch, float]  # the stretch, and how far into it, from 0 to 1


def _kills(**kills: int) -> list[Kill]:
    """So many kills in each stretch, evenly spread."""
    return [(stretch, (number + 0.5) / kills) for stretch, kills in kills.items() for number in range(kills)]


SQLITE = _kills(receiving=10, committing=10, reading=14, indexing=6, publishing=10)
POSTGRESQL = _kills(receiving=3, committing=10, reading=3, indexing=1, publishing=3)


@dataclass(frozen=True, slots=True)
class Place:
    """An archive that is written by processes that may be killed."""

    forks: Forks
    data: Path
    database_url: str

    def footnote(self, *arguments: str | Path, die_at: int | None = None) -> Ended:
        """Run a command."""
        return self.forks.run(*arguments, data=self.data, database_url=self.database_url, die_at=die_at)

    def bring(self, path: Path, *, die_at: int | None = None) -> Ended:
        """Import and publish, or die on the way."""
        return self.footnote("import", path, "--collection", "history", "--publish", "--json", die_at=die_at)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A look at what the processes left."""
        engine = open_engine(self.database_url)
        with Session(engine.execution_options(compiled_cache=_COMPILED), expire_on_commit=False) as session:
            yield session
        engine.dispose()


Begun = Callable[[str, Path], AbstractContextManager[Place]]


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """An import that nobody killed."""

    moments: Sequence[str]
    before: Contents  # what readers saw until it was published
    after: Contents  # what they have seen since
    whole: Contents


@pytest.fixture(scope="session")
def forks(sessionwide: ExitStack) -> Forks:
    return sessionwide.enter_context(forking())


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is brought in: `older.jsonl`, published before, and the folder `newer`."""
    desk = tmp_path_factory.mktemp("desk")
    older = list(islice(Corpus(posts=400, seed=9).threads(), 1, None))  # without the one that is large on purpose
    newer = [_later(number, thread) for number, thread in enumerate(older)]
    (desk / "older.jsonl").write_text(lines(*(thread for number, thread in enumerate(older) if number % 4)))
    (desk / "newer").mkdir()
    (desk / "newer" / "a.jsonl").write_text(lines(*newer[:12]) + '{"text": \n' + lines(newer[3], *newer[12:-3]))
    (desk / "newer" / "b.txt").write_text(newer[-3])
    (desk / "newer" / "c.zip").write_bytes(zipped({"a.txt": newer[-2], "b.txt": newer[-1], "c.txt": newer[1]}))
    return desk


def _later(number: int, thread: str) -> str:
    """The thread as it was captured later: one in four has a changed text, one in four an answer more."""
    if number % 4 == 1:
        return thread.rstrip(".\n") + ", or so it was said.\n"
    return f"{thread}\nlate_reader7\n\n{LATE}\n" if number % 4 == 2 else thread


@pytest.fixture(scope="session")
def begun(copies: Callable[[str], Copies], forks: Forks, desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """By kind of database and in a folder: an archive that holds the older threads, published, one answer tagged."""

    @contextmanager
    def made(kind: str, folder: Path) -> Iterator[Place]:
        with copies(kind)(folder) as database_url:
            place = Place(forks, folder / "data", database_url)
            ended = place.bring(desk / "older.jsonl")
            assert ended.code == 0, ended.stderr
            with place.session() as session:
                _tag_one(session)
            yield place

    @cache
    def master() -> Path:
        folder = tmp_path_factory.mktemp("begun")
        with made("sqlite", folder):
            return folder

    @contextmanager
    def begin(kind: str, folder: Path) -> Iterator[Place]:
        if kind == "sqlite":
            copytree(master(), folder, dirs_exist_ok=True)
            yield Place(forks, folder / "data", f"sqlite:///{folder / 'footnote.sqlite'}")
        else:
            with made(kind, folder) as place:
                yield place

    return begin


@pytest.fixture
def place(database_kind: str, begun: Begun, tmp_path: Path) -> Iterator[Place]:
    with begun(database_kind, tmp_path) as place:
        yield place


def _tag_one(session: Session) -> None:
    maud = User(name="maud", password_hash="", active=True, created_at=clock.now())
    session.add(maud)
    record(session, by=Actor.of(None), act="add account", subject="user maud", detail={"roles": []})
    session.commit()
    answers = select_posts(drafts=False).where(Post.kind == PostKind.ANSWER)
    row = session.execute(answers.order_by(Post.public_id).limit(1)).one()
    tag(
        session,
        post=row.public_id,
        revision_id=row.revision_id,
        version=0,
        level=Level.RECOLLECTED,
        evidence=[],
        note="",
        moderator=maud,
        suggestion_seen=False,
    )


@pytest.fixture(scope="session")
def undisturbed(begun: Begun, desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Undisturbed]:
    """By kind of database, the import as it goes when nobody kills it."""

    @cache
    def of_kind(kind: str) -> Undisturbed:
        with begun(kind, tmp_path_factory.mktemp("undisturbed")) as place:
            with place.session() as session:
                before = _seen_by_readers(session)
            ended = place.bring(desk / "newer", die_at=0)
            assert ended.code == IN_QUARANTINE, ended.stderr
            with place.session() as session:
                return Undisturbed(ended.moments, before, _seen_by_readers(session), _sound_contents(session))

    return of_kind


def _stretches(moments: Sequence[str]) -> dict[Stretch, Sequence[int]]:
    """The moments, counted from 1, of each stretch of an import."""

    def numbers(*words: str) -> list[int]:
        return [number for number, moment in enumerate(moments, 1) if any(word in moment for word in words)]

    commits, publishing = numbers("before COMMIT", "after COMMIT"), numbers("touched_revision")[0]
    return {
        "receiving": range(1, commits[1]),
        "committing": commits[:4] + commits[-6:],  # of what was received, the beginning, the last chunks, the end
        "reading": sorted({*range(commits[1], publishing)} - {*numbers("within COMMIT")}),
        "indexing": numbers("INSERT INTO revision_fts", "INSERT INTO revision_text"),
        "publishing": range(publishing, commits[-2]),
    }


def _seen_by_readers(session: Session) -> Contents:
    found = search(session, LATE)
    return {**public_contents(session), "found": sorted((hit.post.public_id,) for hit in found.hits)}


def _sound_contents(session: Session) -> Contents:
    """What is there, held against what must be so at every moment: no post twice, none in part, sheets that count."""
    held = contents(session)
    keys = [(post[1], post[2]) for post in held["posts"]]
    assert len(set(keys)) == len(keys)
    assert len(held["revisions"]) == session.scalar(select(func.count(Revision.id)))  # each with its text
    assert {revision[0] for revision in held["revisions"]} == {post[0] for post in held["posts"]}
    _check_threads(session)
    for batch in session.scalars(select(Batch)):
        brought = session.scalar(select(func.count()).where(Revision.batch_id == batch.id))
        assert brought == batch.sheet.added + batch.sheet.changed
    if session.get_bind().dialect.name == "sqlite":
        _check_file(session)
    return held


def _check_threads(session: Session) -> None:
    """In each thread the posts stand one after the other, and no two say the same."""
    query = (
        select(Post.thread_id, Post.id, Post.position, RevisionText.text)
        .join(Revision, Revision.post_id == Post.id)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
    )
    positions: dict[int, dict[int, int]] = {}
    said: dict[tuple[int, str], int] = {}
    for thread, post, position, words in session.execute(query):
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


def _check_after_death(place: Place, undisturbed: Undisturbed) -> bool:
    """Whether it died when everything was done."""
    _check_verified(place)
    with place.session() as session:
        _sound_contents(session)
        batches = list_batches(session)
        published = len(batches) == 2 and batches[0].state is BatchState.PUBLISHED
        assert _seen_by_readers(session) == (undisturbed.after if published else undisturbed.before)
    return published


def _check_end(place: Place, undisturbed: Undisturbed) -> None:
    _check_verified(place)
    with place.session() as session:
        assert _sound_contents(session) == undisturbed.whole
        assert _seen_by_readers(session) == undisturbed.after
        files = session.scalars(select(Original.sha256).where(Original.container.is_(None)))
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


def _kill_and_go_on(place: Place, newer: Path, undisturbed: Undisturbed, kill: Kill) -> None:
    stretch, share = kill
    numbers = _stretches(undisturbed.moments)[stretch]
    die_at = numbers[int(share * len(numbers))]
    print(f"To be killed at moment {die_at} of {len(undisturbed.moments)}: {undisturbed.moments[die_at - 1]}")
    assert place.bring(newer, die_at=die_at).killed
    if not _check_after_death(place, undisturbed):
        ended = place.bring(newer)
        assert ended.code == IN_QUARANTINE, ended.stderr
    _check_end(place, undisturbed)
    _check_again(place, newer, undisturbed)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("kill", SQLITE, ids=lambda kill: f"{kill[0]}-{kill[1]:.2f}")
def test_an_import_that_is_killed_ends_as_if_nothing_had_happened(
    place: Place, desk: Path, undisturbed: Callable[[str], Undisturbed], kill: Kill
) -> None:
    _kill_and_go_on(place, desk / "newer", undisturbed("sqlite"), kill)


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("kill", POSTGRESQL, ids=lambda kill: f"{kill[0]}-{kill[1]:.2f}")
def test_an_import_that_is_killed_ends_as_if_nothing_had_happened_on_postgresql(
    place: Place, desk: Path, undisturbed: Callable[[str], Undisturbed], kill: Kill
) -> None:
    _kill_and_go_on(place, desk / "newer", undisturbed("postgresql"), kill)


def test_an_import_that_is_killed_again_and_again_ends_all_the_same(
    place: Place, desk: Path, database_kind: str, undisturbed: Callable[[str], Undisturbed]
) -> None:
    for deaths, die_at in enumerate(count(100, 30)):  # noqa: B007 - counted for what follows
        if not place.bring(desk / "newer", die_at=die_at).killed:
            break
    assert deaths > 5
    _check_end(place, undisturbed(database_kind))


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("commit", [0, 1, 2, -1], ids=["received", "begun", "chunk", "end"])
def test_an_import_goes_on_while_the_commit_of_the_one_that_was_killed_is_still_under_way(
    place: Place, desk: Path, undisturbed: Callable[[str], Undisturbed], commit: int
) -> None:
    moments = undisturbed("postgresql").moments
    die_at = [number for number, moment in enumerate(moments, 1) if moment == "within COMMIT"][commit]
    assert place.bring(desk / "newer", die_at=die_at).killed
    ended = place.bring(desk / "newer")
    assert ended.code == IN_QUARANTINE or (commit == -1 and "Batch 2 is published" in ended.stderr), ended.stderr
    _check_end(place, undisturbed("postgresql"))


def test_a_first_start_that_is_killed_leaves_nothing_half_made(
    database_kind: str, forks: Forks, postgresql: Callable[[], URL], tmp_path: Path
) -> None:
    thread = tmp_path / "dykes.txt"
    thread.write_text(DYKES_FILE)

    @contextmanager
    def nothing(name: str) -> Iterator[Place]:
        (tmp_path / name).mkdir()
        with empty_database(database_kind, tmp_path / name, postgresql) as database_url:
            yield Place(forks, tmp_path / name / "data", database_url)

    with nothing("left") as place:
        moments = place.bring(thread, die_at=0).moments
        with place.session() as session:
            whole = contents(session)
    of_settings = range(1, 8 if database_kind == "sqlite" else 1)  # the folder and the key: no matter of databases
    for die_at in (*of_settings, *range(8, moments.index("piece received"), 25)):
        print(f"To be killed at: {moments[die_at - 1]}")
        with nothing(f"killed_{die_at}") as place:
            assert place.bring(thread, die_at=die_at).killed
            ended = place.bring(thread)
            assert ended.code == 0, ended.stderr
            assert len((place.data / "secret_key").read_text().strip()) == 64
            with place.session() as session:
                assert contents(session) == whole


@pytest.mark.database("sqlite")
def test_a_demonstration_that_is_killed_while_it_is_loaded_is_whole_at_the_next_start(
    forks: Forks, database_kind: str, tmp_path: Path
) -> None:
    left, killed = (
        Place(forks, tmp_path / name, f"sqlite:///{tmp_path / name / 'footnote.sqlite'}") for name in ("left", "killed")
    )
    moments = left.footnote("demo", "--load-only", "--data", left.data, die_at=0).moments
    posts = next(number for number, moment in enumerate(moments) if moment.startswith("after INSERT INTO post"))
    die_at = moments.index("after COMMIT", posts) + 1
    assert killed.footnote("demo", "--load-only", "--data", killed.data, die_at=die_at).killed
    assert killed.footnote("demo", "--load-only", "--data", killed.data).code == 0
    with left.session() as wanted, killed.session() as found:
        assert contents(found) == contents(wanted)
