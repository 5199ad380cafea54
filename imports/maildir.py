"""Which files of a Maildir are no mails that were delivered.

Format: https://cr.yp.to/proto/maildir.html: a mail a file, in `new` or `cur`; in `cur` with flags behind “:2,” in its
name, for which programs on Windows write “;2,” or “!2,”.
"""

import re
from pathlib import Path

_FOLDERS = ("cur", "new", "tmp")
_DRAFT = re.compile(r".*[:;!]2,[A-Za-z]*D[A-Za-z]*")


def reason_to_skip_in_maildir(path: Path) -> str | None:
    """Why a file or folder is left out, as a sentence; None where it is a mail, or in no Maildir."""
    if path.name in _FOLDERS and path.is_dir():
        return "Mails in it are not yet delivered." if path.name == "tmp" and _is_maildir(path.parent) else None
    if _is_maildir(path.parent):
        return "It lies in a Maildir, and is none of its folders of mails."
    if path.parent.name == "cur" and _DRAFT.fullmatch(path.name) and _is_maildir(path.parent.parent):
        return "It is a draft, which was never sent."
    return None


def _is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in _FOLDERS)
