"""A disclaimer governs its own sentence and its neighbours, and no more."""

import pytest

from archive.domain.assessment import assess
from archive.domain.source_quality import Level

WORK = "The figures are in Marta Ellwood's *Salt and the Crown*."
FILLER = "The guards on the line carried muskets and were hated for it."


def kinds(text: str) -> set[str]:
    return {signal.kind for signal in assess(text).signals}


@pytest.mark.parametrize(
    "text",
    [
        f"{WORK} I cannot cite the page now.",
        f"I don't have the book with me. {WORK}",
        "I read Marta Ellwood's *Salt and the Crown* but cannot cite it now.",
        f"{WORK} If I remember correctly there were six regions.",
    ],
)
def test_a_work_beside_a_disclaimer_is_a_candidate(text: str) -> None:
    assert assess(text).level is Level.RECOLLECTED
    assert "candidate" in kinds(text)
    assert "reference" not in kinds(text)


def test_a_disclaimer_further_away_leaves_the_work_a_reference() -> None:
    text = f"{WORK} {FILLER} {FILLER} IIRC the dogs came later."
    assert assess(text).level is Level.CITED
    assert "candidate" not in kinds(text)


def test_a_link_stays_a_reference_beside_a_disclaimer() -> None:
    assert assess("IIRC it is here: https://example.org/salt").level is Level.CITED


def test_the_path_names_the_work_that_is_not_at_hand() -> None:
    path = assess(f"{WORK} I cannot cite the page now.").path
    assert any("“Salt and the Crown” is named" in step for step in path)


def test_a_short_text_that_says_it_cannot_cite_is_an_answer() -> None:
    assert assess("I read the memoirs but cannot cite them now.").level is Level.RECOLLECTED


@pytest.mark.parametrize(
    "text",
    [
        "It was in a paper (doi:10.1086/691682) that I read years ago, but I cannot cite it now.",
        "I have not read it myself, but doi:10.1086/691682 is said to have the figures of all six regions.",
    ],
)
def test_a_number_in_the_sentence_of_a_disclaimer_is_a_candidate_too(text: str) -> None:
    assert assess(text).level not in (Level.CITED, Level.PINPOINT)
    assert {"candidate"} <= kinds(text)
    assert "doi" not in kinds(text)


def test_a_number_beside_the_sentence_of_a_disclaimer_stays_a_reference() -> None:
    assert assess("I cannot cite the page now. The paper is doi:10.1086/691682.").level is Level.CITED
