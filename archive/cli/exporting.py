"""`footnote export`."""

import sys

import click

from archive.cli.output import opened, say
from archive.services.export import export_lines
from archive.services.scripts import named_collection
from archive.web.words import counted


@click.command("export")
@click.argument("collection")
def export(*, collection: str) -> None:
    """Print the public posts of a collection as lines of JSON, which `footnote import` reads."""
    count = 0
    with opened() as (session, _, _):
        for line in export_lines(session, named_collection(session, collection)):
            sys.stdout.buffer.write(line)
            count += 1
    sys.stdout.buffer.flush()
    say(f"{counted(count, 'post')} exported.")
