"""What is committed together: as many posts as fit into memory, however long they are."""

from contextlib import closing

import pytest
from sqlalchemy import func, select

from archive.domain.records import Markup
from archive.services.ingest import chunks
from archive.services.ingest.run import sources_of
from archive.store.threads import Post
from imports.formats import AUTO
from tests.integration.conftest import Archive
from tests.integration.test_numbered_threads import asked, comment, dump

LONG = "The lock-keepers' ledger says so, at length. " * 100
POSTS = [asked(), *(comment(number, body=f"{number}: {LONG}") for number in range(1, 40))]


@pytest.mark.database("sqlite")
def read_in_chunks(archive: Archive, batch: int) -> list[chunks.Chunk]:
    with closing(sources_of(archive.session, archive.vault, batch)) as sources:
        return list(chunks.read_chunks(sources, format_name=AUTO, markup=Markup.PLAIN))


def test_a_chunk_holds_no_more_bytes_of_posts_than_it_may(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 5 * len(LONG))
    batch = archive.receive({"a.ndjson": dump(*POSTS)})
    read = read_in_chunks(archive, batch)
    sizes = [[post.ref.length for stretch in chunk.stretches for post in stretch.records] for chunk in read]
    assert sum(map(len, sizes)) == len(POSTS)
    assert all(sum(size[:-1]) < chunks.CHUNK_BYTES for size in sizes)
    assert archive.read_in(batch).balance.added == len(POSTS)
    assert archive.session.scalar(select(func.count()).select_from(Post)) == len(POSTS)


def test_a_chunk_holds_no_more_of_what_mails_name_than_it_may(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_MENTIONS", 100)
    above = " ".join(f"<{number}@example.org>" for number in range(50))
    letter = "From - Mon Jan  1 00:00:00 2024\nFrom: a@example.org\nMessage-ID: <m{0}@example.org>\n"
    letters = (f"{letter.format(number)}References: {above}\n\nHm\n\n" for number in range(10))
    batch = archive.receive({"a.mbox": "".join(letters)})
    read = read_in_chunks(archive, batch)
    assert sum(chunk.posts for chunk in read) == 10
    assert max(chunk.mentions for chunk in read) < 200
    assert archive.read_in(batch).balance.added == 10


def test_files_in_which_nothing_is_fill_a_chunk_too(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 3)
    batch = archive.receive({f"{number}.ndjson": dump(comment(number)) for number in range(10)})
    assert max(len(chunk.done) for chunk in read_in_chunks(archive, batch)) == 3
