"""The cap rule: a disclaimer governs its own and the neighbouring sentences.

A work that is named there is a candidate, not a reference. A number that leads to the work governs
its own sentence better than its neighbours': only a disclaimer beside it makes a candidate of it,
and only one that says that the work is not at hand, or was not read.
"""

from collections.abc import Iterable, Iterator

from archive.domain.assessment.kinds import RETRIEVABLE, Hit

_NOT_AT_HAND = ("withheld", "not_consulted")
_WHY = "a work is named, but not given as at hand"


def apply_cap(hits: Iterable[Hit]) -> list[Hit]:
    """Turn the references that a disclaimer governs into candidates."""
    hits = list(hits)
    disclaimed = {hit.sentence for hit in hits if hit.kind in _NOT_AT_HAND}
    if not disclaimed and not any(hit.kind == "recollection" for hit in hits):
        return hits
    remembered = {hit.sentence for hit in hits if hit.kind == "recollection" and hit.strength == 2}
    governed = set(_around(disclaimed | remembered))
    return [
        hit._replace(kind="candidate", why=_WHY)
        if (hit.kind == "reference" and hit.sentence in governed)
        or (hit.kind in RETRIEVABLE and hit.sentence in disclaimed)
        else hit
        for hit in hits
    ]


def _around(sentences: Iterable[int]) -> Iterator[int]:
    for sentence in sentences:
        yield from (sentence - 1, sentence, sentence + 1)
