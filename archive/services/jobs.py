"""Jobs: what the web leaves to a worker, one at a time.

A job names a batch, or files to be received. What is wanted of them stands in their row, so a job that is lost is
found again, one that comes twice is done once, and a worker that was killed goes on where it was.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from archive.domain.batch import BatchStateError
from archive.errors import ArchiveError
from archive.kept_words import kept_word
from archive.services.ingest import arrivals, batch_orders, orders, uploads
from archive.services.ingest.places import Places
from archive.services.ingest.run import ImportStoppedError, StopAskedError, in_words, run_batch
from archive.services.spare_time import SpareTime
from archive.store.batch_orders import list_ordered
from archive.store.engine import is_passing
from archive.store.file_lock import file_lock, holder
from archive.store.import_lock import ImportRunningError
from archive.store.import_runs import list_wanted
from archive.store.job_queue import QueueError, open_queue
from archive.store.opening import open_engine
from archive.store.vault import Vault

_QUEUE, _WORKER, _UPLOADS, _INSTANCE = "jobs.sqlite", "worker.lock", "uploads", "instance"  # in the data folder
_INSTANCE_BYTES = 16
_AGAIN = 2  # seconds until a job that found another import running is tried once more
_FAULT = "A fault of the program, which is in its log."

_log = logging.getLogger(__name__)


class WorkerEndsError(ArchiveError):
    """The worker was told to end; the job is taken up again by the next one."""

    def __init__(self) -> None:
        super().__init__("The worker ends; the import goes on when one is started again.")


class Jobs:
    """The queue, and what each job in it does."""

    def __init__(
        self, *, data: Path, database_url: str, vault: Vault, import_folder: Path | None, large_window: bool = False
    ) -> None:
        self._data, self._database_url, self._vault = data, database_url, vault
        self.ending = threading.Event()  # set: what is under way ends at the next place where it can go on
        self.at_work = threading.Lock()  # held while a job is done
        self.queue = open_queue(data / _QUEUE)
        instance = kept_word(data / _INSTANCE, size=_INSTANCE_BYTES)
        self.places = Places(
            instance=instance, uploads=data / _UPLOADS, import_folder=import_folder, large_window=large_window
        )
        self.receiving = self.queue.task(name="receive")(self._alone_at(self._receive))
        self.reading_in = self.queue.task(name="read_in")(self._alone_at(self._read_in))
        self.changing = self.queue.task(name="change")(self._alone_at(self._change))

    def receive(self, arrival_id: int) -> None:
        """Tell a worker that an arrival is to be received."""
        self._tell(self.receiving, arrival_id)

    def read_in(self, batch_id: int) -> None:
        """Tell a worker that a batch is to be read in."""
        self._tell(self.reading_in, batch_id)

    def change(self, batch_id: int) -> None:
        """Tell a worker that a batch is to be published or rolled back."""
        self._tell(self.changing, batch_id)

    def _tell(self, job: Callable[[int], object], number: int) -> None:
        try:
            job(number)
        except QueueError:  # a worker will look for what is wanted by itself
            _log.warning("The queue of jobs cannot be written.", exc_info=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the one worker of this data folder while the block runs.

        :raises HeldError: if there is one.
        """
        with file_lock(self._data / _WORKER, what="a worker"):
            yield

    def has_worker(self) -> bool:
        """Whether somebody does the jobs of this data folder."""
        return holder(self._data / _WORKER) is not None

    def look_for_work(self) -> None:
        """Queue what is wanted and has no job: a worker was killed at it, or whoever asked, before there was one."""
        try:
            if self.queue.pending_count() or self.queue.scheduled_count():
                return
            with self._session() as session:
                for arrival_id in arrivals.list_waiting(session, self.places):
                    self.receive(arrival_id)
                for batch_id in list_wanted(session, self.places.instance):
                    self.read_in(batch_id)
                for batch_id in list_ordered(session, self.places.instance):
                    self.change(batch_id)
                uploads.sweep(session, self.places)
        except (QueueError, DBAPIError, OSError) as error:  # the next look may find more
            _log.warning("Nobody can look for work at the moment: %s", error)

    def _receive(self, arrival_id: int) -> None:
        with self._session() as session:
            try:
                arrivals.receive_arrival(session, self._vault, self.places, arrival_id, go_on=self._end_if_told)
            except WorkerEndsError as error:
                _log.info("Arrival %d: %s", arrival_id, error)
                _put_back(session, arrival_id)
            except DBAPIError as error:
                _log.warning("Arrival %d: %s", arrival_id, error)
                if is_passing(error):
                    _put_back(session, arrival_id)
                    self.receiving.schedule((arrival_id,), delay=_AGAIN)
                else:
                    arrivals.note_failure(session, arrival_id, in_words(error))
            except (ArchiveError, OSError) as error:
                _log.warning("Arrival %d: %s", arrival_id, error)
                arrivals.note_failure(session, arrival_id, str(error))
            except BaseException:
                arrivals.note_failure(session, arrival_id, _FAULT)
                raise

    def _read_in(self, batch_id: int) -> None:
        with self._session() as session:
            try:
                order = orders.ordered(session, batch_id, instance=self.places.instance)
                if order is not None:
                    by, publish_it = order
                    told = self._end_if_told
                    run_batch(session, self._vault, batch_id, by=by, publish_it=publish_it, progress=told)
            except ImportRunningError:
                self.reading_in.schedule((batch_id,), delay=_AGAIN)
            except (WorkerEndsError, StopAskedError, BatchStateError) as error:
                _log.info("Batch %d: %s", batch_id, error)
            except (ImportStoppedError, DBAPIError) as error:
                _log.warning("Batch %d: %s", batch_id, error)
                self._later_or_not(session, batch_id, error)
            except ArchiveError as error:
                _log.warning("Batch %d: %s", batch_id, error)
                orders.give_up(session, batch_id, failure=str(error))
            except BaseException:
                orders.give_up(session, batch_id, failure=_FAULT)
                raise

    def _change(self, batch_id: int) -> None:
        with self._session() as session:
            try:
                batch_orders.carry_out(session, batch_id, instance=self.places.instance)
            except BatchStateError as error:
                _log.info("Batch %d: %s", batch_id, error)
                batch_orders.drop(session, batch_id)
            except DBAPIError as error:
                _log.warning("Batch %d: %s", batch_id, error)
                if is_passing(error):
                    with suppress(OperationalError):  # then this counts as a try
                        batch_orders.put_back(session, batch_id)
                    self.changing.schedule((batch_id,), delay=_AGAIN)
                else:
                    batch_orders.give_up(session, batch_id, failure=in_words(error))
            except BaseException:
                batch_orders.give_up(session, batch_id, failure=_FAULT)
                raise

    def _later_or_not(self, session: Session, batch_id: int, error: ImportStoppedError | DBAPIError) -> None:
        """Read a batch in later where what stopped it passes, or say what did."""
        if error.passes if isinstance(error, ImportStoppedError) else is_passing(error):
            with suppress(OperationalError):  # then this counts as a try
                orders.put_back(session, batch_id)
            self.reading_in.schedule((batch_id,), delay=_AGAIN)
        else:
            cause = error.cause if isinstance(error, ImportStoppedError) else in_words(error)
            orders.give_up(session, batch_id, failure=cause)

    def _end_if_told(self, *_: int) -> None:
        if self.ending.is_set():
            raise WorkerEndsError

    @contextmanager
    def spare_time(self) -> Iterator[SpareTime]:
        """What there is to do while there is no job."""
        engine = open_engine(self._database_url)
        try:
            yield SpareTime(engine, originals=self._vault.folder, at_work=self.at_work)
        finally:
            engine.dispose()

    def _alone_at(self, job: Callable[[int], None]) -> Callable[[int], None]:
        @wraps(job)
        def alone(number: int) -> None:
            with self.at_work:
                job(number)

        return alone

    @contextmanager
    def _session(self) -> Iterator[Session]:
        engine = open_engine(self._database_url)
        try:
            with Session(engine, expire_on_commit=False) as session:
                yield session
        finally:
            engine.dispose()


def _put_back(session: Session, arrival_id: int) -> None:
    with suppress(OperationalError):  # then this counts as a try
        arrivals.put_back(session, arrival_id)
