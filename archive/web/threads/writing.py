"""The posts of a thread as HTML: nested as far as eyes and readers can follow, and flat below that.

A page has hundreds of posts that are all alike, so they are joined from strings: a template takes five times as long.
Whatever comes from outside goes through `text`. What people decided on a post is written by the macros of
`threads/posts.html`, since few posts have any of it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from archive.byte_cache import Remade, weigh
from archive.domain.ids import PublicId
from archive.domain.records import Edge, Markup, PostKind
from archive.domain.source_quality import Level
from archive.services.reattach.pages import Moved
from archive.services.views import PostView
from archive.web.facts import FactWords
from archive.web.threads.nesting import Nesting, levels_below, siblings
from archive.web.threads.pages import Answer, Post, Reply, Thread
from archive.web.threads.ways import Ways
from archive.web.words import counted, day, day_and_time, machine_time

FOLDED = 3  # posts: from so many on, what hangs below a reply can be folded away
_NO_DATE = "<span>no date in the source</span>"
_END = b"</li>\n"
_LIST = '<ol class="replies" role="list">\n'

_Parts = tuple[str, str, str]
_OVERHEAD = 500  # bytes, about, of what is known of a post beside what is written


def _weight_of_parts(made_from: tuple[int, Moved | None], parts: _Parts) -> int:
    return weigh(*parts) + _OVERHEAD + (weigh(made_from[1]) if made_from[1] else 0)


def _weight_of_branch(made_from: tuple[Sequence[object], ...], written: bytes) -> int:
    numbers, *_, moved = made_from
    return weigh(written, moved) + _OVERHEAD * len(numbers)


_written: Remade[object, tuple[int, Moved | None], _Parts] = Remade(32 * 1024 * 1024, weigh=_weight_of_parts)
_branches: Remade[object, tuple[Sequence[object], ...], bytes] = Remade(24 * 1024 * 1024, weigh=_weight_of_branch)

text: Callable[[str], str] = escape  # what comes from outside, as HTML


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, as far as the posts of a page show it."""

    may_tag: bool
    may_move: bool
    sees_names: bool  # of those who decided


