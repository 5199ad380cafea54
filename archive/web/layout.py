"""What every page has around its text: the masthead, the reader's choices, the words for figures."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from flask.templating import Environment
from jinja2 import StrictUndefined

from archive.domain.checking import MEANINGS
from archive.domain.parent_proposals import FOLLOWED
from archive.domain.permissions import Permission
from archive.domain.signing import AN_ARRANGER
from archive.domain.source_quality import DEFINITIONS, Level
from archive.services.views import Shares
from archive.web import signing
from archive.web.addresses import stay_home
from archive.web.checking.signs import SIGNS, looked_up_words, sum_sign
from archive.web.citing.metadata import thread_coins, thread_metadata
from archive.web.current_user import current_user
from archive.web.own_address import own_address
from archive.web.permissions import may
from archive.web.practice.to_go import practice_to_go
from archive.web.prose.characters import fit
from archive.web.reading import wanted_reading
from archive.web.static_files import static_url
from archive.web.threads.pages import MAX_RAIL, NOTE_KINDS
from archive.web.words import FILTERS

UNTAGGED = "Not yet tagged"
_GAP, _THINNEST = 0.35, 0.3  # hundredths of the bar


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the masthead."""

    label: str
    address: str
    permission: Permission


PLACES = (
    Place("Collections", "/", Permission.READ),
    Place("Search", "/search", Permission.READ),
    Place("Sources", "/sources", Permission.READ),
    Place("Trace it", "/trace", Permission.READ),
    Place("Codebook", "/codebook", Permission.READ),
    Place("Bench", "/moderation", Permission.MODERATE),
    Place("Doubts", "/doubts", Permission.ARRANGE),
    Place("Imports", "/imports", Permission.IMPORT),
)


class _Templates(Environment):
    """Templates that all have the same names at hand, from the start on."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # Jinja's own way is a chain of two dictionaries. Each page, and each import within one, has to read all of it.
        return {**self.globals, **(d or {})}


def badge_words(level: Level | None) -> str:
    """What a reader sees for a level."""
    return UNTAGGED if level is None else DEFINITIONS[level].badge


def share_rects(shares: Shares) -> list[tuple[float, float, Level | None]]:
    """The bar of a share: x, width and level of each part, in hundredths, with a gap between them."""
    total, x = sum(shares.values()), 0.0
    rects: list[tuple[float, float, Level | None]] = []
    for level in (*Level, None):
        width = 100 * shares.get(level, 0) / total if total else 0
        if width:
            rects.append((round(x, 3), round(max(width - _GAP, _THINNEST), 3), level))
            x += width
    return rects


def install(app: Flask) -> None:
    """Set up the templates."""
    app.jinja_environment = _Templates
    app.jinja_options = {
        **app.jinja_options,
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.filters.update(FILTERS, xml_text=fit, signed=signing.by)
    app.jinja_env.globals.update(
        static_url=static_url,
        badge_words=badge_words,
        share_rects=share_rects,
        NOTE_KINDS=NOTE_KINDS,
        VERDICTS=MEANINGS,
        VERDICT_SIGNS=SIGNS,
        check_sign=sum_sign,
        looked_up_words=looked_up_words,
        FOLLOWED=FOLLOWED,
        practice_to_go=practice_to_go,
        AN_ARRANGER=AN_ARRANGER,
        MAX_RAIL=MAX_RAIL,
        thread_metadata=thread_metadata,
        thread_coins=thread_coins,
        LEVELS=(*Level, None),
    )
    app.context_processor(_surroundings)


def _surroundings() -> dict[str, Any]:
    return {
        "me": current_user(),
        "reading": wanted_reading(),
        "own_address": own_address(),
        "here": request.path,
        "come_back": stay_home(request.args.get("next"), otherwise=request.full_path.rstrip("?")),
        "places": [place for place in PLACES if may(place.permission)],
    }
