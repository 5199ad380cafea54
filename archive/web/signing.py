"""Whoever decided, as pages tell it: colleagues see names, readers what the archive shows."""

from archive.domain.permissions import Permission
from archive.domain.signing import A_MODERATOR, Signature, signed
from archive.web.given import settings
from archive.web.permissions import may


def names_shown() -> bool:
    """Whether whoever asks sees the names of those who decided."""
    return settings().moderator_names is Signature.NAME or may(Permission.MODERATE)


def by(name: str, role: str = A_MODERATOR) -> str:
    """Whoever decided: every page that readers may see passes the name through this.

    :param role: what they are called where names are not shown.
    """
    return signed(name, Signature.NAME if names_shown() else Signature.ROLE, role=role)
