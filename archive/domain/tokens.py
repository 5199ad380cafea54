"""Personal tokens: what one may be used for, how long it lasts, and how many an account may have."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from archive.domain.permissions import Permission
from archive.errors import ArchiveError

MAX_NAME = 80  # characters
MOST_TOKENS = 20  # of one account that can still be used
BEGINS = "footnote_"  # by which programs that look for leaked secrets know one


class Scope(StrEnum):
    """What a token may be used for beside reading."""

    MODERATE = "moderate"
    IMPORT = "import"


ALLOWS: dict[Scope, Permission] = {Scope.MODERATE: Permission.MODERATE, Scope.IMPORT: Permission.IMPORT}
LIFETIMES: dict[int, str] = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}  # days: as a form says it


class TokenError(ArchiveError):
    """A token cannot be made like that."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


def permissions_by(scopes: Collection[Scope], held: frozenset[Permission]) -> frozenset[Permission]:
    """What a token allows: what its scopes name, as far as its account may do that now."""
    return held & {ALLOWS[scope] for scope in scopes}


def offered(held: frozenset[Permission]) -> list[Scope]:
    """The scopes that a token of somebody with these permissions may have."""
    return [scope for scope, permission in ALLOWS.items() if permission in held]


def lifetime(days: int) -> timedelta:
    """How long a token lasts.

    :raises TokenError: if no token lasts so long.
    """
    if days not in LIFETIMES:
        raise TokenError("days", f"Choose how long it lasts: {', '.join(LIFETIMES.values())}.")
    return timedelta(days=days)


def clean_name(name: str) -> str:
    """The name of a token.

    :raises TokenError: if it is empty or too long.
    """
    name = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if not 1 <= len(name) <= MAX_NAME:
        raise TokenError("name", f"Say in 1 to {MAX_NAME} characters what the token is for, to know it again.")
    return name
