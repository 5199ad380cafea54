"""One post: what it says, its texts, what was decided on it."""

from archive.api.operations import READING, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.posts import Citation, Decision, Post
from archive.api.shaping import Shaper, words_of
from archive.services.bench.history import HistoryEntry, history
from archive.services.posts_in_full import its_revisions, one_post
from archive.store.database import db

_POST = "/posts/<public_id:post>"


@operation("GET", _POST, group=READING, summary="A post", returns=Post)
def post(post: str) -> Post:
    """A question, an answer or a reply, with its level, how that was decided, what it cites, and its original bytes."""
    return Shaper().post(one_post(db.session(), post))


@operation("GET", f"{_POST}/revisions", group=READING, summary="Texts of a post", returns=Page[Post])
def revisions(post: str) -> Page[Post]:
    """The post once for each captured text of it, the newest first, at most 200."""
    shaper = Shaper()
    return Page(items=[shaper.post(one) for one in its_revisions(db.session(), post)], next=None)


@operation("GET", f"{_POST}/decisions", group=READING, summary="Decisions on a post", returns=Page[Decision])
def decisions(post: str) -> Page[Decision]:
    """The history of its tag, the newest first, at most 500. An undo is a decision, too."""
    shaper = Shaper()
    return Page(items=[_decision(shaper, post, entry) for entry in history(db.session(), post)], next=None)


@operation("GET", f"{_POST}/citations", group=READING, summary="Citations of a post", returns=Page[Citation])
def citations(post: str) -> Page[Citation]:
    """The places in its text that point to works, with what was found of each."""
    return Page(items=Shaper().post(one_post(db.session(), post)).citations, next=None)


def _decision(shaper: Shaper, post: str, entry: HistoryEntry) -> Decision:
    return Decision(
        id=entry.id,
        url=shaper.url(f"/posts/{post}/tags#decision-{entry.id}"),
        act=entry.act.value,
        level=entry.level,
        was=entry.was,
        by=shaper.by(entry.by),
        at=entry.at,
        evidence=words_of(entry.evidence),
        note=entry.note,
        codebook=entry.codebook_version,
        revision=entry.revision_number,
        basis_words=entry.basis,
        because=entry.because,
        in_force=entry.in_force,
        withdrawn=entry.withdrawn,
    )
