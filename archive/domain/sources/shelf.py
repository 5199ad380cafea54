"""Which names are of one work, as texts tell it: a text that gives two names of a work joins them.

Not where each of the two works has an identifier of its own, of one scheme: they may be editions, and a person should
look. And not where a person said that they are two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.domain.sources.naming import by_strength, contradict, is_title_alone

WorkId = int  # of a work that is not stored yet, a negative number


class Joined(NamedTuple):
    """A work that went into another one."""

    into: WorkId
    other: WorkId
    names: tuple[str, ...]  # that went along
    because: tuple[str, str]  # the two names that a text gives of one work


class Doubt(NamedTuple):
    """Two names that may be of one work, and why, in a sentence."""

    a: str  # sorts before the other
    b: str
    why: str


@dataclass(slots=True)
class Shelf:
    """Works with their names, those that matter to some texts."""

    owners: dict[str, WorkId]  # by name
    names: dict[WorkId, set[str]]  # all names of each of those works
    apart: set[frozenset[WorkId]] = field(default_factory=set)  # pairs of which a person said that they are two
    joined: list[Joined] = field(default_factory=list)  # of stored works
    doubts: dict[tuple[str, str], Doubt] = field(default_factory=dict)

    @classmethod
    def of(cls, owners: Mapping[str, WorkId], apart: Iterable[frozenset[WorkId]] = ()) -> "Shelf":
        """A shelf of these names."""
        names: dict[WorkId, set[str]] = {}
        for name, work in owners.items():
            names.setdefault(work, set()).add(name)
        return cls(dict(owners), names, set(apart))

    def place(self, given: Sequence[str]) -> WorkId:
        """The work of which a text gives these names, the strongest first; joins what they join."""
        work = self._home(given)
        for name in given:
            other = self.owners.get(name)
            if other is None:
                if not self._is_of_another(name, work):
                    self._put(name, work)
            elif other != work:
                work = self._join(work, other, (given[0], name))
        return work

    def _home(self, given: Sequence[str]) -> WorkId:
        if given[0] in self.owners:
            return self.owners[given[0]]
        for name in given[1:]:
            work = self.owners.get(name)
            if work is not None and self._may_be_one(given, self.names[work], name):
                return work
        work = -1 - len(self.names)
        self.names[work] = set()
        self._put(given[0], work)
        return work

    def _put(self, name: str, work: WorkId) -> None:
        self.owners[name] = work
        self.names[work].add(name)

    def _is_of_another(self, name: str, work: WorkId) -> bool:
        return contradict([name], self.names[work]) is not None

    def _join(self, work: WorkId, other: WorkId, because: tuple[str, str]) -> WorkId:
        """One of two works into the other, or a doubt; the work that the text is about."""
        if frozenset((work, other)) in self.apart:
            return work
        if not self._may_be_one(self.names[work], self.names[other], because[1]):
            self._doubt(work, other)
            return work
        into, gone = (work, other) if self._is_older(work, other) else (other, work)
        moved = tuple(by_strength(self.names[gone]))
        for name in moved:
            self._put(name, into)
        self.names[gone] = set()
        if gone > 0:
            self.joined.append(Joined(into, gone, moved, because))
            self.apart |= {frozenset(into if each == gone else each for each in pair) for pair in self.apart}
        return into

    @staticmethod
    def _may_be_one(mine: Iterable[str], theirs: Iterable[str], by_name: str) -> bool:
        mine, theirs = set(mine) - set(theirs), set(theirs)
        if is_title_alone(by_name) and any(_is_address(name) for name in mine) and any(map(_is_address, theirs)):
            return False
        return contradict(mine, theirs) is None

    @staticmethod
    def _is_older(work: WorkId, other: WorkId) -> bool:
        return (work <= 0, abs(work)) < (other <= 0, abs(other))

    def _doubt(self, work: WorkId, other: WorkId) -> None:
        scheme = contradict(self.names[work], self.names[other])
        one, two = by_strength(self.names[work])[0], by_strength(self.names[other])[0]
        a, b = sorted((one, two))
        own = f"each has {_OWN.get(scheme, 'an identifier')} of its own" if scheme else "each is at another address"
        self.doubts.setdefault((a, b), Doubt(a, b, f"An answer gives the names of both for one work, and {own}."))


_OWN = {"doi": "a DOI", "isbn": "an ISBN", "issn": "an ISSN", "jstor": "a number of JSTOR", "oclc": "an OCLC number"}


def _is_address(name: str) -> bool:
    return name.startswith("url:")
