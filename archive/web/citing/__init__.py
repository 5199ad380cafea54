"""Citing posts and threads, texts as they were cited, works of a thread, and old addresses."""

from archive.web.citing import old_views, pin_views, views, work_views
from archive.web.citing.here import bp

__all__ = ["bp", "old_views", "pin_views", "views", "work_views"]
