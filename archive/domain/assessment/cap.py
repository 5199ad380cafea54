"""The cap rule: a disclaimer governs its own and the neighbouring sentences.

A work that is named there is a candidate, not a reference.
"""

from collections.abc import Iterable

from archive.domain.assessment.kinds import Hit


def apply_cap(hits: Iterable[Hit]) -> list[Hit]:
    """Turn the references that a disclaimer governs into candidates."""
    hits = list(hits)
    governed = {
        hit.sentence + step
        for hit in hits
        if hit.kind in ("withheld", "not_consulted") or (hit.kind == "recollection" and hit.strength == 2)
        for step in (-1, 0, 1)
    }
    return [
        hit._replace(kind="candidate", why="a work is named, but not given as at hand")
        if hit.kind == "reference" and hit.sentence in governed
        else hit
        for hit in hits
    ]
