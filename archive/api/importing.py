"""What archivists do: send files, look at what would come of them, read them in, publish, roll back."""

from functools import partial
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.asking import BYTES, body_as_file
from archive.api.callers import by
from archive.api.import_shapes import batch_detail, batch_shape, preview_shape, unread
from archive.api.lists import Older, page
from archive.api.operations import IMPORTING, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.desks import Batch, BatchDetail, Nothing, Preview, RollBack, RunOrder, Unread
from archive.api.shaping import Shaper
from archive.domain.batch import BatchAct
from archive.domain.records import Markup
from archive.domain.tokens import Scope
from archive.errors import ArchiveError
from archive.services.ingest import batch_orders, orders, pages, preview, publish, receive
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.watching import watch
from archive.store.batches import RemarkKind
from archive.store.database import db
from archive.web.addresses import MOST_ROWS
from archive.web.given import jobs, settings, vault
from imports import AUTO

_BATCH = "/imports/<row:batch>"
IMPORT = Scope.IMPORT
MOST_PREVIEWED = preview.MOST_BYTES
_A_PAGE = 200
_COST = 10  # requests: files are unpacked, or read


class TooMuchToPreviewError(ArchiveError):
    """What was received is too large to be read while somebody waits."""

    def __init__(self) -> None:
        super().__init__(
            f"A preview reads at most {MOST_PREVIEWED // 2**20} MiB. Read the batch in: it is a draft, with its "
            "balance sheet, until you publish it."
        )


class Sent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a file belongs, and how it is to be taken."""

    collection: Annotated[
        str, Meta(min_length=1, max_length=80, description="The name of a collection; it is made where there is none.")
    ]
    name: Annotated[str, Meta(min_length=1, max_length=255, description="Of the file.", examples=["letters.txt"])]
    format: Annotated[str, Meta(max_length=40, description="“auto”: as the bytes look.")] = AUTO
    markup: Annotated[Markup, Meta(description="How texts are written, where the format does not say.")] = Markup.PLAIN


class BehindNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Behind which stretch of an import a list goes on."""

    after: Annotated[int, Meta(ge=0, le=MOST_ROWS)] | None = None


