"""Who may do what: roles, permissions, and the one table between them."""

from enum import StrEnum

from archive.errors import ArchiveError


class Role(StrEnum):
    """A part that an account plays. An account may have several."""

    READER = "reader"
    MODERATOR = "moderator"
    ARCHIVIST = "archivist"
    ADMIN = "admin"


class Permission(StrEnum):
    """Something that a view or a service may require."""

    READ = "read"  # published threads, anybody
    ACCOUNT = "account"  # one's own account: anybody who is logged in
    MODERATE = "moderate"  # see suggestions, tag answers
    ARRANGE = "arrange"  # decide where a post hangs
    SEE_ORIGINALS = "see originals"  # whole files as received
    IMPORT = "import"  # receive, preview, publish, roll back
    ADMINISTER = "administer"  # accounts and roles


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset({Permission.READ, Permission.ACCOUNT}),
    Role.MODERATOR: frozenset(
        {Permission.READ, Permission.ACCOUNT, Permission.MODERATE, Permission.ARRANGE, Permission.SEE_ORIGINALS}
    ),
    Role.ARCHIVIST: frozenset(
        {Permission.READ, Permission.ACCOUNT, Permission.IMPORT, Permission.ARRANGE, Permission.SEE_ORIGINALS}
    ),
    Role.ADMIN: frozenset(Permission),
}
ANYBODY: frozenset[Permission] = frozenset({Permission.READ})


class NotAllowedError(ArchiveError):
    """The account lacks a permission."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        roles = " or ".join(str(role) for role in Role if permission in GRANTS[role])
        super().__init__(f"Only an account with the role {roles} can do this.")


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that the roles together allow; what anybody may do is always among it."""
    return ANYBODY.union(*(GRANTS[role] for role in roles))
