"""Logging in and out, and one's own account."""

from archive.web.accounts import tokens
from archive.web.accounts.views import bp

__all__ = ["bp", "tokens"]
