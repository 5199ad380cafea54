"""The archivists' pages: upload, preview, batches with their balance sheets, quarantine."""

from archive.web.imports.views import bp

__all__ = ["bp"]
