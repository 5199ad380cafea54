"""What posts are that hang by references, as lines of JSON give them: the same from one file and from several."""

import json
import random
from collections.abc import Sequence

import pytest

from archive.domain.records import PostKind
from tests.integration.conftest import Archive, NewArchive
from tests.integration.test_mails_of_several_files import assert_sound, tree

QUESTION, ANSWER, REPLY = PostKind.QUESTION, PostKind.ANSWER, PostKind.REPLY


def line(key: str, parent: str | None, kind: PostKind, thread: str = "t1", edge: str = "references") -> str:
    fields = {"thread": thread, "key": key, "parent": parent, "kind": kind, "text": f"Words of {key}.", "edge": edge}
    return json.dumps({"footnote": 1, "author": "ann", "title": None, "posted_at": None, **fields}) + "\n"


def kinds(archive: Archive) -> list[PostKind]:
    return [post.kind for post in archive.posts()]


@pytest.mark.parametrize("count", [1, 2], ids=["in one file", "in two files"])
def test_a_question_whose_thread_is_known_by_another_key_stays_one_and_has_answers(
    archive: Archive, count: int
) -> None:
    lines = [line("q", None, QUESTION), line("a", "q", ANSWER), line("r", "a", REPLY)]
    files = [lines] if count == 1 else [lines[:1], lines[1:]]
    for number, some in enumerate(files):
        archive.import_({f"{number}.jsonl": "".join(some)}, public=True)
    assert kinds(archive) == [QUESTION, ANSWER, REPLY]
    assert_sound(archive)


@pytest.mark.parametrize("together", [True, False], ids=["in one file", "in a file each"])
def test_what_hangs_from_nothing_and_waits_for_nothing_is_what_its_source_says(
    archive: Archive, together: bool
) -> None:
    lines = [line("k", None, REPLY, thread="k"), line("below", "k", ANSWER, thread="k")]
    for number, some in enumerate([lines] if together else lines):
        archive.import_({f"{number}.jsonl": "".join(some)}, public=True)
    assert kinds(archive) == [REPLY, REPLY]


@pytest.mark.seeds(10)
def test_posts_in_any_order_over_any_files_are_the_same(new_archive: NewArchive, seed: int) -> None:
    dice = random.Random(seed)
    keys = [f"k{number}" for number in range(dice.randint(3, 7))]
    lines = []
    for key in keys:
        parent = dice.choice([None, *keys, "gone"])
        kind = QUESTION if parent is None else dice.choice([ANSWER, REPLY])
        lines.append(line(key, parent, kind, dice.choice(["t1", "k0", "k1"])))
    assert _brought(new_archive, [lines]) == _brought(new_archive, [[one] for one in dice.sample(lines, len(lines))])


def _brought(new_archive: NewArchive, files: Sequence[Sequence[str]]) -> list[tuple[object, ...]]:
    with new_archive() as archive:
        for number, some in enumerate(files):
            archive.import_({f"{number}.jsonl": "".join(some)}, public=True)
        assert_sound(archive)
        return tree(archive)
