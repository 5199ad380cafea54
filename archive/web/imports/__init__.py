"""The archivists' pages: upload, preview, running imports, batches with their balance sheets, quarantine."""

from archive.web.imports import arriving, running, views
from archive.web.imports.here import bp

__all__ = ["arriving", "bp", "running", "views"]
