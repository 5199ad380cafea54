"""Sources: the works that answers point to, and how each answer points to them.

Nothing here reads a clock, a disk or a network.
"""

from archive.domain.sources.csl import display_title, merged_csl
from archive.domain.sources.doubtful import DoubtfulPair, doubtful_pairs
from archive.domain.sources.extraction import references_in, references_of
from archive.domain.sources.reference import Csl, Manner, Reference, SourceKind
from archive.domain.sources.wayback import wayback_url

__all__ = [
    "Csl",
    "DoubtfulPair",
    "Manner",
    "Reference",
    "SourceKind",
    "display_title",
    "doubtful_pairs",
    "merged_csl",
    "references_in",
    "references_of",
    "wayback_url",
]
