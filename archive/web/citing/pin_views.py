"""Permalinks that are pinned to a text: what was cited, and what has changed since."""

import re

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services.citing.cite import PIN_DIGITS, thread_pin
from archive.services.citing.pins import NoSuchTextError, pin_page
from archive.store.database import db
from archive.web.addresses import MOST_ROWS
from archive.web.arguments import ArgumentError
from archive.web.citing.here import bp, home
from archive.web.page_cache import kept
from archive.web.permissions import needs
from archive.web.safe_html import render

_PIN = re.compile(rf"[0-9a-f]{{{PIN_DIGITS},64}}")


@bp.get("/posts/<public_id:post>/at/<pin>")
@needs(Permission.READ)
@kept
def pinned(post: str, pin: str) -> ResponseReturnValue:
    """A post with the text that was cited."""
    page = pin_page(db.session(), post, _checked(pin), tag=_tag())
    shown = page.shown
    html = render_template(
        "citing/pin.html",
        page=page,
        body=render(shown.text, shown.markup) if shown else None,
        cite_as=f"{home().address}/posts/{post}/at/{page.pin}",
    )
    return Response(html, status=200 if shown else 410)


@bp.get("/threads/<public_id:thread>/at/<pin>")
@needs(Permission.READ)
def pinned_thread(thread: str, pin: str) -> ResponseReturnValue:
    """A thread that was cited; its question as it was cited if that has changed since."""
    question = thread_pin(db.session(), thread, _checked(pin))
    return redirect(f"/posts/{question}/at/{pin}" if question else f"/threads/{thread}", 302)


def _checked(pin: str) -> str:
    if not _PIN.fullmatch(pin):
        raise NoSuchTextError
    return pin


def _tag() -> int | None:
    """The decision that was in force, by its number; 0 for none; None where the address does not say."""
    text = request.args.get("tag", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= MOST_ROWS):
        raise ArgumentError("tag", text, "the number of a decision, or 0")
    return int(text)
