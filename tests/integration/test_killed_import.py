"""An import that is killed at any moment leaves a sound archive, and ends as if nothing had happened.

The import that is killed brings new threads, new answers and changed texts to an archive that readers
read: what they see must not move before the batch is published as a whole.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from shutil import copytree
from time import monotonic

import pytest
from sqlalchemy import URL

from tests.databases import Copies, copied, empty_database
from tests.integration.contents import contents
from tests.integration.deaths import (
    IN_QUARANTINE,
    Kill,
    Place,
    Undisturbed,
    check_after_death,
    check_end,
    kill_and_go_on,
    seen_by_readers,
    sound_contents,
    tag_one,
)
from tests.integration.desks import KINDS, Desk, lay_out
from tests.integration.mortal import Forks, forking
from tests.integration.written import DYKES_FILE

Begun = Callable[[str, str, Path], AbstractContextManager[Place]]
LeftAlone = Callable[[str, str], Undisturbed]


def _kills(**kills: int) -> list[Kill]:
    """So many kills in each stretch, evenly spread."""
    return [(stretch, (number + 0.5) / kills) for stretch, kills in kills.items() for number in range(kills)]


# By kind of database, the kills of each kind of files.
FEW = {
    "sqlite": {
        "plain": _kills(receiving=4, committing=5, reading=4, indexing=2, settling=1, publishing=4),
        "reddit": _kills(receiving=1, committing=2, reading=2, indexing=2, settling=3, publishing=2),
        "zst": _kills(receiving=2, committing=1, reading=3, indexing=1, settling=1, publishing=1, any_time=1),
        "mbox": _kills(receiving=1, committing=2, reading=3, indexing=1, settling=2, publishing=1),
    },
    "postgresql": {
        "plain": _kills(receiving=2, committing=5, reading=2, indexing=1, publishing=2),
        "reddit": _kills(receiving=1, reading=1, settling=2),
        "zst": _kills(reading=1, any_time=1),
        "mbox": _kills(reading=1, settling=1),
    },
}
SWEEP = {
    "sqlite": _kills(receiving=12, committing=10, reading=16, indexing=10, settling=8, publishing=12, any_time=12),
    "postgresql": _kills(receiving=3, committing=10, reading=4, indexing=2, settling=4, publishing=4, any_time=4),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Few kills of every kind; with `--kill-sweep` so many that they lie close."""
    if "kill" in metafunc.fixturenames:
        (database,) = metafunc.definition.get_closest_marker("database").args
        sweep = metafunc.config.getoption("--kill-sweep")
        kills = [(files, kill) for files in KINDS for kill in (SWEEP[database] if sweep else FEW[database][files])]
        ids = [f"{files}-{stretch}-{share:.2f}" for files, (stretch, share) in kills]
        metafunc.parametrize(("files", "kill"), kills, ids=ids)


@pytest.fixture(scope="session")
def forks(sessionwide: ExitStack) -> Forks:
    return sessionwide.enter_context(forking())


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Desk]:
    """By kind of files: what is brought in."""
    return cache(lambda files: lay_out(files, tmp_path_factory.mktemp(files)))


@pytest.fixture(scope="session")
def begun(
    sessionwide: ExitStack,
    copies: Callable[[str], Copies],
    forks: Forks,
    desks: Callable[[str], Desk],
    tmp_path_factory: pytest.TempPathFactory,
) -> Begun:
    """By kind of database and of files, in a folder: an archive that holds the older ones, published, one answer
    tagged.
    """

    @cache
    def master(kind: str, files: str) -> Place:
        folder = tmp_path_factory.mktemp("begun")
        place = Place(forks, folder / "data", sessionwide.enter_context(copies(kind)(folder)))
        ended = place.bring(desks(files).older)
        assert ended.code == 0, ended.stderr
        with place.session() as session:
            tag_one(session)
        return place

    @contextmanager
    def begin(kind: str, files: str, folder: Path) -> Iterator[Place]:
        begun = master(kind, files)
        copytree(begun.data, folder / "data")
        with copied(begun.database_url, folder) as database_url:
            yield Place(forks, folder / "data", database_url)

    return begin


@pytest.fixture
def place(database_kind: str, files: str, begun: Begun, tmp_path: Path) -> Iterator[Place]:
    with begun(database_kind, files, tmp_path) as place:
        yield place


@pytest.fixture
def newer(files: str, desks: Callable[[str], Desk]) -> Path:
    return desks(files).newer


@pytest.fixture(scope="session")
def left_alone(begun: Begun, desks: Callable[[str], Desk], tmp_path_factory: pytest.TempPathFactory) -> LeftAlone:
    """By kind of database and of files, the import as it goes when nobody kills it."""

    @cache
    def of_kind(kind: str, files: str) -> Undisturbed:
        desk = desks(files)
        with begun(kind, files, tmp_path_factory.mktemp("undisturbed")) as place:
            with place.session() as session:
                before = seen_by_readers(session)
            started = monotonic()
            ended = place.bring(desk.newer, die_at=0)
            seconds = monotonic() - started
            assert ended.code == IN_QUARANTINE, ended.stderr
            with place.session() as session:
                after = seen_by_readers(session)
                return Undisturbed(
                    moments=ended.moments,
                    seconds=seconds,
                    before=before,
                    after=after,
                    whole=sound_contents(session),
                )

    return of_kind


@pytest.fixture
def undisturbed(left_alone: LeftAlone, database_kind: str, files: str) -> Undisturbed:
    return left_alone(database_kind, files)


@pytest.mark.database("sqlite")
def test_an_import_that_is_killed_ends_as_if_nothing_had_happened(
    place: Place, newer: Path, undisturbed: Undisturbed, kill: Kill, record_property: Callable[[str, object], None]
) -> None:
    record_property("died while", kill_and_go_on(place, newer, undisturbed, kill))


@pytest.mark.database("postgresql")
def test_an_import_that_is_killed_ends_as_if_nothing_had_happened_on_postgresql(
    place: Place, newer: Path, undisturbed: Undisturbed, kill: Kill, record_property: Callable[[str, object], None]
) -> None:
    record_property("died while", kill_and_go_on(place, newer, undisturbed, kill))


@pytest.mark.parametrize("files", ["plain", "zst", "mbox"])
def test_an_import_that_is_killed_again_and_again_ends_all_the_same(
    place: Place, newer: Path, undisturbed: Undisturbed
) -> None:
    for deaths, die_at in enumerate(count(100, 30)):  # noqa: B007 - counted for what follows
        if not place.bring(newer, die_at=die_at).killed or check_after_death(place, undisturbed):
            break
    assert deaths > 5
    check_end(place, undisturbed)


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("files", ["plain"])
@pytest.mark.parametrize("commit", [0, 1, 2, -1], ids=["received", "begun", "chunk", "end"])
def test_an_import_goes_on_while_the_commit_of_the_one_that_was_killed_is_still_under_way(
    place: Place, newer: Path, undisturbed: Undisturbed, commit: int
) -> None:
    moments = undisturbed.moments
    die_at = [number for number, moment in enumerate(moments, 1) if moment == "within COMMIT"][commit]
    assert place.bring(newer, die_at=die_at).killed
    ended = place.bring(newer)
    assert ended.code == IN_QUARANTINE or (commit == -1 and "Batch 2 is published" in ended.stderr), ended.stderr
    check_end(place, undisturbed)


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
