"""A thread as its template wants it: one flat list, every text rendered, every number counted.

Replies stand in reading order with their level in words. They are indented up to a few levels
and never nested, so that a chain of 10,000 replies is a page like any other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from archive.domain.ids import PublicId
from archive.domain.records import Markup, PostKind, PostState
from archive.domain.source_quality import Level
from archive.domain.visible_words import words_seen
from archive.services.reattach.pages import Moved
from archive.services.views import AnswerView, Decision, PostView, ThreadPage
from archive.web.facts import FactWords, Files, facts_in_words, files_in_words
from archive.web.safe_html import Rendered, render
from archive.web.threads.margin import Column, without_room
from archive.web.words import day, first_words

DEEPEST_INDENT = 6  # levels; deeper replies stand under one another, and say their level
MAX_RAIL = 30  # answers listed beside the text
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


@dataclass(frozen=True, slots=True)
class Post:
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


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply, where it hangs, and how far it is indented."""

    post: Post
    level: int  # under its answer, from 1
    indent: int
    number: int  # among the replies to the same post, from 1
    of: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its replies."""

    post: Post
    number: int
    replies: Sequence[Reply]
    following: PublicId | None  # the answer after it on the page
    notes_below: bool  # its text, and not in the margin


@dataclass(frozen=True, slots=True)
class Thread:
    """The whole page."""

    page: ThreadPage
    question: Post | None
    answers: Sequence[Answer]
    sourced: int  # answers of the whole thread
    levels: Sequence[Level | None]  # that occur in it
    moved: Mapping[int, Moved]  # by the number of a post: what people decided on where it hangs
    moved_out: PublicId | None  # the post that began it and was moved elsewhere


_NOTHING_MOVED: Mapping[int, Moved] = MappingProxyType({})


def thread(
    page: ThreadPage, *, moved: Mapping[int, Moved] = _NOTHING_MOVED, moved_out: PublicId | None = None
) -> Thread:
    """The thread for its template."""
    return Thread(
        page=page,
        question=post(page.question, "q") if page.question else None,
        answers=list(_answers(page.answers)),
        sourced=sum(count for level, count in page.shares.items() if level is not None and level.sourced),
        levels=[level for level in (*Level, None) if page.shares.get(level)],
        moved=moved,
        moved_out=moved_out,
    )


def post(view: PostView, ids: str) -> Post:
    """The post with its text as HTML and its notes.

    :param ids: what the ids of its marks and notes begin with, of its own on the page.
    """
    decision = view.decision
    same_text = decision is not None and decision.revision_number == view.revision_number
    spans = [(words.start, words.end) for words in decision.evidence] if decision and same_text else []
    body = render(view.text, view.markup, spans=spans, ids=ids)
    return Post(
        view=view,
        body=body,
        ids=ids,
        notes=_notes(decision, body.placed, view.markup) if decision else (),
        by=view.author or view.byline or "nobody named",
        level=decision.level if decision else None,
        is_answer=view.kind is PostKind.ANSWER,
        tagged_earlier=decision is not None and not same_text,
        remarkable=body.cut
        or not body.html
        or view.revisions > 1
        or view.missing is not None
        or view.state is not PostState.PRESENT,
        facts=_facts(view),
        files=files_in_words(view.facts) if view.facts else None,
    )


def _facts(view: PostView) -> Sequence[FactWords]:
    facts = facts_in_words(view.facts) if view.facts else []
    if view.absent_at is not None:
        facts.append(FactWords(f"not in the capture of {day(view.absent_at)}"))
    return facts


def _notes(decision: Decision, placed: frozenset[int], markup: Markup) -> list[Note]:
    return [
        Note(
            number=number,
            words=first_words(
                words_seen(evidence.text, markup), _MARKED_WORDS if number in placed else _UNMARKED_WORDS
            ),
            marked=number in placed,
        )
        for number, evidence in enumerate(decision.evidence, start=1)
    ]


def _answers(answers: Sequence[AnswerView]) -> Iterator[Answer]:
    posts = [post(answer.post, f"a{place}") for place, answer in enumerate(answers, start=1)]
    crowded = without_room([_column(shown, answer) for shown, answer in zip(posts, answers, strict=True)])
    for place, answer in enumerate(answers, start=1):
        yield Answer(
            post=posts[place - 1],
            number=answer.number,
            replies=list(_replies(answer, f"a{place}")) if answer.replies else (),
            following=answers[place].post.public_id if place < len(answers) else None,
            notes_below=place - 1 in crowded,
        )


def _column(shown: Post, answer: AnswerView) -> Column:
    evidence = shown.view.decision.evidence if shown.view.decision else ()
    notes = [(words.end, len(note.words)) for note, words in zip(shown.notes, evidence, strict=False) if note.marked]
    return Column(shown.view.text, notes, [reply.text for reply in answer.replies])


def _replies(answer: AnswerView, ids: str) -> Iterator[Reply]:
    siblings = Counter(reply.parent for reply in answer.replies)
    met: Counter[object] = Counter()
    for place, view in enumerate(answer.replies, start=1):
        met[view.parent] += 1
        level = max(1, view.depth - answer.post.depth)
        yield Reply(
            post=post(view, f"{ids}-{place}"),
            level=level,
            indent=min(level, DEEPEST_INDENT),
            number=met[view.parent],
            of=siblings[view.parent],
        )
