"""Tags in force that were given under another definition of their level: to be looked at again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.services.browse import threads_by_id
from archive.services.codebook.versions import VersionLine, versions
from archive.services.post_views import post_views
from archive.services.views import PostView, ThreadLine
from archive.store.codebook import count_outdated, current_number, list_outdated
from archive.store.pages import posts_by_id

TAGS_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisitLine:
    """An answer whose level has another definition now than when it was given."""

    tag_id: int
    post: PostView
    thread: ThreadLine
    because: Sequence[VersionLine]  # the versions that redefined it since, newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisitPage:
    """Some of these answers, the newest tag first, and how many there are of each level."""

    current: int  # the number of the newest version
    redefined: Mapping[Level, int]  # by level, the newest version that redefined it
    counts: Mapping[Level, int]
    level: Level | None  # the only one shown; None for all
    lines: Sequence[RevisitLine]
    further: int | None  # the tag after which there are further ones

    @property
    def total(self) -> int:
        """How many answers there are to look at again."""
        return sum(self.counts.values())


def revisit_page(session: Session, *, level: Level | None = None, after: int | None = None) -> RevisitPage:
    """Answers whose tag was given under other words; those behind a tag where it is named."""
    edits = versions(session)
    redefined = _redefined(edits)
    wanted = redefined if level is None else {one: number for one, number in redefined.items() if one is level}
    rows = list_outdated(session, wanted, before=after, limit=TAGS_A_PAGE + 1)
    shown = rows[:TAGS_A_PAGE]
    tags = {row.post_id: row.tag_id for row in shown}
    return RevisitPage(
        current=edits[0].number,
        redefined=redefined,
        counts=count_outdated(session, redefined),
        level=level,
        lines=_lines(session, tags, edits),
        further=shown[-1].tag_id if len(rows) > TAGS_A_PAGE else None,
    )


def count_to_revisit(session: Session) -> int:
    """How many tags are to be looked at again."""
    return sum(count_outdated(session, _redefined(versions(session))).values())


def is_any_redefined(session: Session) -> bool:
    """Whether an edit asks for tags to be looked at again, also if all of them were."""
    return any(edit.revisit for edit in versions(session))


def count_if_redefined(session: Session, levels: Collection[Level]) -> Mapping[Level, int]:
    """By level, how many tags would have to be looked at again if these were redefined now."""
    return count_outdated(session, dict.fromkeys(levels, current_number(session) + 1))


def _redefined(edits: Sequence[VersionLine]) -> Mapping[Level, int]:
    return {level: edit.number for edit in reversed(edits) for level in edit.revisit}


def _lines(session: Session, tags: Mapping[int, int], edits: Sequence[VersionLine]) -> Sequence[RevisitLine]:
    """The answers, by post the tag in force, in that order."""
    found = posts_by_id(session, [*tags])
    posts = {post.id: post for post in post_views(session, found, drafts=False)}
    threads = threads_by_id(session, {row.thread_id for row in found})
    thread_of = {row.id: threads[row.thread_id] for row in found}
    return [
        RevisitLine(
            tag_id=tag_id, post=posts[post_id], thread=thread_of[post_id], because=_because(posts[post_id], edits)
        )
        for post_id, tag_id in tags.items()
        if post_id in posts
    ]


def _because(post: PostView, edits: Sequence[VersionLine]) -> Sequence[VersionLine]:
    decision = post.decision
    if decision is None:
        return []
    return [edit for edit in edits if edit.number > decision.codebook_version and decision.level in edit.revisit]