class BehindRemark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Behind which stretch a list goes on."""

    after: Annotated[str, Meta(pattern="^[0-9]{1,10}-[0-9]{1,10}$", examples=["17-3"])] | None = None


@operation("GET", "/imports", group=IMPORTING, summary="Imports", scope=IMPORT, query=Older, returns=Page[Batch])
def imports(asked: Older) -> Page[Batch]:
    """The newest first."""
    lines, shaper = pages.list_batches(db.session(), before=asked.before), Shaper()
    more = bool(lines) and bool(pages.list_batches(db.session(), before=lines[-1].id))
    return page([batch_shape(shaper, line) for line in lines], before=lines[-1].id if more else None)


@operation(
    "POST",
    "/imports",
    group=IMPORTING,
    summary="Send a file",
    scope=IMPORT,
    query=Sent,
    receives=BYTES,
    returns=Batch,
    status=201,
    cost=_COST,
)
def send_file(asked: Sent) -> Batch:
    """The body is its bytes, and they are kept as they are before anything reads them. What is packed is unpacked: send
    several files as a zip archive. Nothing is read in yet, and nothing public: see “Read a batch in”.
    """
    with body_as_file() as file:
        batch = receive.receive_files(
            db.session(),
            vault(),
            [NamedFile(asked.name, partial(lambda opened: opened, file))],
            collection=asked.collection,
            by=by(),
            format_name=asked.format,
            markup=asked.markup,
            large_window=settings().large_window,
        )
    return batch_shape(Shaper(), pages.batch_head(db.session(), batch).line)


@operation("GET", _BATCH, group=IMPORTING, summary="An import", scope=IMPORT, returns=BatchDetail)
def one_import(batch: int) -> BatchDetail:
    """Its state, its balance sheet, how far it is."""
    return _detail(batch)


@operation(
    "GET",
    f"{_BATCH}/preview",
    group=IMPORTING,
    summary="What an import would do",
    scope=IMPORT,
    returns=Preview,
    cost=_COST,
)
def preview_import(batch: int) -> Preview:
    """Everything is read and decided as in an import, and nothing is written."""
    session = db.session()
    if watch(session, vault(), jobs(), batch).all_bytes > MOST_PREVIEWED:
        raise TooMuchToPreviewError
    return preview_shape(preview.preview_batch(session, vault(), batch))


@operation(
    "POST",
    f"{_BATCH}/runs",
    group=IMPORTING,
    summary="Read a batch in",
    scope=IMPORT,
    body=RunOrder,
    returns=BatchDetail,
    status=202,
)
def run_import(batch: int, body: RunOrder) -> BatchDetail:
    """By a worker, as a draft: ask for the import again to see how far it is."""
    orders.start(db.session(), batch, by=by(), publish_it=body.publish, instance=jobs().places.instance)
    jobs().read_in(batch)
    return _detail(batch)


@operation(
    "POST",
    f"{_BATCH}/publications",
    group=IMPORTING,
    summary="Publish a draft",
    scope=IMPORT,
    body=Nothing,
    returns=BatchDetail,
)
def publish_import(batch: int, body: Nothing) -> BatchDetail:  # noqa: ARG001 - there is nothing in it
    """As a whole. A large one is published by a worker: “course” says so until it is done."""
    if _takes_long(batch, BatchAct.PUBLISH):
        _order(batch, BatchAct.PUBLISH)
    else:
        publish.publish(db.session(), batch, by=by())
    return _detail(batch)


@operation(
    "POST",
    f"{_BATCH}/rollbacks",
    group=IMPORTING,
    summary="Roll a batch back",
    scope=IMPORT,
    body=RollBack,
    returns=BatchDetail,
)
def roll_import_back(batch: int, body: RollBack) -> BatchDetail:
    """As a whole. What another batch has too stays; the bytes stay."""
    if _takes_long(batch, BatchAct.ROLL_BACK):
        _order(batch, BatchAct.ROLL_BACK, reason=body.reason)
    else:
        publish.roll_back(db.session(), batch, reason=body.reason, by=by())
    return _detail(batch)


@operation(
    "GET",
    f"{_BATCH}/quarantine",
    group=IMPORTING,
    summary="Quarantine of an import",
    scope=IMPORT,
    query=BehindNumber,
    returns=Page[Unread],
)
def quarantine_of_import(batch: int, asked: BehindNumber) -> Page[Unread]:
    """What could not be read of it and was neither repaired nor dismissed, in the order of its files."""
    after = -1 if asked.after is None else asked.after
    found = pages.remark_list(db.session(), batch, RemarkKind.QUARANTINED, after=after)
    return page([unread(Shaper(), remark) for remark in found.remarks], after=found.further)


@operation(
    "GET",
    "/imports/quarantine",
    group=IMPORTING,
    summary="Quarantine",
    scope=IMPORT,
    query=BehindRemark,
    returns=Page[Unread],
)
def quarantine(asked: BehindRemark) -> Page[Unread]:
    """The same of all imports that were not rolled back, the newest import first."""
    behind = None if asked.after is None else _behind(asked.after)
    found, shaper = pages.quarantine(db.session(), limit=_A_PAGE + 1, behind=behind), Shaper()
    last = found[_A_PAGE - 1] if len(found) > _A_PAGE else None
    items = [unread(shaper, remark) for remark in found[:_A_PAGE]]
    return page(items, after=f"{last.batch}-{last.number}" if last else None)


def _behind(after: str) -> tuple[int, int]:
    batch, number = after.split("-")
    return min(int(batch), MOST_ROWS), min(int(number), MOST_ROWS)


def _detail(batch: int) -> BatchDetail:
    session = db.session()
    progress = watch(session, vault(), jobs(), batch)
    return batch_detail(Shaper(), pages.batch_head(session, batch), progress)


def _takes_long(batch: int, act: BatchAct) -> bool:
    return batch_orders.takes_long(db.session(), batch, act) and jobs().has_worker()


def _order(batch: int, act: BatchAct, *, reason: str = "") -> None:
    instance = jobs().places.instance
    batch_orders.order(db.session(), batch, act, by=by(), instance=instance, reason=reason)
    jobs().change(batch)
