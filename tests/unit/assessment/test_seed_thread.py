"""The thread that the project started from comes out as the codebook says."""

from pathlib import Path

import pytest

from archive.domain.assessment import Suggestion, assess
from archive.domain.source_quality import Level

SEED = Path(__file__).parents[4] / "shared/data/seed/great-purge.txt"

pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"the seed thread is not here: {SEED}")


def answer(after: str, before: str | None = None) -> str:
    text = SEED.read_text("utf-8").split(f"\n{after}\n", 1)[1]
    return text.split(f"\n{before}\n", 1)[0] if before else text


def spans(text: str, suggestion: Suggestion) -> set[tuple[str, str]]:
    return {(signal.kind, text[signal.start : signal.end]) for signal in suggestion.signals}


def test_the_careful_answer_is_attributed_and_its_vague_words_are_seen() -> None:
    text = answer("jasonfrederick1555", "robinacape")
    suggestion = assess(text)
    assert suggestion.level is Level.ATTRIBUTED
    assert ("attribution", "Molotov later commented in his memoir") in spans(text, suggestion)
    assert ("vague", "Other historians have also noted") in spans(text, suggestion)


def test_the_memoirs_that_cannot_be_cited_are_a_candidate_and_the_answer_is_from_memory() -> None:
    text = answer("robinacape")
    suggestion = assess(text)
    assert suggestion.level is Level.RECOLLECTED
    assert ("withheld", "cannot cite them now") in spans(text, suggestion)
    assert ("candidate", "Memoirs of Nikita Kruschev") in spans(text, suggestion)
