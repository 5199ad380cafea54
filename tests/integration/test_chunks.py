"""What is committed together: as many posts as fit into memory, however long they are."""

import pytest
from sqlalchemy import func, select

from archive.domain.records import Markup
from archive.services.ingest import chunks
from archive.services.ingest.run import sources_of
from archive.store.batches import list_inputs
from archive.store.threads import Post
from imports.formats import AUTO
from tests.integration.conftest import Archive
from tests.integration.test_numbered_threads import asked, comment, dump

LONG = "The lock-keepers' ledger says so, at length. " * 100
POSTS = [asked(), *(comment(number, body=f"{number}: {LONG}") for number in range(1, 40))]


@pytest.mark.database("sqlite")
def test_a_chunk_holds_no_more_bytes_of_posts_than_it_may(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 5 * len(LONG))
    batch = archive.receive({"a.ndjson": dump(*POSTS)})
    sources = sources_of(archive.vault, list_inputs(archive.session, batch))
    read = list(chunks.read_chunks(sources, format_name=AUTO, markup=Markup.PLAIN))
    sizes = [[post.ref.length for stretch in chunk.stretches for post in stretch.records] for chunk in read]
    assert sum(map(len, sizes)) == len(POSTS)
    assert all(sum(size[:-1]) < chunks.CHUNK_BYTES for size in sizes)
    assert archive.read_in(batch).balance.added == len(POSTS)
    assert archive.session.scalar(select(func.count()).select_from(Post)) == len(POSTS)
