"""Items of Hacker News, whose comments name no story, over files and batches: one tree, in any order."""

import json
import random
from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from archive.domain.records import PostKind
from archive.services.ingest.publish import publish, roll_back
from archive.services.verify import find_faults
from archive.store.threads import Post, Thread
from tests.integration.conftest import BY, Archive, NewArchive
from tests.integration.test_numbered_threads import notes

Item = dict[str, object]
QUESTION, ANSWER, REPLY = PostKind.QUESTION, PostKind.ANSWER, PostKind.REPLY


def story(number: int) -> Item:
    return {"id": number, "type": "story", "by": "ann_1", "time": number, "title": f"Story {number}"}


def comment(number: int, parent: int) -> Item:
    return {"id": number, "type": "comment", "by": "ben_2", "time": number, "parent": parent, "text": f"c{number}"}


def hit(number: int, parent: int, of: int) -> Item:
    """The same as the search gives it, which names the story."""
    named: Item = {"objectID": str(number), "parent_id": parent, "story_id": of, "_tags": ["comment"]}
    return named | {"author": "ben_2", "created_at_i": number, "comment_text": f"c{number}"}


def lines(*items: Item) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def tree(archive: Archive, *, drafts: bool = True) -> dict[str, tuple[object, ...]]:
    """By the number of an item, the thread, what it hangs under, and what it is."""
    archive.session.rollback()
    above = aliased(Post)
    query = (
        select(Post.source_key, Thread.source_key, above.source_key, Post.kind)
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(above, above.id == Post.parent_id)
    )
    query = query if drafts else query.where(Post.public)
    return {key: tuple(place) for key, *place in archive.session.execute(query)}


def assert_sound(archive: Archive) -> None:
    archive.session.rollback()
    assert list(find_faults(archive.session, archive.vault, say=lambda _: None)) == []
    assert archive.session.scalars(select(Thread.id).where(Thread.unsettled)).all() == []


PARTS = {"1.ndjson": lines(story(1), comment(2, 1)), "2.ndjson": lines(comment(3, 2)), "3.ndjson": lines(comment(4, 3))}
WHOLE = {
    "1": ("1", None, QUESTION),
    "2": ("1", "1", ANSWER),
    "3": ("1", "2", REPLY),
    "4": ("1", "3", REPLY),
}


@pytest.mark.parametrize("order", ["123", "321", "213", "312"])
@pytest.mark.parametrize("batches", ["in one batch", "batch by batch"])
def test_comments_stand_under_the_story_of_another_file(archive: Archive, order: str, batches: str) -> None:
    files = {f"{n}.ndjson": PARTS[f"{n}.ndjson"] for n in order}
    for brought in [files] if batches == "in one batch" else [{name: held} for name, held in files.items()]:
        imported = archive.import_({**brought}, public=True)
        assert notes(archive, imported.batch) == []
    assert tree(archive) == tree(archive, drafts=False) == WHOLE
    assert_sound(archive)


def test_a_part_and_then_the_whole_make_the_whole(archive: Archive) -> None:
    archive.import_({"2.ndjson": PARTS["2.ndjson"]}, public=True)
    assert tree(archive) == {"3": ("2", None, ANSWER)}
    archive.import_({"all.ndjson": "".join(PARTS.values())}, public=True)
    assert tree(archive) == WHOLE
    assert_sound(archive)


def test_what_the_search_says_of_one_comment_tells_the_story_of_its_siblings(archive: Archive) -> None:
    archive.import_({"a.ndjson": lines(comment(5, 3))})
    archive.import_({"b.ndjson": lines(hit(4, 3, 1))})
    assert tree(archive) == {"5": ("1", None, REPLY), "4": ("1", None, REPLY)}
    archive.import_({"c.ndjson": lines(comment(3, 2), comment(2, 1))})
    expected = {"2": ("1", None, ANSWER), "3": ("1", "2", REPLY), "4": ("1", "3", REPLY), "5": ("1", "3", REPLY)}
    assert tree(archive) == expected
    assert_sound(archive)


def test_readers_see_comments_joined_as_far_as_is_published(archive: Archive) -> None:
    below = archive.import_({"2.ndjson": PARTS["2.ndjson"] + PARTS["3.ndjson"]}, public=True).batch
    above = archive.import_({"1.ndjson": PARTS["1.ndjson"]}).batch
    apart = {"3": ("2", None, ANSWER), "4": ("2", "3", REPLY)}
    assert tree(archive, drafts=False) == apart
    publish(archive.session, above, by=BY)
    assert tree(archive, drafts=False) == WHOLE
    roll_back(archive.session, above, reason="", by=BY)
    assert tree(archive, drafts=False) == apart
    publish(archive.session, archive.import_({"1.ndjson": PARTS["1.ndjson"]}).batch, by=BY)
    roll_back(archive.session, below, reason="", by=BY)
    assert tree(archive, drafts=False) == {key: WHOLE[key] for key in "12"}
    assert_sound(archive)


def test_a_dry_run_counts_the_threads_that_are_left(archive: Archive) -> None:
    files = {**PARTS, "4.ndjson": lines(comment(9, 8))}
    told = archive.preview({**files}).balance
    assert told == archive.import_({**files}).balance
    assert (told.threads, told.added) == (2, 5)


@pytest.mark.seeds(8)
def test_items_in_any_order_of_files_and_batches_make_one_tree(new_archive: NewArchive, seed: int) -> None:
    dice = random.Random(seed)
    above: dict[int, int] = {}
    for number in range(2, 40):
        if dice.random() < 0.9:
            above[number] = dice.randrange(max(1, number - 9), number)
    items = [comment(number, above[number]) if number in above else story(number) for number in range(1, 40)]
    held = [item for item in items if dice.random() < 0.8]
    with new_archive() as archive:
        archive.import_({"all.ndjson": lines(*held)}, public=True)
        whole = tree(archive)
        assert_sound(archive)
    for _ in range(2):
        with new_archive() as archive:
            _bring(archive, held, dice)
            assert tree(archive) == whole
            assert_sound(archive)


def _bring(archive: Archive, items: Sequence[Item], dice: random.Random) -> None:
    """In files that have some items in common, in batches of which some are published later."""
    order = [*dice.sample(items, len(items)), *dice.sample(items, len(items) // 4)]
    drafts = []
    while order:
        count = dice.randint(1, 12)
        cut = dice.randint(0, count)
        files = {"a.ndjson": lines(*order[:cut]), "b.ndjson": lines(*order[cut:count])}
        drafts.append(archive.import_({name: held for name, held in files.items() if held}).batch)
        order = order[count:]
        if dice.random() < 0.5:
            publish(archive.session, drafts.pop(), by=BY)
    for batch in dice.sample(drafts, len(drafts)):
        publish(archive.session, batch, by=BY)
