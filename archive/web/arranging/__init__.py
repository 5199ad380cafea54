"""Where posts hang: moving them, and the queue of those of which that is in doubt."""

from archive.web.arranging.views import bp

__all__ = ["bp"]
