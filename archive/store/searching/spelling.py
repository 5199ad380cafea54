"""Which of some words the archive has."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.searching.stems import stems
from archive.store.searching.forms import SearchForm, languages_known

_MOST = 6


def known_words(session: Session, words: Collection[str]) -> Sequence[str]:
    """Those of some words that some text has or had, in their order, a few at the most."""
    asked, found = sorted(words), set[str]()
    for language in languages_known(session) if asked else ():
        query = select(SearchForm.word).where(
            SearchForm.language == language, SearchForm.stem.in_({*stems(asked, language)})
        )
        found |= {*session.scalars(query)} & {*asked}
    return sorted(found)[:_MOST]
