"""A corpus for measuring: a mailing list as one mbox file, threaded by References.

Mails have 900 characters of text on average. Replies quote some lines of the mail that they answer; one in
ten mails is in quoted-printable and ISO-8859-1, one in ten has an HTML part beside its text; the line of
References is as long as the way up to the thread's first mail, but for its middle.
"""

import quopri
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import chain
from pathlib import Path

from tests.bench.language import Language
from tests.bench.limit import PlainRow

_OPEN_THREADS = 100  # in which people write at one time
_START = 1_262_304_000  # 2010-01-01, in seconds
_MOST_REFERENCES = 12
_SENDER = "From list@example.org Fri Jan  1 00:00:00 2010\n"
_FROM = re.compile(r"^(>*From )", re.MULTILINE)  # in a text, where it would begin the next mail
_PARTS = """Content-Type: multipart/alternative; boundary="=_cut"

--=_cut
Content-Type: text/plain; charset=utf-8

{text}

--=_cut
Content-Type: text/html; charset=utf-8

<p>{text}</p>

--=_cut--"""


@dataclass(frozen=True, slots=True)
class _Mail:
    id: str
    text: str
    above: tuple[str, ...]  # ids up to the thread's first mail, that one first


@dataclass(slots=True)
class _Thread:
    subject: str
    left: int  # mails still to be written
    mails: list[_Mail] = field(default_factory=list)


def write_mails(folder: Path, mails: int) -> Sequence[Path]:
    """Write so many mails."""
    path = folder / "list.mbox"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_mails(Language(random.Random(3)), mails))
    return [path]


def mail_rows(paths: Sequence[Path]) -> Iterator[PlainRow]:
    """Yield the mails again, in the fewest lines, nothing of them decoded."""
    for path in paths:
        with path.open("r", encoding="utf-8") as file:
            lines: list[str] = []
            for line in chain(file, [_SENDER]):
                if line.startswith("From ") and lines:
                    head, _, text = "".join(lines).partition("\n\n")
                    fields = dict(field.split(": ", 1) for field in head.split("\n")[1:])
                    thread, parent = fields.get("References", "").split(" ")[0], fields.get("In-Reply-To")
                    id_ = fields["Message-ID"]
                    yield id_, thread or id_, parent, fields["From"], fields["Date"], text
                    lines = []
                lines.append(line)


def _mails(language: Language, mails: int) -> Iterator[str]:
    threads: list[_Thread] = []
    for number in range(mails):
        if len(threads) < _OPEN_THREADS:
            threads.append(_Thread(language.sentence(language.dice.randint(3, 9), end=""), language.size(500)))
        thread = language.dice.choice(threads)
        yield _mail(language, thread, number)
        thread.left -= 1
        if thread.left == 0:
            threads.remove(thread)


def _mail(language: Language, thread: _Thread, number: int) -> str:
    dice, name = language.dice, language.name()
    answered = dice.choice(thread.mails[-5:]) if thread.mails else None
    text = language.prose(min(int(dice.lognormvariate(6.2, 0.9)), 50_000))
    mail = _Mail(
        f"<{number:08}.{dice.getrandbits(48):012x}@mail.example.org>",
        text,
        (*answered.above, answered.id)[-_MOST_REFERENCES:] if answered else (),
    )
    if answered:
        quoted = "".join(f"> {line}\n" for line in answered.text.split("\n")[:4])
        text = f"On that day someone wrote:\n{quoted}\n{text}"
    thread.mails.append(mail)
    head = [
        f"From: {name.replace('_', ' ').title()} <{name}@example.org>",
        "To: list@example.org",
        f"Subject: {'Re: ' if answered else ''}{thread.subject}",
        f"Date: {format_datetime(datetime.fromtimestamp(_START + number * 90, UTC))}",
        f"Message-ID: {mail.id}",
        "MIME-Version: 1.0",
        *([f"In-Reply-To: {answered.id}", f"References: {' '.join(mail.above)}"] if answered else []),
    ]
    return _SENDER + "\n".join(head) + "\n" + _FROM.sub(r">\1", _encoded(text, dice.random())) + "\n\n"


def _encoded(text: str, chance: float) -> str:
    if chance < 0.1:
        body = quopri.encodestring(text.encode("iso-8859-1", "replace")).decode("ascii")
        return f"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n{body}"
    if chance < 0.2:
        return _PARTS.format(text=text)
    return f"Content-Type: text/plain; charset=utf-8\n\n{text}"
