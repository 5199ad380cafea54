"""Reading a batch into the archive: one transaction a chunk, so that a cut-off import goes on where it was."""

from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from itertools import islice

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.batch import TRANSITIONS, Balance, BatchAct, BatchState, BatchStateError, after
from archive.errors import ArchiveError
from archive.services.ingest.chunks import Chunk, Source, read_chunks
from archive.services.ingest.collector import rare_collections
from archive.services.ingest.entering import Entering
from archive.services.ingest.publish import publish_within
from archive.services.ingest.read_ahead import read_ahead
from archive.services.ingest.repeat import repeat
from archive.services.ingest.sites import refuse_other_sites
from archive.services.ingest.sources import Input, Sources
from archive.services.ledger import Actor, record
from archive.services.quarantine.precedents import mark_taken_over, precedents, what_was_taken_over
from archive.services.takedown.purge import purge_again
from archive.services.transaction import writing
from archive.store.batches import Batch, BatchInput, bytes_read, each_input, has_remark, is_begun
from archive.store.blocks import BytesLostError
from archive.store.changes import count_absent
from archive.store.engine import UnstorableTextError, is_passing
from archive.store.import_lock import import_lock
from archive.store.import_runs import run_over, who_stopped
from archive.store.mentions import forget_within
from archive.store.publishing import publishing_lock
from archive.store.sightings import count_those_in_batch, count_threads_in_batch, older_than_parents
from archive.store.takedowns import all_under
from archive.store.vault import Vault

_TAKEN_DOWN = "takedowns"  # under which name it is noted that posts stay down
_DATES = "dates"  # under which name it is noted that posts are older than what they answer
Progress = Callable[[int, int, int], None]  # bytes read in, bytes in all, posts


class ImportStoppedError(ArchiveError):
    """Disk or database gave way in the middle of an import, or an original is damaged."""

    def __init__(self, batch_id: int, cause: str, *, passes: bool = False) -> None:
        """`passes`: whether it may go on in a moment."""
        self.batch_id, self.cause, self.passes = batch_id, cause, passes
        super().__init__(
            f"The import stopped: {cause} What was read before is kept; "
            f"import the same again, and batch {batch_id} goes on from there."
        )


class StopAskedError(ArchiveError):
    """Somebody asked for the import to stop."""

    def __init__(self, batch_id: int, by: str) -> None:
        self.batch_id, self.by = batch_id, by
        super().__init__(
            f"{by} stopped this import. What was read before is kept; "
            f"import the same again, and batch {batch_id} goes on from there."
        )


class UnbalancedError(ArchiveError):
    """The balance sheet does not add up, which is a fault of the program."""

    def __init__(self, batch_id: int, balance: Balance) -> None:
        self.balance = balance
        super().__init__(f"The balance sheet of batch {batch_id} does not add up: {balance.as_dict()}.")


def run_batch(
    session: Session,
    vault: Vault,
    batch_id: int,
    *,
    by: Actor,
    publish_it: bool = False,
    progress: Progress = lambda *_: None,
) -> Balance:
    """Read what is left of a batch; at its end it is a draft, or public where that was asked for.

    :raises BatchStateError: if it is not waiting to be read.
    :raises ImportRunningError: if another import is under way.
    :raises ImportStoppedError: if disk or database give way, or an original is damaged; the batch can be continued.
    :raises StopAskedError: if somebody asked for a stop, after the chunk in which that was seen; the same.
    :raises UnbalancedError: if the sheet does not add up; the batch stays as it is.
    """
    with import_lock(session, vault.folder, what=f"batch {batch_id}"), rare_collections():
        try:
            return _Run.begin(session, vault, batch_id, by).run(progress, publish_it=publish_it)
        except (OSError, DBAPIError, BytesLostError, UnstorableTextError) as error:
            cause = in_words(error)
            with suppress(OSError, DBAPIError), writing(session):
                session.execute(update(Batch).where(Batch.id == batch_id).values(failure=cause))
            passes = isinstance(error, DBAPIError) and is_passing(error)
            raise ImportStoppedError(batch_id, cause, passes=passes) from error


def sources_of(session: Session, vault: Vault, batch_id: int, *, most: int | None = None) -> Sources:
    """A batch's inputs, ready to be read from where they were left; whoever asks for them closes them.

    :param most: files that are taken; None: all.
    :raises OSError: if there is no room for a temporary file.
    """
    return Sources(vault, (Input(*row) for row in islice(each_input(session, batch_id), most)))


