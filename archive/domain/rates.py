"""How many requests somebody may send in a while, and what is left of that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """So much within so many seconds; 0 for without limit."""

    name: str
    most: int
    seconds: int = 60

    def window(self, at: float) -> int:
        """The number of the stretch of time in which a moment lies: all begin at the same moments for everybody."""
        return int(at) // self.seconds

    def count(self, taken: int, *, at: float) -> "Count":
        """What is left once so much was taken in the stretch.

        :param at: seconds since 1970.
        """
        return Count(self, taken=taken, resets_in=self.seconds - int(at) % self.seconds)


@dataclass(frozen=True, slots=True)
class Count:
    """What somebody took in the stretch of time under way, the request itself included."""

    rate: Rate
    taken: int
    resets_in: int  # seconds, from 1

    @property
    def left(self) -> int:
        """What may still be taken."""
        return max(0, self.rate.most - self.taken)

    @property
    def is_exceeded(self) -> bool:
        """Whether it is too much."""
        return 0 < self.rate.most < self.taken
