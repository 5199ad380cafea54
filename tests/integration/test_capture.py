"""What an import makes of threads that the archive knows, on both databases."""

from collections.abc import Callable

from archive.domain.batch import Balance
from archive.domain.records import PostKind
from archive.services.browse import revisions_page
from tests.integration.conftest import Archive, NewArchive
from tests.integration.written import (
    ANNALIST,
    BELLS_FILE,
    DYKES,
    DYKES_FILE,
    ON_DYKES,
    ON_SALT,
    RUSTICUS,
    SALT_FILE,
    WEAVER,
    lines,
    thread,
)

Counts = Callable[[Balance], dict[str, int]]


def test_the_same_input_again_is_unchanged(archive: Archive, counts: Counts) -> None:
    assert counts(archive.import_({"dykes.txt": DYKES_FILE}).balance) == {"added": 3}
    before = archive.posts()
    again = archive.import_({"dykes.txt": DYKES_FILE}).balance
    assert counts(again) == {"unchanged": 3}
    assert (again.threads, again.questions, again.answers) == (1, 1, 2)
    assert archive.posts() == before


def test_the_same_thread_with_other_line_ends_is_unchanged(archive: Archive, counts: Counts) -> None:
    archive.import_({"dykes.txt": DYKES_FILE})
    windows = DYKES_FILE.replace("\n", "\r\n")
    assert counts(archive.import_({"windows.txt": windows}).balance) == {"unchanged": 3}
    assert {row.revision_number for row in archive.posts()} == {1}


def test_a_changed_answer_gets_a_new_revision_and_keeps_its_address(archive: Archive, counts: Counts) -> None:
    archive.import_({"dykes.txt": DYKES_FILE}, public=True)
    before = {row.byline: row.public_id for row in archive.posts()}
    changed = thread(DYKES, [ON_DYKES[0], (RUSTICUS, "The counts paid for some of it: see their accounts.")])
    imported = archive.import_({"dykes.txt": changed}, public=True)
    assert counts(imported.balance) == {"unchanged": 2, "changed": 1}
    after = archive.answer(RUSTICUS)
    assert (after.revision_number, after.public_id) == (2, before[RUSTICUS])
    assert after.text == "The counts paid for some of it: see their accounts."
    _, revisions = revisions_page(archive.session, after.public_id, drafts=False)
    assert [(view.revision_number, view.text) for view in revisions] == [(2, after.text), (1, ON_DYKES[1][1])]


def test_of_two_answers_of_one_author_the_one_that_changed_is_found(archive: Archive, counts: Counts) -> None:
    first, second = (ANNALIST, "The first of two answers."), (ANNALIST, "The second of two answers.")
    archive.import_({"a.txt": thread(DYKES, [first, (RUSTICUS, "Between them."), second])}, public=True)
    old = [row.public_id for row in archive.answers(ANNALIST)]
    changed = (ANNALIST, "The second of two answers, put better.")
    again = archive.import_({"a.txt": thread(DYKES, [first, (RUSTICUS, "Between them."), changed])}, public=True)
    assert counts(again.balance) == {"unchanged": 3, "changed": 1}
    new = archive.answers(ANNALIST)
    assert [row.public_id for row in new] == old
    assert [row.text for row in new] == [first[1], changed[1]]


def test_answers_inserted_between_known_ones_are_added(archive: Archive, counts: Counts) -> None:
    archive.import_({"a.txt": DYKES_FILE})
    known = archive.addresses()
    more = [ON_DYKES[0], (WEAVER, "The towns paid too."), (ANNALIST, "I add a reference."), ON_DYKES[1]]
    assert counts(archive.import_({"a.txt": thread(DYKES, more)}).balance) == {"unchanged": 3, "added": 2}
    assert known < archive.addresses()
    assert len(archive.addresses()) == 5


def test_an_answer_placed_before_an_older_one_of_the_same_author_leaves_that_one_alone(
    archive: Archive, counts: Counts
) -> None:
    archive.import_({"a.txt": DYKES_FILE})
    more = [(RUSTICUS, "A newer answer, sorted first."), *ON_DYKES]
    assert counts(archive.import_({"a.txt": thread(DYKES, more)}).balance) == {"unchanged": 3, "added": 1}


