"""Other spellings of a word that the archive has, where a search finds little or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from archive.domain.searching import Term
from archive.domain.searching.spelling import one_letter_away
from archive.domain.searching.words import indexed
from archive.services.search.wanted import Understood, Wanted, understand
from archive.store.searching.finding import search_posts
from archive.store.searching.spelling import known_words

FEW = 3  # hits; where there are more, no other spelling is offered
_MOST_WORDS = 3  # of a search that are looked at


def better_spelling(
    session: Session, wanted: Wanted, understood: Understood, *, found: int, names: bool
) -> tuple[str, int] | None:
    """The search with words spelled otherwise that finds most, and how much; None where none finds more.

    Only what readers can find is counted, so that no word is offered of which only a draft knows.
    """
    text = understood.query.text
    for term in reversed(_single_words(understood)[-_MOST_WORDS:]):  # the places of those before stay the same
        alone = [(_count(session, Wanted(text=other)), other) for other in _near(session, term)]
        commonest = max(alone, default=(0, ""))
        if commonest[0] > _count(session, Wanted(text=term.words[0])):
            text = _respelled(text, term, commonest[1])
    posts = _count(session, replace(wanted, text=text), names=names) if text != understood.query.text else 0
    if posts <= found:
        others = _singly(session, understood)
        singly = [(_count(session, replace(wanted, text=other), names=names), other) for other in others]
        posts, text = max(singly, default=(0, ""))
    return (text, posts) if posts > found else None


def _singly(session: Session, understood: Understood) -> Iterator[str]:
    """Yield the search with one word spelled otherwise at a time."""
    for term in _single_words(understood)[:_MOST_WORDS]:
        for other in _near(session, term):
            yield _respelled(understood.query.text, term, other)


def _near(session: Session, term: Term) -> Sequence[str]:
    return known_words(session, one_letter_away(indexed(term.words[0])))


def _respelled(text: str, term: Term, other: str) -> str:
    start, end = term.place
    return text[:start] + text[start:end].replace(term.words[0], other) + text[end:]


def _count(session: Session, wanted: Wanted, *, names: bool = False) -> int:
    plan = understand(session, wanted, names=names).plan
    return search_posts(session, plan, limit=0, offset=0).total


def _single_words(understood: Understood) -> list[Term]:
    return [term for term in understood.query.wanted if len(term.words) == 1 and term.place[1]]
