"""`footnote threads`, `show`, `search`: the archive for scripts."""

import click

from archive.cli.output import opened, put, say
from archive.services.scripts import list_threads, named_collection, show_thread
from archive.services.search import HITS_A_PAGE
from archive.services.search import search as search_posts


@click.command("threads")
@click.option("--collection", help="Only threads of this collection.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def threads(*, collection: str | None, as_json: bool) -> None:
    """List threads, drafts among them, in the order in which they came."""
    with opened() as (session, _, _):
        slug = named_collection(session, collection) if collection is not None else None
        for line in list_threads(session, collection=slug):
            if as_json:
                put(line)
            else:
                click.echo(
                    f"{line['id']}  {line['title']}  ({line['asker'] or 'nobody named'}; {line['answers']} answers)"
                )


@click.command("show")
@click.argument("thread")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(*, thread: str, as_json: bool) -> None:
    """Show a thread with its posts in reading order."""
    with opened() as (session, _, _):
        shown = show_thread(session, thread)
    if as_json:
        put(shown)
        return
    click.echo(shown["title"])
    for post in shown["posts"]:
        level = f", {post['level']}" if post["level"] else ""
        click.echo(f"\n{post['kind']} by {post['author'] or 'nobody named'}{level}\n\n{post['text']}")


@click.command("search")
@click.argument("query")
@click.option("--collection", help="Only in this collection.")
@click.option("--author", help="Only posts of this author.")
@click.option("--page", default=1, show_default=True, help=f"Which {HITS_A_PAGE} hits.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def search(*, query: str, collection: str | None, author: str | None, page: int, as_json: bool) -> None:
    """Search what is published: words, "phrases", -words, OR, and operators as author:NAME (see docs/reading.md)."""
    with opened() as (session, _, _):
        slug = named_collection(session, collection) if collection is not None else None
        found = search_posts(session, query, collection=slug, author=author, page=page, names=True)
    for hit in found.hits:
        snippet = "".join(text for text, _ in hit.snippet)
        if as_json:
            put(
                {
                    "id": hit.post.public_id,
                    "thread": hit.thread.public_id,
                    "title": hit.thread.title,
                    "kind": hit.post.kind,
                    "author": hit.post.author or hit.post.byline,
                    "level": hit.post.level,
                    "snippet": snippet,
                    "hits": [text for text, is_hit in hit.snippet if is_hit],
                }
            )
        else:
            click.echo(f"{hit.post.public_id}  {hit.thread.title}\n  {' '.join(snippet.split())}")
    for sentence in (*(f"{one.typed}: {one.why}" for one in found.ignored), *found.left_out):
        say(sentence)
    if found.offer is not None:
        say(f"Did you mean: {found.offer[0]}")
    more = "" if found.counted_all else "more than "
    say(f"{more}{found.total:,} found, {found.order}.")