def test_deleted_authors_are_connected_by_equal_texts_only(archive: Archive, counts: Counts) -> None:
    gone = [("[deleted]", "A first answer by somebody who left."), ("[deleted]", "A second one.")]
    archive.import_({"a.txt": thread(DYKES, [*gone, *ON_DYKES])})
    assert [row.author for row in archive.posts() if row.byline == "[deleted]"] == [None, None]
    again = [gone[1], ("[deleted]", "A third one."), *ON_DYKES]
    assert counts(archive.import_({"a.txt": thread(DYKES, again)}).balance) == {"unchanged": 4, "added": 1}


def test_the_same_words_twice_by_one_author_are_two_posts(archive: Archive, counts: Counts) -> None:
    twice = thread(DYKES, [(RUSTICUS, "No, never."), (ANNALIST, "Why not?"), (RUSTICUS, "No, never.")])
    assert counts(archive.import_({"a.txt": twice}).balance) == {"added": 4}
    assert counts(archive.import_({"a.txt": twice}).balance) == {"unchanged": 4}
    assert len(archive.addresses()) == 4


def test_threads_that_share_title_and_asker_and_nothing_else_are_kept_apart(archive: Archive, counts: Counts) -> None:
    weekly = "Sunday digest: what did you read this week?"
    first = thread(weekly, [(ANNALIST, "A history of dykes."), (RUSTICUS, "Nothing at all.")])
    second = thread(weekly, [(WEAVER, "A book on cloth halls.")])
    assert counts(archive.import_({"w1.txt": first}).balance) == {"added": 3}
    imported = archive.import_({"w2.txt": second})
    assert counts(imported.balance) == {"added": 2}
    assert len({row.thread_id for row in archive.posts()}) == 2
    assert counts(archive.import_({"w2.txt": second, "w1.txt": first}).balance) == {"unchanged": 5}


def test_threads_that_share_title_and_asker_are_kept_apart_on_neighbouring_lines(
    archive: Archive, counts: Counts
) -> None:
    weekly = "Sunday digest: what did you read this week?"
    first = thread(weekly, [(ANNALIST, "A history of dykes.")])
    second = thread(weekly, [(WEAVER, "A book on cloth halls.")])
    imported = archive.import_({"weeks.jsonl": lines(first, second)})
    assert counts(imported.balance) == {"added": 4}
    assert imported.balance.threads == 2
    assert len({row.thread_id for row in archive.posts()}) == 2


def test_the_same_thread_in_two_files_of_one_batch_is_a_duplicate(archive: Archive, counts: Counts) -> None:
    files = {"a.txt": DYKES_FILE, "b.txt": DYKES_FILE.replace("\n", "\r\n"), "c.txt": DYKES_FILE}
    balance = archive.import_(files).balance
    assert counts(balance) == {"added": 3, "duplicate": 6}
    assert balance.threads == 1
    assert len(archive.posts()) == 3


def test_the_same_thread_on_two_neighbouring_lines_is_a_duplicate(archive: Archive, counts: Counts) -> None:
    balance = archive.import_({"a.jsonl": lines(DYKES_FILE, DYKES_FILE, SALT_FILE, DYKES_FILE)}).balance
    assert counts(balance) == {"added": 6, "duplicate": 6}
    assert balance.threads == 2
    assert len(archive.posts()) == 6


def test_a_batch_with_duplicates_says_the_same_of_them_when_it_is_imported_again(
    archive: Archive, counts: Counts
) -> None:
    files = {"a.txt": DYKES_FILE, "b.jsonl": lines(SALT_FILE, DYKES_FILE)}
    archive.import_(files)
    again = archive.import_(files).balance
    assert counts(again) == {"unchanged": 6, "duplicate": 3}
    assert again.threads == 2


def test_two_captures_of_a_thread_in_one_batch_change_nothing_when_imported_again(
    archive: Archive, counts: Counts
) -> None:
    later = thread(DYKES, [ON_DYKES[0], (RUSTICUS, "I have found the book: it is by Prevenier.")])
    files = {"2019.txt": DYKES_FILE, "2020.txt": later}
    assert counts(archive.import_(files, public=True).balance) == {"added": 3, "duplicate": 2, "changed": 1}
    again = archive.import_(files, public=True).balance
    assert (again.added, again.changed) == (0, 0)
    assert archive.answer(RUSTICUS).revision_number == 2
    assert archive.answer(RUSTICUS).text == "I have found the book: it is by Prevenier."


