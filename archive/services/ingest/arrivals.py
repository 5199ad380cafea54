"""Receiving in the background: what is asked for at the web and may take long is kept by a worker, and made a batch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.records import Markup
from archive.errors import ArchiveError
from archive.services.ingest import uploads
from archive.services.ingest.import_folder import find_picked, size_of
from archive.services.ingest.inputs import Left, NamedFile
from archive.services.ingest.places import Places
from archive.services.ingest.receive import NothingReceivedError, check_format_name, receive_files, slug_of
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.arrivals import Arrival, uploads_of
from archive.store.users import User
from archive.store.vault import Vault

_EVERY = 1.0  # second between two notes of how far it is
_ALL = 2**62  # names in a folder
MOST_TRIES = 3  # that may end with the worker


class NoSuchArrivalError(ArchiveError):
    """There is no arrival of that number."""

    def __init__(self, arrival_id: int) -> None:
        self.arrival_id = arrival_id
        super().__init__(f"Nothing is to be received under number {arrival_id}.")


class ArrivalStateError(ArchiveError):
    """The arrival is not in a state for what was asked."""


class ReceivingKilledError(ArchiveError):
    """Workers end while they receive an arrival."""

    def __init__(self, tries: int) -> None:
        super().__init__(
            f"The worker ended {tries} times while it received this, perhaps for want of memory or disk. "
            "It is not tried again by itself."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants received, and how it is to be taken."""

    collection: str
    format_name: str
    markup: Markup
    folder_names: Sequence[str] = ()
    tokens: Sequence[str] = ()  # of uploads


def order_receipt(session: Session, places: Places, order: Order, *, by: Actor) -> int:
    """Have files received: some of the import folder, some that were uploaded. The number of the arrival.

    :raises NothingReceivedError: if there are none.
    :raises ArchiveError: where `check_order` does.
    """
    if by.user_id is None or not (order.folder_names or order.tokens):
        raise NothingReceivedError
    size = check_order(session, places, order, by=by)
    names, tokens = (list(dict.fromkeys(picked)) for picked in (order.folder_names, order.tokens))
    with writing(session):
        arrival = Arrival(
            collection=order.collection,
            format=order.format_name,
            markup=order.markup,
            folder_names=names,
            size=0,
            done_bytes=0,
            asked_by=by.user_id,
            asked_at=now(),
            instance=places.instance,
            tries=0,
        )
        session.add(arrival)
        session.flush()
        arrival.size = size + uploads.hand_over(session, places, tokens, arrival_id=arrival.id, by=by)
        detail: dict[str, object] = {"collection": order.collection, "folder": names, "uploads": len(tokens)}
        record(session, by=by, act="order receipt", subject=f"arrival {arrival.id}", detail=detail)
    return arrival.id


def check_order(session: Session, places: Places, order: Order, *, by: Actor) -> int:
    """Whether that could be received, before anything is kept for it: the bytes that lie in the import folder of it.

    :raises NotInFolderError: if one is not in the import folder.
    :raises UploadError: if an upload is not there, or not complete.
    :raises UnknownFormatError: if there is no such format.
    :raises CollectionNameError: if the collection cannot have that name.
    """
    check_format_name(order.format_name)
    slug_of(order.collection)
    uploads.check_complete(session, places, order.tokens, by=by)
    return size_of(places.import_folder, dict.fromkeys(order.folder_names))


def try_again(session: Session, arrival_id: int, *, by: Actor) -> None:
    """Have received what could not be.

    :raises NoSuchArrivalError: if there is none.
    :raises ArrivalStateError: if it was discarded.
    """
    with writing(session):
        arrival = find_arrival(session, arrival_id, to_change=True)
        if arrival.discarded_at is not None:
            raise ArrivalStateError("This was discarded, and cannot be received any more. Order it anew.")
        if arrival.failure is not None:
            arrival.failure = None
            _wait(arrival, tries=0)
            record(session, by=by, act="order receipt", subject=f"arrival {arrival_id}", detail={"again": True})


def discard(session: Session, places: Places, arrival_id: int, *, by: Actor) -> None:
    """Give up what could not be received. No byte goes for that: of what was sent, whoever sent it may have another
    try made for a day.

    :raises NoSuchArrivalError: if there is none.
    :raises ArrivalStateError: if it is received, or waits to be.
    """
    with writing(session):
        arrival = find_arrival(session, arrival_id, to_change=True)
        if arrival.discarded_at is not None:
            return
        if arrival.failure is None:
            raise ArrivalStateError("Only what could not be received can be discarded here.")
        if arrival.instance != places.instance:
            raise ArrivalStateError("The bytes are with another server of this archive: discard it there.")
        arrival.discarded_at = now()
        uploads.release(session, places, arrival_id)
        record(session, by=by, act="discard", subject=f"arrival {arrival_id}", detail={"failure": arrival.failure})


