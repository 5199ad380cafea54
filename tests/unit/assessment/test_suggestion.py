"""What a suggestion says of itself."""

from archive.domain.assessment import ENGINE, KINDS, assess
from archive.domain.assessment.confidence import confidence_in, confidence_table


def test_the_path_repeats_the_deciding_words() -> None:
    assert assess("It is all in *Salt and the Crown* by Marta Ellwood, p. 12.").path == (
        "Q0 Tries to answer: yes",
        "Q1 A reference that can be retrieved: yes, “Salt and the Crown”",
        "Q2 A place in it: yes, “p. 12”",
    )


def test_the_engine_signs() -> None:
    assert assess("It was so.").engine == ENGINE


def test_every_kind_has_its_own_name() -> None:
    assert len({kind.name for kind in KINDS.values()}) == len(KINDS)


def test_a_leaf_that_was_never_seen_is_worth_a_half() -> None:
    assert confidence_in("cited: by pigeon") == 0.5


def test_the_confidence_table_counts_agreement_by_leaf() -> None:
    table = confidence_table([("cited: link", True), ("cited: link", False), ("cited: work", True)])
    assert table.splitlines()[-2:] == [
        '"cited: link" = { agreed = 1, seen = 2 }',
        '"cited: work" = { agreed = 1, seen = 1 }',
    ]


def test_a_certain_leaf_is_more_certain_than_a_doubtful_one() -> None:
    link = assess("https://example.org/salt")
    vague = assess("I think it was about salt, and that the guards had something to do with it.")
    assert link.confidence > vague.confidence
