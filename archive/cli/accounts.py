"""`footnote user`: accounts."""

import secrets
import sys

import click

from archive.cli.output import opened, say
from archive.domain.permissions import Role
from archive.services import accounts, practice
from archive.services.ledger import Actor
from archive.store.users import list_users

_BY = Actor.of(None)
_ROLE = click.Choice([role.value for role in Role])


@click.group("user")
def user() -> None:
    """Accounts and their roles."""


@user.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=_ROLE, help="May be given several times.  [default: reader]")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
def add(*, name: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Make an account. Asks for a password on a terminal; elsewhere makes one up and prints it."""
    password, made_up = _password(from_stdin=password_stdin)
    with opened() as (session, _, _):
        wanted = frozenset(Role(role) for role in roles or (Role.READER,))
        made = accounts.add_user(session, name=name, password=password, roles=wanted, by=_BY)
        practising = practice.answers_to_go(session, made)
    say(f"The account {name} is made, with the role {' and '.join(sorted(wanted))}.")
    if practising:
        say(f"Its votes count once the {practising} practice answers are done, or after “footnote user vouch {name}”.")
    _tell(password, made_up=made_up)


@user.command("role")
@click.argument("name")
@click.argument("roles", nargs=-1, required=True, type=_ROLE)
def role(*, name: str, roles: tuple[str, ...]) -> None:
    """Give an account these roles and no others."""
    with opened() as (session, _, _):
        accounts.set_roles(session, name=name, roles=frozenset(Role(role) for role in roles), by=_BY)
    say(f"{name} has the role {', '.join(sorted(roles))}.")


@user.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
def password(*, name: str, password_stdin: bool) -> None:
    """Set a new password, and log the account out everywhere."""
    new, made_up = _password(from_stdin=password_stdin)
    with opened() as (session, _, _):
        accounts.set_password(session, name=name, password=new, by=_BY)
    say(f"{name} has a new password, and is logged out everywhere.")
    _tell(new, made_up=made_up)


@user.command("close")
@click.argument("name")
def close(*, name: str) -> None:
    """Close an account. What it decided stays."""
    with opened() as (session, _, _):
        accounts.set_active(session, name=name, active=False, by=_BY)
    say(f"The account {name} is closed.")


@user.command("reopen")
@click.argument("name")
def reopen(*, name: str) -> None:
    """Open a closed account again."""
    with opened() as (session, _, _):
        accounts.set_active(session, name=name, active=True, by=_BY)
    say(f"The account {name} is open again.")


@user.command("vouch")
@click.argument("name")
@click.option("--undo", is_flag=True, help="Take it back: the practice answers have to be done after all.")
def vouch(*, name: str, undo: bool) -> None:
    """Have a moderator's votes count without the practice answers."""
    with opened() as (session, _, _):
        if undo:
            practice.withdraw_vouching(session, name=name, by=_BY)
        else:
            practice.vouch(session, name=name, by=_BY)
    say(f"The votes of {name} count {'once the practice answers are done' if undo else 'from now on'}.")


@user.command("list")
def list_() -> None:
    """List accounts with their roles."""
    with opened() as (session, _, _):
        for account in list_users(session):
            closed = "" if account.active else "  (closed)"
            practising = "  (votes do not count yet)" if practice.answers_to_go(session, account) else ""
            click.echo(f"{account.name}  {', '.join(sorted(account.roles))}{practising}{closed}")


def _password(*, from_stdin: bool) -> tuple[str, bool]:
    """A password, and whether it was made up here."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        return click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True), False
    return secrets.token_urlsafe(12), True


def _tell(password: str, *, made_up: bool) -> None:
    if made_up:
        say("Its password, which is shown only now:")
        click.echo(password)
