"""Which item of Hacker News hangs under which, kept small: a comment does not name its story.

Ids are numbers given in the order of posting, so a dump has runs of them. Parents are kept in blocks of
64 ids, of 4 bytes each: for 18 million comments in a row, or 280 thousand that are far from one another,
that takes 110 MiB. There are about 45 million ids in all.
"""

from array import array

from imports.limits import MAX_PARENT_BLOCKS

MAX_ID = 2**32 - 1
_BLOCK_BITS = 6
_IN_BLOCK = (1 << _BLOCK_BITS) - 1
_EMPTY = array("I", bytes(array("I").itemsize << _BLOCK_BITS))


class Parents:
    """The parent of each item, as far as they are known; an item that hangs from nothing is its own."""

    def __init__(self) -> None:
        self._blocks: dict[int, array[int]] = {}

    def add(self, item: int, parent: int) -> None:
        """Keep an item's parent: of two that are given, the lesser, so that their order does not matter. What there is
        no room for is as if it were in another file.
        """
        block = self._blocks.get(item >> _BLOCK_BITS)
        if block is None:
            if len(self._blocks) >= MAX_PARENT_BLOCKS:
                return
            block = self._blocks[item >> _BLOCK_BITS] = _EMPTY[:]
        known = block[item & _IN_BLOCK]
        if not known or parent < known:
            block[item & _IN_BLOCK] = parent

    def add_root(self, item: int) -> None:
        """Know an item that hangs from nothing."""
        self.add(item, item)

    def knows(self, item: int) -> bool:
        """Whether the item itself is there, and not only named by others."""
        return self._parent(item) != 0

    def root(self, item: int) -> int:
        """What an item hangs from in the end: the first that has none here; in a circle, its least id.

        Kept for every item on the way, so that a deep thread is climbed once. A circle is met with at
        a place that was remembered on the way, each twice as far as the one before (Brent).
        """
        above = remembered = item
        steps, until_next = 0, 2
        while (parent := self._parent(above)) and parent != above:
            above = parent
            steps += 1
            if above == remembered:
                above = self._cut_circle(above)
                break
            if steps == until_next:
                remembered, steps, until_next = above, 0, until_next * 2
        if steps > 1 or until_next > 2:
            self._shorten(item, above)
        return above

    def _shorten(self, item: int, root: int) -> None:
        while item != root:
            parent = self._parent(item)
            self._blocks[item >> _BLOCK_BITS][item & _IN_BLOCK] = root
            item = parent

    def _parent(self, item: int) -> int:
        block = self._blocks.get(item >> _BLOCK_BITS)
        return 0 if block is None else block[item & _IN_BLOCK]

    def _cut_circle(self, start: int) -> int:
        """The least id of a circle; it becomes its own parent, so that climbing ends there."""
        least, above = start, self._parent(start)
        while above != start:
            least, above = min(least, above), self._parent(above)
        self._blocks[least >> _BLOCK_BITS][least & _IN_BLOCK] = least
        return least
