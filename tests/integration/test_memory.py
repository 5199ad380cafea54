"""An import takes no more memory for more input: what is read is let go of, chunk after chunk and file after file."""

import json

import pytest
from sqlalchemy import update

from archive.services.ingest import chunks
from archive.services.ingest.settle import settle
from archive.store import joining, titles, unsettled
from archive.store.threads import Thread
from tests.memory import peak

LETTER = "From: a@example.org\nMessage-ID: <{0}@example.org>\nSubject: Oars\n\nThe {0}th word on oars.\n"


def comments(number: int) -> str:
    """Of 20 threads whose questions are elsewhere, by 500 people."""
    return "".join(
        json.dumps(
            {
                "id": f"k{place}",
                "link_id": f"t3_s{place % 20}",
                "parent_id": f"t3_s{place % 20}",
                "body": f"The {place}th word on it.",
                "author": f"speaker{place % 500}",
                "created_utc": 1_700_000_000 + place,
            }
        )
        + "\n"
        for place in range(number)
    )


def letters(number: int) -> str:
    """Of threads of five, in which each answers the one before it; the second one is lost."""
    return "".join(
        f"From - Mon Jan  1 00:00:00 2024\nFrom: a@example.org\nMessage-ID: <{place}@example.org>\nSubject: Oars\n"
        + (f"References: <{place - 1}@example.org>\n" if place % 5 else "")
        + f"\nThe {place}th word on oars.\n\n"
        for place in range(number)
        if place % 5 != 1
    )


@pytest.mark.parametrize(("name", "written"), [("2024.ndjson", comments), ("2024.mbox", letters)])
def test_a_dry_run_remembers_the_chunks_before_outside_of_its_memory(name, written, archive, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 100)
    archive.preview({name: written(200)})
    short = peak(lambda: archive.preview({name: written(400)}))
    long = peak(lambda: archive.preview({name: written(1_600)}))
    assert long < short + 1_250_000  # bytes; it took twice that, and readers of mails fill caches of their own


@pytest.mark.database("sqlite")  # what is held of files is the same on any
def test_of_many_files_few_are_held_at_a_time(archive, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 100)

    def import_(number: int, first: int) -> int:
        folder = f"list-{first}"
        archive.write({f"{folder}/{place}.eml": LETTER.format(first + place) for place in range(number)})
        return peak(lambda: archive.import_paths([archive.folder / folder]))

    import_(110, 0)
    few = import_(150, 1_000)
    # bytes; 850 more files took 2,800,000, and what is handled together takes 1,200,000. What else a process does adds.
    assert any(import_(1_000, first) < few + 1_800_000 for first in (2_000, 3_000))


def test_of_the_mails_of_a_thread_only_numbers_are_held_while_it_is_put_in_order(archive, monkeypatch):
    for module in (joining, titles, unsettled):
        monkeypatch.setattr(module, "_AT_ONCE", 100)
    letter = "From - Mon Jan  1 00:00:00 2024\nFrom: a@example.org\nMessage-ID: <{0}@example.org>\n"
    letter += "References: <{1}@example.org>\nSubject: Re: Oars\n\nHm\n\n"

    def put_in_order(number: int, lost: str) -> int:
        archive.import_({f"{lost}.mbox": "".join(letter.format(f"{lost}-{place}", lost) for place in range(number))})
        archive.session.execute(update(Thread).where(Thread.source_key == f"{lost}@example.org").values(unsettled=True))
        archive.session.commit()
        return peak(lambda: list(settle(archive.session)))

    put_in_order(100, "warm")
    few, many = put_in_order(400, "first"), put_in_order(1_600, "second")
    assert many < few + 350_000  # bytes; it took three times that
