"""The references of one text, and what the engine proposes for it once some of them are struck."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.assessment.suggestion import Suggestion
from archive.domain.checking import blanked
from archive.domain.source_quality import Level
from archive.domain.sources import references_in
from archive.domain.sources.naming import fit_name
from archive.domain.sources.verdicts import Verdict
from archive.domain.tracing import level_with
from archive.services.assess import suggestion_of
from archive.services.browse import NotFoundError, visible_post
from archive.store.citations import works_of
from archive.store.cited import OFFERED, CitedRow, citations_of
from archive.store.pages import PostRow
from archive.store.traces import accepted_traces


@dataclass(frozen=True, slots=True)
class SuppliedWork:
    """A supplied reference that is shown with an answer."""

    trace: int
    works: frozenset[int]  # of the index that it names
    level: Level  # that follows from it


@dataclass(frozen=True, slots=True)
class References:
    """The citations of the text that readers see, and the references that were supplied for it and accepted."""

    all: Sequence[CitedRow]
    supplied: Sequence[SuppliedWork]

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

    def left_without(self, citation: int) -> int:
        """How many references can still be retrieved once the work of one is struck, supplied ones among them."""
        return len(self.standing_without(citation)) + len(self.supplied_without(citation))

    def standing_without(self, citation: int) -> Sequence[CitedRow]:
        """The citations that can still be retrieved once the work of one is struck."""
        gone = self.gone_with(citation)
        return [cited for cited in self.all if cited.manner in OFFERED and cited not in gone]

    def supplied_without(self, citation: int) -> Sequence[SuppliedWork]:
        """The supplied references that are of no work that is struck once the work of one is."""
        gone = {cited.source_id for cited in self.gone_with(citation)}
        return [one for one in self.supplied if not one.works & gone]


def is_struck(cited: CitedRow) -> bool:
    """Whether somebody found that there is no such work."""
    return cited.verdict is Verdict.FABRICATED


def references_of(session: Session, row: PostRow) -> References:
    """The citations of the text that readers see, and what was supplied for it."""
    supplied = [
        SuppliedWork(
            trace=one.trace.id,
            works=frozenset(works_of(session, map(fit_name, one.trace.keys))),
            level=level_with(one.trace.locator),
        )
        for one in accepted_traces(session, [row.id])
    ]
    return References(citations_of(session, [row.revision_id]), supplied)


def proposal(session: Session, post: str, citation: int) -> tuple[PostRow, References, Suggestion]:
    """An answer, its citations, and what is proposed for it once the work of one of them is struck.

    :raises NotFoundError: if there is no such post, or no such citation in the text that readers see.
    """
    row = visible_post(session, post, drafts=False)
    references = references_of(session, row)
    return row, references, without(session, row, references.gone_with(citation))


def without(session: Session, row: PostRow, gone: Sequence[CitedRow]) -> Suggestion:
    """What the engine proposes for a text as if some references, and the places in them, were not in it."""
    return suggestion_of(session, blanked(row.text, spans_of(row, gone)), row.markup)


def spans_of(row: PostRow, gone: Sequence[CitedRow]) -> Sequence[tuple[int, int]]:
    """The words of some references, and of the places in them."""
    spans = {(cited.start, cited.end) for cited in gone}
    places = {
        reference.locator_span
        for reference in references_in(row.text, row.markup)
        if reference.locator_span and (reference.start, reference.end) in spans
    }
    return sorted(spans | places)
