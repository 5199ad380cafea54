"""The texts on which moderators have decided, as weights are learned from them."""

from archive.domain.source_quality import Level
from archive.store.decided_texts import decided_texts
from tests.integration.conftest import Archive
from tests.integration.taught import FERRYMEN, teach


def test_what_is_learned_from_are_current_texts_with_their_tags_and_words(archive: Archive) -> None:
    teach(archive, archive.add_moderator("maud"), threads=2, answers=6, seed=1)
    found = decided_texts(archive.session)
    assert len(found) == 12
    by_hearsay = [one for one in found if one.level is Level.RECOLLECTED]
    assert [one.text.startswith(FERRYMEN) for one in by_hearsay] == [True] * 6
    words = by_hearsay[0].evidence[0]
    assert by_hearsay[0].text[words["start"] : words["end"]] == words["text"]
    assert len({one.thread_id for one in found}) == 2
