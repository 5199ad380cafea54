"""COinS: a description of each answer in the title of an empty element, which programs for references look for.

Format: https://web.archive.org/web/2017/http://ocoins.info/, OpenURL with the keys of Dublin Core.
"""

from collections.abc import Sequence
from urllib.parse import quote_plus

from archive.web.threads.pages import Post, Thread

MOST = 40  # answers of a page
_BEGIN = (
    "ctx_ver=Z39.88-2004&rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Adc&rfr_id=info%3Asid%2Ffootnote&rft.type=forumPost"
)


def coins(thread: Thread, *, home: str, archive: str) -> list[str]:
    """The question and the answers that a page shows, but for what is down, and for what replies to a missing post."""
    page = thread.page
    title = quote_plus(page.title)
    same = f"&rft.source={quote_plus(page.collection_name)}&rft.publisher={quote_plus(archive)}"
    question = [thread.question] if thread.question else []
    answers = [answer.post for answer in thread.answers if answer.post.is_answer and not answer.begun]
    posts: Sequence[Post] = [*question, *answers[:MOST]]
    return [_one(post, title, same, home) for post in posts if post.view.taken_down is None]


def _one(post: Post, title: str, same: str, home: str) -> str:
    view = post.view
    by = view.author or view.byline
    named = f"%E2%80%9C{title}%E2%80%9D" if title else ""
    called = title if view.kind == "question" else f"Answer+to+{named}" if named else ""
    author = f"&rft.creator={quote_plus(by)}" if by else ""
    date = f"&rft.date={view.posted_at:%Y-%m-%d}" if view.posted_at else ""
    address = f"&rft.identifier={quote_plus(home)}%2Fposts%2F{view.public_id}" if home else ""
    return f"{_BEGIN}{'&rft.title=' + called if called else ''}{author}{date}{same}{address}"
