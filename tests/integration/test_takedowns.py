"""What two moderators took down stays down: on pages, in search and exports, and when it is imported again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update

from archive.domain.records import PostKind
from archive.domain.takedown import ReasonClass, TakedownNotAllowedError, TakedownState
from archive.services import browse
from archive.services.browse import thread_page
from archive.services.export import export_lines
from archive.services.ingest.publish import publish
from archive.services.search import search
from archive.services.takedown import decide
from archive.services.takedown.request import TakedownConflictError
from archive.store.batches import Remark
from archive.store.ledger import LedgerEntry
from archive.store.threads import Post, RevisionText, Thread
from archive.store.users import User
from tests.integration.conftest import BY, Archive, NewArchive
from tests.integration.taking_down import Two, everything, faults
from tests.integration.test_numbered_threads import asked, comment, dump
from tests.integration.written import DYKES, ON_DYKES, RUSTICUS, thread

SECRET = "The xylophone of Jane Quill stands at 12 Gravel Lane, and nobody may know."
REPLY = "Thank you for telling us where it is."
DUMP = dump(asked(), comment(1, body=SECRET), comment(2, 1, body=REPLY), comment(3))
SECRETS = ("xylophone", "Quill", "Gravel")


@pytest.fixture
def two(archive: Archive, make_user: Callable[..., User]) -> Two:
    make_user("maud", "moderator")
    make_user("nora", "moderator")
    return Two(archive, ("maud", "nora"))


def post_of(archive: Archive, words: str) -> str:
    (found,) = [row.public_id for row in archive.posts() if words in row.text]
    return found


def shown_of(archive: Archive) -> list[str]:
    """Which of the secret words readers, searches or exports give."""
    whole = everything(archive, "xylophone")
    return [word for word in SECRETS if word in whole]


def test_a_post_that_is_down_leaves_a_tombstone_with_its_replies_and_nothing_else(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    post = post_of(archive, SECRET)
    assert set(shown_of(archive)) == set(SECRETS)
    two.take_down(post)
    assert shown_of(archive) == []
    page = thread_page(archive.session, archive.session.scalars(select(Thread.public_id)).one(), drafts=False)
    down = next(answer for answer in page.answers if answer.post.public_id == post)
    assert down.post.taken_down
    assert (down.post.taken_down.reason, down.post.author, down.post.text) == (ReasonClass.PERSONAL, None, "")
    assert [reply.text for reply in down.replies] == [REPLY]
    assert (page.all_answers, page.all_replies) == (1, 1)
    assert archive.session.scalars(select(Thread.answers)).one() == 1
    assert faults(archive) == []


def test_the_author_stays_where_the_reason_is_not_about_them(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    post = post_of(archive, SECRET)
    two.take_down(post, reason=ReasonClass.COPYRIGHT)
    assert shown_of(archive) == []
    assert browse.visible_post(archive.session, post, drafts=False).author == "author_1"


def test_words_that_are_down_leave_a_mark_and_the_rest(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    post = post_of(archive, SECRET)
    two.take_down(post, "Jane  quill", "12 Gravel Lane")
    row = browse.visible_post(archive.session, post, drafts=False)
    mark = "[… removed: personal data]"
    assert row.text == f"The xylophone of {mark} stands at {mark}, and nobody may know."
    assert row.author == "author_1"
    assert shown_of(archive) == ["xylophone"]
    assert search(archive.session, "gravel").total == 0
    assert search(archive.session, "removed").total == 1
    assert faults(archive) == []


@pytest.mark.parametrize("words", [(), ("Jane Quill", "12 Gravel Lane", "xylophone")])
@pytest.mark.parametrize(
    "again",
    [
        {"a.ndjson": DUMP},
        {"b.ndjson": DUMP + "\n"},
        {"c.ndjson": dump(comment(1, body=f"{SECRET} Edit: but do not tell."), comment(4, body="Later."))},
    ],
    ids=["same file", "another file", "newer text"],
)
def test_what_is_down_stays_down_when_it_is_imported_again(
    archive: Archive, two: Two, words: tuple[str, ...], again: dict[str, str | bytes]
) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    post = post_of(archive, SECRET)
    two.take_down(post, *words)
    preview = archive.preview(again)
    assert not any(word in f"{preview.threads} {preview.changed}" for word in SECRETS)
    draft = archive.import_(again)
    assert shown_of(archive) == []
    publish(archive.session, draft.batch, by=BY)
    assert shown_of(archive) == []
    told = archive.session.scalars(
        select(Remark.text).where(Remark.batch_id == draft.batch, Remark.name == "takedowns")
    )
    assert list(told) == ["One post of this batch was taken down before, and stays down."]
    assert faults(archive) == []


def test_a_text_that_is_down_stays_down_in_another_collection(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    two.take_down(post_of(archive, SECRET))
    archive.import_({"d.txt": thread(DYKES, [(RUSTICUS, SECRET)])}, collection="elsewhere", public=True)
    assert not any(SECRET in row.text for row in archive.posts())
    assert search(archive.session, "xylophone").total == 0
    assert faults(archive) == []


def test_a_text_that_is_there_twice_goes_twice(archive: Archive, two: Two) -> None:
    archive.import_({"d.txt": thread(DYKES, [(RUSTICUS, SECRET)])}, collection="elsewhere", public=True)
    archive.import_({"a.ndjson": DUMP}, public=True)
    posts = [row.public_id for row in archive.posts() if row.text == SECRET]
    two.take_down(posts[0])
    assert not any(SECRET in row.text for row in archive.posts())


def test_an_author_whom_posts_are_known_by_stays_unnamed_when_the_thread_comes_again(
    archive: Archive, two: Two
) -> None:
    archive.import_({"d.txt": thread(DYKES, ON_DYKES)}, public=True)
    post = archive.answer(RUSTICUS).public_id
    two.take_down(post, reason=ReasonClass.AUTHOR)
    assert RUSTICUS not in everything(archive, "counts")
    changed = [ON_DYKES[0], (RUSTICUS, f"{ON_DYKES[1][1]} It was long ago.")]
    done = archive.import_({"e.txt": thread(DYKES, changed)}, public=True)
    assert (done.balance.added, done.balance.changed, done.balance.unchanged) == (0, 1, 2)
    assert RUSTICUS not in everything(archive, "counts")
    assert "Holland paid" not in everything(archive, "counts")
    assert faults(archive) == []


def test_a_question_that_is_down_takes_the_title_with_it(archive: Archive, two: Two) -> None:
    archive.import_({"d.txt": thread(DYKES, ON_DYKES, body="Asking for Jane Quill.")}, public=True)
    (question,) = archive.posts(kind=PostKind.QUESTION)
    two.take_down(question.public_id)
    whole = everything(archive, "dykes")
    assert "Holland before" not in whole
    assert "Quill" not in whole
    assert archive.session.scalars(select(Thread.title)).one() == "[Title removed: personal data]"
    draft = archive.import_({"e.txt": thread(DYKES, ON_DYKES, body="Asking for Jane Quill, again.")})
    assert "Holland before" not in everything(archive, "dykes")
    publish(archive.session, draft.batch, by=BY)
    assert "Holland before" not in everything(archive, "dykes")
    assert faults(archive) == []


def test_what_is_down_is_not_counted_in_a_search_nor_for_another_spelling(archive: Archive, two: Two) -> None:
    archive.import_({"d.txt": thread(DYKES, ON_DYKES)}, public=True)
    (question,) = archive.posts(kind=PostKind.QUESTION)
    down = two.take_down(question.public_id).id
    for again in (ON_DYKES, [*ON_DYKES, ("bet_van_beeren", "The removed did.")]):
        archive.import_({"e.txt": thread(DYKES, again, body="Once more.")}, public=True)
        written = len(again) - len(ON_DYKES)
        for facets in (True, False):
            page = search(archive.session, "removed", facets=facets)
            assert (page.total, len(page.hits)) == (written, written)
        assert search(archive.session, "remuved").offer == (("removed", 1) if written else None)
        assert faults(archive) == []
    two.lift(down)
    assert search(archive.session, "dykes", facets=False).total == 1
    assert faults(archive) == []


def test_what_is_lifted_is_as_it_was(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    before = everything(archive, "xylophone")
    version = archive.session.scalars(select(Thread.version)).one()
    down = two.take_down(post_of(archive, SECRET))
    assert not decide.lift(archive.session, takedown_id=down.id, version=down.version, moderator=two.one)
    down = two.takedown(down.id)
    with pytest.raises(TakedownNotAllowedError):
        decide.lift(archive.session, takedown_id=down.id, version=down.version, moderator=two.one)
    assert shown_of(archive) == []
    assert decide.lift(archive.session, takedown_id=down.id, version=down.version, moderator=two.other)
    archive.session.execute(update(Thread).values(version=version))
    archive.session.execute(update(Post).values(tag_version=0))
    archive.session.commit()
    after = everything(archive, "xylophone")
    assert [word for word in SECRETS if word in after] == list(SECRETS)
    assert _without_times(after) == _without_times(before)
    assert faults(archive) == []


def _without_times(whole: str) -> list[str]:
    return [line.split("changed_at=")[0] for line in whole.splitlines()]


def test_nobody_takes_down_alone(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    takedown = two.propose(two.ask(post_of(archive, SECRET)))
    with pytest.raises(TakedownNotAllowedError, match="Another moderator has to agree"):
        decide.confirm(archive.session, takedown_id=takedown.id, version=takedown.version, moderator=two.one)
    assert set(shown_of(archive)) == set(SECRETS)
    with pytest.raises(TakedownConflictError):
        decide.confirm(archive.session, takedown_id=takedown.id, version=1, moderator=two.other)


def test_words_that_do_not_stand_there_are_named(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    takedown = two.ask(post_of(archive, SECRET))
    with pytest.raises(decide.PassagesNotFoundError, match="“Jane Smith”"):
        two.propose(takedown, "Jane Quill", "Jane Smith")
    assert two.takedown(takedown.id).state is TakedownState.REQUESTED


def test_the_ledger_holds_none_of_the_words(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    two.take_down(post_of(archive, SECRET), "Jane Quill")
    details = " ".join(archive.session.scalars(select(LedgerEntry.detail)))
    assert not any(word in details for word in (*SECRETS, "example.org", "Please remove"))
    acts = [*archive.session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.number))]
    assert acts[-3:] == ["ask for takedown", "propose takedown", "take down"]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (f"UPDATE revision_text SET text = '{SECRET}' WHERE text = ''", "can be read that was taken down"),
        ("UPDATE post SET byline = 'author_1' WHERE takedown_id IS NOT NULL", "its author is named"),
        ("UPDATE takedown SET state = 'lifted'", "its state is lifted"),
        ("DELETE FROM takedown", "the table does not"),
        ("UPDATE post SET takedown_id = NULL", "it is shown by None"),
    ],
)
def test_what_was_put_back_by_hand_is_found(archive: Archive, two: Two, damage: str, found: str) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    two.take_down(post_of(archive, SECRET))
    archive.session.execute(text("DELETE FROM suppressed") if "DELETE" in damage else select(RevisionText))
    archive.session.execute(text(damage))
    archive.session.commit()
    assert any(found in fault for fault in faults(archive))


def test_the_list_takes_things_down_in_another_archive_before_and_after_they_come(
    archive: Archive, two: Two, new_archive: NewArchive
) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    two.take_down(post_of(archive, SECRET), "Jane Quill", "12 Gravel Lane", "xylophone")
    printed = archive.run("takedown", "export").stdout
    assert not any(word in printed for word in SECRETS)
    for first in ("list", "file"):
        with new_archive() as other:
            (path,) = other.write({"list.jsonl": printed})
            if first == "list":
                assert other.run("takedown", "import-list", str(path)).exit_code == 0
            other.import_({"a.ndjson": DUMP}, public=True)
            done = other.run("takedown", "import-list", str(path))
            assert ("0 takedowns" if first == "list" else "1 takedown put in force") in done.stderr
            assert shown_of(other) == []
            assert "[… removed: personal data]" in everything(other, "removed")
            assert faults(other) == []


def test_a_line_that_is_none_takes_nothing_over(archive: Archive, two: Two) -> None:
    (path,) = archive.write({"list.jsonl": '{"post": "0"}\n'})
    done = archive.run("takedown", "import-list", str(path))
    assert (done.exit_code, "Line 1 is not one of a list" in done.stderr) == (1, True)


def test_an_export_passes_the_tombstone_on_with_what_hangs_below_it(
    archive: Archive, two: Two, new_archive: NewArchive
) -> None:
    archive.import_({"a.ndjson": DUMP, "d.txt": thread(DYKES, ON_DYKES)}, public=True)
    two.take_down(post_of(archive, SECRET))
    two.take_down(archive.answer(RUSTICUS).public_id)
    (question,) = [row for row in archive.posts(kind=PostKind.QUESTION) if row.text == ""]
    two.take_down(question.public_id)
    whole = b"".join(export_lines(archive.session, "history"))
    assert not any(word in whole.decode() for word in (*SECRETS, RUSTICUS, DYKES, "author_1"))
    with new_archive() as other:
        done = other.import_({"all.jsonl": whole}, public=True)
        assert (done.balance.added, done.balance.quarantined) == (7, 0)
        reply = next(row for row in other.posts() if row.text == REPLY)
        above = next(row for row in other.posts() if row.public_id == reply.parent)
        assert (above.text, above.byline, above.state) == ("", None, "removed")


def test_a_newer_name_stays_hidden_and_is_there_when_the_post_is_lifted(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    post = post_of(archive, SECRET)
    number = two.take_down(post).id
    archive.import_({"b.ndjson": DUMP.replace('"author_1"', '"renamed_1"')}, public=True)
    whole = everything(archive, "xylophone")
    assert "author_1" not in whole
    assert "renamed_1" not in whole
    assert faults(archive) == []
    two.lift(number)
    assert browse.visible_post(archive.session, post, drafts=False).author == "renamed_1"
    assert faults(archive) == []


def test_two_takedowns_on_one_post_are_lifted_one_by_one(archive: Archive, two: Two) -> None:
    archive.import_({"a.ndjson": DUMP}, public=True)
    post = post_of(archive, SECRET)
    words, whole = two.take_down(post, "Jane Quill").id, two.take_down(post, reason=ReasonClass.LAW).id
    assert shown_of(archive) == []
    two.lift(whole)
    assert shown_of(archive) == ["xylophone", "Gravel"]
    two.lift(words)
    assert shown_of(archive) == list(SECRETS)
    assert faults(archive) == []
