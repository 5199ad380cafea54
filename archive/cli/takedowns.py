"""`footnote takedown …`."""

from typing import BinaryIO

import click

from archive.cli.output import opened, put, say
from archive.services.ledger import Actor
from archive.services.takedown.lists import list_lines, take_over
from archive.web.words import counted


@click.group()
def takedown() -> None:
    """The list of what is taken down, which holds hashes and no words."""


@takedown.command("export")
def export_list() -> None:
    """Print what is in force, one JSON object a line, for another archive or for the day of a restore."""
    count = 0
    with opened() as (session, _, _):
        for line in list_lines(session):
            put(line)
            count += 1
    say(f"{counted(count, 'takedown')} exported.")


@takedown.command("import-list")
@click.argument("file", type=click.File("rb"))
def import_list(*, file: BinaryIO) -> None:
    """Put in force what such a list holds: what it names goes down at once, and whenever it comes in."""
    with opened() as (session, _, _):
        taken = take_over(session, file, by=Actor.of(None))
    say(f"{counted(taken, 'takedown')} put in force; what was in force already stays so.")