def list_waiting(session: Session, places: Places) -> Sequence[int]:
    """What a worker is to receive whose data folder has the bytes, in the order in which that was asked for."""
    mine = Arrival.instance == places.instance
    query = select(Arrival.id).where(mine, Arrival.batch_id.is_(None), Arrival.failure.is_(None))
    return session.scalars(query.order_by(Arrival.id).limit(1000)).all()


def find_arrival(session: Session, arrival_id: int, *, to_change: bool = False) -> Arrival:
    """The arrival; one that is to be changed is held until the commit.

    :raises NoSuchArrivalError: if there is none.
    """
    arrival = session.get(Arrival, arrival_id, populate_existing=True, with_for_update=to_change or None)
    if arrival is None:
        raise NoSuchArrivalError(arrival_id)
    return arrival


def receive_arrival(
    session: Session, vault: Vault, places: Places, arrival_id: int, *, go_on: Callable[[], None]
) -> None:
    """Keep its files, and make a batch of them; again, where a worker was killed at it, to the same batch.

    :param go_on: called while files are read; it may raise to end the work.
    :raises ReceivingKilledError: if workers were killed at it again and again.
    :raises ArchiveError: if it cannot be received.
    """
    session.rollback()
    arrival = find_arrival(session, arrival_id)
    if arrival.batch_id is not None or arrival.failure is not None or arrival.instance != places.instance:
        return
    if arrival.tries >= MOST_TRIES:
        raise ReceivingKilledError(arrival.tries)
    size = size_of(places.import_folder, arrival.folder_names, most=_ALL)  # by now, and of large folders, too
    size += sum(upload.size for upload in uploads_of(session, arrival_id))
    watch = _Watch(session, arrival_id, go_on, size=size)
    batch = receive_files(
        session,
        vault,
        _files(session, places, arrival, watch.read),
        collection=arrival.collection,
        by=Actor.of(session.get_one(User, arrival.asked_by)),
        format_name=arrival.format,
        markup=arrival.markup,
        large_window=places.large_window,
    )
    with writing(session):
        find_arrival(session, arrival_id, to_change=True).batch_id = batch
        gone = uploads.forget(session, arrival_id)
    uploads.remove(places, gone)


def put_back(session: Session, arrival_id: int) -> None:
    """Let it wait for a worker again, because of nothing that is wrong with it: that was no try."""
    with writing(session):
        arrival = find_arrival(session, arrival_id, to_change=True)
        _wait(arrival, tries=max(0, arrival.tries - 1))


def note_failure(session: Session, arrival_id: int, failure: str) -> None:
    """Say why something was not received. It is tried again when somebody asks for it."""
    with writing(session):
        find_arrival(session, arrival_id, to_change=True).failure = failure


def _files(
    session: Session, places: Places, arrival: Arrival, report: Callable[[int], None]
) -> Iterator[NamedFile | Left]:
    sent = uploads_of(session, arrival.id)
    yield from find_picked(places.import_folder, arrival.folder_names, report)
    yield from uploads.open_sent(places, sent, report)


def _wait(arrival: Arrival, *, tries: int) -> None:
    arrival.began_at, arrival.done_bytes, arrival.tries = None, 0, tries


class _Watch:
    """Writes down now and then how far it is."""

    def __init__(self, session: Session, arrival_id: int, go_on: Callable[[], None], *, size: int) -> None:
        self._session, self._arrival_id, self._go_on = session, arrival_id, go_on
        self._done, self._noted = 0, 0.0
        with writing(session):
            arrival = find_arrival(session, arrival_id, to_change=True)
            arrival.began_at, arrival.tries = now(), arrival.tries + 1  # before the work, which may kill us
            arrival.size = size

    def read(self, size: int) -> None:
        self._go_on()
        self._done += size
        if monotonic() - self._noted >= _EVERY:
            self._note()

    def _note(self) -> None:
        self._noted = monotonic()
        with (
            suppress(OperationalError),
            writing(self._session),
        ):  # it is noted the next time
            find_arrival(self._session, self._arrival_id).done_bytes = self._done