def test_two_captures_of_a_thread_in_one_file_change_nothing_when_imported_again(
    archive: Archive, counts: Counts
) -> None:
    later = thread(DYKES, [ON_DYKES[0], (RUSTICUS, "I have found the book: it is by Prevenier.")])
    files = {"both.jsonl": lines(DYKES_FILE, SALT_FILE, later)}
    archive.import_(files)
    again = archive.import_(files).balance
    assert (again.added, again.changed) == (0, 0)
    assert max(row.revision_number for row in archive.posts()) == 2


def test_a_text_that_went_back_to_what_it_was_is_a_new_revision(archive: Archive, counts: Counts) -> None:
    other = thread(DYKES, [ON_DYKES[0], (RUSTICUS, "The counts.")])
    archive.import_({"1.txt": DYKES_FILE}, public=True)
    archive.import_({"2.txt": other}, public=True)
    back = archive.import_({"3.txt": DYKES_FILE + "\n"}, public=True)
    assert counts(back.balance) == {"unchanged": 2, "changed": 1}
    assert archive.answer(RUSTICUS).text == ON_DYKES[1][1]
    assert archive.answer(RUSTICUS).revision_number == 3


def test_the_order_of_files_does_not_matter_for_addresses(new_archive: NewArchive) -> None:
    """Where each thread comes once. Of captures that differ, the first decides which post is which of an author's."""
    files: dict[str, str | bytes] = {"1.txt": DYKES_FILE, "2.txt": SALT_FILE, "3.jsonl": lines(BELLS_FILE, DYKES_FILE)}
    orders = (["1.txt", "2.txt", "3.jsonl"], ["3.jsonl", "1.txt", "2.txt"], ["2.txt", "3.jsonl", "1.txt"])
    found = []
    for order in orders:
        with new_archive() as archive:
            for name in order:
                archive.import_({name: files[name]})
            found.append({row.public_id: (row.byline, row.text) for row in archive.posts()})
    assert len(found[0]) == 8
    assert found[0] == found[1] == found[2]


def test_the_same_captures_in_the_same_order_get_the_same_addresses(new_archive: NewArchive) -> None:
    first, second = (ANNALIST, "The first of two answers."), (ANNALIST, "The second of two answers.")
    files: dict[str, str | bytes] = {"new.txt": thread(DYKES, [first, second]), "old.txt": thread(DYKES, [second])}
    found = []
    for order in (["new.txt", "old.txt"], ["new.txt", "old.txt"], ["old.txt", "new.txt"]):
        with new_archive() as archive:
            for name in order:
                archive.import_({name: files[name]})
            found.append({row.public_id: row.text for row in archive.posts()})
    assert found[0] == found[1]
    assert found[0].keys() == found[2].keys()
    assert found[0] != found[2], "if the order no longer matters, decision 6 and the pages for readers say too little"


def test_a_question_body_that_changed_is_a_new_revision_of_the_question(archive: Archive, counts: Counts) -> None:
    archive.import_({"a.txt": thread(DYKES, ON_DYKES, body="I mean those of the Zuiderzee.")}, public=True)
    longer = thread(DYKES, ON_DYKES, body="I mean those of the Zuiderzee.\n\nThank you all.")
    assert counts(archive.import_({"a.txt": longer}, public=True).balance) == {"unchanged": 2, "changed": 1}
    (question,) = archive.posts(drafts=False, kind=PostKind.QUESTION)
    assert question.text.endswith("Thank you all.")


def test_a_thread_without_answers_takes_those_that_come_later(archive: Archive, counts: Counts) -> None:
    archive.import_({"a.txt": thread(DYKES, body="Nobody has said anything yet.")})
    later = thread(DYKES, ON_DYKES, body="Nobody has said anything yet.")
    assert counts(archive.import_({"a.txt": later}).balance) == {"unchanged": 1, "added": 2}
    assert len({row.thread_id for row in archive.posts()}) == 1


def test_an_author_is_one_in_a_collection_and_another_in_the_next(archive: Archive) -> None:
    archive.import_({"a.txt": DYKES_FILE, "b.txt": thread("A second question?", ON_SALT)})
    archive.import_({"a.txt": DYKES_FILE}, collection="elsewhere")
    annalists = {row.author_id for row in archive.posts() if row.author == ANNALIST}
    assert len(annalists) == 2
