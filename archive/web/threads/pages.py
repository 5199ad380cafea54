"""A thread as its page wants it: every text rendered, every number counted, every reply with its place."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

from archive.byte_cache import Remade, weigh
from archive.domain.ids import PublicId
from archive.domain.records import Markup, PostKind, PostState
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict
from archive.domain.tracing import TRACEABLE
from archive.domain.visible_words import words_seen
from archive.services.checking.pages import CitedWork
from archive.services.objections.pages import Questioned
from archive.services.reattach.pages import Moved
from archive.services.tracing.pages import Supplied
from archive.services.views import AnswerView, Evidence, PostView, ThreadPage
from archive.store.cited import CitedRow
from archive.web.facts import FactWords, Files, facts_in_words, files_in_words
from archive.web.safe_html import Rendered, render
from archive.web.threads.margin import Column, without_room
from archive.web.words import day, first_words

MAX_RAIL = 30  # answers listed beside the text
_STRUCK_BY = 90  # characters that a note says of who struck it
_MARKED_WORDS, _UNMARKED_WORDS = 120, 600  # characters of the words that a note repeats

# What a note says of the words that it is about, by the level of the tag that they justify.
NOTE_KINDS: dict[Level, str] = {
    Level.PINPOINT: "Reference, with the place in it",
    Level.CITED: "Reference",
    Level.ATTRIBUTED: "Named, not cited",
    Level.RECOLLECTED: "Said to be from memory",
    Level.UNSOURCED: "No source behind it",
    Level.TESTIMONY: "The writer’s own account",
    Level.CONJECTURE: "Marked as a guess",
    Level.NOT_ANSWER: "Does not answer",
}


@dataclass(frozen=True, slots=True)
class Note:
    """A note to some words of an answer."""

    number: int
    words: str  # their beginning
    marked: bool  # whether the words are marked in the text
    end: int  # of the words, in characters of the text
    struck: CitedRow | None = None  # the reference that they are, if there is no such work


class Post(NamedTuple):
    """A post with its text as HTML."""

    view: PostView
    body: Rendered
    ids: str  # what the ids of its marks and notes begin with
    notes: Sequence[Note]
    by: str  # the author's name, or the by-line as printed
    level: Level | None  # as decided
    is_answer: bool  # and so may bear a level
    tagged_earlier: bool  # whether the tag was given to an earlier text
    remarkable: bool  # whether there is anything to say about its text
    facts: Sequence[FactWords]  # what else the source says of it
    files: Files | None  # that are attached to it
    made: int  # a number of its own: what is made of a post is known by it, and need not hold the post
    reasons: int = 0  # of the notes, those that say what the tag rests on; they come first
    works: Sequence[CitedWork] = ()  # that it cites, and what was found of them
    supplied: Sequence[Supplied] = ()  # references that others gave for it
    traceable: bool = False  # whether its source may still be found
    by_supplied: bool = False  # whether the tag in force came with a supplied reference
    questioned: Questioned | None = None  # that somebody objected to a tag of it, and a moderator replied


class Reply(NamedTuple):
    """A reply, and where it hangs."""

    post: Post
    level: int  # under its answer, from 1
    place: tuple[int, int] | None  # the how-manieth reply to the same post it is, of how many; None: not counted


class Answer(NamedTuple):
    """An answer with its replies; or what hangs below a post that is missing, and from nothing that is known."""

    post: Post
    number: int | None
    replies: Sequence[Reply]
    notes_below: bool  # its text, and not in the margin
    begun: bool  # whether the answer itself stands in an earlier part
    goes_on: bool  # whether its replies do in the next one

    @property
    def is_listed(self) -> bool:
        """Whether it is an answer, and begins here: what is no answer bears no level, and is not counted as one."""
        return self.post.view.kind is PostKind.ANSWER and not self.begun


@dataclass(frozen=True, slots=True)
class Thread:
    """The whole page."""

    page: ThreadPage
    question: Post | None
    beside_question: Sequence[Reply]  # replies to the question itself
    answers: Sequence[Answer]
    here: Set[PublicId]  # the posts that it shows
    sourced: int  # answers of the whole thread
    levels: Sequence[Level | None]  # that occur in it
    moved: Mapping[int, Moved]  # by the number of a post: what people decided on where it hangs
    moved_out: PublicId | None  # the post that began it and was moved elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What people decided on the posts of a page, by their numbers."""

    moved: Mapping[int, Moved] = field(default_factory=dict)  # on where they hang
    moved_out: PublicId | None = None  # the post that began the thread and was moved elsewhere
    works: Mapping[int, Sequence[CitedWork]] = field(default_factory=dict)  # on what they cite, by text
    supplied: Mapping[int, Sequence[Supplied]] = field(default_factory=dict)  # references that were given for them
    questioned: Mapping[int, Questioned] = field(default_factory=dict)  # objections to their tags, and replies


