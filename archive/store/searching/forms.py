"""Forms of words: which words of the archive are the same word in other endings, by the language of collections.

Texts are indexed as they are written, so that any form can be found by itself. A search names a word in all forms that
the archive has of it: these are looked up here, by their stem. A text that is no more public leaves its words here;
they find nothing then, and no page names them. A purge has all of them learnt anew.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import String, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.searching.stems import stems
from archive.domain.searching.words import WORD, indexed
from archive.store.base import Base
from archive.store.bulk import insert_rows
from archive.store.collections import Collection as ArchiveCollection
from archive.store.driver import read_rows
from archive.store.parts import parts
from archive.store.searching.dialects import as_list

MOST_FORMS = 40  # of one word, in one language
_FEW = 2_000  # texts whose words are read one by one, rather than all words of the index
_LONGEST = 40  # characters of a word that has forms
_ON_CONFLICT = " ON CONFLICT DO NOTHING"
_TOUCHED = """
    FROM revision_text JOIN revision ON revision.id = revision_text.revision_id AND revision.is_current
    WHERE revision.post_id IN (SELECT id FROM touched_post)
"""
_OF_TEXTS = f"SELECT coalesce(title, '') || ' ' || substr(coalesce(words, text), 1, 200000) {_TOUCHED}"
_OF_INDEX = "SELECT term FROM revision_fts_words"
_OF_VECTORS = f"SELECT word FROM ts_stat('SELECT search {_TOUCHED}')"
_OF_ALL_VECTORS = """
    SELECT word FROM ts_stat('SELECT search FROM revision_text
        JOIN revision ON revision.id = revision_text.revision_id AND revision.is_current')
"""
_FORMS_WHERE = "SELECT stem, word FROM search_form WHERE language = :language AND stem {}"
_FORMS = {
    "sqlite": _FORMS_WHERE.format("IN (SELECT value FROM json_each(:stems))"),
    "postgresql": _FORMS_WHERE.format("= ANY(:stems)"),
}


class SearchForm(Base):
    """A word of a published text, and the stem that it has in a language."""

    __tablename__ = "search_form"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    stem: Mapped[str] = mapped_column(String(80), primary_key=True)
    word: Mapped[str] = mapped_column(String(80), primary_key=True)  # as the indexes know it


def forms_of(
    session: Session, words: Collection[str], languages: Collection[str]
) -> Mapping[tuple[str, str], Sequence[str]]:
    """By language and word, the forms of the word that the archive knows, itself first."""
    found: dict[tuple[str, str], Sequence[str]] = {}
    query = _FORMS[session.get_bind().dialect.name]
    for language in languages if words else ():
        of_word = dict(zip(words, stems([*words], language), strict=True))
        asked = {stem for word, stem in of_word.items() if _has_forms(word)}
        by_stem: dict[str, set[str]] = {stem: set() for stem in asked}
        parameters = {"language": language, "stems": as_list(session, sorted(asked))}
        for stem, form in read_rows(session, query, parameters) if asked else ():
            by_stem[stem].add(form)
        for word, stem in of_word.items():
            others = sorted(by_stem.get(stem, set()) - {word}) if _has_forms(word) else []
            found[language, word] = [word, *others][:MOST_FORMS]
    return found


def learn_touched(session: Session) -> None:
    """Know the words of all texts that a batch touches (see `publishing`)."""
    _learn(session, languages_known(session), _touched_words(session))


def learn_language(session: Session, language: str) -> None:
    """Know what stems all words have in a language."""
    session.execute(delete(SearchForm).where(SearchForm.language == language))
    every = _OF_INDEX if session.get_bind().dialect.name == "sqlite" else _OF_ALL_VECTORS
    _learn(session, [language], session.scalars(text(every)))


def learn_anew(session: Session) -> None:
    """Know no word but those of texts that are public now."""
    session.execute(delete(SearchForm))
    for language in languages_known(session):
        learn_language(session, language)


def languages_known(session: Session) -> Sequence[str]:
    """The languages of collections."""
    return sorted(session.scalars(select(ArchiveCollection.language).distinct()))


def _touched_words(session: Session) -> Iterable[str]:
    if session.get_bind().dialect.name != "sqlite":
        return session.scalars(text(_OF_VECTORS))
    few = session.scalar(text(f"SELECT count(*) FROM (SELECT 1 FROM touched_post LIMIT {_FEW + 1})")) or 0
    if few > _FEW:
        return session.scalars(text(_OF_INDEX))
    return {indexed(word) for said in session.scalars(text(_OF_TEXTS)) for word in WORD.findall(said)}


def _learn(session: Session, languages: Sequence[str], words: Iterable[str]) -> None:
    known = sorted(filter(_has_forms, words))
    for language in languages:
        for some in parts(known):
            rows = [
                {"language": language, "stem": stem_, "word": word}
                for stem_, word in zip(stems(some, language), some, strict=True)
            ]
            insert_rows(session, SearchForm, rows, otherwise=_ON_CONFLICT)


def _has_forms(word: str) -> bool:
    return 2 < len(word) <= _LONGEST and word.isalpha()
