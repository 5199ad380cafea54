"""`footnote import`, `publish`, `roll-back`."""

import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TypedDict

import click

from archive.cli.output import opened, put, say
from archive.domain.batch import Balance
from archive.domain.records import Markup
from archive.domain.word_diff import Fate
from archive.services.differences import Difference
from archive.services.ingest.orders import go_on_here
from archive.services.ingest.preview import Preview, RemarkSketch, preview_paths
from archive.services.ingest.publish import publish as publish_batch
from archive.services.ingest.publish import roll_back as roll_back_batch
from archive.services.ingest.receive import receive_paths
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.batches import Remark, RemarkKind
from archive.store.changes import count_absent
from archive.store.quarantine import list_unread
from archive.web.words import counted
from imports.formats import AUTO, FORMATS

QUARANTINED = 3  # exit code: it balances, but something is in quarantine
_CUT_OFF = 130  # exit code, as shells have it for Ctrl-C
_REASONS = 5  # told at the terminal; all of them stand on the batch's page
_BY = Actor.of(None)
_OUTCOMES = ("read", "added", "unchanged", "changed", "duplicate", "quarantined", "dismissed", "skipped")
_KINDS = ("threads", "questions", "answers", "replies", "missing")


class _How(TypedDict):
    collection: str
    format_name: str
    markup: Markup
    large_window: bool


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", default="imported", show_default=True, help="Where the threads belong.")
@click.option(
    "--format",
    "format_name",
    default=AUTO,
    show_default=True,
    help=f"How the files are written: {', '.join((AUTO, *(format_.name for format_ in FORMATS)))}, "
    "or a format of a package that `footnote doctor` lists.",
)
@click.option(
    "--markup",
    type=click.Choice([markup.value for markup in Markup]),
    default=Markup.PLAIN.value,
    show_default=True,
    help="How the posts are written.",
)
@click.option("--large-window", is_flag=True, help="Hold up to 2 GiB of memory for a .zst file that asks for it.")
@click.option("--dry-run", is_flag=True, help="Read everything, write nothing.")
@click.option("--publish", "publish_", is_flag=True, help="Make the batch public when it is complete.")
@click.option("--json", "as_json", is_flag=True, help="Print the balance sheet as one JSON object.")
def import_(
    *,
    paths: tuple[Path, ...],
    collection: str,
    format_name: str,
    markup: str,
    large_window: bool,
    dry_run: bool,
    publish_: bool,
    as_json: bool,
) -> None:
    """Import files, folders, zip or 7z archives of threads, also compressed ones.

    Exits with 0 when everything is accounted for, with 3 when something is in quarantine.
    """
    started = perf_counter()
    how = _How(collection=collection, format_name=format_name, markup=Markup(markup), large_window=large_window)
    with opened() as (session, vault, _):
        if dry_run:
            preview = preview_paths(session, paths, **how)
            batch_id, balance, absent = None, preview.balance, preview.absences
            _tell_changes(preview)
            _tell_doubts(preview.doubtful)
            unread = [remark for remark in preview.remarks if remark.kind is RemarkKind.QUARANTINED]
            _tell_reasons([*preview.refused, *unread], balance.quarantined)
        else:
            batch_id = receive_paths(session, vault, paths, by=_BY, **how)
            go_on_here(session, batch_id, by=_BY)
            with _kept_if_cut_off(batch_id), _progress() as progress:
                balance = run_batch(session, vault, batch_id, by=_BY, publish_it=publish_, progress=progress)
            absent = count_absent(session, batch_id)
            _tell_reasons(list_unread(session, batch_id, limit=_REASONS), balance.quarantined)
    seconds = perf_counter() - started
    counts = balance.as_dict()
    if as_json:
        figures = {name: counts[name] for name in (*_OUTCOMES, *_KINDS)}
        put({"batch": batch_id, **figures, "absent": absent, "seconds": round(seconds, 3)})
    _tell(balance, batch_id, seconds, absent=absent, published=publish_)
    sys.exit(QUARANTINED if balance.quarantined else 0)


@click.command("publish")
@click.argument("batch", type=int)
def publish(*, batch: int) -> None:
    """Make a draft batch public as a whole."""
    with opened() as (session, _, _):
        publish_batch(session, batch, by=_BY)
    say(f"Batch {batch} is public.")


@click.command("roll-back")
@click.argument("batch", type=int)
@click.option("--reason", default="", help="Why; the ledger keeps it.")
def roll_back(*, batch: int, reason: str) -> None:
    """Take a batch out of the archive as a whole."""
    with opened() as (session, _, _):
        roll_back_batch(session, batch, reason=reason, by=_BY)
    say(f"Batch {batch} is rolled back. Its originals are kept; import them again to bring it back.")


