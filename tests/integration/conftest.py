"""An archive that tests bring files into, as an archivist does at the command line."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.batch import Balance
from archive.domain.permissions import Role
from archive.domain.records import Markup, PostKind
from archive.domain.source_quality import Level
from archive.services.accounts import add_user
from archive.services.bench.cast import Said, Sight, cast
from archive.services.ingest.preview import Preview, preview_paths
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_paths
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.pages import PostRow, select_posts
from archive.store.threads import Post
from archive.store.users import User
from archive.store.vault import Vault
from tests.conftest import PASSWORD
from tests.databases import Copies, opened
from tests.fillings import Filling, Master

COLLECTION = "history"
BY = Actor.of(None)
Content = str | bytes


@dataclass(frozen=True, slots=True)
class Imported:
    """A batch that was read in, and its balance sheet."""

    batch: int
    balance: Balance


NewArchive = Callable[[], AbstractContextManager["Archive"]]
Fill = Callable[["Archive"], None]
Filled = Callable[[Fill], "Archive"]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive, and a folder of files that may be brought into it."""

    session: Session
    vault: Vault
    folder: Path

    def files(self) -> list[Path]:
        """What lies in the vault, by name."""
        return sorted(self.vault.folder.glob("[0-9a-f][0-9a-f]/*"))

    def write(self, files: dict[str, Content]) -> list[Path]:
        """Files on the archivist's disk, in the order given."""
        paths = [self.folder / name for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return paths

    def receive(self, files: dict[str, Content], *, collection: str = COLLECTION, markup: Markup = Markup.PLAIN) -> int:
        """The number of a batch that is received and not yet read in."""
        return receive_paths(self.session, self.vault, self.write(files), collection=collection, markup=markup, by=BY)

    def read_in(self, batch: int) -> Imported:
        """Read a received batch in."""
        return Imported(batch, run_batch(self.session, self.vault, batch, by=BY))

    def import_(
        self,
        files: dict[str, Content],
        *,
        collection: str = COLLECTION,
        public: bool = False,
        markup: Markup = Markup.PLAIN,
    ) -> Imported:
        """Receive files and read them in."""
        return self._finish(self.receive(files, collection=collection, markup=markup), public=public)

    def import_paths(self, paths: list[Path], *, collection: str = COLLECTION, public: bool = False) -> Imported:
        """Receive what lies there and read it in."""
        batch = receive_paths(self.session, self.vault, paths, collection=collection, by=BY)
        return self._finish(batch, public=public)

    def _finish(self, batch: int, *, public: bool) -> Imported:
        imported = self.read_in(batch)
        assert imported.balance.adds_up
        if public:
            publish(self.session, imported.batch, by=BY)
        return imported

    def preview(
        self, files: dict[str, Content], *, collection: str = COLLECTION, markup: Markup = Markup.PLAIN
    ) -> Preview:
        """What an import of the files would do."""
        return preview_paths(self.session, self.write(files), collection=collection, markup=markup)

    def posts(self, *, drafts: bool = True, kind: PostKind | None = None) -> list[PostRow]:
        """All posts with their newest text, in the order in which they came."""
        query = select_posts(drafts=drafts).order_by(Post.id)
        self.session.rollback()
        rows = list(self.session.execute(query))
        return [row for row in rows if kind in (None, row.kind)]

    def answers(self, author: str | None = None) -> list[PostRow]:
        """Public answers, of one author where one is named."""
        return [row for row in self.posts(drafts=False, kind=PostKind.ANSWER) if author in (None, row.byline)]

    def answer(self, author: str) -> PostRow:
        """The one public answer of an author."""
        (row,) = self.answers(author)
        return row

    def add_moderator(self, name: str) -> User:
        """An account that may judge answers; its password is PASSWORD."""
        roles = frozenset({Role.MODERATOR})
        return add_user(self.session, name=name, password=PASSWORD, roles=roles, by=BY, practised=True)

    def run(self, *words: str) -> Result:
        """A command, over this archive."""
        from archive.cli import main

        url = self.session.get_bind().engine.url.render_as_string(hide_password=False)
        variables = {"FOOTNOTE_DATA": str(self.vault.folder.parent), "FOOTNOTE_DATABASE_URL": url}
        return CliRunner().invoke(main, words, env=variables)

    def person(self, name: str) -> User:
        """The account of that name."""
        return self.session.scalars(select(User).where(User.name == name)).one()

    def judge(self, author: str, level: Level, moderator: User, *, evidence: Sequence[tuple[int, int]] = ()) -> None:
        """Decide on the one public answer of an author."""
        row = self.answer(author)
        cast(
            self.session,
            post=row.public_id,
            revision_id=row.revision_id,
            version=row.tag_version,
            said=Said(level=level, evidence=evidence, seen=Sight.MARKS),
            moderator=moderator,
        )

    def addresses(self) -> set[str]:
        """The permanent addresses of all posts."""
        return set(self.session.scalars(select(Post.public_id)))


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """The database session, as a program has it that is no application."""
    with opened(settings.database_url) as engine, Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def archive(session: Session, vault: Vault, tmp_path: Path) -> Archive:
    """An empty archive."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return Archive(session, vault, folder)


@contextmanager
def _archive_of(database_url: str, folder: Path) -> Iterator[Archive]:
    """An archive whose files lie in the folder."""
    with opened(database_url) as engine, Session(engine, expire_on_commit=False) as session:
        yield Archive(session, Vault(folder / "originals"), folder / "desk")


@pytest.fixture
def new_archive(database_kind: str, copies: Callable[[str], Copies], tmp_path: Path) -> Iterator[NewArchive]:
    """What makes further empty archives, to be compared with one another."""
    numbers = itertools.count(1)

    @contextmanager
    def make() -> Iterator[Archive]:
        folder = tmp_path / f"archive {next(numbers)}"
        folder.mkdir()
        with copies(database_kind)(folder) as url, _archive_of(url, folder) as archive:
            yield archive

    return make


@cache
def filling_of(fill: Callable[[Archive], object]) -> Filling:
    """What fills the archive of a test, by what it does to an archive."""

    def filling(session: Session, vault: Vault) -> object:
        return fill(Archive(session, vault, vault.folder.parent / "desk"))

    return filling


@pytest.fixture
def filled(
    database_kind: str,
    masters: Callable[[str, Filling | None], Master],
    quick_passwords: None,
    tmp_path: Path,
) -> Iterator[Filled]:
    """What makes an archive with what a function puts into it: a copy of one that it has filled for another test."""
    with ExitStack() as stack:

        def make(fill: Fill) -> Archive:
            master = masters(database_kind, filling_of(fill))
            folder = tmp_path / "filled"
            copytree(master.originals, folder / "originals")
            copy = stack.enter_context(master.copy(folder))
            return stack.enter_context(_archive_of(copy, folder))

        yield make


@pytest.fixture
def counts() -> Callable[[Balance], dict[str, int]]:
    """What a balance sheet says became of the posts, without what is 0."""

    def counts(balance: Balance) -> dict[str, int]:
        names = ("added", "unchanged", "changed", "duplicate", "quarantined", "skipped")
        return {name: count for name in names if (count := getattr(balance, name))}

    return counts
