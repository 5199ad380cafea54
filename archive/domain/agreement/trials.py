"""Suggestions on trial: how often blind votes agreed with suggestions that came about alike."""

from dataclasses import dataclass

from archive.domain.agreement.alpha import Interval
from archive.domain.agreement.shares import wilson

ENOUGH_OF_A_PATH = 5  # votes from which on a rule path is counted alone, and not with all of its level
INTERVAL_FROM = 20  # votes
JUDGED_FROM = 30  # votes from which on a kind that does badly is not shown any more
NEWEST = 1_000  # votes of a kind that are counted


@dataclass(frozen=True, slots=True)
class Trial:
    """Blind votes on texts for which the same engine suggested the same level in the same way."""

    agreed: int
    votes: int  # of as many texts: the first on each
    by_path: bool = True  # False: all suggestions of the level, as the rule path has too few

    @property
    def interval(self) -> Interval | None:
        """Within which bounds the share lies that would agree, by 95 %; None where the votes are too few to say."""
        return wilson(self.agreed, self.votes) if self.votes >= INTERVAL_FROM else None

    def fails(self, least: int) -> bool:
        """Whether such suggestions are not to be shown.

        :param least: percent of the votes that must agree; 0 lets any pass.
        """
        return self.votes >= JUDGED_FROM and 100 * self.agreed < least * self.votes
