"""Threads and posts as entries of a feed: what they are, and in words how they say that they know."""

from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.views import PostView, ThreadLine
from archive.web.checking.signs import looked_up_words
from archive.web.feeds.atom import NOBODY, Entry
from archive.web.layout import badge_words
from archive.web.words import counted, first_words

UNTITLED = "A thread without a title"
_SUMMARY = 400  # characters


def thread_entry(thread: ThreadLine) -> Entry:
    """A thread, with the levels of its answers."""
    return Entry(
        address=f"/threads/{thread.public_id}",
        title=thread.title or UNTITLED,
        updated=thread.changed_at,
        published=thread.asked_at,
        author=thread.asker or NOBODY,
        summary=_levels_of(thread),
    )


def post_entry(post: PostView, thread: ThreadLine) -> Entry:
    """A post: of an answer first its level, then how the text begins."""
    author = post.author or post.byline or NOBODY
    beginning = first_words(post.words or post.text, _SUMMARY)
    return Entry(
        address=f"/posts/{post.public_id}",
        title=f"{post.kind.value.capitalize()} by {author}: {thread.title or UNTITLED}",
        updated=max(post.captured_at, post.decision.at) if post.decision else post.captured_at,
        published=post.posted_at,
        author=author,
        summary=f"{level_in_words(post)}. {beginning}" if post.kind is PostKind.ANSWER else beginning,
    )


def level_in_words(post: PostView) -> str:
    """How an answer says that it knows, and whether anybody looked: “Cited; not checked”."""
    badge = badge_words(post.decision.level if post.decision else None)
    return f"{badge}; {post.checked.words}" if post.checked else badge


def _levels_of(thread: ThreadLine) -> str:
    shares = [(level, thread.shares.get(level, 0)) for level in (*Level, None)]
    levels = ", ".join(f"{answers} {badge_words(level)}" for level, answers in shares if answers)
    said = counted(thread.answers, "answer") + (f": {levels}" if levels else "")
    cited = sum(answers for level, answers in shares if level and level.sourced)
    return f"{said}; {looked_up_words(cited, thread.checked)}" if cited else said