_NOTHING = Beside()
_Said = tuple[Sequence[Supplied] | None, Questioned | None, Sequence[CitedWork] | None] | None
_MadeFrom = tuple[PostView, _Said]
_OVERHEAD = 3_000  # bytes, about, of a post beside what is of any length
_numbers_made = count(1)


def _weight(made_from: _MadeFrom, post: Post) -> int:
    view, said = made_from
    texts = weigh(view.text, view.words, post.body.html, view.author, view.byline, view.parent_author)
    rare = (said, view.facts, view.missing, view.decision, post.notes, post.facts, post.files)  # which few have
    return texts + _OVERHEAD + (weigh(*rare) if any(rare) else 0)


def _same(then: _MadeFrom, now: _MadeFrom) -> bool:
    if then[0] is not now[0] and (then[0] != now[0] or repr(then[0].facts) != repr(now[0].facts)):  # 1 is not True
        return False
    return then[1] == now[1]


_kept: Remade[int, _MadeFrom, Post] = Remade(32 * 1024 * 1024, weigh=_weight, same=_same)  # by revision


def thread(page: ThreadPage, beside: Beside = _NOTHING) -> Thread:
    """The thread for its page."""
    views = page.posts
    posts = _posts([*views, *(answer.post for answer in page.answers if answer.begun)], beside)
    numbers: Mapping[int, tuple[int, int]] | None = None if page.beside_question_whole else {}
    return Thread(
        page=page,
        question=posts[page.question.id] if page.question else None,
        beside_question=_replies(page.beside_question, posts, above=0, numbers=numbers),
        answers=_answers(page.answers, posts),
        here={view.public_id for view in views},
        sourced=sum(count for level, count in page.shares.items() if level is not None and level.sourced),
        levels=[level for level in (*Level, None) if page.shares.get(level)],
        moved=beside.moved,
        moved_out=beside.moved_out,
    )


def post(view: PostView, ids: str = "", beside: Beside = _NOTHING) -> Post:
    """The post with its text as HTML and its notes; kept, for as long as nothing of it changes.

    :param ids: what the ids of its marks and notes begin with, of its own on the page; its address, if none is given.
    """
    return _made(view, ids, beside) if ids else _posts([view], beside)[view.id]


def _posts(views: Sequence[PostView], beside: Beside) -> dict[int, Post]:
    """By the number of a post, the same for many."""
    told, made_from = beside.supplied.keys() | beside.questioned.keys(), list[_MadeFrom]()
    for view in views:
        said = None
        if view.id in told or view.revision_id in beside.works:
            said = beside.supplied.get(view.id), beside.questioned.get(view.id), beside.works.get(view.revision_id)
        made_from.append((view, said))
    posts = _kept.of_all(
        [view.revision_id for view in views],
        made_from,
        lambda made_from: _made(made_from[0], f"p{made_from[0].public_id}", beside),
    )
    return {post.view.id: post for post in posts}


def _made(view: PostView, ids: str, beside: Beside) -> Post:
    decision = view.decision
    if decision is None and view.id not in beside.supplied and view.revision_id not in beside.works:
        return _undecided(view, ids)
    same_text = decision is not None and decision.revision_number == view.revision_number
    evidence = decision.evidence if decision else ()
    # Words of an earlier text have no mark in this one, nor those given while some were down; they keep their numbers.
    reasons = [_place(view.text, words) if same_text else (0, 0) for words in evidence]
    supplied = beside.supplied.get(view.id, ())
    works = beside.works.get(view.revision_id, ())
    struck = {number: work.cited for number, work in enumerate(filter(_is_struck, works), start=len(reasons) + 1)}
    spans = [*reasons, *((cited.start, cited.end) for cited in struck.values())]
    body = render(view.text, view.markup, spans=spans, ids=ids, struck=frozenset(struck))
    notes = [*_reasons(evidence, body.placed, view.markup), *_struck_notes(view, body.placed, struck)]
    return Post(
        view=view,
        body=body,
        ids=ids,
        notes=notes,
        by=view.author or view.byline or "nobody named",
        level=decision.level if decision else None,
        is_answer=view.kind is PostKind.ANSWER and view.taken_down is None,
        tagged_earlier=decision is not None and not same_text,
        remarkable=view.missing is not None or (view.taken_down is None and _is_remarkable(view, body)),
        facts=_facts(view),
        files=files_in_words(view.facts) if view.facts else None,
        made=next(_numbers_made),
        reasons=len(evidence),
        works=works,
        supplied=supplied,
        by_supplied=decision is not None and any(one.accepted_at == decision.at for one in supplied),
        questioned=beside.questioned.get(view.id),
        traceable=decision is not None and decision.level in TRACEABLE and view.kind is PostKind.ANSWER,
    )


