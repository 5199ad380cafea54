"""A Message-ID that comes again, in another file, with a mail by somebody else or of another day: two posts."""

import json
import random
from typing import NamedTuple

import pytest
from sqlalchemy import select

from archive.domain.batch import Balance
from archive.services.ingest import chunks
from archive.services.ingest.publish import roll_back
from archive.store.threads import Post, Revision, RevisionText
from tests.integration.conftest import BY, Archive, NewArchive
from tests.integration.letters import Files
from tests.integration.test_mails_of_several_files import assert_sound, tree
from tests.integration.test_numbered_threads import notes

OPENING = "From list@quay.example Mon Mar  2 10:00:00 2015\n"


def letter(who: str, words: str, day: int, *, key: str = "same", above: str = "") -> str:
    return (
        f"From: {who} <{who.lower()}@quay.example>\nMessage-ID: <{key}@x>\nDate: Mon, {day} Jan 2024 00:00:00 +0000\n"
        f"Subject: By {who}\n" + (f"References: <{above}@x>\n" if above else "") + f"\n{words}\n"
    )


ANN = letter("Ann", "Ann wrote this.", 1)
BOB = letter("Bob", "Bob wrote that.", 1)
LATER = letter("Ann", "Ann wrote more.", 8)
MENDED = letter("Ann", "Ann wrote this, and mended it.", 1)
REPLY = letter("Cleo", "Cleo answers.", 9, key="reply", above="same")


def both(*mails: str) -> str:
    return "".join(f"{OPENING}{mail}\n" for mail in mails)


class Held(NamedTuple):
    """A post as this module asks for it."""

    key: str  # up to a hash
    author: str | None
    words: str
    id: int
    parent_id: int | None
    thread_id: int


def rows(archive: Archive) -> list[Held]:
    """What readers see."""
    archive.session.rollback()
    query = (
        select(Post.source_key, Post.byline, RevisionText.text, Post.id, Post.parent_id, Post.thread_id)
        .select_from(Post)
        .join(Revision, Revision.post_id == Post.id)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .where(Revision.is_current)
        .order_by(Post.id)
    )
    return [
        Held(row[0].partition(":")[0], row[1], row[2].strip().partition(" wrote ")[2], *row[3:])
        for row in archive.session.execute(query)
    ]


def held(archive: Archive) -> set[tuple[str, str | None, str]]:
    """By what each post is known, its author, and its text."""
    return {row[:3] for row in rows(archive)}


def by_author(archive: Archive) -> dict[str | None, Held]:
    """Posts of different authors."""
    return {row.author: row for row in rows(archive)}


def changes(balance: Balance) -> tuple[int, int]:
    return balance.added, balance.changed


@pytest.mark.parametrize("other", [BOB, LATER], ids=["by another author", "of another day"])
@pytest.mark.parametrize("batches", ["in one batch", "in two batches", "in two chunks"])
def test_a_mail_with_a_taken_id_rewrites_no_other_mail(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, other: str, batches: str
) -> None:
    if batches == "in two chunks":
        monkeypatch.setattr(chunks, "CHUNK_POSTS", 1)
    files: list[Files] = [{"1.eml": ANN}, {"2.eml": other}]
    if batches != "in two batches":
        files = [{**files[0], **files[1]}]
    told = [archive.preview(some) for some in files[:1]]
    imported = [archive.import_({**some}, public=True) for some in files]
    assert told[0].balance == imported[0].balance
    who, words = ("Bob", "that.") if other is BOB else ("Ann", "more.")
    assert held(archive) == {("same@x", "Ann", "this."), ("sha256", who, words)}
    assert sum(each.balance.added for each in imported) == 2
    assert len({row.thread_id for row in rows(archive)}) == 2
    (note,) = notes(archive, imported[-1].batch)
    assert note.startswith(
        "The mail at byte 0 bears the Message-ID “same@x” of another mail, by Ann, of 2024-01-01 00:00:00 UTC (post "
    )
    assert note.endswith("); it is known by its bytes.")
    if batches == "in two batches":
        again = archive.preview(files[1])
        assert [remark.text for remark in again.remarks] == [note]
    assert_sound(archive)


