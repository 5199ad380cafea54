"""The data files: every cue can match, every name in them means something."""

import pytest

from archive.domain.assessment import KINDS
from archive.domain.assessment.cue_lists import ENGLISH, Cue
from archive.domain.assessment.identifiers import IDENTIFIERS
from archive.domain.assessment.locators import LOCATORS
from archive.domain.assessment.phrases import Phrases
from archive.domain.assessment.reading import Reading
from archive.domain.assessment.references import READING_WORDS


def test_every_kind_of_cue_has_a_name_for_people() -> None:
    assert {cue.kind for cue in ENGLISH.cues} - {"hook"} <= set(KINDS)
    assert {anchor.kind for anchor in (*IDENTIFIERS, *LOCATORS, *READING_WORDS)} <= set(KINDS)


@pytest.mark.parametrize("cue", ENGLISH.cues, ids=lambda cue: f"{cue.kind}: {cue.why}")
def test_every_cue_is_written_in_words_as_a_text_is_cut(cue: Cue) -> None:
    for phrase in cue.phrases:
        for element in phrase.split():
            if element[0] not in "[.#-":
                for word in element.removesuffix("?").split("|"):
                    assert word[0] in "[-#" or Reading(word).words == [word], phrase


def test_every_cue_has_a_strength_that_the_tree_knows() -> None:
    assert {cue.strength for cue in ENGLISH.cues} <= {0, 1, 2}


def test_no_phrase_is_written_twice_in_one_group() -> None:
    for cue in ENGLISH.cues:
        assert len(set(cue.phrases)) == len(cue.phrases), cue.why


def test_a_phrase_of_the_lists_is_found_in_a_sentence() -> None:
    phrases = Phrases([(phrase, n) for n, cue in enumerate(ENGLISH.cues) for phrase in cue.phrases], ENGLISH.lists)
    kinds = {ENGLISH.cues[found.cue].kind for found in phrases.find(Reading("I read somewhere that it is so").words)}
    assert "recollection" in kinds
