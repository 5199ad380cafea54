"""Mails that answer one another over files and batches: one tree, in any order, as if one file held them all."""

import random
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import aliased

from archive.domain.doubts import Doubt
from archive.domain.ids import PublicId
from archive.domain.records import Edge, PostKind
from archive.services.browse import thread_page
from archive.services.ingest import settle
from archive.services.ingest.publish import publish, roll_back
from archive.services.old_addresses import leads_to
from archive.services.reattach.pages import doubts_page
from archive.services.verify import find_faults
from archive.store.threads import Post, Thread
from archive.store.users import User
from tests.integration.conftest import BY, Archive, NewArchive
from tests.integration.contents import contents
from tests.integration.letters import Files, Letter, mbox, random_files, random_list
from tests.integration.test_numbered_threads import notes
from tests.integration.test_reattach import Hand

QUESTION, ANSWER, REPLY = PostKind.QUESTION, PostKind.ANSWER, PostKind.REPLY
ASKED = Letter("asked", minute=1)
TOLD = Letter("told", ["asked"], minute=2)
DOUBTED = Letter("doubted", [], "told", minute=3)  # its program names nothing but what it answers
PROVED = Letter("proved", ["told", "doubted"], minute=4)  # and so the next one knows no more
OTHER = Letter("other", minute=5, subject="Salt")

_Parent = aliased(Post)


def place(archive: Archive, letter: Letter) -> tuple[str, str | None, PostKind]:
    """The key of the thread in which a mail stands, of what it hangs under, and what it is."""
    archive.session.rollback()
    query = (
        select(Thread.source_key, _Parent.source_key, Post.kind)
        .select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(_Parent, _Parent.id == Post.parent_id)
        .where(Post.source_key == f"{letter.key}@x")
    )
    thread, parent, kind = archive.session.execute(query).one()
    return thread.removesuffix("@x"), parent and parent.removesuffix("@x"), kind


def tree(archive: Archive) -> list[tuple[object, ...]]:
    """Where all posts stand, whatever threads are left empty, and what their threads are called."""
    archive.session.rollback()
    held = contents(archive.session)
    titles = {thread[1]: thread[5] for thread in held["threads"]}
    return [(*post[:8], *post[10:12], post[13], titles[post[1]]) for post in held["posts"]]


def seen(archive: Archive) -> dict[str, tuple[object, ...]]:
    """What readers see of where each post hangs."""
    archive.session.rollback()
    above = aliased(Post)
    query = (
        select(Post.source_key, Thread.public_id, above.public_id, Post.kind, Post.edge)
        .select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(above, (above.id == Post.parent_id) & above.public)
        .where(Post.public)
    )
    return {key: tuple(place) for key, *place in archive.session.execute(query)}


def assert_sound(archive: Archive) -> None:
    """Nothing is wrong, and no thread waits to be put in order."""
    session = archive.session
    session.rollback()
    assert list(find_faults(session, archive.vault, say=lambda _: None)) == []
    assert session.scalars(select(Thread.id).where(Thread.unsettled)).all() == []


JOINED = {ASKED: ("asked", None, QUESTION), TOLD: ("asked", "asked", ANSWER)}
JOINED |= {DOUBTED: ("asked", "told", REPLY), PROVED: ("asked", "doubted", REPLY)}


@pytest.mark.parametrize("public", [True, False], ids=["published", "drafts"])
@pytest.mark.parametrize("order", ["parents first", "children first"])
@pytest.mark.parametrize("batches", ["in one batch", "batch by batch"])
def test_a_mail_stands_in_the_thread_of_the_mail_that_it_answers_in_another_file(
    archive: Archive, order: str, batches: str, public: bool
) -> None:
    files: list[tuple[str, str]] = [
        ("a.mbox", mbox(ASKED, TOLD)),
        ("b.eml", str(DOUBTED)),
        ("c.mbox", mbox(OTHER, PROVED)),
    ]
    files = files if order == "parents first" else files[::-1]
    for brought in [dict(files)] if batches == "in one batch" else [dict([file]) for file in files]:
        imported = archive.import_({**brought}, public=public)
        assert notes(archive, imported.batch) == []
    assert {letter: place(archive, letter) for letter in JOINED} == JOINED
    assert place(archive, OTHER) == ("other", None, QUESTION)
    assert doubts_page(archive.session, "history", drafts=True, after=0).items == []
    assert_sound(archive)


