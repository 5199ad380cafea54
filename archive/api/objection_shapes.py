"""Objections in the shape that goes out."""

from archive.api.shapes.objections import Objection
from archive.api.shaping import Shaper
from archive.services.objections.pages import ObjectionLine


def objection_shape(shaper: Shaper, line: ObjectionLine) -> Objection:
    """An objection."""
    said = line.objection
    return Objection(
        id=said.id,
        url=shaper.url(f"/objections/{said.id}"),
        post=line.post.public_id,
        thread=shaper.thread_name(line.thread),
        state=said.state,
        revision=line.number,
        questioned=line.level,
        tagged_by=shaper.by(line.tagged_by),
        reason=said.reason,
        expected=said.expected,
        reference=said.reference,
        locator=said.locator,
        identifier=said.identifier,
        link=line.link,
        objector=line.objector or said.objector_name or None,
        has_account=line.objector is not None,
        by_author=said.by_author,
        given_at=said.given_at,
        reply=line.reply,
        outcome=said.outcome,
        answered_by=shaper.by(line.answered_by) if line.answered_by else None,
        answered_at=line.answered_at,
        by_the_same=line.by_the_same,
    )
