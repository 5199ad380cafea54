"""Mails of a chunk whose Message-ID another mail has, in the archive or above them: they are known by their bytes."""

from collections.abc import Iterator, Mapping

from archive.domain.ids import PostKey
from archive.domain.mail_identity import Bearer, bearer_of, has_its_id, known_by, new_bearer, take
from archive.domain.records import MailKeys, Note, PostRecord
from archive.services.ingest.chunks import Chunk, Stretch
from archive.services.ingest.known import Group, Known, group_of


def look_up_groups(chunk: Chunk, readings: Mapping[int, int], known: Known) -> list[Group]:
    """The stretches of a chunk as groups, with what the archive holds of them at hand.

    Mails are told apart first, which changes the chunk.

    :param readings: the id of the reading of each input, by the input's position.
    """
    groups = [group_of(chunk, stretch, readings) for stretch in chunk.stretches]
    known.look_up(groups)
    if _hold_apart(chunk, readings, known):
        groups = [group_of(chunk, stretch, readings) for stretch in chunk.stretches]
        known.look_up(groups)
    return groups


def _hold_apart(chunk: Chunk, readings: Mapping[int, int], known: Known) -> bool:
    """Give each mail the key by which it is known; whether one got another than it had."""
    mails = [record for stretch in chunk.stretches for record in stretch.records if record.mail_keys is not None]
    if not mails:
        return False
    known.look_up_keys(_doubtful_keys(mails, known))
    judge = _Judge(known)
    new: list[Stretch] = []
    is_changed = False
    for stretch in chunk.stretches:
        records = [*judge.judge(chunk, stretch, readings[stretch.source.position])]
        is_changed |= any(one is not other for one, other in zip(records, stretch.records, strict=True))
        new += _by_thread(stretch, records)
    if is_changed:
        chunk.stretches = new
    return is_changed


def _doubtful_keys(mails: list[PostRecord], known: Known) -> Iterator[PostKey]:
    """Yield the other keys by which mails may be known; most of those that are new have only one."""
    met: set[PostKey] = set()
    for mail in mails:
        if mail.mail_keys is None:
            continue
        key, of_bytes = mail.mail_keys
        if key in met or mail.key != key or known.post(mail) is not None:
            yield from (key, of_bytes)
        met.add(key)


class _Judge:
    """Decides by which key each mail of a chunk is known, in the order in which they come."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._bearers: dict[PostKey, Bearer] = {}

    def judge(self, chunk: Chunk, stretch: Stretch, reading_id: int) -> Iterator[PostRecord]:
        """Yield the records of a stretch as they are known, and note in the chunk what is unexpected."""
        for record in stretch.records:
            keys = record.mail_keys
            if keys is None:
                yield record
                continue
            bearer = self._bearer(keys.message_id)
            bytes_known = bearer is not None and self._known.at(self._known.address(keys.of_bytes)) is not None
            if not has_its_id(bearer, record, bytes_known=bytes_known, reading_id=reading_id):
                if bearer is not None and record.key == keys.message_id:
                    chunk.remarks.append((stretch.source, Note(ref=record.ref, text=self._taken(record, keys, bearer))))
                yield known_by(record, keys.of_bytes)
                continue
            if bearer is None:
                self._bearers[keys.message_id] = new_bearer(record)
            else:
                take(bearer, record, reading_id)
            if record.key != keys.message_id:
                words = f"The mail at byte {record.ref.offset:,} keeps its Message-ID: the archive has it by that."
                chunk.remarks.append((stretch.source, Note(ref=record.ref, text=words)))
            yield known_by(record, keys.message_id)

    def _bearer(self, message_id: PostKey) -> Bearer | None:
        if message_id not in self._bearers:
            post = self._known.at(self._known.address(message_id))
            if post is None:
                return None
            self._bearers[message_id] = bearer_of(post)
        return self._bearers[message_id]

    def _taken(self, record: PostRecord, keys: MailKeys, bearer: Bearer) -> str:
        by = "" if bearer.byline is None else f", by {bearer.byline}"
        day = "" if bearer.posted_at is None else f", of {bearer.posted_at:%Y-%m-%d %H:%M:%S} UTC"
        back = ", which was rolled back and keeps its id" if bearer.rolled_back else ""
        return (
            f"The mail at byte {record.ref.offset:,} bears the Message-ID “{keys.message_id}” of another mail{by}{day} "
            f"(post {self._known.address(keys.message_id)}{back}); it is known by its bytes."
        )


def _by_thread(stretch: Stretch, records: list[PostRecord]) -> list[Stretch]:
    """What is left of a stretch, and after it each mail that now begins a thread of its own."""
    kept = [record for record in records if record.thread == stretch.key]
    gone = [record for record in records if record.thread != stretch.key]
    apart = [Stretch(stretch.source, stretch.format, record.thread, [record]) for record in gone]
    return ([Stretch(stretch.source, stretch.format, stretch.key, kept)] if kept else []) + apart
