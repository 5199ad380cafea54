"""A post that came without what it answers, and comes again with it."""

from collections.abc import Callable

from sqlalchemy import select

from archive.domain.batch import Balance
from archive.store.threads import Post
from archive.store.users import User
from tests.integration.conftest import Archive
from tests.integration.test_numbered_threads import Thing, asked, comment, dump, notes
from tests.integration.test_reattach import Hand

UNHEEDED = (
    "Posts of which this says what they answer, and the capture that brought them did not: 1, t1_2 for one. "
    "They still hang from nothing: an import moves no post that is known. A person can."
)
Counts = Callable[[Balance], dict[str, int]]


def without_parent(number: int) -> Thing:
    return {name: value for name, value in comment(number).items() if name != "parent_id"}


def test_a_parent_that_only_a_later_capture_names_is_told_and_moves_nothing(archive: Archive, counts: Counts) -> None:
    first = archive.import_({"a.jsonl": dump(asked(), comment(1), without_parent(2))}, public=True)
    later = archive.import_({"b.jsonl": dump(comment(2, 1))}, public=True)
    assert (notes(archive, first.batch), notes(archive, later.batch)) == ([], [UNHEEDED])
    assert counts(later.balance) == {"unchanged": 1}
    assert archive.session.scalars(select(Post.parent_id).where(Post.source_key == "t1_2")).all() == [None]


def test_of_what_was_moved_or_cut_or_still_waits_nothing_is_told(
    archive: Archive, make_user: Callable[..., User]
) -> None:
    things = [asked(), comment(1), comment(2, 1), comment(3, 4), comment(4, 3), comment(5, 9)]
    archive.import_({"a.jsonl": dump(*things)}, public=True)
    Hand(archive, make_user("maud", "moderator")).move("Words of number 2.", None)
    again = archive.import_({"b.jsonl": dump(*things[::-1])}, public=True)
    assert notes(archive, again.batch) == []
