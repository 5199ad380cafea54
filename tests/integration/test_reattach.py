"""Posts that people move: the tree stays whole, what sources say is kept, and everything can be put back."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from archive.domain.doubts import Doubt
from archive.domain.ids import PublicId
from archive.domain.parent_proposals import Reason
from archive.domain.placement import MoveNotAllowedError
from archive.domain.records import Edge, PostKind
from archive.domain.source_quality import Level
from archive.services.ingest.publish import publish
from archive.services.reattach import pages
from archive.services.reattach.move import PlaceConflictError, Seen, begin_thread, leave, move_under, put_back
from archive.services.reattach.pages import doubts_page, moved_out, place_page
from archive.services.verify import find_faults
from archive.store.ledger import read_entries
from archive.store.threads import Post, Thread
from archive.store.users import User
from tests.integration.conftest import BY, Archive
from tests.integration.contents import contents
from tests.integration.test_numbered_threads import asked, comment, dump
from tests.integration.written import ANNALIST, DYKES_FILE, RUSTICUS, SALT_FILE
from tests.stalls import calls

OTHER = asked("other", "Where does it end?", "Beyond the mill.")
TWO = (asked(), comment(1), comment(2, 1), comment(3, 2), OTHER, comment(4, "t3_other", thread="other"))


@pytest.fixture
def maud(make_user: Callable[..., User]) -> User:
    return make_user("maud", "moderator")


class Hand:
    """Somebody who moves posts, by their words."""

    def __init__(self, archive: Archive, by: User) -> None:
        self.archive, self.session, self.by = archive, archive.session, by

    def row(self, words: str) -> Post:
        self.session.rollback()
        (found,) = [row for row in self.archive.posts() if row.text == words]
        return self.session.get_one(Post, found.id, populate_existing=True)

    def seen(self, words: str) -> Seen:
        row = self.row(words)
        parent = self.session.get_one(Post, row.parent_id).public_id if row.parent_id else ""
        return Seen(row.placement_id or 0, parent)

    def move(self, words: str, under: str | None) -> None:
        seen, post = self.seen(words), self.row(words).public_id
        if under is None:
            begin_thread(self.session, post=post, title="", seen=seen, by=self.by, drafts=True)
        else:
            parent = self.row(under).public_id
            move_under(self.session, post=post, parent=parent, seen=seen, by=self.by, drafts=True)

    def back(self, words: str) -> None:
        row = self.row(words)
        decision, post = row.placement_id or 0, row.public_id
        put_back(self.session, post=post, decision=decision, by=self.by, drafts=True)

    def thread_of(self, words: str) -> PublicId:
        return self.session.get_one(Thread, self.row(words).thread_id).public_id


@pytest.fixture
def hand(archive: Archive, maud: User) -> Hand:
    return Hand(archive, maud)


def number(number: int) -> str:
    return f"Words of number {number}."


def tree(archive: Archive) -> list[tuple[object, ...]]:
    """Everything about posts, texts and threads that hold any, whatever was decided on the way."""
    archive.session.rollback()
    held = contents(archive.session)
    with_posts = {row[1] for row in held["posts"]}
    threads = [row for row in held["threads"] if row[1] in with_posts]
    kept = archive.session.execute(
        select(Post.public_id, Post.source_edge, Post.source_kind, Post.source_parent, Post.source_thread_id)
    ).all()
    return [*threads, *held["posts"], *held["revisions"], *sorted(map(tuple, kept), key=repr)]


def assert_whole(archive: Archive) -> None:
    session = archive.session
    session.rollback()
    rows = session.scalars(select(Post).order_by(Post.thread_id, Post.position)).all()
    by_id = {row.id: row for row in rows}
    for row in rows:
        above, steps = row, 0
        while above.parent_id is not None:
            assert by_id[above.parent_id].thread_id == row.thread_id
            assert steps < len(rows), "a circle"
            above, steps = by_id[above.parent_id], steps + 1
        assert row.depth == steps
    for thread_id in {row.thread_id for row in rows}:
        own = [row for row in rows if row.thread_id == thread_id]
        assert [row.position for row in own] == list(range(len(own)))
        assert sum(row.kind is PostKind.QUESTION for row in own) <= 1
    assert list(find_faults(session, archive.vault, say=lambda _: None)) == []


def test_a_post_moves_with_what_hangs_below_it_and_its_kinds_and_counts_follow(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    address = hand.row(number(2)).public_id
    hand.move(number(2), OTHER["selftext"])  # type: ignore[arg-type]
    assert_whole(archive)
    moved, below = hand.row(number(2)), hand.row(number(3))
    assert (moved.public_id, moved.edge, moved.kind, moved.depth) == (address, Edge.PERSON, PostKind.ANSWER, 1)
    assert (below.thread_id, below.kind, below.depth) == (moved.thread_id, PostKind.REPLY, 2)
    assert moved.source_parent == hand.row(number(1)).public_id
    counts = {t.title: (t.answers, t.replies) for t in archive.session.scalars(select(Thread))}
    assert counts == {"Who dug the canal?": (1, 0), "Where does it end?": (2, 1)}
    (entry,) = read_entries(archive.session, subject=f"post {address}")
    assert (entry.act, entry.actor) == ("move", "maud")


def test_a_merged_question_is_an_answer_there_and_its_answers_are_replies(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    before = tree(archive)
    hand.move("Beyond the mill.", "I only found a plaque.")
    assert_whole(archive)
    assert [hand.row(words).kind for words in ("Beyond the mill.", number(4))] == [PostKind.ANSWER, PostKind.REPLY]
    hand.back("Beyond the mill.")
    assert tree(archive) == before


def test_a_post_becomes_a_thread_of_its_own_and_goes_back(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    before = tree(archive)
    hand.move(number(2), None)
    assert_whole(archive)
    assert [hand.row(number(n)).kind for n in (2, 3)] == [PostKind.QUESTION, PostKind.ANSWER]
    assert hand.thread_of(number(2)) == hand.thread_of(number(3)) != hand.thread_of(number(1))
    own = hand.thread_of(number(2))
    hand.back(number(2))
    assert tree(archive) == before
    assert_whole(archive)
    hand.move(number(2), None)
    assert hand.thread_of(number(2)) == own


def test_nothing_hangs_below_itself(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    for words, under in ((number(1), number(3)), (number(1), number(1)), ("I only found a plaque.", number(2))):
        with pytest.raises(MoveNotAllowedError):
            hand.move(words, under)
    assert_whole(archive)


def test_what_somebody_else_moved_meanwhile_is_not_overwritten(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    seen = hand.seen(number(3))
    hand.move(number(3), number(1))
    before = tree(archive)
    post, parent = hand.row(number(3)).public_id, hand.row(number(4)).public_id
    with pytest.raises(PlaceConflictError):
        move_under(hand.session, post=post, parent=parent, seen=seen, by=hand.by, drafts=True)
    assert tree(archive) == before


def test_putting_back_is_refused_where_the_old_parent_hangs_below_it_now(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    hand.move(number(2), "I only found a plaque.")
    hand.move(number(1), number(2))
    before = tree(archive)
    with pytest.raises(MoveNotAllowedError, match="hangs below it now"):
        hand.back(number(2))
    assert tree(archive) == before


@pytest.mark.parametrize("public", [True, False])
def test_importing_again_moves_nothing_back_and_new_replies_follow(archive: Archive, hand: Hand, public: bool) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=public)
    hand.move(number(2), "Beyond the mill.")
    before = tree(archive)
    archive.import_({"b.ndjson": dump(*TWO[::-1])}, public=public)
    assert [row[:6] for row in tree(archive) if row[0] in archive.addresses()] == [
        row[:6] for row in before if row[0] in archive.addresses()
    ]
    archive.import_({"c.ndjson": dump(*TWO, comment(9, 3))}, public=public)
    assert hand.thread_of(number(9)) == hand.thread_of("Beyond the mill.")
    assert_whole(archive)


def places(archive: Archive) -> list[tuple[object, ...]]:
    archive.session.rollback()
    return [(row[0], row[1], row[4], row[7], row[10], row[11]) for row in contents(archive.session)["posts"]]


def test_a_parent_that_comes_late_overrides_no_decision_and_the_order_does_not_matter(
    archive: Archive, hand: Hand
) -> None:
    part = [asked(), comment(1), comment(3, 2), comment(4, 3), OTHER]
    archive.import_({"a.ndjson": dump(*part)}, public=True)
    hand.move(number(3), "Beyond the mill.")
    moved = hand.row(number(3))
    assert (moved.awaits, moved.source_parent) != (None, None)
    archive.import_({"b.ndjson": dump(comment(2, 1), comment(5, 3))}, public=True)
    assert hand.row(number(3)).edge is Edge.PERSON
    assert hand.thread_of(number(5)) == hand.thread_of("Beyond the mill.")
    assert hand.thread_of(number(2)) == hand.thread_of(number(1))
    assert_whole(archive)
    hand.back(number(3))
    assert hand.row(number(3)).parent_id == hand.row(number(2)).id
    by_import = places(archive)
    hand.move(number(3), "Beyond the mill.")
    hand.back(number(3))
    assert places(archive) == by_import
    assert_whole(archive)


def test_a_post_follows_its_late_parent_to_where_that_was_moved(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(3, 2), comment(4, 3), OTHER)}, public=True)
    hand.move(number(1), "Beyond the mill.")
    archive.import_({"b.ndjson": dump(comment(2, 1))}, public=True)
    assert {hand.thread_of(number(n)) for n in (1, 2, 3, 4)} == {hand.thread_of("Beyond the mill.")}
    assert_whole(archive)


def test_a_circle_of_a_decision_and_late_posts_is_not_cut_at_the_decision(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(3, 2))}, public=True)
    hand.move(number(1), number(3))
    archive.import_({"b.ndjson": dump(comment(2, 1))}, public=True)
    assert hand.row(number(1)).edge is Edge.PERSON
    assert [n for n in (1, 2, 3) if hand.row(number(n)).edge is Edge.CUT] == [2]
    assert_whole(archive)


def test_plain_threads_are_known_again_after_a_move(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.txt": DYKES_FILE, "b.txt": SALT_FILE}, public=True)
    rusticus, question = archive.answer(RUSTICUS), archive.posts(kind=PostKind.QUESTION)[1]
    hand.move(rusticus.text, archive.answers(ANNALIST)[1].text)
    before = archive.addresses()
    again = archive.import_({"a.txt": DYKES_FILE + "\nnew_scribe\n\nMore of it.\n", "b.txt": SALT_FILE}, public=True)
    assert (again.balance.added, again.balance.unchanged) == (1, 6)
    assert len(archive.addresses() - before) == 1
    assert hand.thread_of(rusticus.text) == hand.session.get_one(Thread, question.thread_id).public_id
    assert_whole(archive)


def test_a_draft_cannot_stand_above_what_readers_see(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO[:4])}, public=True)
    draft = archive.import_({"b.ndjson": dump(*TWO[4:])})
    with pytest.raises(MoveNotAllowedError, match="is a draft"):
        hand.move(number(2), number(4))
    publish(archive.session, draft.batch, by=BY)
    hand.move(number(2), number(4))
    assert_whole(archive)


def test_what_is_left_as_it_is_still_takes_the_parent_that_comes(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(3, 2))}, public=True)
    post = hand.row(number(3)).public_id
    leave(hand.session, post=post, seen=hand.seen(number(3)), by=hand.by, drafts=True)
    assert_whole(archive)
    archive.import_({"b.ndjson": dump(comment(2))}, public=True)
    assert hand.row(number(3)).parent_id == hand.row(number(2)).id
    assert_whole(archive)


def test_every_kind_of_doubt_is_listed_once_with_its_reason_and_page_by_page(
    archive: Archive, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = DYKES_FILE + f"\nweaver7\n\n{RUSTICUS}, the accounts name every gulden.\n"
    circle = [comment(10, 11), comment(11, 10)]
    strange = comment(5, 1, thread="other")
    archive.import_({"a.ndjson": dump(*TWO, *circle, comment(7, 6), strange), "b.txt": spoken}, public=True)
    page = doubts_page(archive.session, "history", drafts=False, after=0)
    found = {item.post.text: item.doubt for item in page.items}
    assert found == {
        number(10): Doubt.CUT,
        number(7): Doubt.MISSING,
        number(5): Doubt.CONTRADICTED,
        f"{RUSTICUS}, the accounts name every gulden.": Doubt.ADDRESSED,
    }
    (last,) = [item for item in page.items if item.doubt is Doubt.ADDRESSED]
    assert (last.proposals[0].post.author, list(last.proposals[0].reasons)) == (RUSTICUS, [Reason.ADDRESSED])
    monkeypatch.setattr(pages, "A_PAGE", 1)
    seen, after = [], 0
    while after is not None:
        page = doubts_page(archive.session, "history", drafts=False, after=after)
        seen += [item.post.text for item in page.items]
        after = page.after
    assert sorted(seen) == sorted(found)
    (queue,) = pages.queues(archive.session, drafts=False)
    assert (queue.count, queue.counted_all) == (4, True)


def test_what_waits_for_the_same_missing_post_is_proposed_where_the_other_was_put(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO, comment(7, 6), comment(8, 6))}, public=True)
    hand.move(number(7), number(3))
    page = place_page(archive.session, hand.row(number(8)).public_id, drafts=False)
    assert [proposal.post.text for proposal in page.proposals if Reason.SIBLING in proposal.reasons] == [number(3)]


def test_a_thread_that_was_merged_leads_to_its_question(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    old = hand.thread_of("Beyond the mill.")
    hand.move("Beyond the mill.", number(1))
    assert moved_out(archive.session, old, drafts=False) == hand.row("Beyond the mill.").public_id


def test_tags_stay_with_a_post_and_are_shown_while_it_is_an_answer(archive: Archive, hand: Hand, maud: User) -> None:
    archive.import_({"a.txt": DYKES_FILE, "b.txt": SALT_FILE}, public=True)
    archive.judge(RUSTICUS, Level.RECOLLECTED, maud)
    words, other = archive.answer(RUSTICUS).text, archive.answers(ANNALIST)[1].text
    hand.move(words, other)
    row = hand.row(words)
    assert (row.kind, row.level) == (PostKind.REPLY, Level.RECOLLECTED)
    assert_whole(archive)
    hand.back(words)
    assert archive.answer(RUSTICUS).level is Level.RECOLLECTED


def test_damage_to_a_decision_is_found(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    hand.move(number(3), number(1))
    row = hand.row(number(3))
    row.parent_id = hand.row(number(2)).id
    archive.session.commit()
    decided, order = find_faults(archive.session, archive.vault, say=lambda _: None)
    assert row.public_id in decided
    assert order == f"Post {row.public_id}: it does not stand in its thread where it hangs."


_WORDS = [number(n) for n in (1, 2, 3, 4)] + ["I only found a plaque.", "Beyond the mill."]
_ACTS = st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from([*_WORDS, None, "back"])), min_size=1, max_size=8)


@pytest.mark.database("sqlite")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_ACTS)
def test_random_moves_keep_the_tree_whole_and_each_can_be_put_back(
    archive: Archive, hand: Hand, acts: list[tuple[str, str | None]]
) -> None:
    if not archive.addresses():
        archive.import_({"a.ndjson": dump(*TWO)}, public=True)
    for words, under in acts:
        before = tree(archive)
        try:
            if under == "back":
                hand.back(words)
            else:
                hand.move(words, under)
        except (MoveNotAllowedError, PlaceConflictError):
            assert tree(archive) == before
            continue
        assert_whole(archive)
        after = tree(archive)
        hand.back(words)
        assert tree(archive) == before
        hand.back(words)
        assert tree(archive) == after


def test_many_posts_that_waited_follow_a_moved_parent_in_one_pass(archive: Archive, hand: Hand) -> None:
    waiting = 400

    def follow(first: int) -> int:
        """The first waits for its parent, which was moved, and all others for the first."""
        others = [comment(number, first + 1) for number in range(first + 2, first + waiting)]
        archive.import_({f"{first}.ndjson": dump(*others)})
        return calls(lambda: archive.import_({f"{first + 1}.ndjson": dump(comment(first + 1, 1))}))

    archive.import_({"a.ndjson": dump(asked(), comment(1), OTHER)}, public=True)
    hand.move(number(1), "Beyond the mill.")
    assert follow(1_000) < 1_000 * waiting
    assert follow(2_000) < 1_000 * waiting
    assert {hand.thread_of(number(n)) for n in (1_001, 1_002, 1_399, 2_399)} == {hand.thread_of("Beyond the mill.")}


def test_a_post_that_waited_follows_another_that_follows_a_moved_one(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(2), OTHER)}, public=True)
    hand.move(number(1), "Beyond the mill.")
    archive.import_({"b.ndjson": dump(comment(5, 4), comment(6, 5), comment(4, 3), comment(7, 3))})
    archive.import_({"c.ndjson": dump(comment(3, 1))})
    assert {hand.thread_of(number(n)) for n in range(3, 8)} == {hand.thread_of("Beyond the mill.")}
    assert_whole(archive)
