"""A thread as JSON-LD, in the words of schema.org: a QAPage where there is a question with answers, and a
DiscussionForumPosting otherwise.

What the source did not say is left out, and so is, from among the answers, what replies to a post that is missing.
There is no ClaimReview: a level says how an answer knows, and not whether it is right. A long page is told in part,
since the whole would weigh as much again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.byte_cache import Remade, weigh
from archive.domain.sources.verdicts import Verdict
from archive.services.checking.pages import CitedWork
from archive.web.threads.pages import Post, Reply, Thread
from archive.web.words import machine_time

MOST_ANSWERS, MOST_COMMENTS, MOST_WORKS = 20, 20, 10  # of a page, of a page, of an answer
MOST_WORDS = 300  # characters of a text
_DEEPEST = 8  # levels of comments within one another
_TYPES = {
    "article-journal": "ScholarlyArticle",
    "article-magazine": "Article",
    "article-newspaper": "NewsArticle",
    "book": "Book",
    "chapter": "Chapter",
    "entry-encyclopedia": "Article",
    "motion_picture": "VideoObject",
    "periodical": "Periodical",
    "post": "DiscussionForumPosting",
    "report": "Report",
    "thesis": "Thesis",
    "webpage": "WebPage",
}
Node = dict[str, object]
_kept: Remade[tuple[int, str], int, Node] = Remade(4 * 1024 * 1024, weigh=weigh)


def json_ld(thread: Thread, *, home: str, archive: str) -> Node | None:
    """What is said of a page; None of one that begins in the middle of a thread, or of which nothing is left.

    :param home: the address of the archive without a slash at its end; "" for addresses below the page's own host.
    """
    page = thread.page
    about: Node = {
        "@context": "https://schema.org",
        "url": f"{home}/threads/{page.public_id}",
        "isPartOf": {
            "@type": "Collection",
            "name": page.collection_name,
            "url": f"{home}/collections/{page.collection}",
        },
        "publisher": {"@type": "Organization", "name": archive},
    }
    question = thread.question if thread.question and thread.question.view.taken_down is None else None
    answers = [answer for answer in thread.answers if answer.post.is_answer and answer.post.view.text]
    if page.after is not None:
        return None
    if question is None or not answers:
        return _posting(about, thread, question, home)
    left = [MOST_COMMENTS]
    told = [_answer(answer.post, answer.replies, home, left) for answer in answers[:MOST_ANSWERS]]
    accepted = [answer.post.view.facts.get("accepted") is True for answer in answers[:MOST_ANSWERS]]
    asked: Node = {
        "@type": "Question",
        "name": page.title,
        **_said(question, home),
        "answerCount": page.all_answers,
        "acceptedAnswer": [one for one, is_accepted in zip(told, accepted, strict=True) if is_accepted],
        "suggestedAnswer": [one for one, is_accepted in zip(told, accepted, strict=True) if not is_accepted],
    }
    return {**about, "@type": "QAPage", "name": page.title, "mainEntity": _known(asked)}


def _posting(about: Node, thread: Thread, question: Post | None, home: str) -> Node | None:
    """A thread without a question, or without answers."""
    page = thread.page
    left = [MOST_COMMENTS]
    comments = [
        _comment(answer.post, _comments(answer.replies, home, left), home)
        for answer in thread.answers[:MOST_ANSWERS]
        if answer.post.view.taken_down is None and answer.post.view.text
    ]
    if question is None and not comments:
        return None
    said = _said(question, home) if question else {}
    posting = {"@type": "DiscussionForumPosting", "headline": page.title, **said, "comment": comments}
    return {**_known({**posting, "commentCount": page.all_answers + page.all_replies}), **about}


def _answer(post: Post, replies: Iterable[Reply], home: str, left: list[int]) -> Node:
    cited = [_work(work, home) for work in post.works[:MOST_WORKS] if work.cited.verdict is not Verdict.FABRICATED]
    return _known(
        {
            "@type": "Answer",
            **_said(post, home),
            "citation": cited,
            "comment": _comments(replies, home, left),
        }
    )


def _comments(replies: Iterable[Reply], home: str, left: list[int]) -> list[Node]:
    """Replies, each within the one that it hangs under, as far as the page tells them.

    :param left: how many more may be told, counted down.
    """
    top: list[Node] = []
    under: dict[object, list[Node]] = {}
    for reply in replies:
        view = reply.post.view
        if left[0] <= 0:
            break
        if view.taken_down is not None or not view.text or reply.level > _DEEPEST:
            continue
        left[0] -= 1
        within: list[Node] = []
        node = _comment(reply.post, within, home)
        node["comment"] = within
        under[view.public_id] = within
        under.get(view.parent, top).append(node)
    return list(_without_empty(top))


def _without_empty(nodes: Sequence[Node]) -> Iterator[Node]:
    """The comments, without the lists of those that have none below them; as deep as _DEEPEST."""
    for node in nodes:
        within = node["comment"]
        below = [*_without_empty(within)] if isinstance(within, list) else []
        yield _known({**node, "comment": below})


def _comment(post: Post, comments: list[Node], home: str) -> Node:
    return _known({"@type": "Comment", **_said(post, home), "comment": comments})


def _said(post: Post, home: str) -> Node:
    """Who said it, when, and its beginning; kept, for as long as the post is."""
    return _kept.of((post.view.revision_id, home), post.made, lambda _: _said_now(post, home))


def _said_now(post: Post, home: str) -> Node:
    view = post.view
    author = (
        {"@type": "Person", "name": view.author, "url": f"{home}/authors/{view.author_id}"} if view.author else None
    )
    score = view.facts.get("score")
    return _known(
        {
            "@id": f"{home}/posts/{view.public_id}",
            "url": f"{home}/posts/{view.public_id}",
            "author": author,
            "datePublished": machine_time(view.posted_at) if view.posted_at else None,
            "text": _beginning(view.words or view.text),
            "upvoteCount": score if isinstance(score, int) and score >= 0 else None,
        }
    )


def _work(work: CitedWork, home: str) -> Node:
    cited = work.cited
    return _known(
        {
            "@type": _TYPES.get(str(cited.csl.get("type")), "CreativeWork"),
            "name": cited.title,
            "url": f"{home}/sources/{cited.source}" if cited.has_page else None,
        }
    )


def _beginning(text: str) -> str:
    return " ".join(text[:MOST_WORDS].split()) + ("…" if len(text) > MOST_WORDS else "")


def _known(node: Mapping[str, object]) -> Node:
    return {name: value for name, value in node.items() if value not in (None, "", [])}
