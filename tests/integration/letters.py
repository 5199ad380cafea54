"""Mails of a list as tests write them: in one file, in several, and as random people answer one another."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

_OPENING = "From list@quay.example Mon Mar  2 10:00:00 2015\n"
_LOST = 0.25  # of the mails of a list that is made up at random
Files = dict[str, str | bytes]


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """A mail and what it says of those above it."""

    key: str
    references: Sequence[str] = ()
    in_reply_to: str | None = None
    minute: int = 0
    subject: str = "Harbour tolls"

    def __str__(self) -> str:
        answers = bool(self.references or self.in_reply_to)
        return (
            f"From: {self.key} <{self.key}@quay.example>\nMessage-ID: <{self.key}@x>\n"
            f"Date: Mon, 2 Mar 2015 10:{self.minute:02}:00 +0000\n"
            f"Subject: {'Re: ' * answers}{self.subject}\n"
            + (f"References: {' '.join(f'<{key}@x>' for key in self.references)}\n" if self.references else "")
            + (f"In-Reply-To: <{self.in_reply_to}@x>\n" if self.in_reply_to else "")
            + f"\nWords of {self.key}.\n"
        )


def mbox(*letters: Letter) -> str:
    """One file that holds them."""
    return "".join(f"{_OPENING}{letter}\n" for letter in letters)


def random_list(dice: random.Random, *, odd: bool) -> list[Letter]:
    """Mails of a list, some of which are lost. Their programs write whole lines of References, cut ones or none.

    :param odd: whether some name any others, in any order.
    """
    keys = [f"{dice.randrange(100):02}{number:02}" for number in range(dice.randint(3, 12))]
    lines: list[list[str]] = []
    letters = []
    for number, key in enumerate(keys):
        parent = dice.choice([None, *range(number), *range(number)])
        line = [] if parent is None else [*lines[parent], keys[parent]]
        lines.append(line)
        references: Sequence[str] = dice.choice(
            [line, line, line[-dice.randint(1, 3) :], [*line[:1], *line[1:][-1:]], []]
        )
        if odd and dice.random() < 0.25:
            references = dice.sample(keys, dice.randint(1, 3))
        letters.append(Letter(key, references, line[-1] if line and not references else None, number))
    return [letter for letter in letters if dice.random() > _LOST] or letters


def random_files(dice: random.Random, letters: Sequence[Letter], *, twice: float) -> list[tuple[str, str]]:
    """The mails in several files in any order, mboxes and single mails.

    :param twice: how many of them stand in two files.
    """
    heaps: list[list[Letter]] = [[] for _ in range(dice.randint(1, 4))]
    for letter in letters:
        dice.choice(heaps).append(letter)
        if dice.random() < twice:
            dice.choice(heaps).append(letter)
    files: list[tuple[str, str]] = []
    for number, heap in enumerate(heap for heap in heaps if heap):
        dice.shuffle(heap)
        if dice.random() < 0.3:
            files += [(f"{number}-{place}.eml", str(letter)) for place, letter in enumerate(heap)]
        else:
            files.append((f"{number}.mbox", mbox(*heap)))
    dice.shuffle(files)
    return files
