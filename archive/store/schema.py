"""Every table, imported once, so that the metadata is whole."""

from archive.store import (
    arrivals,
    batch_orders,
    batches,
    changes,
    collections,
    gaps,
    import_runs,
    ledger,
    mentions,
    namings,
    originals,
    placements,
    quarantine,
    tags,
    threads,
    users,
)
from archive.store.base import Base

__all__ = [
    "Base",
    "arrivals",
    "batch_orders",
    "batches",
    "changes",
    "collections",
    "gaps",
    "import_runs",
    "ledger",
    "mentions",
    "namings",
    "originals",
    "placements",
    "quarantine",
    "tags",
    "threads",
    "users",
]
