"""Sources that the program did not find: words on which a moderator's tag rests become a citation with its verdict."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.checking import CheckNotAllowedError, TextChangedError
from archive.domain.sources import Manner, Reference, references_in
from archive.domain.sources.naming import kind_of
from archive.domain.sources.works import work_keys
from archive.domain.visible_words import words_seen
from archive.services.assess import current_engine
from archive.services.sources.citing import cite
from archive.store.citations import CitingText
from archive.store.pages import PostRow
from archive.store.sources import BY_PERSON, Citation

_FEWEST_WORDS = 2
_WORD = re.compile(r"[^\W\d_]{2,}")  # of letters


def add_source(session: Session, row: PostRow, start: int, end: int) -> int:
    """Have words of the text that readers see be a citation, in the caller's transaction; its number.

    :raises CheckNotAllowedError: if they are not in the text, name nothing, or are among its sources already.
    """
    if not 0 <= start < end:
        raise CheckNotAllowedError("These words end before they begin. Nothing was stored.")
    if end > len(row.text):
        raise TextChangedError("These words are not in the text that readers see now. Nothing was stored.")
    words = " ".join(words_seen(row.text[start:end], row.markup).split())
    keys = work_keys({"title": words})
    if not keys or not _says_which(words):
        raise CheckNotAllowedError(
            "These words name no work: a title of at least two words does, or an identifier such as a DOI."
        )
    query = select(Citation).where(Citation.revision_id == row.revision_id, Citation.is_current).order_by(Citation.id)
    found = session.scalars(query).all()
    if any(one.start < end and start < one.end for one in found):
        raise TextChangedError("These words are among the sources of this answer by now. Nothing was stored.")
    added = Reference(
        start=start,
        end=end,
        kind=kind_of(keys[0]),
        keys=keys,
        csl={"type": "document", "title": words},
        locator=None,
        locator_span=None,
        manner=Manner.CONSULTED,
    )
    references = [*map(_as_found, found), added]
    text = CitingText(thread_id=row.thread_id, post_id=row.id, revision_id=row.revision_id, references=references)
    cite(session, [text], engine=current_engine(session))
    citation = session.scalars(
        select(Citation).where(
            Citation.revision_id == row.revision_id, Citation.start == start, Citation.end == end, Citation.is_current
        )
    ).one()
    citation.engine = BY_PERSON  # so that no later run takes it away
    session.flush()
    return citation.id


def _says_which(words: str) -> bool:
    """Whether words may be those by which others find the work: a title of two words, or an identifier."""
    return len(_WORD.findall(words)) >= _FEWEST_WORDS or bool(references_in(words))


def _as_found(citation: Citation) -> Reference:
    return Reference(
        start=citation.start,
        end=citation.end,
        kind=kind_of(citation.keys[0]),
        keys=tuple(citation.keys),
        csl=citation.csl,
        locator=citation.locator,
        locator_span=None,
        manner=citation.manner,
    )
