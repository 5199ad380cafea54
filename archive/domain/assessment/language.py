"""Whether a text is in a language that there are cues for."""

from collections.abc import Sequence

import numpy as np

from archive.domain.assessment.word_classes import HAS_LETTERS, IS_OF_LANGUAGE

_FEWEST_WORDS = 8  # a shorter text is taken as it is: names and links are of no language
_LEAST_SHARE = 0.2  # of its words that have a class of their own; English has some .6, its nearest kin some .1
_LATIN = "\u024f"  # the last letter of Latin Extended-B


def is_known(words: Sequence[str], classes: Sequence[int]) -> bool:
    """Whether the words of a text can be weighed at all."""
    numbers = np.array(classes, dtype=np.intp)
    spoken = int(HAS_LETTERS[numbers].sum())
    if spoken < _FEWEST_WORDS:
        return not any(word[0].isalpha() and word[0] > _LATIN for word in words)
    return int(IS_OF_LANGUAGE[numbers].sum()) >= _LEAST_SHARE * spoken
