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
