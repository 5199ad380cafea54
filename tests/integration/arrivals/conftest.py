"""An import folder, a queue of jobs that nobody works off, and an archivist who orders and sends."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.records import Markup
from archive.services.ingest import arrivals, uploads
from archive.services.ingest.arrivals import Order
from archive.services.jobs import Jobs
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.batches import BatchInput, list_inputs
from archive.store.users import User
from tests.integration.conftest import COLLECTION, Archive
from tests.integration.written import DYKES_FILE, SALT_FILE

MOST = 64 * 1024


def begin(archive: Archive, jobs: Jobs, name: str, size: int, by: Actor, *, modified: int = 1) -> uploads.Begun:
    return uploads.begin(archive.session, jobs.places, name=name, size=size, modified=modified, most_bytes=MOST, by=by)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An import folder, with something beside it that is nobody's business."""
    (tmp_path / "secret.txt").write_text("Who may read this?\n\nby a\nb\n\nNobody.\n")
    folder = tmp_path / "import"
    (folder / "letters").mkdir(parents=True)
    (folder / "letters" / "salt.txt").write_text(SALT_FILE)
    (folder / "letters" / "out").symlink_to(tmp_path / "secret.txt")
    (folder / "dykes.txt").write_text(DYKES_FILE)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "outside").symlink_to(tmp_path)
    (folder / ".hidden").write_text("hidden")
    return folder


@pytest.fixture
def jobs(archive: Archive, settings: Settings, folder: Path) -> Iterator[Jobs]:
    jobs = Jobs(data=settings.data, database_url=settings.database_url, vault=archive.vault, import_folder=folder)
    yield jobs
    jobs.queue.storage.close()


@pytest.fixture
def maud(make_user: Callable[..., User]) -> Actor:
    return Actor.of(make_user("maud", "archivist"))


@pytest.fixture
def order(archive: Archive, jobs: Jobs, maud: Actor) -> Callable[..., int]:
    """Have something received: the number of the arrival."""

    def order(*names: str, tokens: tuple[str, ...] = ()) -> int:
        wanted = Order(
            collection=COLLECTION, format_name="auto", markup=Markup.PLAIN, folder_names=names, tokens=tokens
        )
        arrival = arrivals.order_receipt(archive.session, jobs.places, wanted, by=maud)
        archive.session.rollback()
        return arrival

    return order


@pytest.fixture
def received(archive: Archive, jobs: Jobs) -> Callable[[int], list[BatchInput]]:
    """What the batch has that a worker makes of an arrival."""

    def received(arrival: int) -> list[BatchInput]:
        jobs.receiving.call_local(arrival)
        archive.session.rollback()
        found = arrivals.find_arrival(archive.session, arrival)
        assert found.failure is None
        assert found.batch_id is not None
        assert found.done_bytes <= found.size
        return list(list_inputs(archive.session, found.batch_id))

    return received


@pytest.fixture
def send(archive: Archive, jobs: Jobs, maud: Actor) -> Callable[[str, bytes], str]:
    """Send a file in pieces: its token."""

    def send(name: str, content: bytes) -> str:
        begun = begin(archive, jobs, name, len(content), maud)
        have = begun.have
        while have < len(content):
            piece = BytesIO(content[have : have + 100])
            have = uploads.add_piece(archive.session, jobs.places, begun.token, piece, offset=have, by=maud)
        return begun.token

    return send
