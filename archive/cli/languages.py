"""`footnote language`: by the endings of which language a collection is searched."""

import click

from archive.cli.output import opened, say
from archive.services.languages import language_of, set_language
from archive.services.ledger import Actor
from archive.services.scripts import named_collection


@click.command("language")
@click.argument("collection")
@click.argument("language", required=False)
def language(*, collection: str, language: str | None) -> None:
    """Say or set the language of a COLLECTION: english at first, “none” to search words as they are typed.

    Words of the collection are found in their other endings by the rules of that language.
    """
    with opened() as (session, _, _):
        slug = named_collection(session, collection)
        if language is None:
            click.echo(language_of(session, slug))
            return
        set_language(session, slug, language, by=Actor.of(None))
    say(f"Words of {slug} are searched by the endings of: {language.strip().lower()}.")
