"""Arrivals: files that somebody has asked to be received, until they are a batch; and uploads that come in pieces."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.domain.records import Markup
from archive.store.base import Base, UtcDateTime, Word, one_of


class Arrival(Base):
    """Files that a worker is to receive, and how they are to be taken."""

    __tablename__ = "arrival"
    __table_args__ = (one_of("markup", Markup),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection: Mapped[str] = mapped_column(String(80))  # its name, as it was typed
    format: Mapped[str] = mapped_column(String(40))  # as asked for: "auto" or a format's name
    markup: Mapped[Markup] = mapped_column(Word(Markup))
    instance: Mapped[str] = mapped_column(String(32))  # the data folder that has the bytes: its worker receives them
    folder_names: Mapped[list[str]] = mapped_column(JSON)  # what is to be taken from the import folder
    size: Mapped[int] = mapped_column(BigInteger)  # bytes, of all files together, when that was asked for
    done_bytes: Mapped[int] = mapped_column(BigInteger)  # kept so far
    asked_by: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last try; None: it waits
    tries: Mapped[int] = mapped_column()  # that began, and of which no end was written down
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))  # None until it is received
    failure: Mapped[str | None] = mapped_column(Text)  # why it was not, in words
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # then it has failed, and is not tried again


class Upload(Base):
    """A file that is sent from a browser; its bytes are a file in the folder of uploads, as far as they are there.

    There are never many: they go when they are received, and each person may have a thousand.
    """

    __tablename__ = "upload"

    token: Mapped[str] = mapped_column(String(32), primary_key=True)  # the name of its file
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes, when it is complete
    modified: Mapped[int] = mapped_column(BigInteger)  # when the sender's file was, in ms: tells it from another
    user_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    instance: Mapped[str] = mapped_column(String(32))  # the data folder in which the bytes are
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arrival_id: Mapped[int | None] = mapped_column(ForeignKey("arrival.id"))  # None until it is to be received


def list_awaited(session: Session, *, limit: int = 100) -> Sequence[Arrival]:
    """What is to be received and is not yet, in the order in which that was asked for; failed ones too."""
    query = select(Arrival).where(Arrival.batch_id.is_(None), Arrival.discarded_at.is_(None))
    return session.scalars(query.order_by(Arrival.id).limit(limit)).all()


def find_upload(
    session: Session, instance: str, user_id: UserId, *, name: str, size: int, modified: int
) -> Upload | None:
    """What somebody has begun to send of that file."""
    query = select(Upload).where(
        Upload.user_id == user_id,
        Upload.instance == instance,
        Upload.arrival_id.is_(None),
        Upload.name == name,
        Upload.size == size,
        Upload.modified == modified,
    )
    return session.scalar(query.order_by(Upload.begun_at.desc(), Upload.token).limit(1))


def uploads_of(session: Session, arrival_id: int) -> Sequence[Upload]:
    """What was uploaded for an arrival, in order."""
    query = select(Upload).where(Upload.arrival_id == arrival_id)
    return session.scalars(query.order_by(Upload.begun_at, Upload.token).limit(10_000)).all()


def list_unordered(session: Session, instance: str, user_id: UserId, *, limit: int = 1000) -> Sequence[Upload]:
    """What somebody has sent, or begun to send, that nobody has asked to be received; in order."""
    mine = Upload.user_id == user_id, Upload.instance == instance
    query = select(Upload).where(*mine, Upload.arrival_id.is_(None))
    return session.scalars(query.order_by(Upload.begun_at, Upload.token).limit(limit)).all()


def count_uploads(session: Session, instance: str, user_id: UserId) -> tuple[int, int]:
    """How many uploads somebody has that are not received, and their bytes together when they are complete."""
    query = select(func.count(), func.coalesce(func.sum(Upload.size), 0))
    count, size = session.execute(query.where(Upload.user_id == user_id, Upload.instance == instance)).one()
    return int(count), int(size)


def list_begun(session: Session, instance: str, *, before: datetime, limit: int = 1000) -> Sequence[Upload]:
    """Uploads that were begun before a moment and that nobody has asked to be received."""
    query = select(Upload).where(Upload.instance == instance, Upload.arrival_id.is_(None), Upload.begun_at < before)
    return session.scalars(query.order_by(Upload.begun_at, Upload.token).limit(limit)).all()
