"""How the writer says that a work is known."""

import re
from collections.abc import Sequence

from archive.domain.assessment.kinds import Hit
from archive.domain.sources.mentions import Mention
from archive.domain.sources.reference import Manner

_NEAR = 150  # characters
_QUOTED_IN = re.compile(
    r"[\s,;.()\[\]*_\"”'–—-]{0,6}(?:as\s)?(?:quoted|cited|qtd\.?|reproduced|reprinted|referenced|translated)\s(?:in|by|from|on)\b",
    re.IGNORECASE,
)
_MEMORY = frozenset({"withheld", "recollection", "secondhand"})


class Manners:
    """Tells the manner of each mention of a text."""

    def __init__(self, own: str, hits: Sequence[Hit], mentions: Sequence[Mention]) -> None:
        self._own = own
        self._not_read = {hit.sentence for hit in hits if hit.kind == "not_consulted"}
        self._memory = {hit.sentence for hit in hits if hit.kind in _MEMORY and hit.strength == 2}
        self._starts = [mention.start for mention in mentions]

    def of(self, mention: Mention) -> Manner:
        here = mention.sentence
        if mention.capped:
            near = {here - 1, here, here + 1}
            if here in self._not_read or (near & self._not_read and not near & self._memory):
                return Manner.NOT_READ
            return Manner.RECALLED
        if self._is_quoted(mention):
            return Manner.VIA
        return Manner.RECALLED if mention.remembered and mention.place is None else Manner.CONSULTED

    def _is_quoted(self, mention: Mention) -> bool:
        quoted = _QUOTED_IN.match(self._own, mention.reach) or _QUOTED_IN.match(self._own, mention.end)
        return quoted is not None and any(quoted.end() <= start < quoted.end() + _NEAR for start in self._starts)