@contextmanager
def _kept_if_cut_off(batch_id: int) -> Iterator[None]:
    """Say what becomes of an import at Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"Cut off. What was read is kept; the same command goes on with batch {batch_id} from there.")
        sys.exit(_CUT_OFF)


@contextmanager
def _progress() -> Iterator[Callable[[int, int, int], None]]:
    """A bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    with click.progressbar(length=1000, label="Reading", file=sys.stderr) as bar:

        def show(done: int, whole: int, posts: int) -> None:
            bar.label = f"Reading, {posts:,} posts"
            bar.update(round(1000 * done / max(whole, 1)) - bar.pos)

        yield show


def _tell_doubts(doubtful: int) -> None:
    if doubtful:
        say(
            f"{doubtful} lines may be a name or a paragraph. "
            "To see them and correct them, import the files under “Imports” in the browser."
        )


def _tell_reasons(remarks: Sequence[Remark | RemarkSketch], count: int) -> None:
    """Why the first of what could not be read could not be, and how many more there are."""
    for remark in remarks[:_REASONS]:
        say(_printable(f"{remark.name}: {remark.text}"))
    _tell_more(count - len(remarks[:_REASONS]), "in quarantine")


def _tell_changes(preview: Preview) -> None:
    """The posts that would get another text or author, and those that are not in what was read."""
    for post in preview.changed:
        say(_printable(f"Changed: {post.kind} by {post.author or 'nobody named'} in “{post.thread_title}”:"))
        if post.names is not None:
            say(_printable("    author: {} → {}".format(*(name or "none" for name in post.names))))
        say(textwrap.indent(_marked(post.difference), "    ", predicate=lambda _: True))
    _tell_more(preview.balance.changed - len(preview.changed), "changed")
    for post in preview.absent:
        say(_printable(f"Absent: {post.kind} by {post.author or 'nobody named'} in “{post.thread_title}”."))
    _tell_more(preview.absences - len(preview.absent), "absent")


def _tell_more(count: int, what: str) -> None:
    if count:
        say(f"{count:,} more {what}, not listed here.")


def _marked(difference: Difference | None) -> str:
    """A difference as plain text."""
    if difference is None:
        return "(from an earlier text in what is being read)"
    if difference.words.is_same:
        return "(the words are the same)"
    marks = {Fate.DELETED: "[-{}-]", Fate.INSERTED: "{{+{}+}}", Fate.SAME: "{}"}
    shown = (
        marks[piece.fate].format(piece.text) if piece.text else f"[… {piece.left_out:,} words …]"
        for piece in difference.words.pieces
    )
    whole = "".join(shown) + ("\n(cut: they differ in more than is compared)" if difference.words.cut else "")
    return "\n".join(_printable(line.expandtabs()) for line in whole.splitlines())


def _printable(sentence: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in sentence)  # a name may hold escapes


def _tell(balance: Balance, batch_id: int | None, seconds: float, *, absent: int, published: bool) -> None:
    """The balance sheet in words."""
    counts = balance.as_dict()
    ended = " + ".join(f"{counts[name]:,} {name}" for name in _OUTCOMES[1:] if counts[name]) or "0"
    say(f"{balance.read:,} read = {ended}.")
    say(
        f"{balance.bytes_received:,} bytes = {balance.bytes_in_posts:,} in posts "
        f"+ {balance.bytes_in_layout:,} between them + {balance.bytes_set_aside:,} set aside."
    )
    say(
        f"In {counted(balance.threads, 'thread')}, each time that they were read: "
        f"{counted(balance.questions, 'question')}, {counted(balance.answers, 'answer')}, "
        f"{counted(balance.replies, 'reply', 'replies')}; in {seconds:.1f} s."
    )
    if balance.missing:
        say(f"The source says that there are {balance.missing:,} more, capture by capture, and does not give them.")
    if absent:
        say(f"{counted(absent, 'post')} of earlier captures {'is' if absent == 1 else 'are'} not in what was read.")
    if batch_id is None:
        say("Nothing was written: this was a dry run.")
    elif published:
        say(f"Batch {batch_id} is public.")
    elif balance.added or balance.changed:
        say(f"Batch {batch_id} is a draft; “footnote publish {batch_id}” makes it public.")
    else:
        say(f"Batch {batch_id} brings nothing new, so there is nothing to publish.")
    if balance.quarantined and batch_id is not None:
        say(f"Some input was not read in. It is kept; “footnote quarantine {batch_id}” lists it with place and reason.")
