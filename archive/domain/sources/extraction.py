"""The references of a text: the works that it names, the places in them, and how its writer says they are known."""

from archive.domain.assessment.looking import Look, look
from archive.domain.records import Markup
from archive.domain.sources.joining import join
from archive.domain.sources.manners import Manners
from archive.domain.sources.mentions import Mention, find_mentions
from archive.domain.sources.places import give_places
from archive.domain.sources.reference import Reference
from archive.domain.sources.remembered import find_remembered

_LONGEST_KEY = 500  # characters


def references_in(text: str, markup: Markup = Markup.PLAIN) -> list[Reference]:
    """Return the works that a text names, in order of their place in the text as received.

    Of a text longer than `MAX_CHARACTERS` only the beginning is read.
    """
    return references_of(look(text, markup))


def references_of(seen: Look) -> list[Reference]:
    """The same, of a text that was already looked at."""
    reading = seen.reading
    named = list(find_mentions(reading, seen.hits))
    named += find_remembered(reading, named)
    if not named:
        return []
    mentions = join(reading.own, named)
    give_places(reading, mentions, [hit for hit in seen.hits if hit.kind == "locator"])
    manners = Manners(reading.own, seen.hits, mentions)
    found = [_placed(seen, mention, manners) for mention in mentions]
    return sorted(filter(None, found), key=lambda one: (one.start, one.end, one.keys))


def _placed(seen: Look, mention: Mention, manners: Manners) -> Reference | None:
    start, end = seen.place(mention.start, mention.end)
    if start >= end:
        return None
    place = seen.place(*mention.place) if mention.place else None
    if place and place[0] >= place[1]:
        place = None
    locator = seen.reading.text[slice(*mention.place)] if mention.place and place else None
    return Reference(
        start=start,
        end=end,
        kind=mention.kind,
        keys=tuple(key[:_LONGEST_KEY] for key in mention.keys),
        csl=mention.csl,
        locator=locator,
        locator_span=place,
        manner=manners.of(mention),
    )
