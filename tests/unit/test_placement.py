"""The rules of moving: where a post may hang, what it becomes there, and what speaks for a parent."""

from itertools import product

import pytest

from archive.domain.doubts import DOUBTS, Doubt, doubt_of
from archive.domain.parent_proposals import REASONS, Reason, addressed_name, contains, is_called, quoted_passages
from archive.domain.placement import (
    Candidate,
    MoveNotAllowedError,
    check_parent,
    clean_title,
    kind_below,
    kind_of_mail_below_nothing,
    kind_of_moved,
)
from archive.domain.records import Edge, Markup, PostKind
from archive.domain.subjects import base_subject, subject_key
from archive.domain.thread_tree import Node, Tree

Q, A, R = PostKind.QUESTION, PostKind.ANSWER, PostKind.REPLY


@pytest.mark.parametrize(
    ("said", "parent_said", "parent_is", "kind"),
    [
        (A, Q, Q, A),  # nothing happened
        (R, Q, Q, R),  # a comment on a question stays one
        (A, Q, A, R),  # the question was hung under another one
        (A, Q, R, R),
        (R, A, Q, A),  # the answer became a thread of its own
        (R, R, Q, A),
        (R, A, R, R),
        (Q, R, Q, Q),
    ],
)
def test_a_kind_follows_a_parent_that_became_a_question_or_ceased_to_be_one(
    said: PostKind, parent_said: PostKind, parent_is: PostKind, kind: PostKind
) -> None:
    assert kind_below(said, edge=Edge.SOURCE, parent_said=parent_said, parent_is=parent_is) is kind


@pytest.mark.parametrize("edge", [Edge.REFERENCES, Edge.PERSON])
def test_what_a_mail_is_or_what_a_person_put_somewhere_follows_from_what_it_hangs_under(edge: Edge) -> None:
    for said, parent_said in product((Q, A, R), repeat=2):
        kinds = [kind_below(said, edge=edge, parent_said=parent_said, parent_is=parent) for parent in (Q, A, R)]
        assert kinds == [A, R, R]


@pytest.mark.parametrize(
    ("said", "edge", "is_first", "awaits_first", "kind"),
    [
        (Q, Edge.REFERENCES, True, None, Q),
        (Q, Edge.REFERENCES, False, None, Q),  # its source names the thread otherwise
        (A, Edge.REFERENCES, True, None, A),
        (A, Edge.REFERENCES, False, True, A),
        (R, Edge.REFERENCES, False, True, A),
        (A, Edge.REFERENCES, False, False, R),
        (A, Edge.REFERENCES, True, False, Q),  # it waits for what answers it
        (A, Edge.CUT, True, None, Q),
        (A, Edge.CUT, False, None, R),  # as it was
        (A, Edge.PERSON, True, False, R),
    ],
)
def test_what_a_mail_is_that_hangs_from_nothing(
    said: PostKind, edge: Edge, is_first: bool, awaits_first: bool | None, kind: PostKind
) -> None:
    found = kind_of_mail_below_nothing(said, R, edge=edge, is_first=is_first, awaits_first=awaits_first)
    assert found is kind


def test_what_is_moved_is_a_question_on_top_an_answer_below_one_and_a_reply_elsewhere() -> None:
    assert [kind_of_moved(parent) for parent in (None, Q, A, R)] == [Q, A, R, R]


@pytest.mark.parametrize(
    ("parent", "sentence"),
    [
        (Candidate(1, 7, True), "under itself"),
        (Candidate(2, 7, True), "hangs below this one"),
        (Candidate(3, 8, True), "another collection"),
        (Candidate(3, 7, False), "is a draft"),
    ],
)
def test_a_post_is_refused_a_place(parent: Candidate, sentence: str) -> None:
    with pytest.raises(MoveNotAllowedError, match=sentence):
        check_parent(Candidate(1, 7, True), parent, below=frozenset({1, 2}), any_public=True)


def test_a_draft_may_hang_under_a_draft() -> None:
    check_parent(Candidate(1, 7, False), Candidate(3, 7, False), below=frozenset({1}), any_public=False)


def test_what_hangs_below_is_found_without_recursion_and_in_circles() -> None:
    chain = [Node(number, number - 1 if number else None) for number in range(10_000)]
    assert sorted(Tree(chain).below([9_000])) == [(number, 9_000) for number in range(9_000, 10_000)]
    assert sorted(Tree([Node(1, 2), Node(2, 1), Node(3, 1), Node(4, None)]).below([1])) == [(1, 1), (2, 1), (3, 1)]


@pytest.mark.parametrize(
    "subject",
    ["Lock gates", "Re: Lock gates", "AW: re: lock   gates", "Fwd: [canals] Re[2]: LOCK GATES", "[canals] Lock gates"],
)
def test_subjects_are_alike_without_what_programs_add(subject: str) -> None:
    assert subject_key(subject) == subject_key("Lock gates")


def test_a_subject_that_says_nothing_is_like_no_other() -> None:
    assert subject_key(None) is None
    assert subject_key("  ") is None
    assert base_subject("Re:") == "Re:"
    assert subject_key("Regarding: gates") != subject_key("gates")


def test_what_is_quoted_is_found_in_what_was_written_and_not_in_other_quotations() -> None:
    text = "> It was the carpenter’s son who cut the gates.\n\nNo, his uncle."
    (passage,) = quoted_passages(text, Markup.MAIL)
    assert contains("Well. It was the carpenter’s son who cut the gates, they say.", passage)
    assert not contains(text, passage)
    assert not contains("It was the carpenter.", passage)
    assert list(quoted_passages("> Why?\n\nBecause.", Markup.MAIL)) == []
    html = "<blockquote><p>It was the <b>son</b> who cut them.</p></blockquote><p>No.</p>"
    assert list(quoted_passages(html, Markup.HTML)) == [("It", "was", "the", "son", "who", "cut", "them")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@ansel that is wrong.", "ansel"),
        ("ansel, that is wrong.", "ansel"),
        ("Ansel Kruse: that is wrong.", "ansel kruse"),
        ("That is wrong.", None),
        ("10:30 is when it began.", None),
    ],
)
def test_whom_the_first_words_may_speak_to(text: str, name: str | None) -> None:
    assert addressed_name(text) == name


def test_an_author_is_called_by_the_whole_name_or_its_first_word() -> None:
    assert is_called("Ansel Kruse", "ansel")
    assert is_called("Ansel Kruse", "ansel kruse")
    assert not is_called("Ansel Kruse", "kruse")


def test_every_doubt_and_every_reason_has_its_sentence() -> None:
    assert set(DOUBTS) == set(Doubt)
    assert set(REASONS) == set(Reason)
    assert doubt_of(Edge.PERSON, waits=False, parent_is_here=False) is None
    assert doubt_of(Edge.SOURCE, waits=True, parent_is_here=False) is Doubt.MISSING
    assert doubt_of(Edge.SOURCE, waits=True, parent_is_here=True) is Doubt.CONTRADICTED
    assert doubt_of(Edge.CUT, waits=False, parent_is_here=False) is Doubt.CUT


def test_a_title_is_one_line_of_bounded_length() -> None:
    assert clean_title(" Who\n cut\0 it? ") == "Who cut it?"
    with pytest.raises(MoveNotAllowedError):
        clean_title("a" * 301)
