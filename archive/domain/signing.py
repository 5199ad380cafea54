"""How decisions are signed where readers see them."""

from enum import StrEnum

A_MODERATOR = "a moderator"
AN_ARRANGER = "a moderator or archivist"  # those who decide where a post hangs


class Signature(StrEnum):
    """What an archive shows of whoever decided."""

    NAME = "name"  # of the account, which may be a pseudonym
    ROLE = "role"  # the part that the account plays


def signed(name: str, signature: Signature, *, role: str = A_MODERATOR) -> str:
    """Whoever decided, as readers are told."""
    return name if signature is Signature.NAME else role
