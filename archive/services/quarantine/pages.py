"""What archivists see of a quarantine: the stretches of a batch with their bytes, and what became of each."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from archive.domain.batch import BatchState
from archive.domain.ids import CollectionSlug, Sha256
from archive.domain.quarantine import Dismissal, Resolved, cause_of
from archive.services.ingest.publish import find_batch
from archive.services.quarantine.items import find_item
from archive.services.quarantine.units import NotMendableError, UnitText, is_text, unit_of
from archive.store.batches import Remark
from archive.store.blocks import BytesLostError
from archive.store.collections import Collection
from archive.store.ledger import LedgerEntry
from archive.store.quarantine import (
    CauseCount,
    Resolution,
    count_causes,
    count_mass_dismissals,
    count_outcomes,
    find_quarantined_many,
    find_repair,
    list_numbers,
    list_quarantined,
)
from archive.store.sealed import Stretch, sealed_stretches
from archive.store.vault import Vault
from imports.text_encoding import decode

ITEMS_A_PAGE = 25
MOST_CAUSES = 100  # of which a page lets one choose
_MOST_ACTS = 100
_IN_A_LIST = 600  # bytes shown of each
_ALONE = 32 * 1024  # bytes shown of one
_MOST_AT_ONCE = 10_000_000  # stretches that one act dismisses


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBytes:
    """Bytes for a page: as text where they are, else as hexadecimal digits."""

    text: str | None
    hexadecimal: str  # "" where there is a text
    cut: bool  # whether it is only the beginning
    encoding: str  # in which the text is


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionView:
    """What became of a stretch."""

    outcome: Resolved
    reason: Dismissal | None
    words: str
    act: int | None
    by: str | None
    at: datetime | None
    repaired: Sha256 | None  # the bytes that mend it


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One stretch that could not be read."""

    number: int
    name: str  # of the file
    original: Sha256 | None  # None: it was set aside before it was read
    offset: int  # bytes
    length: int  # bytes
    text: str  # why it could not be read
    raw: RawBytes | None  # None where the bytes are not at hand
    is_refused: bool  # it could be read, and is not for this collection
    row: int | None  # bytes from the beginning of the stretch; of one that was refused, what tells that
    resolution: ResolutionView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What is wrong with several stretches."""

    key: str  # for addresses
    words: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissedTogether:
    """What one act dismissed."""

    act: int
    count: int  # stretches
    one: ResolutionView  # of one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineHead:
    """The batch of a quarantine."""

    batch: int
    state: BatchState
    collection: CollectionSlug
    collection_name: str
    counts: dict[Resolved | None, int]  # None: neither repaired nor dismissed

    @property
    def may_mend(self) -> bool:
        """Whether anything can be repaired or dismissed."""
        return self.state in (BatchState.DRAFT, BatchState.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinePage:
    """A page of the quarantine of a batch."""

    head: QuarantineHead
    shown: Resolved | None
    cause: Cause | None  # that was asked for
    causes: Sequence[Cause]  # of what is shown, most frequent first
    more_causes: bool  # that are not listed
    items: Sequence[ItemView]
    together: Sequence[DismissedTogether]  # where dismissed ones are shown; newest first
    matching: int  # on all pages
    first: int  # of those on this page, from 0
    previous: int | None  # where the page before begins
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """One stretch, with what can be mended of it."""

    head: QuarantineHead
    item: ItemView
    at: int  # bytes from the beginning of the stretch; where what is shown of it begins
    further: int | None  # where what is not shown goes on
    unit: UnitText | None
    why_not: str  # it cannot be mended here; "" where it can


def quarantine_page(
    session: Session, vault: Vault, batch_id: int, *, shown: Resolved | None, cause: str = "", first: int = 0
) -> QuarantinePage:
    """A page of what could not be read: of what is in quarantine still, or was repaired, or dismissed.

    :param cause: the key of one, or "" for all.
    :raises NoSuchBatchError: if there is no such batch.
    """
    head = _head(session, batch_id)
    counted = count_causes(session, batch_id, became=shown, limit=MOST_CAUSES + 1)
    causes = _causes(session, batch_id, counted[:MOST_CAUSES])
    one = count_causes(session, batch_id, became=shown, key=cause, limit=1) if cause else []
    asked = _causes(session, batch_id, one)
    matching = sum(known.count for known in asked) if cause else head.counts[shown]
    here = list_numbers(session, batch_id, became=shown, cause=cause or None, first=first, limit=ITEMS_A_PAGE)
    return QuarantinePage(
        head=head,
        shown=shown,
        cause=asked[0] if asked else None,
        causes=causes,
        more_causes=len(counted) > MOST_CAUSES,
        items=_views(session, vault, find_quarantined_many(session, batch_id, here), most=_IN_A_LIST),
        together=_together(session, batch_id) if shown is Resolved.DISMISSED else [],
        matching=matching,
        first=first,
        previous=max(0, first - ITEMS_A_PAGE) if first else None,
        next=first + ITEMS_A_PAGE if first + ITEMS_A_PAGE < matching else None,
    )


def item_page(session: Session, vault: Vault, batch_id: int, number: int, *, at: int = 0) -> ItemPage:
    """One stretch, shown from the byte `at` of it on.

    :raises NoSuchBatchError: if there is no such batch.
    :raises NoSuchItemError: if there is no such stretch.
    """
    remark = find_item(session, batch_id, number)
    at = at if at < remark.length else 0
    (view,) = _views(session, vault, [remark], most=_ALONE, at=at)
    unit, why_not = None, ""
    try:
        unit = unit_of(session, vault, remark)
    except (NotMendableError, BytesLostError) as error:
        why_not = str(error)
    return ItemPage(
        head=_head(session, batch_id),
        item=view,
        at=at,
        further=at + _ALONE if at + _ALONE < remark.length else None,
        unit=unit,
        why_not=why_not,
    )


def open_numbers(session: Session, batch_id: int, *, cause: str = "") -> Sequence[int]:
    """The stretches that are neither repaired nor dismissed; those with one cause, where its key is named."""
    return list_numbers(session, batch_id, became=None, cause=cause or None, limit=_MOST_AT_ONCE)


def every_item(session: Session, vault: Vault, batch_id: int) -> Iterator[ItemView]:
    """Yield all stretches, a few at a time.

    :raises NoSuchBatchError: if there is no such batch.
    """
    find_batch(session, batch_id)
    last = -1
    while part := list_quarantined(session, batch_id, after=last, limit=ITEMS_A_PAGE):
        yield from _views(session, vault, part, most=_IN_A_LIST)
        last = part[-1].number


def raw_bytes(raw: bytes, *, cut: bool) -> RawBytes:
    """Bytes as a page shows them."""
    decoded = decode(raw)
    if is_text(decoded.text):
        return RawBytes(text=decoded.text, hexadecimal="", cut=cut, encoding=decoded.encoding)
    return RawBytes(text=None, hexadecimal=raw.hex(" "), cut=cut, encoding="")


def _head(session: Session, batch_id: int) -> QuarantineHead:
    batch = find_batch(session, batch_id)
    collection = session.get_one(Collection, batch.collection_id)
    return QuarantineHead(
        batch=batch_id,
        state=batch.state,
        collection=collection.slug,
        collection_name=collection.name,
        counts=count_outcomes(session, batch_id),
    )


def _causes(session: Session, batch_id: int, counted: Sequence[CauseCount]) -> Sequence[Cause]:
    """Causes in words: those of one stretch of each."""
    one_each = find_quarantined_many(session, batch_id, [cause.first for cause in counted])
    words = {remark.number: cause_of(remark.text) for remark in one_each}
    return [Cause(key=cause.key, words=words[cause.first], count=cause.stretches) for cause in counted]


def _together(session: Session, batch_id: int) -> Sequence[DismissedTogether]:
    return [
        DismissedTogether(
            act=found.act,
            count=found.stretches,
            one=_resolution(session, session.get_one(Resolution, (batch_id, found.first), populate_existing=True)),
        )
        for found in count_mass_dismissals(session, batch_id, limit=_MOST_ACTS)
    ]


def _views(session: Session, vault: Vault, remarks: Sequence[Remark], *, most: int, at: int = 0) -> Sequence[ItemView]:
    """Stretches with their bytes; each original is opened once."""
    views: list[ItemView] = []
    with ExitStack() as stack:
        opened = _Opened(vault, stack, sealed_stretches(session))
        for remark in remarks:
            resolution = session.get(Resolution, (remark.batch_id, remark.number), populate_existing=True)
            views.append(
                ItemView(
                    number=remark.number,
                    name=remark.name,
                    original=remark.original,
                    offset=remark.offset,
                    length=remark.length,
                    text=remark.text,
                    raw=opened.read(remark, at, most),
                    is_refused=remark.is_refused,
                    row=None if remark.refused_for is None else remark.refused_for - remark.offset,
                    resolution=_resolution(session, resolution) if resolution else None,
                )
            )
    return views


class _Opened:
    """Originals that are open as long as a page is put together; the last one only."""

    def __init__(self, vault: Vault, stack: ExitStack, sealed: Sequence[Stretch]) -> None:
        self._vault, self._stack, self._sealed = vault, stack, sealed
        self._last: tuple[Sha256, BinaryIO] | None = None

    def read(self, remark: Remark, at: int, most: int) -> RawBytes | None:
        """The bytes of a stretch; None where they are not at hand."""
        if remark.original is None or self._is_sealed(remark.original, remark.offset, remark.length):
            return None
        try:
            file = self._open(remark.original)
            file.seek(remark.offset + at)
            raw = file.read(min(most, remark.length - at))
        except BytesLostError:  # all of them, or the block that these lie in
            return None
        return raw_bytes(raw, cut=remark.length - at > most)

    def _is_sealed(self, original: Sha256, offset: int, length: int) -> bool:
        return any(one.original == original and one.overlaps(offset, length) for one in self._sealed)

    def _open(self, original: Sha256) -> BinaryIO:
        if self._last is None or self._last[0] != original:
            self._stack.close()
            self._last = original, self._stack.enter_context(self._vault.open(original))
        return self._last[1]


def _resolution(session: Session, resolution: Resolution) -> ResolutionView:
    entry = session.get(LedgerEntry, resolution.act) if resolution.act is not None else None
    repaired = find_repair(session, resolution.batch_id, resolution.number)
    return ResolutionView(
        outcome=resolution.outcome,
        reason=resolution.reason,
        words=resolution.words,
        act=resolution.act,
        by=entry.actor if entry else None,
        at=entry.at if entry else None,
        repaired=repaired.original if repaired else None,
    )