class Writer:
    """Writes the posts of one page."""

    def __init__(
        self, thread: Thread, *, before: str | None, further: str | None, reader: Reader, macros: Any, levels: Any
    ) -> None:
        """Of a thread.

        :param before: where the part before is, as an address stands in HTML; None if there is none.
        :param further: where the next one is.
        :param macros: those of `threads/posts.html`.
        :param levels: those of `components/levels.html`.
        """
        self.thread = thread
        self.reader, self.macros, self.levels = reader, macros, levels
        self.public = not thread.page.is_draft
        self.seen_by = reader.may_tag, reader.may_move, reader.sees_names, self.public
        self.here = {*thread.here}
        self.total = f"{thread.page.all_answers:,}"
        self.badges: dict[Level | None, str] = {}
        self.ways = Ways(thread, before=before, further=further)
        self.pointing = Counter(answer.post.view.awaits for answer in thread.answers if _hangs_from_ghost(answer))

    def answers(self) -> Sequence[bytes]:
        """All answers, a list item each; below a post that is missing, whatever points to it."""
        out, place = list[bytes](), 0
        for awaits, some in groupby(self.thread.answers, key=_ghost_above):
            together = list(some)
            if awaits is not None:
                out += (b"<li>\n", *self._ghost(awaits, together), _END)
            else:
                for at, one in enumerate(together, start=place):
                    out += (*self._answer(one, at), _END)
            place += len(together)
        return out

    def beside_question(self) -> bytes:
        """The replies to the question itself."""
        return self._branch(self.thread.beside_question, " to the question", heading="h3")

    def _answer(self, answer: Answer, place: int) -> tuple[bytes, bytes]:
        """An answer with its place among them, and what hangs below it."""
        post, view = answer.post, answer.post.view
        if answer.begun:
            to = f'<a href="/posts/{view.public_id}"><bdi>{text(post.by)}</bdi></a>'
            return f'<li>\n<p class="revision">More replies to {to}:</p>\n'.encode(), self._branch(answer.replies)
        head, rest, acts = self._kept(post, is_answer=True)
        below = " notes-below" if answer.notes_below else ""
        written = (
            f'<li>\n<article class="post answer{below}" id="post-{view.public_id}" aria-labelledby="{post.ids}-h">\n'
            f"{head}{self._which(answer)}{rest}{acts}{self.ways.of(place)}</ul>\n</article>\n"
        )
        return written.encode(), self._branch(answer.replies, f" to <bdi>{text(post.by)}</bdi>")

    def _parts_of_answer(self, post: Post) -> tuple[str, str, str]:
        """What comes before the number of an answer, what comes behind it, and where its links lead."""
        view, level = post.view, ""
        if post.is_answer:
            looked_up = f"{self.levels.looked_up(view.checked)} " if view.checked else ""
            level = f"{self._badge(post.level)} {looked_up}"
        kind = "Answer" if view.kind is PostKind.ANSWER else "Reply"
        how = f" {self.macros.how(post)}" if view.decision else ""
        head = f'<header><h3 class="post-title" id="{post.ids}-h">{level}{_by(post, kind)}</h3>'
        return (
            f'{head}\n<div class="byline"><span>',
            f"</span> {_moment(view)}{self._facts(post)}{how}</div></header>\n{self._body(post)}{self._decided(post)}",
            f'<ul class="acts">{self._acts(post)}',
        )

    def _kept(self, post: Post, *, is_answer: bool) -> tuple[str, str, str]:
        """What is written of a post wherever it stands; kept, for as long as the post is."""
        key = post.view.revision_id, self.seen_by, is_answer
        parts = self._parts_of_answer if is_answer else self._parts_of_reply
        return _written.of(key, (post.made, self.thread.moved.get(post.view.id)), lambda _: parts(post))

    def _badge(self, level: Level | None) -> str:
        if level not in self.badges:
            self.badges[level] = str(self.levels.badge(level))
        return self.badges[level]

    def _which(self, answer: Answer) -> str:
        view = answer.post.view
        if answer.post.is_answer:
            return f"Answer {answer.number:,} of {self.total}" if answer.number else f"One of {self.total} answers"
        if view.taken_down:
            return "Answer, not counted"
        return f"to {'the question' if view.parent else _above(view)}"

    def _acts(self, post: Post) -> str:
        view = post.view
        at = f'<li><a href="/posts/{view.public_id}'
        acts = [f'{at}" rel="bookmark">Permalink</a></li>']
        if view.taken_down is None:
            acts.append(f'{at}/original">Original</a></li>')
            acts.append(f'{at}/cite" rel="nofollow">Cite</a></li>' if self.public else "")
        if self.reader.may_tag and post.is_answer:
            bench = f'<li><a href="/moderation/posts/{view.public_id}">'
            acts.append(f"{bench}{'Tag anew' if view.decision else 'Tag'}</a></li>")
            acts.append(f'{at}/tags">History of the tag</a></li>{at}/sources">Sources</a></li>')
        if post.traceable:
            acts.append(f'{at}/trace">Supply the reference</a></li>')
        if self.reader.may_move:
            acts.append(f'{at}/place">Move</a></li>')
        if view.taken_down is None:
            acts.append(f'{at}/takedown" rel="nofollow">Ask for a takedown</a></li>')
        return "".join(acts)

    def _ghost(self, awaits: PublicId, answers: Sequence[Answer]) -> tuple[bytes, bytes]:
        """A post that is missing, with what points to it."""
        first = answers[0].post
        alone = self.pointing[awaits] == len(answers)
        replies = list[Reply]()
        for number, answer in enumerate(answers, start=1):
            place = (number, len(answers)) if alone and not self.thread.page.in_parts else None
            replies += [Reply(answer.post, 1, place), *answer.replies]
        id_ = "" if awaits in self.here else f' id="post-{awaits}"'
        self.here.add(awaits)
        point = "A reply points" if len(answers) == 1 else f"{counted(len(answers), 'reply', 'replies')} point"
        written = (
            f'<article class="post ghost"{id_} aria-labelledby="{first.ids}-g">'
            f'<h3 id="{first.ids}-g">A post is missing here</h3>'
            f"<p>{point} to it, but it was not among the bytes received. It is filled in when it comes with a later"
            " import.</p></article>\n"
        )
        return written.encode(), self._branch(replies, " below a missing post")

    def _branch(self, replies: Sequence[Reply], whom: str = "", *, heading: str = "h4") -> bytes:
        """Replies in lists within lists, that can be folded away; kept, for as long as all of them are."""
        if not replies:
            return b""
        key = replies[0].post.view.revision_id, self.seen_by, whom, heading
        made_from = (
            [reply.post.made for reply in replies],
            [reply.level for reply in replies],
            [reply.place for reply in replies],
            [reply.post.view.parent in self.here for reply in replies],
            [self.thread.moved.get(reply.post.view.id) for reply in replies] if self.thread.moved else (),
        )
        return _branches.of(key, made_from, lambda _: self._written_branch(replies, whom, heading).encode())

    def _written_branch(self, replies: Sequence[Reply], whom: str, heading: str) -> str:
        below, beside = levels_below(replies), siblings(replies)
        out = [
            f'<details class="branch" open><summary>{counted(len(replies), "reply", "replies")}{whom}</summary>{_LIST}'
        ]
        nesting = Nesting("</ol></details>\n")
        for place, reply in enumerate(replies):
            if nesting.deepens(reply.level):
                folds, words = below[place - 1] >= FOLDED, counted(below[place - 1], "reply", "replies")
                nesting.open(reply.level, "</ol></details>\n" if folds else "</ol>\n")
                out.append(f'<details class="branch" open><summary>{words}</summary>{_LIST}' if folds else _LIST)
            else:
                out.append(nesting.follow(reply.level))
            out.append(f"<li>{self._reply(reply, beside[place], heading)}")
        out.append(nesting.close())
        return "".join(out)

    def _reply(self, reply: Reply, beside: tuple[PublicId | None, PublicId | None], heading: str) -> str:
        post, view = reply.post, reply.post.view
        before, following = beside
        head, rest, end = self._kept(post, is_answer=False)
        number = f", {reply.place[0]:,} of {reply.place[1]:,}" if reply.place else ""
        ways = f' <a href="#post-{before}" rel="prev">previous</a>' if before else ""
        ways += f' <a href="#post-{following}" rel="next">next</a>' if following else ""
        return (
            f'<article class="post reply" id="post-{view.public_id}" aria-labelledby="{post.ids}-h">'
            f'<{heading} class="post-title" id="{post.ids}-h">{head}</{heading}>\n<p class="byline"><span>to '
            f"{self._parent(view)}, level {reply.level}{number}</span> {rest}{ways}{end}</article>\n"
        )

    def _parts_of_reply(self, post: Post) -> tuple[str, str, str]:
        """Who wrote a reply, when that was, and its links and its text."""
        view = post.view
        at = f' <a href="/posts/{view.public_id}'
        links = f'{at}" rel="bookmark">permalink</a>'
        if view.taken_down is None:
            links += f'{at}/original">original</a>'
            links += f'{at}/cite" rel="nofollow">cite</a>' if self.public else ""
        links += f'{at}/place">move</a>' if self.reader.may_move else ""
        return (
            _by(post, "Reply"),
            f"{_moment(view, day)}{self._facts(post)}",
            f"{links}</p>\n{self._body(post)}{self._decided(post)}",
        )

    def _parent(self, view: PostView) -> str:
        if view.parent is None:
            return _above(view)
        to = f"#post-{view.parent}" if view.parent in self.here else f"/posts/{view.parent}"
        return f'<a class="up" href="{to}"><bdi>{text(view.parent_author or "an unnamed post")}</bdi></a>'

    def _facts(self, post: Post) -> str:
        return str(self.macros.facts(post)) if post.files else "".join(map(_fact, post.facts))

    def _body(self, post: Post) -> str:
        if post.view.taken_down:
            return f"{self.macros.tombstone(post)}\n"
        mail = " of-mail" if post.view.markup is Markup.MAIL else ""
        return f'<div class="prose{mail}" dir="auto">{post.body.html}</div>\n'

    def _decided(self, post: Post) -> str:
        """What there is to say of a post behind its text."""
        macros, moved = self.macros, self.thread.moved.get(post.view.id)
        parts = [macros.notes(post)] if post.notes else []
        parts += [macros.supplied(post)] if post.supplied else []
        parts += [macros.works(post)] if post.works or (post.supplied and post.view.checked) else []
        parts += [macros.remarks(post)] if post.remarkable else []
        parts += [macros.put_here(moved)] if moved else []
        return "".join(f"{part}\n" for part in parts)


