"""The codebook: what the levels mean and how one is chosen, its versions, and editing it."""

from archive.web.codebook import editing, views  # noqa: F401 - each hangs its pages on the blueprint
from archive.web.codebook.here import bp

__all__ = ["bp"]
