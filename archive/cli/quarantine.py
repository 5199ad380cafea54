"""`footnote quarantine`."""

import click

from archive.cli.output import opened, put, say
from archive.domain.one_line import one_line
from archive.services.quarantine.pages import ItemView, every_item
from archive.web.words import counted


@click.command("quarantine")
@click.argument("batch", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def quarantine(*, batch: int, as_json: bool) -> None:
    """List what could not be read of a batch, and what became of it. Repair and dismiss it in the browser."""
    count = waiting = 0
    with opened() as (session, vault, _):
        for item in every_item(session, vault, batch):
            count += 1
            waiting += item.resolution is None
            if as_json:
                put(_as_json(item))
            else:
                became = item.resolution.outcome if item.resolution else "in quarantine"
                place = f"{item.name}, bytes {item.offset:,} to {item.offset + item.length:,}"
                click.echo(one_line(f"{item.number}  {became}  {place}: {item.text}"))
    say(f"{counted(count, 'stretch', 'stretches')} could not be read, {waiting:,} of them in quarantine still.")


def _as_json(item: ItemView) -> dict[str, object]:
    raw, resolution = item.raw, item.resolution
    return {
        "number": item.number,
        "file": item.name,
        "original": item.original,
        "offset": item.offset,
        "length": item.length,
        "reason": item.text,
        "outcome": resolution.outcome if resolution else None,
        "dismissed_for": resolution.reason if resolution else None,
        "words": resolution.words if resolution else "",
        "repaired_by": resolution.repaired if resolution else None,
        "text": raw.text if raw else None,
        "hexadecimal": raw.hexadecimal if raw else "",
        "cut": raw.cut if raw else False,
    }