def _hangs_from_ghost(answer: Answer) -> bool:
    view = answer.post.view
    return view.kind is PostKind.REPLY and view.awaits is not None and not answer.begun


def _ghost_above(answer: Answer) -> PublicId | None:
    return answer.post.view.awaits if _hangs_from_ghost(answer) else None


def _by(post: Post, kind: str) -> str:
    view = post.view
    name = f"<bdi>{text(post.by)}</bdi>"
    name = f'<a href="/authors/{view.author_id}">{name}</a>' if view.author_id else name
    return f'<span class="by"><span class="vh">{kind} by </span>{name}</span>'


def _moment(view: PostView, words: Callable[[Any], str] = day_and_time) -> str:
    if view.posted_at is None:
        return _NO_DATE
    return f'<time datetime="{machine_time(view.posted_at)}">{words(view.posted_at)}</time>'


def _fact(fact: FactWords) -> str:
    """As the macro of that name has it, for the few facts that nearly every post has."""
    if fact.address:
        link = f'<a href="{text(fact.address)}" rel="nofollow noopener ugc">{text(fact.words)}</a>'
        return f' <span class="fact">{link}</span>'
    return f' <span class="fact"><bdi>{text(fact.words)}</bdi></span>'


def _above(view: PostView) -> str:
    return "a reply to itself, so the circle was cut here" if view.edge is Edge.CUT else "a post that is missing here"
