"""The language of a collection, by whose endings its words are searched."""

from sqlalchemy.orm import Session

from archive.domain.searching.stems import LANGUAGES
from archive.errors import ArchiveError
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.collections import find_collection
from archive.store.searching.forms import learn_language


class NoSuchLanguageError(ArchiveError):
    """A language is named whose endings are not known."""

    def __init__(self, language: str) -> None:
        super().__init__(
            f"“{language}” is not a language whose endings are known. It is one of {', '.join(LANGUAGES)}."
        )


class NoSuchCollectionError(ArchiveError):
    """A collection is named that there is not."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no collection “{slug}”.")


def language_of(session: Session, slug: str) -> str:
    """The language that a collection has.

    :raises NoSuchCollectionError: if there is none of that name.
    """
    collection = find_collection(session, slug)
    if collection is None:
        raise NoSuchCollectionError(slug)
    return collection.language


def set_language(session: Session, slug: str, language: str, *, by: Actor) -> None:
    """Have the words of a collection be searched with the endings of a language; with “none”, as they are typed.

    :raises NoSuchLanguageError: if its endings are not known.
    :raises NoSuchCollectionError: if there is no such collection.
    """
    language = language.strip().lower()
    if language not in LANGUAGES:
        raise NoSuchLanguageError(language)
    with writing(session):
        collection = find_collection(session, slug, held=True)
        if collection is None:
            raise NoSuchCollectionError(slug)
        was, collection.language = collection.language, language
        learn_language(session, language)
        detail: dict[str, object] = {"language": language, "was": was}
        record(session, by=by, act="set language", subject=f"collection {slug}", detail=detail)
