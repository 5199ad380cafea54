"""Everything that moderators do, by the rules of the pages."""

from archive.api.moderating import bench, bulk, checking, disputes, objections, offers, takedowns

__all__ = ["bench", "bulk", "checking", "disputes", "objections", "offers", "takedowns"]
