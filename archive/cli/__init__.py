"""The command `footnote`. Data goes to stdout, everything else to stderr."""

import sys

import click
from sqlalchemy.exc import DatabaseError

from archive import __version__
from archive.cli.accounts import user
from archive.cli.exporting import export, redirects
from archive.cli.imports import import_, publish, roll_back
from archive.cli.languages import language
from archive.cli.learning import evaluate, train
from archive.cli.quality import assess, assess_text
from archive.cli.quarantine import quarantine
from archive.cli.reading import search, show, threads
from archive.cli.running import demo, doctor, serve, verify, worker
from archive.cli.takedowns import takedown
from archive.errors import ArchiveError


class _Footnote(click.Group):
    """The outer rim of the command line: what a person can be told is told in a sentence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            raise click.ClickException(str(error)) from error
        except DatabaseError as error:  # locked, damaged, or no database at all
            raise click.ClickException(f"The database cannot be used: {error.orig}") from error
        except BrokenPipeError:
            sys.stderr.close()  # whoever read our output has gone; nobody is left to be told
            sys.exit(0)


@click.group(cls=_Footnote, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="footnote")
def main() -> None:
    """Footnote: a threaded archive that shows, for every answer, how it says it knows."""


for command in (
    import_,
    publish,
    roll_back,
    export,
    redirects,
    quarantine,
    takedown,
    threads,
    show,
    search,
    language,
    assess,
    assess_text,
    evaluate,
    train,
    user,
    serve,
    worker,
    demo,
    verify,
    doctor,
):
    main.add_command(command)