def test_a_batch_counts_the_threads_that_are_left_and_its_preview_does(archive: Archive) -> None:
    files: Files = {"c.mbox": mbox(OTHER, PROVED), "b.eml": str(DOUBTED), "a.mbox": mbox(ASKED, TOLD)}
    told = archive.preview(files).balance
    balance = archive.import_(files).balance
    assert (balance.threads, balance.added, balance.read) == (2, 5, 5)
    assert told == balance
    later: Files = {"d.mbox": mbox(Letter("late", ["lost"]), Letter("later", ["proved", "lost"]), Letter("new"))}
    assert archive.preview(later).balance == archive.import_(later).balance


@pytest.mark.seeds(12)
def test_several_files_in_any_order_make_the_same_tree_as_one_file(new_archive: NewArchive, seed: int) -> None:
    dice = random.Random(seed)
    letters = random_list(dice, odd=seed % 3 == 0)
    with new_archive() as archive:
        archive.import_({"all.mbox": mbox(*letters)}, public=True)
        whole = tree(archive)
    for twice in (0, 0.3):
        with new_archive() as archive:
            _bring(archive, random_files(dice, letters, twice=twice), dice)
            assert_sound(archive)
            assert tree(archive) == whole


def _bring(archive: Archive, files: Sequence[tuple[str, str]], dice: random.Random) -> None:
    """In several batches, of which some are published later, in any order."""
    drafts = []
    while files:
        count = dice.randint(1, 3)
        imported = archive.import_(dict(files[:count]), public=False)
        drafts.append(imported.batch)
        files = files[count:]
        if dice.random() < 0.5:
            publish(archive.session, drafts.pop(), by=BY)
    for batch in dice.sample(drafts, len(drafts)):
        publish(archive.session, batch, by=BY)


@pytest.mark.seeds(12)
def test_readers_see_the_mails_as_if_there_were_no_drafts_and_nothing_had_been_rolled_back(
    new_archive: NewArchive, seed: int
) -> None:
    dice = random.Random(seed)
    files = random_files(dice, random_list(dice, odd=seed % 3 == 0), twice=0.2)
    heaps = [files[start : start + 2] for start in range(0, len(files), 2)]
    public: dict[int, list[tuple[str, str]]] = {}
    drafts: dict[int, list[tuple[str, str]]] = {}
    with new_archive() as archive:
        for heap in heaps:
            drafts[archive.import_(dict(heap)).batch] = heap
            for batch in dice.sample([*drafts], dice.randint(0, len(drafts))):
                publish(archive.session, batch, by=BY)
                public[batch] = drafts.pop(batch)
            if public and dice.random() < 0.4:
                batch = dice.choice([*public])
                roll_back(archive.session, batch, reason="", by=BY)
                again = public.pop(batch)
                drafts[archive.import_(dict(again)).batch] = again
            assert_sound(archive)
        shown = seen(archive)
    with new_archive() as archive:
        for heap in public.values():
            archive.import_(dict(heap), public=True)
        alone = seen(archive)
    assert alone.keys() == shown.keys()
    cut = {key for places in (alone, shown) for key, place in places.items() if place[-1] is Edge.CUT}  # it stays so
    assert [alone[key] for key in alone.keys() - cut] == [shown[key] for key in alone.keys() - cut]


