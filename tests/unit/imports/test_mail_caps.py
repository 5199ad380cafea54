"""What mails may bring beside their texts, and how much of it is kept: the rest stands in the original, and is told."""

import pytest

from archive.domain.records import PostRecord
from imports import mail_parts
from imports.limits import MAX_TITLE_CHARACTERS
from tests.unit.imports.mails import OPENING, notes_of, read_mail, read_mbox, reasons_of, the_post

LONG = "S" * 90_000
TOLD = "a subject of 90,000 characters, of which the first 1,999 are kept; the whole stands in the original."


def letter(subject: str, above: str = "") -> bytes:
    references = f"References: <{above}>\n" if above else ""
    return f"From: A <a@x.org>\nMessage-ID: <1@x>\n{references}Subject: {subject}\n\nHi.\n".encode()


@pytest.mark.parametrize("above", ["", "gone@x"], ids=["that begins a thread", "that answers"])
def test_of_a_subject_without_end_the_beginning_is_kept_with_the_mail(above: str) -> None:
    items = read_mail(letter(LONG, above))
    post = the_post(items)
    subject = post.facts["subject"] if above and post.facts else post.title
    assert subject == "S" * (MAX_TITLE_CHARACTERS - 1) + "…"
    assert post.text == "Hi."
    assert (notes_of(items), reasons_of(items)) == ([f"The mail at byte 0 has {TOLD}"], [])


def test_a_subject_as_long_as_a_title_may_be_is_kept_whole() -> None:
    items = read_mail(letter("S" * MAX_TITLE_CHARACTERS))
    assert the_post(items).title == "S" * MAX_TITLE_CHARACTERS
    assert notes_of(items) == []


def test_nothing_is_told_of_a_subject_that_is_not_kept() -> None:
    items = read_mbox(
        OPENING + letter("Tolls") + b"\n" + OPENING + letter(LONG, "1@x").replace(b"ID: <1@x>", b"ID: <2@x>")
    )
    second = [item for item in items if isinstance(item, PostRecord)][1]
    assert (second.title, second.facts) == (None, {"message_id": "2@x"})
    assert notes_of(items) == []


def with_parts(*types: str) -> bytes:
    parts = "".join(f"--B\nContent-Type: {kind}\nContent-Disposition: attachment; filename=a\n\nx\n" for kind in types)
    head = 'From: a@x.org\nMessage-ID: <1@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"\n\n'
    return f"{head}{parts}--B--\n".encode()


def test_the_first_hundred_attachments_are_listed_and_the_others_counted() -> None:
    items = read_mail(with_parts(*["image/png"] * 400))
    facts = the_post(items).facts or {}
    assert isinstance(files := facts["attachments"], list)
    assert (len(files), facts["further_attachments"]) == (100, 300)
    assert notes_of(items) == [
        "The mail at byte 0 has 400 attachments, of which the first 100 are listed; all of them are in the original."
    ]
    assert "further_attachments" not in (the_post(read_mail(with_parts(*["image/png"] * 100))).facts or {})


def test_a_type_of_an_attachment_is_kept_as_far_as_types_may_be_long() -> None:
    items = read_mail(with_parts(f"application/{'x' * 60_000}", "image/png"))
    facts = the_post(items).facts or {}
    assert [file["type"] for file in facts["attachments"]] == [f"application/{'x' * 115}", "image/png"]
    (note,) = notes_of(items)
    assert note.startswith("The mail at byte 0 has attachments whose types are longer than 127 characters, and are cut")


def test_types_without_end_are_not_remembered() -> None:
    mail_parts._cached_type.cache_clear()
    for number in range(5):
        read_mail(with_parts(f"application/{'x' * 60_000}{number}"))
    assert mail_parts._cached_type.cache_info().currsize == 1  # that of the mails themselves
