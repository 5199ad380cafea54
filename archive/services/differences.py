"""What a new text of a post has in place of the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from archive.domain.records import Markup, PostState
from archive.domain.word_diff import Comparison, compare, shortened
from archive.store.changes import revision_lines

MOST_CHARACTERS_A_PAGE = 500_000  # of texts that are compared


@dataclass(frozen=True, slots=True)
class Text:
    """As much of a revision as can differ."""

    title: str | None
    text: str
    markup: Markup
    state: PostState

    @property
    def whole(self) -> str:
        return f"{self.title}\n\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class Difference:
    """A text compared with the one before."""

    words: Comparison
    markups: tuple[Markup, Markup] | None  # before and after, where they differ
    states: tuple[PostState, PostState] | None


def difference(before: Text, after: Text) -> Difference:
    """What has changed."""
    same_title = before.title == after.title
    old, new = (before.text, after.text) if same_title else (before.whole, after.whole)
    return Difference(
        words=shortened(compare(old, new)),
        markups=None if before.markup is after.markup else (before.markup, after.markup),
        states=None if before.state is after.state else (before.state, after.state),
    )


def differences_in_row(session: Session, revision_ids: Sequence[int]) -> Mapping[int, Difference]:
    """By revision, what has changed since the one that follows it in the row; as many as a page can compare."""
    lines = revision_lines(session, revision_ids)
    texts = {id_: Text(line.title, line.text, line.markup, line.state) for id_, line in lines.items()}
    found: dict[int, Difference] = {}
    left = MOST_CHARACTERS_A_PAGE
    for after, before in pairwise(revision_ids):
        left -= len(texts[after].text) + len(texts[before].text)
        if left < 0 and found:
            break
        found[after] = difference(texts[before], texts[after])
    return found
