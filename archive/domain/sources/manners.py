"""How the writer says that a work is known."""

import re
from collections.abc import Sequence

from archive.domain.assessment.kinds import Hit
from archive.domain.sources.named_works import NamedWork
from archive.domain.sources.reference import Manner

_NEAR = 150  # characters
_QUOTED_IN = re.compile(
    r"[\s,;.()\[\]*_\"”'–—-]{0,6}(?:as\s)?(?:quoted|cited|qtd\.?|reproduced|reprinted|referenced|translated)\s(?:in|by|from|on)\b",
    re.IGNORECASE,
)
_MEMORY = frozenset({"withheld", "recollection", "secondhand"})


class Manners:
    """Tells the manner of each work that a text names."""

    def __init__(self, own: str, hits: Sequence[Hit], named_works: Sequence[NamedWork]) -> None:
        self._own = own
        self._not_read = {hit.sentence for hit in hits if hit.kind == "not_consulted"}
        self._memory = {hit.sentence for hit in hits if hit.kind in _MEMORY and hit.strength == 2}
        self._starts = [named_work.start for named_work in named_works]

    def of(self, named_work: NamedWork) -> Manner:
        here = named_work.sentence
        if named_work.capped:
            near = {here - 1, here, here + 1}
            if here in self._not_read or (near & self._not_read and not near & self._memory):
                return Manner.NOT_READ
            return Manner.RECALLED
        if self._is_quoted(named_work):
            return Manner.VIA
        return Manner.RECALLED if named_work.remembered and named_work.place is None else Manner.CONSULTED

    def _is_quoted(self, named_work: NamedWork) -> bool:
        quoted = _QUOTED_IN.match(self._own, named_work.reach) or _QUOTED_IN.match(self._own, named_work.end)
        return quoted is not None and any(quoted.end() <= start < quoted.end() + _NEAR for start in self._starts)
