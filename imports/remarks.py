"""Notes that a file is given once, at the first place that calls for them."""

from collections.abc import Callable


class Remarks:
    """Which notes a file was given.

    Where reading goes on in the middle of a file, what lies before is looked through
    once the first note is due: so that the rest is read as it would have been in one go.
    """

    def __init__(self, look_back: Callable[[], set[str]] | None = None) -> None:
        """`look_back` returns what an earlier run made notes of."""
        self._look_back = look_back
        self.made: set[str] = set()

    def is_first(self, what: str) -> bool:
        """Whether no note of this was made yet; from now on, one was."""
        if what in self.made:
            return False
        if self._look_back is not None:
            look_back, self._look_back = self._look_back, None
            self.made |= look_back()
        is_first = what not in self.made
        self.made.add(what)
        return is_first
