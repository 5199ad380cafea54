"""Threads that tests write for themselves, in the plain layout, and what they are packed in."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence

Answer = tuple[str, str]  # author and text

ASKER = "clio_reads7"
ANNALIST = "annalist_1204"
RUSTICUS = "rusticus88"
WEAVER = "weaver_of_ghent2"

DYKES = "Who paid for the dykes of Holland before 1500?"
SALT = "Why was salt taxed so heavily in France?"
BELLS = "How were church bells tuned in the Middle Ages?"

ON_DYKES = (
    (ANNALIST, "The water boards did, out of a levy on every holder of land.\n\nTheir account books survive."),
    (RUSTICUS, "I once read that the counts of Holland paid for some of it, but cannot name the book."),
)
ON_SALT = (
    (WEAVER, "Because everybody needed it and few places made it."),
    (ANNALIST, "The king had a monopoly, and farmed it out."),
)
ON_BELLS = ((RUSTICUS, "By filing metal off the inside, as Theophilus describes."),)


def thread(question: str, answers: Sequence[Answer] = (), *, asker: str = ASKER, body: str = "") -> str:
    """A thread as a file holds it."""
    parts = [question, f"by {asker}", *([body] if body else [])]
    for author, text in answers:
        parts += [author, text]
    return "\n\n".join(parts) + "\n"


def lines(*texts: str) -> str:
    """Threads as JSON lines."""
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)


def zipped(members: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of members by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


DYKES_FILE = thread(DYKES, ON_DYKES)
SALT_FILE = thread(SALT, ON_SALT)
BELLS_FILE = thread(BELLS, ON_BELLS)


def with_large_window(content: bytes) -> bytes:
    """A Zstandard frame with one raw block, and a window of 2 GiB."""
    return b"\x28\xb5\x2f\xfd\0" + bytes([21 << 3]) + (len(content) << 3 | 1).to_bytes(3, "little") + content
