"""The address under which readers reach the archive, for what they take elsewhere: feeds."""

from flask import request

from archive.web.given import settings


def own_address() -> str:
    """The archive's address without a slash at its end: as it was set, or as it was asked for."""
    return settings().public_url or request.host_url.rstrip("/")
