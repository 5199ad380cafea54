"""Sources: the index of works, the page of each, and which names are of one work."""

from archive.web.sources import deciding, views  # noqa: F401 - each hangs its pages on the blueprint
from archive.web.sources.here import bp

__all__ = ["bp"]