class _Run:
    """One run over one batch."""

    def __init__(self, session: Session, vault: Vault, batch_id: int, by: Actor) -> None:
        self.session, self.vault, self.by = session, vault, by
        self.batch = session.get_one(Batch, batch_id, with_for_update=True)
        after(BatchAct.IMPORT, batch=batch_id, state=self.batch.state)
        self.entering = Entering(session, self.batch)

    @classmethod
    def begin(cls, session: Session, vault: Vault, batch_id: int, by: Actor) -> "_Run":
        """Take the batch, and only then look how far it is: PostgreSQL may still be at the commit of a run
        that was killed.
        """
        with writing(session):
            run = cls(session, vault, batch_id, by)
            if not is_begun(session, batch_id):
                repeated = repeat(session, run.batch)
                run.entering = Entering(session, run.batch)
                run.entering.balance = repeated or run.entering.balance
            run._keep(state=BatchState.IMPORTING, failure=None)
            run._heed_stop()
            run._note_begin()
        return run

    @property
    def balance(self) -> Balance:
        """The sheet as counted so far."""
        return self.entering.balance

    def run(self, progress: Progress, *, publish_it: bool) -> Balance:
        with closing(sources_of(self.session, self.vault, self.batch.id)) as sources:
            self._read(sources, progress)
        self.entering.settle()
        self._take_over()
        self._end(publish_it=publish_it)
        purge_again(self.session, self.vault)
        return self.balance

    def _read(self, sources: Sources, progress: Progress) -> None:
        ours = self._for_this_collection(sources)
        done, whole = bytes_read(self.session, self.batch.id)
        parts = {source.position: source.start for source in sources if source.start}  # of files that are begun
        progress(done, whole, self.balance.read)
        chunks = read_chunks(ours, format_name=self.batch.format, markup=self.batch.markup)
        with closing(read_ahead(chunks)) as coming:
            for chunk in coming:
                self._commit(chunk)
                done += sum(end - parts.pop(position, 0) for position, end in chunk.done.items())
                parts |= {position: end for position, end in chunk.done.items() if position not in chunk.finished}
                progress(done, whole, self.balance.read)

    def _for_this_collection(self, sources: Sources) -> Iterable[Source]:
        return refuse_other_sites(
            self.session,
            sources,
            collection=self.entering.collection,
            format_name=self.batch.format,
            heed=self._look_up,
        )

    def _look_up(self) -> None:
        """Let go of what was read, so that a stop is seen and no long look keeps the database from tidying up."""
        self.session.rollback()
        self._heed_stop()

    def _commit(self, chunk: Chunk) -> None:
        with writing(self.session):
            readings = self.entering.ensure_readings(chunk.ways)
            self.entering.enter(chunk, readings)
            self._mark_inputs(chunk, readings)
            self._keep()
        self._heed_stop()

    def _take_over(self) -> None:
        """What could not be read is repaired or dismissed as it was when it was imported last."""
        for take_over in precedents(self.session, self.vault, self.batch):
            with writing(self.session):
                take_over(self.entering)
                self._keep()
        self.entering.settle()

    def _end(self, *, publish_it: bool) -> None:
        """One commit: a draft that was to be published and is cut off before would not be found to be continued."""
        self.balance.threads = count_threads_in_batch(self.session, self.batch.id)
        if not self.balance.adds_up:
            raise UnbalancedError(self.batch.id, self.balance)
        older, key = older_than_parents(self.session, self.batch.id)
        with writing(self.session):
            forget_within(self.session, self.batch.id)
            if publish_it:
                publishing_lock(self.session)
            if older and not has_remark(self.session, self.batch.id, name=_DATES):  # one that was taken over has it
                words = f"By the dates of the source, posts are older than what they answer: {older:,}, {key} for one."
                self.entering.note(_DATES, words)
            self._note_down()
            self._keep(state=BatchState.DRAFT, finished_at=now())
            self._heed_stop()
            detail: dict[str, object] = {
                "collection": self.entering.collection.slug,
                "balance": self.balance.as_dict(),
                "absent": count_absent(self.session, self.batch.id),
                **what_was_taken_over(self.session, self.batch.id),
            }
            entry = record(self.session, by=self.by, act="import", subject=f"batch {self.batch.id}", detail=detail)
            mark_taken_over(self.session, self.batch.id, act=entry.number)
            if publish_it:
                publish_within(self.session, self.batch.id, by=self.by)

    def _note_down(self) -> None:
        """What was taken down stays down; it is counted as what it is to the archive all the same."""
        posts = count_those_in_batch(self.session, self.batch.id, all_under(self.session))
        if posts and not has_remark(self.session, self.batch.id, name=_TAKEN_DOWN):
            what = "One post of this batch was" if posts == 1 else f"{posts:,} posts of this batch were"
            self.entering.note(_TAKEN_DOWN, f"{what} taken down before, and stay{'s' * (posts == 1)} down.")

    def _keep(self, **values: object) -> None:
        """Write down how far the batch is, in the transaction that takes it there.

        :raises BatchStateError: if it was rolled back meanwhile, which undoes the transaction.
        """
        under_way = Batch.state.in_(TRANSITIONS[BatchAct.IMPORT])
        query = update(Batch).where(Batch.id == self.batch.id, under_way).returning(Batch.id)
        kept = self.session.scalar(query.values(balance=self.balance.as_dict(), **values))
        if kept is None:
            state = self.session.scalars(select(Batch.state).where(Batch.id == self.batch.id)).one()
            raise BatchStateError(self.batch.id, state, BatchAct.IMPORT)

    def _heed_stop(self) -> None:
        """End here if somebody asked for it. In the transaction that has the batch's row, nobody can ask later."""
        stopped_by = who_stopped(self.session, self.batch.id)
        if stopped_by is not None:
            raise StopAskedError(self.batch.id, stopped_by)

    def _note_begin(self) -> None:
        """Remember where this run begins: how fast it is follows from that."""
        run, (done, _) = run_over(self.session, self.batch.id), bytes_read(self.session, self.batch.id)
        run.tries = run.tries + 1 if run.began_at and run.began_bytes == done else 0
        run.began_at, run.began_posts, run.began_bytes = now(), self.balance.read, done

    def _mark_inputs(self, chunk: Chunk, readings: dict[int, int]) -> None:
        finished = {*chunk.finished}
        rows = [
            {
                "batch_id": self.batch.id,
                "position": position,
                "reading_id": readings[position],
                "done_bytes": end,
                "done": position in finished,
            }
            for position, end in chunk.done.items()
        ]
        if rows:
            self.session.execute(update(BatchInput), rows)


def in_words(error: OSError | DBAPIError | BytesLostError | UnstorableTextError) -> str:
    """What the disk or the database says was wrong, as a sentence."""
    if isinstance(error, OSError):
        return f"{error.strerror or error}."
    if isinstance(error, BytesLostError | UnstorableTextError):
        return str(error)
    first_line = str(error.orig).strip().partition("\n")[0]  # what follows may quote a whole post
    return f"{first_line.rstrip('.')}."
