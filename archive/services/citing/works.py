"""The works that the answers of a thread cite or name: who does, where in the work, and what was found of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.sources.verdicts import Verdict
from archive.services.browse import threads_by_id, visible_thread
from archive.services.views import ThreadLine
from archive.store.cited import CitedRow, CitingText, citations_of, citing_texts, said_of_works

WORKS_A_PAGE = 100
MOST_TEXTS = 5_000  # of one thread whose works are listed


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBy:
    """A post that points to a work, once for each place of the work that it names."""

    text: CitingText
    cited: CitedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWork:
    """A work, and the posts of the thread that point to it."""

    cited: CitedRow  # the first that points to it
    named_by: Sequence[NamedBy]
    csl: Mapping[str, object]  # what public answers say of it

    @property
    def struck(self) -> bool:
        """Whether a moderator found that there is no such work."""
        return any(one.cited.verdict is Verdict.FABRICATED for one in self.named_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksPage:
    """Some works of a thread, in the order in which it names them."""

    thread: ThreadLine
    works: Sequence[ListedWork]
    total: int
    struck: int  # of all
    after: PublicId | None  # the work after which they begin
    further: PublicId | None  # the work after which there are further ones
    cut: bool  # whether only the first posts of the thread were looked at


def works_page(session: Session, public_id: str, *, after: str | None = None) -> WorksPage:
    """The works of a public thread; those behind one where it is named.

    :raises NotFoundError: if there is none.
    """
    thread = visible_thread(session, public_id, drafts=False)
    texts = citing_texts(session, thread.id, limit=MOST_TEXTS)
    works = _works(session, texts)
    places = {work.cited.source: place for place, work in enumerate(works, start=1)}
    first = places.get(PublicId(after), 0) if after else 0
    shown = works[first : first + WORKS_A_PAGE]
    return WorksPage(
        thread=threads_by_id(session, {thread.id})[thread.id],
        works=shown,
        total=len(works),
        struck=sum(work.struck for work in works),
        after=PublicId(after) if after and first else None,
        further=shown[-1].cited.source if first + WORKS_A_PAGE < len(works) else None,
        cut=len(texts) == MOST_TEXTS,
    )


def csl_items(session: Session, public_id: str) -> tuple[ThreadLine, Sequence[dict[str, object]]]:
    """A public thread, and its works as items of CSL-JSON, but for those that do not exist.

    :raises NotFoundError: if there is none.
    """
    thread = visible_thread(session, public_id, drafts=False)
    works = _works(session, citing_texts(session, thread.id, limit=MOST_TEXTS))
    return threads_by_id(session, {thread.id})[thread.id], [_item(work) for work in works if not work.struck]


def _works(session: Session, texts: Sequence[CitingText]) -> list[ListedWork]:
    by_text = {text.revision_id: text for text in texts}
    order = {revision_id: place for place, revision_id in enumerate(by_text)}
    rows = sorted(citations_of(session, by_text), key=lambda row: (order[row.revision_id], row.start, row.end, row.id))
    found: dict[int, list[NamedBy]] = {}
    for row in rows:
        _add(found.setdefault(row.source_id, []), NamedBy(text=by_text[row.revision_id], cited=row))
    said = said_of_works(session, [*found])
    return [
        ListedWork(cited=named[0].cited, named_by=named, csl=said.get(number) or named[0].cited.csl)
        for number, named in found.items()
    ]


def _add(named: list[NamedBy], one: NamedBy) -> None:
    """A post names a place of a work once, however often, unless something was found of one of them alone."""
    same = (one.text.post_id, one.cited.locator, one.cited.manner, one.cited.check_id)
    if all(same != (old.text.post_id, old.cited.locator, old.cited.manner, old.cited.check_id) for old in named):
        named.append(one)


def _item(work: ListedWork) -> dict[str, object]:
    said = dict(work.csl)
    return {"id": work.cited.source, "type": said.pop("type", "document"), "title": work.cited.title, **said}