def _undecided(view: PostView, ids: str) -> Post:
    """A post on which nobody decided anything, as nearly all are."""
    body = render(view.text, view.markup)
    return Post(
        view=view,
        body=body,
        ids=ids,
        notes=(),
        by=view.author or view.byline or "nobody named",
        level=None,
        is_answer=view.kind is PostKind.ANSWER and view.taken_down is None,
        tagged_earlier=False,
        remarkable=view.missing is not None or (view.taken_down is None and _is_remarkable(view, body)),
        facts=_facts(view) if view.facts or view.absent_at else (),
        files=files_in_words(view.facts) if view.facts else None,
        made=next(_numbers_made),
    )


def _place(text: str, words: Evidence) -> tuple[int, int]:
    return (words.start, words.end) if text[words.start : words.end] == words.text else (0, 0)


def _is_remarkable(view: PostView, body: Rendered) -> bool:
    return body.cut or not body.html or view.revisions > 1 or view.state is not PostState.PRESENT


def _is_struck(work: CitedWork) -> bool:
    return work.cited.verdict is Verdict.FABRICATED


def _facts(view: PostView) -> Sequence[FactWords]:
    facts = facts_in_words(view.facts) if view.facts else []
    if view.absent_at is not None:
        facts.append(FactWords(f"not in the capture of {day(view.absent_at)}"))
    return facts


def _reasons(evidence: Sequence[Evidence], placed: frozenset[int], markup: Markup) -> Iterator[Note]:
    for number, words in enumerate(evidence, start=1):
        yield _note(number, words.text, markup, words.end, marked=number in placed)


def _struck_notes(view: PostView, placed: frozenset[int], struck: Mapping[int, CitedRow]) -> Iterator[Note]:
    for number, cited in struck.items():
        words = view.text[cited.start : cited.end]
        yield replace(_note(number, words, view.markup, cited.end, marked=number in placed), struck=cited)


def _note(number: int, words: str, markup: Markup, end: int, *, marked: bool) -> Note:
    most = _MARKED_WORDS if marked else _UNMARKED_WORDS
    return Note(number=number, words=first_words(words_seen(words, markup), most), marked=marked, end=end)


def _answers(answers: Sequence[AnswerView], posts: Mapping[int, Post]) -> list[Answer]:
    crowded = _crowded([(posts[answer.post.id], answer) for answer in answers])
    return [
        Answer(
            post=posts[answer.post.id],
            number=answer.number,
            replies=_replies(answer.replies, posts, above=_depth_above(answer.post), numbers=answer.numbers),
            notes_below=place in crowded,
            begun=answer.begun,
            goes_on=answer.goes_on,
        )
        for place, answer in enumerate(answers)
    ]


def _crowded(answers: Sequence[tuple[Post, AnswerView]]) -> frozenset[int]:
    """The answers, by their places, whose notes have no room in the margin."""
    if not any(shown.notes for shown, _ in answers):
        return frozenset()
    return without_room([_column(shown, answer) for shown, answer in answers])


def _depth_above(head: PostView) -> int:
    """The depth of what replies of the first level hang from: of an answer, or of a post that is missing."""
    return head.depth if head.awaits is None or head.kind is PostKind.ANSWER else head.depth - 1


def _column(shown: Post, answer: AnswerView) -> Column:
    notes = [(note.end, len(note.words) + _length(note.struck)) for note in shown.notes if note.marked]
    return Column(shown.view.text, notes, [reply.text for reply in answer.replies])


def _length(struck: CitedRow | None) -> int:
    return len(struck.note or "") + _STRUCK_BY if struck else 0


def _replies(
    views: Sequence[PostView],
    posts: Mapping[int, Post],
    *,
    above: int,
    numbers: Mapping[int, tuple[int, int]] | None,
) -> list[Reply]:
    if not views:
        return []
    if numbers is None:
        numbers = _numbers(views)
    return [Reply(posts[view.id], max(1, view.depth - above), numbers.get(view.id)) for view in views]


def _numbers(views: Sequence[PostView]) -> Mapping[int, tuple[int, int]]:
    siblings: dict[PublicId | None, int] = {}
    met: list[tuple[int, PublicId | None, int]] = []
    for view in views:
        number = siblings[view.parent] = siblings.get(view.parent, 0) + 1
        met.append((view.id, view.parent, number))
    return {id_: (number, siblings[parent]) for id_, parent, number in met}
