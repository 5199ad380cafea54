"""The hits of a page as HTML: twenty that are all alike, joined from strings, as the posts of a thread are.

Whatever comes from outside goes through `text`. Which works a hit cites is written by a macro: few searches ask for it.
"""

from collections.abc import Callable, Sequence
from functools import cache
from html import escape

from flask import get_template_attribute

from archive.domain.checking import CheckSum
from archive.domain.records import PostKind
from archive.domain.searching.words import Parts
from archive.domain.source_quality import Level
from archive.services.search import Hit
from archive.web.sources.shown import MANNER_WORDS, titled
from archive.web.words import day, machine_time

_KINDS = {PostKind.QUESTION: "Question", PostKind.ANSWER: "Answer", PostKind.REPLY: "Reply"}
_NO_DATE = "<span>no date in the source</span>"

text: Callable[[str], str] = escape  # what comes from outside, as HTML


def written_hits(hits: Sequence[Hit], *, has_words: bool) -> str:
    """A list item for each hit.

    :param has_words: whether hits hold words that were asked for: these are shown, whatever a hit cites.
    """
    return "".join([_item(number, hit, has_words=has_words) for number, hit in enumerate(hits, 1)])


def _item(number: int, hit: Hit, *, has_words: bool) -> str:
    post = hit.post
    badge = _badge(post.level, hit.checked) if hit.checked else plain_badge(post.level)
    level = f'<p class="hit-level">{badge}</p>\n' if post.kind is PostKind.ANSWER else ""
    moment = post.posted_at
    date = _NO_DATE if moment is None else f'<time datetime="{machine_time(moment)}">{day(moment)}</time>'
    said = f'\n<p class="snippet" dir="auto">{_marked(hit.snippet)}</p>' if has_words or not hit.cites else ""
    cited = _cited(hit) if hit.cites else ""
    return (
        f'<li>\n<article aria-labelledby="hit-{number}">\n{level}<h2 id="hit-{number}">'
        f'<a href="/threads/{post.thread}#post-{post.public_id}">{_marked(hit.title_parts)}</a></h2>\n'
        f'<p class="byline"><span>{_KINDS[post.kind]} by {_author(hit)}</span> {date} '
        f"<span><bdi>{text(post.collection_name)}</bdi></span></p>{said}{cited}\n</article>\n</li>\n"
    )


def _author(hit: Hit) -> str:
    post = hit.post
    if post.author:
        return f'<a href="/authors/{post.author_id}"><bdi>{text(post.author)}</bdi></a>'
    return f"<bdi>{text(post.byline or 'nobody named')}</bdi>"


def _marked(parts: Parts) -> str:
    """Pieces of a text, of which those are marked that were searched for: escaped first, and marked then."""
    return "".join([f'<mark class="hit">{text(piece)}</mark>' if is_hit else text(piece) for piece, is_hit in parts])


def _cited(hit: Hit) -> str:
    html: str = get_template_attribute("search/_cited.html", "cited")(hit.cites, titled, MANNER_WORDS)
    return f"\n{html}"


@cache  # the same in every answer
def plain_badge(level: Level | None) -> str:
    """The badge of a level."""
    return _badge(level, None)


def _badge(level: Level | None, checked: CheckSum | None) -> str:
    html: str = get_template_attribute("components/levels.html", "badge")(level, checked)
    return html
