"""Lists within lists from replies in reading order, each of which says its level. No recursion: chains are long."""

from collections.abc import Sequence

from archive.domain.ids import PublicId
from archive.web.threads.pages import Reply

DEEPEST = 6  # lists within one another; deeper replies stand under one another, and say their level


class Nesting:
    """The lists that are open, each with an item of which the end is still to come."""

    def __init__(self, end: str) -> None:
        """Of the outermost list.

        :param end: what ends it.
        """
        self._levels: list[int] = []
        self._ends = [end]

    def deepens(self, level: int) -> bool:
        """Whether a reply goes into a list of its own below the one before."""
        return bool(self._levels) and level > self._levels[-1] and len(self._levels) < DEEPEST

    def open(self, level: int, end: str) -> None:
        """Begin a list below the reply before."""
        self._levels.append(level)
        self._ends.append(end)

    def follow(self, level: int) -> str:
        """Go on in the list to which a reply of that level belongs; what must be written first."""
        if not self._levels:
            self._levels.append(level)
            return ""
        out = ["</li>\n"]
        while len(self._levels) > 1 and self._levels[-1] > level:
            self._levels.pop()
            out += [self._ends.pop(), "</li>\n"]
        self._levels[-1] = min(self._levels[-1], level)
        return "".join(out)

    def close(self) -> str:
        """End all lists."""
        return "".join(f"</li>\n{end}" for end in reversed(self._ends))


def levels_below(replies: Sequence[Reply]) -> list[int]:
    """For each reply, how many posts hang below it."""
    below, open_ = [0] * len(replies), list[int]()
    for place, reply in enumerate(replies):
        while open_ and replies[open_[-1]].level >= reply.level:
            ended = open_.pop()
            below[ended] = place - ended - 1
        open_.append(place)
    for ended in open_:
        below[ended] = len(replies) - ended - 1
    return below


def siblings(replies: Sequence[Reply]) -> list[tuple[PublicId | None, PublicId | None]]:
    """For each reply, the ones before and behind it that answer the same post."""
    befores, behinds = _last_met(replies), _last_met(replies[::-1])[::-1]
    return list(zip(befores, behinds, strict=True))


def _last_met(replies: Sequence[Reply]) -> list[PublicId | None]:
    met: dict[object, PublicId] = {}
    found: list[PublicId | None] = []
    for reply in replies:
        view = reply.post.view
        under = view.parent or view.awaits
        found.append(met.get(under))
        met[under] = view.public_id
    return found
