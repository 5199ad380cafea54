"""Files for programs of references: how each is written, and sent."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, abort

from archive.domain.citing.bibtex import bibtex
from archive.domain.citing.post_csl import Item
from archive.domain.citing.ris import ris


@dataclass(frozen=True, slots=True)
class FileForm:
    """One form of file."""

    title: str
    mimetype: str
    write: Callable[[Sequence[Item]], str]


def _csl(items: Sequence[Item]) -> str:
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


# By the ending of the file.
FILES: dict[str, FileForm] = {
    "bib": FileForm("BibTeX", "application/x-bibtex", lambda items: "\n".join(map(bibtex, items))),
    "ris": FileForm("RIS", "application/x-research-info-systems", lambda items: "".join(map(ris, items))),
    "json": FileForm("CSL-JSON", "application/vnd.citationstyles.csl+json", _csl),
}


def file_form(ending: str) -> FileForm:
    """The form that has the ending; otherwise there is nothing at the address."""
    if ending not in FILES:
        abort(404)
    return FILES[ending]


def sent(items: Sequence[Item], ending: str, *, name: str) -> Response:
    """A file of items, to be saved under a name."""
    form = file_form(ending)
    response = Response(form.write(items), content_type=f"{form.mimetype}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
