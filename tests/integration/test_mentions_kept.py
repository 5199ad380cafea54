"""What is kept of what mails tell of others: what may still matter, and no more."""

import random

import pytest
from sqlalchemy import select

from archive.services.ingest import chunks
from archive.services.ingest.publish import publish, roll_back
from archive.store.mentions import Mention
from tests.integration.conftest import BY, Archive, NewArchive
from tests.integration.letters import Files, Letter, mbox
from tests.integration.test_mails_of_several_files import assert_sound, place, seen, tree

ONE = Letter("one", minute=1)
TWO = Letter("two", ["one"], minute=2)
THREE = Letter("three", ["one", "two"], minute=3)
FOUR = Letter("four", ["one", "two", "three"], minute=4)
FIVE = Letter("five", ["lost", "one", "two", "three", "four"], minute=5)


def mentions(archive: Archive) -> set[str]:
    """Above which mails something is said to stand, each as it is known."""
    archive.session.rollback()
    return {key.removesuffix("@x") for key in archive.session.scalars(select(Mention.above_key))}


def single(*letters: Letter) -> Files:
    return {f"{letter.key}.eml": str(letter) for letter in letters}


@pytest.mark.parametrize("posts", [1, 2, 3_000])
@pytest.mark.parametrize("order", [1, -1])
def test_nothing_is_kept_of_mails_that_came_in_the_same_batch(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, posts: int, order: int
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", posts)
    archive.import_(single(*[ONE, TWO, THREE, FOUR][::order]))
    assert mentions(archive) == set()
    archive.import_({"five.eml": str(FIVE)})
    assert mentions(archive) == {"lost", "one", "two", "three", "four"}
    assert_sound(archive)


def test_what_the_mail_above_is_called_is_kept_where_that_is_missing(archive: Archive) -> None:
    archive.import_(single(TWO, THREE), public=True)
    assert mentions(archive) == {"one"}
    assert place(archive, THREE)[:2] == ("one", "two")


def test_a_mail_keeps_its_thread_when_the_one_between_is_rolled_back_with_another_batch(archive: Archive) -> None:
    archive.import_(single(ONE), public=True)
    both = archive.import_(single(TWO, THREE), public=True)
    archive.import_({**single(THREE), "other.eml": str(Letter("other", minute=9))}, public=True)
    assert mentions(archive) == {"one", "two"}  # by the last batch, which does not hold what is between
    roll_back(archive.session, both.batch, reason="", by=BY)
    assert place(archive, THREE)[:2] == ("one", None)
    assert_sound(archive)


def test_what_an_earlier_batch_tells_by_the_same_file_is_kept(archive: Archive) -> None:
    archive.import_(single(THREE), public=True)
    told = mentions(archive)
    later = archive.import_({**single(TWO, ONE), "again.eml": str(THREE)}, public=True)
    assert mentions(archive) == told
    roll_back(archive.session, later.batch, reason="", by=BY)
    assert place(archive, THREE)[:2] == ("one", None)


@pytest.mark.seeds(8)
def test_readers_see_what_they_would_if_everything_were_kept(
    new_archive: NewArchive, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice = random.Random(seed)
    letters = [ONE, TWO, THREE, FOUR, FIVE, Letter("six", [], "four", minute=6)]
    heaps = [dice.sample(letters, dice.randint(1, 4)) for _ in range(4)]
    acts = [dice.randrange(4) for _ in range(5)]
    found = []
    for keeps in (True, False):
        if keeps:
            monkeypatch.setattr("archive.services.ingest.entering.beyond_batch", lambda _, rows, **__: list(rows))
            monkeypatch.setattr("archive.services.ingest.run.forget_within", lambda *_: None)
        else:
            monkeypatch.undo()
        with new_archive() as archive:
            files = [single(*heap) if len(heap) % 2 else {"m.mbox": mbox(*heap)} for heap in heaps]
            drafts = [archive.import_(some).batch for some in files]
            states, told = dict.fromkeys(drafts, 0), [seen(archive)]
            for number in acts:
                batch = drafts[number]
                if states[batch] == 0:
                    publish(archive.session, batch, by=BY)
                elif states[batch] == 1:
                    roll_back(archive.session, batch, reason="", by=BY)
                states[batch] += 1
                told.append(seen(archive))
                assert_sound(archive)
            found.append((told, tree(archive)))
    assert found[0] == found[1]
