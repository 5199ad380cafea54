"""Practice answers before one's votes count."""

from archive.web.practice.views import bp

__all__ = ["bp"]
