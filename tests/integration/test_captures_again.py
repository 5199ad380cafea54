"""Captures that come again, after rollbacks, in other pieces, in other markups: on both databases."""

from collections.abc import Callable

import pytest

from archive.domain.batch import Balance
from archive.services.ingest import chunks
from archive.services.ingest.publish import roll_back
from tests.integration.conftest import BY, Archive
from tests.integration.written import ANNALIST, DYKES, thread

Counts = Callable[[Balance], dict[str, int]]


@pytest.mark.parametrize("posts", [1, 5_000])
def test_a_text_that_was_rolled_back_and_comes_again_is_the_newest_whatever_the_pieces(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, posts: int
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", posts)
    one, two = thread(DYKES, [(ANNALIST, "One text.")]), thread(DYKES, [(ANNALIST, "Another text.")])
    rolled_back = [archive.import_({"1.txt": one}), archive.import_({"2.txt": two})]
    for imported in rolled_back:
        roll_back(archive.session, imported.batch, reason="", by=BY)
    files: dict[str, str | bytes] = {"1.txt": one, "3.txt": f"{two}\n", "4.txt": f"{one}\n\n"}
    told = archive.preview(files).balance
    assert told == archive.import_(files, public=True).balance
    answer = archive.answer(ANNALIST)
    assert (answer.text, answer.revision_number) == ("One text.", 4)