def test_a_draft_joins_no_threads_that_readers_see_before_it_is_published(archive: Archive) -> None:
    archive.import_({"a.mbox": mbox(ASKED, TOLD), "c.mbox": mbox(PROVED)}, public=True)
    before = seen(archive)
    assert place(archive, PROVED) == ("asked", None, REPLY)  # since it names what was told
    draft = archive.import_({"b.eml": str(Letter("doubted", [], "asked", minute=3))})
    assert seen(archive) == before
    publish(archive.session, draft.batch, by=BY)
    assert place(archive, PROVED) == ("asked", "doubted", REPLY)
    roll_back(archive.session, draft.batch, reason="", by=BY)
    assert seen(archive) == before


def test_two_public_threads_are_one_while_the_mail_between_them_is_published(archive: Archive) -> None:
    late = Letter("late", [], "doubted", minute=5)
    archive.import_({"a.mbox": mbox(ASKED, TOLD), "c.mbox": mbox(late)}, public=True)
    apart = seen(archive)
    assert place(archive, late) == ("doubted", None, ANSWER)
    between = archive.import_({"b.eml": str(DOUBTED)})
    assert seen(archive) == apart
    (doubt,) = doubts_page(archive.session, "history", drafts=True, after=0).items
    assert doubt.doubt is Doubt.MISSING
    publish(archive.session, between.batch, by=BY)
    assert place(archive, late) == ("asked", "doubted", REPLY)
    (thread,) = archive.session.scalars(select(Thread).where(Thread.public))
    assert (thread.title, thread.answers, thread.replies) == ("Harbour tolls", 1, 2)
    roll_back(archive.session, between.batch, reason="the wrong list", by=BY)
    assert seen(archive) == apart
    archive.import_({"b.eml": str(DOUBTED)}, public=True)
    assert place(archive, late) == ("asked", "doubted", REPLY)
    assert_sound(archive)


@pytest.mark.parametrize("public", [True, False], ids=["published", "drafts"])
def test_files_tell_one_another_what_stood_above_a_mail_that_none_holds(archive: Archive, public: bool) -> None:
    """The mail “lost” is in no file at first. Two answer it; a third names it in the middle of its line."""
    one, other = Letter("one", [], "lost", minute=6), Letter("two", ["told", "lost"], minute=7)
    third = Letter("three", ["lost", "gone"], minute=8)
    for letter in (third, one, other):
        archive.import_({f"{letter.key}.eml": str(letter)}, public=public)
    assert [place(archive, letter)[0] for letter in (one, other, third)] == ["told"] * 3
    archive.import_({"a.mbox": mbox(ASKED, TOLD)}, public=public)
    assert {place(archive, letter) for letter in (one, other, third)} == {("asked", None, REPLY)}
    lost = Letter("lost", [], "told", minute=5)
    archive.import_({"lost.eml": str(lost)}, public=public)
    assert [place(archive, letter)[1] for letter in (lost, one, other, third)] == ["told", "lost", "lost", None]
    assert_sound(archive)


@pytest.mark.parametrize("public", [True, False], ids=["published", "drafts"])
def test_a_mail_whose_parent_is_missing_follows_the_one_above_that_when_it_comes(
    archive: Archive, public: bool
) -> None:
    archive.import_({"a.mbox": mbox(ASKED, TOLD), "late.eml": str(Letter("late", ["between", "lost"]))}, public=public)
    archive.import_({"b.mbox": mbox(Letter("later", [], "lost"))}, public=public)
    late, later = Letter("late"), Letter("later")
    assert {place(archive, letter) for letter in (late, later)} == {("between", None, REPLY)}
    archive.import_({"c.eml": str(Letter("between", [], "told"))}, public=public)
    assert {place(archive, letter) for letter in (late, later)} == {("asked", None, REPLY)}
    assert_sound(archive)


