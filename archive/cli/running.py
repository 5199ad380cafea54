"""`footnote serve`, `worker`, `demo`, `verify`, `doctor`."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from archive.cli.output import opened, say
from archive.server import AddressError
from archive.server import serve as serve_settings
from archive.services.demo import DEMO_PASSWORD, LOGINS, load_demo
from archive.services.health import examine
from archive.services.transaction import look_at_one_moment
from archive.services.verify import find_faults
from archive.settings import load_settings
from archive.store.opening import open_session
from archive.store.vault import Vault
from archive.worker import work


@click.command("serve")
@click.option("--host", help="Instead of FOOTNOTE_HOST.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Instead of FOOTNOTE_PORT.")
def serve(*, host: str | None, port: int | None) -> None:
    """Serve the archive until Ctrl-C or SIGTERM."""
    settings = load_settings()
    settings = replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
    )
    serve_settings(settings, ready=lambda address: say(f"Footnote answers at {address}"))


@click.command("worker")
def worker() -> None:
    """Read in what is ordered at the web, until Ctrl-C or SIGTERM.

    `footnote serve` has such a worker beneath it, unless FOOTNOTE_IMPORT_WORKER is off. The import under way ends
    after its chunk, and goes on when a worker is started again.
    """
    with opened() as (_, _, settings):
        pass  # the database has the newest schema now
    work(settings, ready=say)


@click.command("demo")
@click.option("--port", type=click.IntRange(0, 65_535), default=5000, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("footnote-demo"), show_default=True)
@click.option("--load-only", is_flag=True, help="Load the samples, and do not serve.")
def demo(*, port: int, data: Path, load_only: bool) -> None:
    """Load the sample threads into a folder of their own, and serve them."""
    settings = replace(load_settings({"FOOTNOTE_DATA": str(data)}), port=port)
    with open_session(settings.database_url) as session:
        load_demo(session, Vault(settings.data / "originals"))
    if load_only:
        return
    try:
        serve_settings(settings, ready=_tell_what_to_try)
    except AddressError as error:
        other = f"make demo PORT={port + 1}, or footnote demo --port {port + 1}"
        raise click.ClickException(f"Port {port} cannot be used: {error.reason}. Try another: {other}.") from error


def _tell_what_to_try(address: str) -> None:
    logins = "\n".join(f"    {name:<8} {role}" for name, role in LOGINS.items())
    say(
        f"""
Footnote answers at {address}

Log in at {address}/login; every demo account has the password {DEMO_PASSWORD}
{logins}

What to try first
    Read      open “Who actually destroyed the Library of Alexandria?” and look at the badges and notes
    Tag       log in as maud, open Bench, begin with the first answer, and press a number key
    Import    log in as ansel, open Imports, and paste a thread as plain text

Ctrl-C ends it.
"""
    )


@click.command("verify")
def verify() -> None:
    """Check every original against its hash, and the ledger against itself.

    Exits with 1 and names each fault with its place when something is wrong.
    """
    faults = 0
    with opened() as (session, vault, _):
        look_at_one_moment(session)
        for fault in find_faults(session, vault, say=say):
            click.echo(fault)
            faults += 1
    if faults:
        say(f"{faults:,} faults.")
        sys.exit(1)
    say("Everything is as it was written.")


@click.command("doctor")
def doctor() -> None:
    """Say what this installation runs on, and warn of what may harm the archive."""
    with opened() as (session, vault, settings):
        warned = False
        for finding in examine(session, vault, settings):
            click.echo(("warning: " if finding.is_warning else "") + finding.sentence)
            warned = warned or finding.is_warning
    sys.exit(1 if warned else 0)
