"""The moderators' bench: queues, one answer at a time, and the history of its tags."""

from archive.web.moderation import asides, disputes
from archive.web.moderation.views import bp

__all__ = ["asides", "bp", "disputes"]