@pytest.mark.parametrize(
    "files",
    [
        {"1.eml": ANN, "2.eml": BOB},
        {"1.eml": BOB, "2.mbox": both(ANN, BOB)},
        {"1.mbox": both(ANN, BOB), "2.eml": BOB},
        {"1.eml": BOB, "2.mbox": both(BOB, REPLY, ANN), "3.eml": LATER},
        {"1.eml": ANN, "2.mbox": both(MENDED, ANN), "3.eml": BOB},
        {"1.mbox": both(ANN, MENDED), "2.eml": MENDED},
        {"1.eml": LATER, "2.eml": MENDED, "3.mbox": both(ANN, LATER, MENDED, BOB)},
    ],
)
def test_what_was_imported_adds_nothing_when_it_comes_again_in_any_order(
    new_archive: NewArchive, monkeypatch: pytest.MonkeyPatch, files: Files
) -> None:
    trees = []
    for posts in (1, 3_000):
        monkeypatch.setattr(chunks, "CHUNK_POSTS", posts)
        with new_archive() as archive:
            for name, content in files.items():
                archive.import_({name: content}, public=True)
            before, number = tree(archive), len(archive.posts())
            dice = random.Random(posts)
            for turn in range(4):
                for name in dice.sample([*files], len(files)):
                    again = {name: files[name]} if turn % 2 else {"other.mbox": _in_another_file(files[name])}
                    told = archive.import_({**again, "new.txt": f"{turn} of {name}"}).balance  # so that it is read
                    assert (*changes(told), told.quarantined) == (0, 0, 1)
            assert (tree(archive), len(archive.posts())) == (before, number)
            assert_sound(archive)
        trees.append(before)
    assert trees[0] == trees[1]  # however much is committed together


def _in_another_file(content: str | bytes) -> str:
    words = str(content)
    return f"\n{words}" if words.startswith("From ") else both(words)


def test_a_mail_that_a_file_held_apart_from_one_of_its_author_and_day_stays_apart(archive: Archive) -> None:
    archive.import_({"1.mbox": both(ANN, MENDED)}, public=True)
    assert changes(archive.import_({"2.eml": MENDED}, public=True).balance) == (0, 0)
    assert held(archive) == {("same@x", "Ann", "this."), ("sha256", "Ann", "this, and mended it.")}


def test_another_text_by_the_same_author_of_the_same_day_is_a_newer_text(archive: Archive) -> None:
    archive.import_({"1.eml": ANN}, public=True)
    assert changes(archive.import_({"2.eml": MENDED}, public=True).balance) == (0, 1)
    assert held(archive) == {("same@x", "Ann", "this, and mended it.")}


def test_a_mail_keeps_the_id_by_which_the_archive_has_it_where_a_file_has_another_first(archive: Archive) -> None:
    archive.import_({"1.eml": BOB}, public=True)
    imported = archive.import_({"2.mbox": both(ANN, BOB)}, public=True)
    assert held(archive) == {("same@x", "Bob", "that."), ("sha256", "Ann", "this.")}
    assert "keeps its Message-ID" in notes(archive, imported.batch)[-1]


def test_answers_hang_under_the_mail_that_had_the_id_first(archive: Archive) -> None:
    archive.import_({"1.eml": ANN}, public=True)
    archive.import_({"2.mbox": both(BOB, REPLY)}, public=True)
    posts = by_author(archive)
    assert posts["Cleo"].parent_id == posts["Ann"].id
    assert posts["Bob"].thread_id != posts["Ann"].thread_id
    assert_sound(archive)


def test_an_answer_with_a_taken_id_stays_in_its_thread(archive: Archive) -> None:
    question = letter("Dora", "Dora wrote first.", 1, key="question")
    archive.import_({"1.mbox": both(question, ANN)}, public=True)
    answer = letter("Bob", "Bob wrote an answer.", 2, above="question")
    archive.import_({"2.mbox": both(answer)}, public=True)
    posts = by_author(archive)
    assert posts["Bob"].parent_id == posts["Dora"].id
    assert posts["Bob"].thread_id == posts["Dora"].thread_id
    assert_sound(archive)


def test_an_id_stays_with_a_mail_that_was_rolled_back(archive: Archive) -> None:
    first = archive.import_({"1.eml": ANN}, public=True)
    archive.import_({"2.eml": BOB}, public=True)
    roll_back(archive.session, first.batch, reason="", by=BY)
    third = archive.import_({"3.eml": LATER, "2.eml": BOB}, public=True)
    assert changes(third.balance) == (1, 0)
    assert "(post " in notes(archive, third.batch)[0]
    assert "which was rolled back and keeps its id); it is known by its bytes." in notes(archive, third.batch)[0]
    assert changes(archive.import_({"again.eml": ANN}, public=True).balance) == (1, 0)
    assert held(archive) == {("sha256", "Bob", "that."), ("same@x", "Ann", "this."), ("sha256", "Ann", "more.")}
    assert_sound(archive)


def test_a_mail_whose_author_another_source_calls_otherwise_is_known_when_it_comes_again(archive: Archive) -> None:
    archive.import_({"1.eml": ANN}, public=True)
    fields = {"footnote": 1, "thread": "same@x", "key": "same@x", "parent": None, "kind": "question", "author": "Anna"}
    line = json.dumps({**fields, "title": "By Ann", "text": "Ann wrote this.", "posted_at": None})
    archive.import_({"1.jsonl": f"{line}\n"}, public=True)
    assert {row.author for row in rows(archive)} == {"Anna"}
    assert archive.import_({"2.mbox": both(ANN)}).balance.added == 0
