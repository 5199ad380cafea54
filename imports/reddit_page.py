"""Whether what Reddit's API gave is the page of a whole thread.

It may as well be some posts of a list, or a thread from one comment down. Two things tell: from one comment down,
there is only one comment directly below the submission; and the submission says how many comments there are
(counting some that nobody is shown any more, so that it is a sign only where it is met).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.domain.ids import ThreadKey
from archive.domain.records import KnownGap, PostKind, PostRecord
from imports.reddit_things import SUBMISSION


@dataclass(slots=True)
class ThreadPage:
    """What was met of a page so far."""

    is_damaged: bool = False  # whether something could not be read
    _submissions: list[ThreadKey] = field(default_factory=list)
    _threads: set[ThreadKey] = field(default_factory=set)
    _said: int | None = None  # comments, by the submission
    _first: int = 0  # places directly below the submission, a stub among them
    _met: int = 0  # comments, those in stubs among them

    def add_post(self, post: PostRecord, data: Mapping[str, Any]) -> None:
        """Take note of a submission or a comment."""
        self._threads.add(post.thread)
        if post.kind is PostKind.QUESTION:
            self._submissions.append(post.thread)
            said = data.get("num_comments")
            self._said = said if isinstance(said, int) else None
        else:
            self._met += 1
            self._first += post.kind is PostKind.ANSWER

    def add_gap(self, gap: KnownGap) -> None:
        """Take note of a stub."""
        self._threads.add(gap.thread)
        self._met += gap.count
        self._first += gap.parent is not None and gap.parent.startswith(SUBMISSION)

    @property
    def whole_thread(self) -> ThreadKey | None:
        """The one thread of which this is the whole page, but for its stubs; None where it cannot be said."""
        if self.is_damaged or len(self._submissions) != 1 or self._threads != set(self._submissions):
            return None
        is_whole = self._first > 1 or (self._said is not None and self._met >= self._said)
        return self._submissions[0] if is_whole else None
