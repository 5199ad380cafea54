"""Assessment: for a text, the level of source quality that is proposed for it, and why.

Nothing here reads a clock, a disk or a network; the data files beside the code are read once.
"""

from archive.domain.assessment.engine import ENGINE, assess, assess_looks, explain
from archive.domain.assessment.kinds import KINDS, Kind
from archive.domain.assessment.reading import MAX_CHARACTERS
from archive.domain.assessment.suggestion import Reason, Signal, Suggestion

__all__ = [
    "ENGINE",
    "KINDS",
    "MAX_CHARACTERS",
    "Kind",
    "Reason",
    "Signal",
    "Suggestion",
    "assess",
    "assess_looks",
    "explain",
]
