"""Threads whose answers a house rule tells apart that no weights from elsewhere know: ferrymen speak from memory."""

import random
from collections.abc import Sequence

from archive.domain.source_quality import Level
from archive.services.bench.cast import Said, Sight, cast
from archive.store.users import User
from tests.integration.conftest import Archive
from tests.integration.written import thread

FERRYMEN = "The ferrymen of"
_PLACES = ("Lintal", "Ostermoor", "Kaldby", "Venn", "Sarrow", "Holm")
_WARES = ("salt", "wool", "herring", "timber", "tallow", "glass")


def teach(archive: Archive, moderator: User, *, threads: int, answers: int, seed: int, name: str = "taught") -> None:
    """Publish threads, and tag every answer of them."""
    chance = random.Random(seed)
    files = {f"{name}{number}.txt": _thread(f"{name}{number}", answers, chance) for number in range(threads)}
    archive.import_(files, public=True)
    for row in archive.answers():
        if row.byline and row.byline.startswith(name) and row.level is None:
            by_hearsay = row.text.startswith(FERRYMEN)
            end = row.text.index(".") + 1
            cast(
                archive.session,
                post=row.public_id,
                revision_id=row.revision_id,
                version=row.tag_version,
                said=Said(
                    level=Level.RECOLLECTED if by_hearsay else Level.UNSOURCED,
                    evidence=[(0, end)] if by_hearsay else [],
                    seen=Sight.SUGGESTION,
                ),
                moderator=moderator,
            )


def _thread(name: str, answers: int, chance: random.Random) -> str:
    posts: Sequence[tuple[str, str]] = [(f"{name}_{number}", _answer(number, chance)) for number in range(answers)]
    return thread(f"What went up the river, and for how much, in the case of {name}?", posts)


def _answer(number: int, chance: random.Random) -> str:
    place, ware, price = chance.choice(_PLACES), chance.choice(_WARES), chance.randrange(3, 90)
    if number % 2:
        return f"{FERRYMEN} {place} have it that {ware} went up the river for {price} pence a load."
    return f"In {place} the price of {ware} was {price} pence a load, as wages on the quays had risen too."
