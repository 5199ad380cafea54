"""A labelled text: what is learned from, and tested on."""

from dataclasses import dataclass

from archive.domain.records import Markup
from archive.domain.source_quality import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text with the level that a person gave it."""

    text: str
    level: Level
    markup: Markup = Markup.PLAIN
    evidence: tuple[tuple[int, int], ...] = ()  # the words that decide: characters of the text
    group: str  # of two texts of one group, e.g. of one thread, never is one learned from while the other is tested
    is_alone: bool = False  # whether its group is known of it alone
    weight: float = 1.0  # how much it counts in learning; 0 for one that is only tested on
    is_tested: bool = True  # whether it counts in the figures
