"""`footnote export` and `footnote redirects`."""

import sys

import click

from archive.cli.output import opened, say
from archive.domain.citing.redirects import MapForm
from archive.services.citing.redirects import redirect_map
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


@click.command("redirects")
@click.argument("collection")
@click.option(
    "--form",
    type=click.Choice([form.value for form in MapForm]),
    default="csv",
    show_default=True,
    help="Who is to read it.",
)
@click.option("--address", help="Of this archive, instead of FOOTNOTE_PUBLIC_URL: https://archive.example.org.")
def redirects(*, collection: str, form: str, address: str | None) -> None:
    """Print where the old addresses of the public posts of a collection lead, for the server of their old site."""
    count = 0
    with opened() as (session, _, settings):
        home = (address or settings.public_url).rstrip("/")
        if not home.startswith(("http://", "https://")):
            raise click.UsageError(
                "Say under which address this archive is read: --address https://archive.example.org"
            )
        for line in redirect_map(session, named_collection(session, collection), MapForm(form), home=home):
            sys.stdout.buffer.write(line.encode())
            count += not line.startswith("#")
    sys.stdout.buffer.flush()
    say(f"{counted(count - (form == MapForm.CSV), 'old address', 'old addresses')} written.")
