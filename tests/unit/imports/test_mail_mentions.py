"""What mails tell of others that their file does not hold."""

from collections.abc import Sequence

import pytest

from archive.domain.records import Mention
from imports import mail_threads
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.mails import OPENING, read_mail, read_mbox


def _mail(key: str, *references: str) -> bytes:
    line = f"References: {' '.join(f'<{above}>' for above in references)}\n" if references else ""
    return f"From: a@b\nMessage-ID: <{key}>\n{line}\nhi\n\n".encode()


def _mentions(mails: Sequence[bytes]) -> dict[str, list[tuple[str, str]]]:
    read = read_mbox(b"".join(OPENING + mail for mail in mails))
    return {post.key: [*map(tuple, post.mentions)] for post in posts_of(read)}


def test_mails_whose_file_holds_what_they_answer_tell_nothing() -> None:
    assert _mentions([_mail("c", "a", "b"), _mail("b", "a"), _mail("a")]) == {"a": [], "b": [], "c": []}


def test_what_stood_above_a_missing_mail_is_told_and_what_answers_it() -> None:
    assert _mentions([_mail("a"), _mail("d", "a", "b", "c"), _mail("e", "a", "b", "c", "d")]) == {
        "a": [],
        "d": [("b", "a"), ("c", "b"), ("d", "c")],
        "e": [("b", "a"), ("c", "b")],
    }


def test_where_the_lines_of_a_file_differ_all_tell_the_same() -> None:
    told = _mentions([_mail("c", "z", "lost"), _mail("d", "y", "lost")])
    assert told == {"c": [("lost", "y"), ("c", "lost")], "d": [("lost", "y"), ("d", "lost")]}


def test_a_mail_alone_in_its_file_tells_its_whole_line() -> None:
    (post,) = posts_of(read_mail(_mail("d", "a", "b", "c")))
    assert post.mentions == (Mention("b", "a"), Mention("c", "b"), Mention("d", "c"))  # type: ignore[arg-type]
    (post,) = posts_of(read_mail(_mail("a")))
    assert post.mentions == ()


@pytest.mark.parametrize("alone", [True, False])
def test_of_a_long_line_the_nearest_are_told_and_that_they_stand_below_its_first(
    monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    monkeypatch.setattr(mail_threads, "_MOST_MENTIONS", 2)
    mail = _mail("f", "a", "b", "c", "d", "e")
    (post,) = posts_of(read_mail(mail) if alone else read_mbox(OPENING + mail))
    assert {*map(tuple, post.mentions)} == {("c", "a"), ("d", "c"), ("e", "d"), ("f", "e")}
