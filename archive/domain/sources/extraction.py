"""The references of a text: the works that it names, the places in them, and how its writer says they are known."""

from archive.domain.assessment.looking import Look, look
from archive.domain.records import Markup
from archive.domain.sources.joining import join
from archive.domain.sources.manners import Manners
from archive.domain.sources.named_works import NamedWork, find_named_works
from archive.domain.sources.places import give_places
from archive.domain.sources.reference import Reference
from archive.domain.sources.remembered import find_remembered


def references_in(text: str, markup: Markup = Markup.PLAIN) -> list[Reference]:
    """Return the works that a text names, in order of their place in the text as received.

    Of a text longer than `MAX_CHARACTERS` only the beginning is read.
    """
    return references_of(look(text, markup))


def references_of(seen: Look) -> list[Reference]:
    """The same, of a text that was already looked at."""
    reading = seen.reading
    named = list(find_named_works(reading, seen.hits))
    named += find_remembered(reading, named)
    if not named:
        return []
    named_works = join(reading.own, named)
    give_places(reading, named_works, [hit for hit in seen.hits if hit.kind == "locator"])
    manners = Manners(reading.own, seen.hits, named_works)
    found = [_placed(seen, named_work, manners) for named_work in named_works]
    return sorted(filter(None, found), key=lambda one: (one.start, one.end, one.keys))


def _placed(seen: Look, named_work: NamedWork, manners: Manners) -> Reference | None:
    start, end = seen.place(named_work.start, named_work.end)
    if start >= end:
        return None
    place = seen.place(*named_work.place) if named_work.place else None
    if place and place[0] >= place[1]:
        place = None
    locator = seen.reading.text[slice(*named_work.place)] if named_work.place and place else None
    return Reference(
        start=start,
        end=end,
        kind=named_work.kind,
        keys=named_work.keys,
        csl=named_work.csl,
        locator=locator,
        locator_span=place,
        manner=manners.of(named_work),
    )