@pytest.mark.parametrize("order", [1, -1])
def test_a_circle_over_files_ends_is_cut_and_told(archive: Archive, order: int) -> None:
    letters = [Letter(key, [], above, minute) for minute, (key, above) in enumerate(["ab", "bc", "ca", "da"])]
    told = "a@x → b@x → c@x answer one another in a circle, which was cut above the first."
    said = []
    for letter in letters[::order]:
        said += notes(archive, archive.import_({f"{letter.key}.eml": str(letter)}, public=True).batch)
    assert told in said
    assert [place(archive, letter) for letter in letters] == [
        ("a", None, QUESTION),
        ("a", "c", REPLY),
        ("a", "a", ANSWER),
        ("a", "a", ANSWER),
    ]
    assert archive.posts()[0 if order == 1 else 3].edge is Edge.CUT
    assert_sound(archive)


def test_a_circle_that_a_publication_closes_is_told_in_its_batch(archive: Archive) -> None:
    archive.import_({"a.eml": str(Letter("a", [], "b"))}, public=True)
    draft = archive.import_({"b.eml": str(Letter("b", [], "a"))})
    assert notes(archive, draft.batch) == []
    publish(archive.session, draft.batch, by=BY)
    (note,) = notes(archive, draft.batch)
    assert note == "a@x → b@x answer one another in a circle, which was cut above the first."
    assert_sound(archive)


def test_a_long_chain_of_files_is_joined_some_threads_at_a_time(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "POSTS_A_COMMIT", 7)
    chain = [Letter(f"m{number:02}", [], f"m{number - 1:02}" if number else None, number) for number in range(60)]
    dice = random.Random(4)
    for letters in (chain[::-1], chain, dice.sample(chain, len(chain))):
        collection = f"list-{letters[0].key}"
        archive.import_({f"{letter.key}.eml": str(letter) for letter in letters}, collection=collection)
        query = select(Thread.source_key, Post.depth).join(Thread, Thread.id == Post.thread_id)
        rows = archive.session.execute(query.order_by(Post.id.desc()).limit(60)).all()
        assert sorted(rows) == [("m00@x", depth) for depth in range(60)]
    assert_sound(archive)


@pytest.fixture
def hand(archive: Archive, make_user: Callable[..., User]) -> Hand:
    return Hand(archive, make_user("maud", "moderator"))


def _words(letter: Letter) -> str:
    return f"Words of {letter.key}."


def test_no_file_moves_what_a_person_put_somewhere_and_it_goes_back_to_the_mail_that_it_answers(
    archive: Archive, hand: Hand
) -> None:
    archive.import_({"c.mbox": mbox(OTHER, PROVED), "b.eml": str(DOUBTED)}, public=True)
    hand.move(_words(DOUBTED), _words(OTHER))
    assert place(archive, PROVED) == ("other", "doubted", REPLY)
    archive.import_({"a.mbox": mbox(ASKED, TOLD)}, public=True)
    assert place(archive, DOUBTED) == ("other", "other", ANSWER)
    assert place(archive, PROVED) == ("other", "doubted", REPLY)
    assert_sound(archive)
    hand.back(_words(DOUBTED))
    assert {letter: place(archive, letter) for letter in JOINED} == JOINED
    assert_sound(archive)


