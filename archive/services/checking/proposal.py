"""The references of one text, and what the engine proposes for it once some of them are struck."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.assessment.suggestion import Suggestion
from archive.domain.checking import blanked
from archive.domain.sources import references_in
from archive.domain.sources.verdicts import Verdict
from archive.services.assess import suggestion_of
from archive.services.browse import NotFoundError, visible_post
from archive.store.cited import OFFERED, CitedRow, citations_of
from archive.store.pages import PostRow


@dataclass(frozen=True, slots=True)
class References:
    """The citations of the text that readers see."""

    all: Sequence[CitedRow]

    def one(self, citation: int) -> CitedRow:
        """The citation of that number.

        :raises NotFoundError: if the text has none.
        """
        found = next((cited for cited in self.all if cited.id == citation), None)
        if found is None:
            raise NotFoundError("citation in this answer")
        return found

    def same_work(self, citation: int) -> Sequence[CitedRow]:
        """All that point to the work of one, and are not struck.

        :raises NotFoundError: if the text has none of that number.
        """
        source = self.one(citation).source_id
        return [cited for cited in self.all if cited.source_id == source and not is_struck(cited)]

    def gone_with(self, citation: int) -> Sequence[CitedRow]:
        """What is struck once the work of one is."""
        return [*filter(is_struck, self.all), *self.same_work(citation)]

    def left_without(self, citation: int) -> Sequence[CitedRow]:
        """What can still be retrieved once the work of one is struck."""
        gone = self.gone_with(citation)
        return [cited for cited in self.all if cited.manner in OFFERED and cited not in gone]


def is_struck(cited: CitedRow) -> bool:
    """Whether somebody found that there is no such work."""
    return cited.verdict is Verdict.FABRICATED


def references_of(session: Session, row: PostRow) -> References:
    """The citations of the text that readers see."""
    return References(citations_of(session, [row.revision_id]))


def proposal(session: Session, post: str, citation: int) -> tuple[PostRow, References, Suggestion]:
    """An answer, its citations, and what is proposed for it once the work of one of them is struck.

    :raises NotFoundError: if there is no such post, or no such citation in the text that readers see.
    """
    row = visible_post(session, post, drafts=False)
    references = references_of(session, row)
    return row, references, without(session, row, references.gone_with(citation))


def without(session: Session, row: PostRow, gone: Sequence[CitedRow]) -> Suggestion:
    """What the engine proposes for a text as if some references, and the places in them, were not in it."""
    spans = {(cited.start, cited.end) for cited in gone}
    places = {
        reference.locator_span
        for reference in references_in(row.text, row.markup)
        if reference.locator_span and (reference.start, reference.end) in spans
    }
    return suggestion_of(session, blanked(row.text, sorted(spans | places)), row.markup)