def test_mails_follow_what_they_answer_to_where_a_person_put_it(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.mbox": mbox(ASKED, TOLD, OTHER)}, public=True)
    hand.move(_words(TOLD), _words(OTHER))
    archive.import_({"c.mbox": mbox(PROVED), "b.eml": str(DOUBTED)}, public=True)
    assert place(archive, DOUBTED) == ("other", "told", REPLY)
    assert place(archive, PROVED) == ("other", "doubted", REPLY)
    hand.back(_words(TOLD))
    assert {letter: place(archive, letter) for letter in JOINED} == JOINED
    assert_sound(archive)


def test_a_move_within_joined_threads_can_be_put_back(archive: Archive, hand: Hand) -> None:
    archive.import_({"c.mbox": mbox(OTHER, PROVED), "b.eml": str(DOUBTED), "a.mbox": mbox(ASKED, TOLD)}, public=True)
    before = tree(archive)
    for letter, under in ((DOUBTED, OTHER), (DOUBTED, None), (TOLD, None), (PROVED, ASKED), (ASKED, OTHER)):
        hand.move(_words(letter), _words(under) if under else None)
        assert_sound(archive)
        hand.back(_words(letter))
        assert tree(archive) == before
        assert_sound(archive)


def test_a_mail_above_which_a_circle_was_cut_can_be_moved_and_put_back(archive: Archive, hand: Hand) -> None:
    circle = [Letter("a", [], "b"), Letter("b", [], "a"), OTHER]
    archive.import_({f"{letter.key}.eml": str(letter) for letter in circle}, public=True)
    before = tree(archive)
    hand.move(_words(circle[0]), _words(OTHER))
    hand.back(_words(circle[0]))
    assert tree(archive) == before
    assert_sound(archive)


def test_readers_mails_follow_a_draft_that_a_person_moved_when_it_is_published(archive: Archive, hand: Hand) -> None:
    archive.import_({"a.mbox": mbox(ASKED, TOLD, OTHER), "c.mbox": mbox(PROVED)}, public=True)
    draft = archive.import_({"b.mbox": mbox(DOUBTED)})
    hand.move(_words(DOUBTED), _words(OTHER))
    archive.import_({"d.mbox": mbox(Letter("late", ["told", "doubted", "proved"], minute=9))}, public=True)
    assert place(archive, PROVED) == ("asked", None, REPLY)
    publish(archive.session, draft.batch, by=BY)
    assert place(archive, PROVED) == ("other", "doubted", REPLY)
    assert_sound(archive)
    roll_back(archive.session, draft.batch, reason="", by=BY)
    assert place(archive, PROVED) == ("asked", None, REPLY)
    assert_sound(archive)


def test_the_address_of_a_thread_that_another_took_in_leads_to_its_mails(archive: Archive) -> None:
    def address(key: str) -> PublicId:
        return archive.session.scalars(select(Thread.public_id).where(Thread.source_key == key)).one()

    archive.import_({"c.mbox": mbox(PROVED)}, public=True)
    old = address("told@x")
    assert thread_page(archive.session, old, drafts=False).answers
    archive.import_({"b.eml": str(DOUBTED), "a.mbox": mbox(ASKED, TOLD)}, public=True)
    assert place(archive, PROVED)[0] == "asked"
    by_key = {row.source_key: row.public_id for row in archive.session.scalars(select(Post))}
    assert leads_to(archive.session, old, drafts=False) in {by_key["proved@x"], by_key["doubted@x"]}
    assert leads_to(archive.session, address("asked@x"), drafts=False) is None  # its mails are there
    assert leads_to(archive.session, "0" * 14, drafts=False) is None


def test_mails_that_are_imported_again_change_nothing(archive: Archive) -> None:
    files: Files = {"c.mbox": mbox(OTHER, PROVED), "b.eml": str(DOUBTED), "a.mbox": mbox(ASKED, TOLD)}
    files["d.eml"] = str(Letter("alone", ["lost"], minute=6))
    archive.import_(files, public=True)
    before = tree(archive)
    told = archive.session.scalar(text("SELECT count(*) FROM mention"))
    again: Files = {f"again-{name}": f"{content}\n" for name, content in reversed(files.items())}  # type: ignore[str-bytes-safe]
    imported = archive.import_(again, public=True)
    assert (imported.balance.unchanged, imported.balance.threads) == (6, 3)
    assert tree(archive) == before
    assert archive.session.scalar(text("SELECT count(*) FROM mention")) > told  # by another reading
    assert_sound(archive)


def test_a_mail_that_was_let_go_is_found(archive: Archive) -> None:
    archive.import_({"b.eml": str(DOUBTED), "a.mbox": mbox(ASKED, TOLD)}, public=True)
    parent = select(_Parent.public_id).where(_Parent.id == Post.parent_id).scalar_subquery()
    archive.session.execute(update(Post).where(Post.depth == 2).values(awaits=parent, parent_id=None))
    archive.session.commit()
    fault, *_ = find_faults(archive.session, archive.vault, say=lambda _: None)
    assert fault.endswith("it waits for a post under which it could hang.")
