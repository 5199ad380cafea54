"""A thread's page, whatever hangs in it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from archive.domain.ids import CollectionSlug, PublicId
from archive.domain.records import Edge, Markup, PostKind, PostState
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.domain.takedown import ReasonClass
from archive.services.views import AnswerView, Decision, Evidence, PostView, TakenDown, ThreadPage
from archive.web import arguments
from archive.web.threads.nesting import DEEPEST
from archive.web.threads.pages import Beside
from archive.web.threads.showing import thread_html
from tests.stalls import calls, finishing

pytestmark = pytest.mark.database("sqlite")

NOW = datetime(2026, 5, 2, 10, 12, tzinfo=UTC)


def post(number: int, kind: PostKind = PostKind.ANSWER, *, text: str = "Some words.", **more: object) -> PostView:
    values: dict[str, object] = {
        "id": number,
        "public_id": PublicId(f"{number:014}"),
        "kind": kind,
        "author": f"author_{number}",
        "author_id": PublicId("a" * 14),
        "byline": f"author_{number}",
        "posted_at": None,
        "parent": None,
        "parent_author": None,
        "awaits": None,
        "edge": Edge.LAYOUT,
        "depth": 1,
        "text": text,
        "words": None,
        "markup": Markup.PLAIN,
        "state": PostState.PRESENT,
        "facts": {},
        "revision_id": number,
        "revision_number": 1,
        "revisions": 1,
        "captured_at": NOW,
        "decision": None,
        "tag_version": 0,
    }
    return PostView(**{**values, **more})  # type: ignore[arg-type]


def decision(text: str, words: str, *, level: Level = Level.ATTRIBUTED, revision: int = 1) -> Decision:
    start = text.index(words)
    return Decision(
        level=level,
        by="maud_h",
        at=NOW,
        codebook_version=2,
        note="",
        evidence=[Evidence(start=start, end=start + len(words), text=words)],
        revision_number=revision,
        basis=Basis.SINGLE,
        agreeing=1,
        votes=1,
    )


def page_of(*answers: AnswerView, question: PostView | None = None) -> ThreadPage:
    return ThreadPage(
        public_id=PublicId("t" * 14),
        title="Who asked?",
        collection=CollectionSlug("history"),
        collection_name="History",
        received_at=NOW,
        question=question,
        has_question=question is not None,
        answers=answers,
        all_answers=len(answers),
        all_replies=0,
        shares={None: len(answers)},
        after=None,
        further=None,
        missing=None,
        is_draft=False,
    )


def html(app: Flask, *answers: AnswerView, question: PostView | None = None, path: str = "/threads/x") -> str:
    page = page_of(*answers, question=question)
    with app.test_request_context(path):
        return thread_html(page, Beside()).decode()


def chain(depth: int, *, by: str = "author") -> Iterator[PostView]:
    for level in range(1, depth + 1):
        yield post(
            level + 1,
            PostKind.REPLY,
            parent=PublicId(f"{level:014}"),
            parent_author=f"{by}_{level}",
            depth=level + 1,
        )


def test_a_chain_of_ten_thousand_replies_is_a_page_like_any_other(app: Flask) -> None:
    with finishing():
        page = html(app, AnswerView(post=post(1), number=1, replies=list(chain(10_000))))
    assert "level 10000, 1 of 1" in page
    assert max(depths(page)) < 30
    assert page.count('<ol class="replies"') == DEEPEST


def test_what_a_page_costs_grows_with_the_number_of_its_replies(app: Flask) -> None:
    some, twice = list(chain(500, by="some")), list(chain(1_000, by="twice"))  # of which nothing was made before
    html(app, AnswerView(post=post(1), number=1, replies=list(chain(1))))  # compiles the templates
    once = calls(lambda: html(app, AnswerView(post=post(1), number=1, replies=some)))
    assert calls(lambda: html(app, AnswerView(post=post(1), number=1, replies=twice))) < 2.1 * once


def depths(page: str) -> Iterator[int]:
    depth = 0
    for closing in re.findall(r"<(/?)(?:ol|ul|li|details|article|section|div)\b", page):
        depth += -1 if closing else 1
        yield depth


def test_a_reply_says_to_whom_and_at_which_level_in_words(app: Flask) -> None:
    page = html(app, AnswerView(post=post(1), number=1, replies=list(chain(3))))
    assert re.search(r'to <a class="up" href="#post-0{13}3"><bdi>author_3</bdi></a>, level 3, 1 of 1', page)


def test_the_reason_for_a_tag_is_marked_and_noted(app: Flask) -> None:
    text = "As Molotov later said in his memoir, it was so."
    tagged = post(1, text=text, decision=decision(text, "Molotov later said in his memoir"))
    page = html(app, AnswerView(post=tagged, number=1, replies=()))
    mark = '<span class="ev">Molotov later said in his memoir</span><a class="ref m1"'
    assert f'{mark} id="p00000000000001-r1" href="#p00000000000001-n1"' in page
    assert 'id="p00000000000001-n1"' in page
    assert "maud_h on " in page


def test_a_tag_given_to_an_earlier_text_marks_nothing_and_says_so(app: Flask) -> None:
    earlier = decision("As Molotov said.", "Molotov")
    changed = post(1, text="As he said, Molotov.", decision=earlier, revision_number=2, revisions=2)
    page = html(app, AnswerView(post=changed, number=1, replies=()))
    assert "The tag was given to an earlier text, number 1." in page
    assert 'class="ev"' not in page
    assert '<q dir="auto">Molotov</q>' in page


def test_an_answer_without_a_decision_is_not_yet_tagged(app: Flask) -> None:
    assert "Not yet tagged" in html(app, AnswerView(post=post(1), number=1, replies=()))


def test_a_question_that_was_not_received_is_said_to_be_missing(app: Flask) -> None:
    assert "The question is missing here." in html(app, AnswerView(post=post(1), number=1, replies=()))


def test_hostile_names_stay_text(app: Flask) -> None:
    name = '"><img src=x onerror=alert(1)>{{ 7 * 7 }}'
    page = html(app, AnswerView(post=post(1, author=name, byline=name), number=1, replies=()))
    assert "<img" not in page
    assert "49" not in re.sub(r"<[^>]*>", "", page)


def test_every_id_on_a_page_occurs_once(app: Flask) -> None:
    answers = [AnswerView(post=post(100 * n), number=n, replies=list(chain(5)) if n == 1 else ()) for n in (1, 2)]
    page = html(app, *answers, question=post(999, PostKind.QUESTION, depth=0))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("<h1") == 1


def test_a_thread_without_answers_says_so(app: Flask) -> None:
    assert "Nobody answered, or no answer was among the bytes received." in html(app)


def test_what_the_source_says_beside_the_text_is_told_in_words(app: Flask) -> None:
    facts = {"score": 1204, "accepted": True, "licence": "CC BY-SA 4.0", "address": "javascript:alert(1)", "new": "x"}
    page = html(app, AnswerView(post=post(1, facts=facts), number=1, replies=[]))
    assert "<bdi>score 1,204</bdi>" in page
    assert "<bdi>accepted by the asker</bdi>" in page
    assert "<bdi>licence: CC BY-SA 4.0</bdi>" in page
    assert "javascript" not in page


def test_attachments_are_listed_with_their_sizes_and_hashes_and_the_rest_is_counted(app: Flask) -> None:
    files = [{"name": f"{n}.png", "type": "image/png", "size": 2048, "sha256": f"{n:064}"} for n in range(20)]
    bare = {"size": 3}  # as another source may tell
    facts = {"attachments": [files[7], bare], "further_attachments": 0}
    page = html(app, AnswerView(post=post(1, facts=facts), number=1, replies=[]))
    assert f'<bdi>7.png</bdi>, 2.0 KiB, <abbr title="SHA-256 {7:064}">000000000000…</abbr>' in page
    assert "<bdi>unnamed</bdi>, 3 bytes</span>" in page
    assert "more attachment" not in page
    facts = {"attachments": files, "further_attachments": 300}
    page = html(app, AnswerView(post=post(1, facts=facts), number=1, replies=[]))
    assert "4.png" in page
    assert "5.png" not in page
    assert f'<a href="/posts/{1:014}/original#files">and 315 more attachments</a>' in page


def test_a_deleted_post_says_that_it_was_deleted_in_its_source(app: Flask) -> None:
    gone = post(1, text="", state=PostState.DELETED)
    assert "Deleted in the source" in html(app, AnswerView(post=gone, number=1, replies=[]))


def test_a_reply_above_which_a_circle_was_cut_says_so(app: Flask) -> None:
    reply = post(2, PostKind.REPLY, edge=Edge.CUT)
    assert "the circle was cut here" in html(app, AnswerView(post=reply, number=1, replies=[]))


def test_what_is_kept_of_a_post_is_made_anew_with_whatever_is_shown_of_it(app: Flask) -> None:
    text = "As Molotov later said in his memoir, it was so."
    states: list[dict[str, object]] = [
        {},
        {"author": "somebody_else", "byline": "somebody_else"},
        {"text": "Other words."},
        {"decision": decision(text, "Molotov")},
        {"decision": decision(text, "Molotov", level=Level.CITED)},
        {"taken_down": TakenDown(reason=ReasonClass.PERSONAL, at=NOW)},
        {"revisions": 2, "revision_number": 2},
        {"facts": {"score": 3}},
    ]
    pages = [html(app, AnswerView(post=post(77, **{"text": text, **state}), number=1, replies=())) for state in states]
    assert len(set(pages)) == len(states)
    again = [html(app, AnswerView(post=post(77, **{"text": text, **state}), number=1, replies=())) for state in states]
    assert again == pages


def test_what_points_to_a_missing_post_stands_below_the_place_of_that_post(app: Flask) -> None:
    lost = PublicId("m" * 14)
    some = [post(number, PostKind.REPLY, awaits=lost, depth=0) for number in (3, 4)]
    below = post(5, PostKind.REPLY, parent=some[0].public_id, parent_author="author_3", depth=1)
    other = post(6, PostKind.REPLY, awaits=PublicId("n" * 14), depth=0)
    page = html(
        app,
        AnswerView(post=post(1), number=1, replies=()),
        AnswerView(post=some[0], number=2, replies=[below]),
        AnswerView(post=some[1], number=2, replies=()),
        AnswerView(post=other, number=2, replies=()),
    )
    assert page.count("A post is missing here</h3>") == 2
    assert page.count(f'id="post-{lost}"') == 1
    assert "<p>2 replies point to it," in page
    assert "<p>A reply points to it," in page
    words = re.sub(r"<[^>]*>", "", page)
    assert "to a post that is missing here, level 1, 2 of 2" in words
    assert "to author_3, level 2, 1 of 1" in words
    assert "Next answer" not in words  # what points to a missing post is no answer
    assert not re.search(r"Not yet tagged\s+author_[346]", words)
    assert 'class="rail"' not in page


def test_an_answer_leads_to_the_ones_beside_it_and_to_the_next_sourced_one(app: Flask) -> None:
    text = "See Molotov, p. 40."
    cited = decision(text, "p. 40", level=Level.PINPOINT)
    answers = [
        AnswerView(post=post(n, text=text, decision=cited if n == 3 else None), number=n, replies=()) for n in (1, 2, 3)
    ]
    page = html(app, *answers)
    first, second, third = page.split('<article class="post answer')[1:]
    assert f'<a href="#post-{2:014}" rel="next">Next answer</a>' in first
    assert f'<a href="#post-{3:014}" class="to-sourced">Next sourced answer</a>' in first
    assert "Previous answer" not in first
    assert f'<a href="#post-{1:014}" rel="prev">Previous answer</a>' in second
    assert "Next sourced answer" not in second  # the next answer is that
    assert f'<a href="#post-{3:014}" rel="next" class="to-sourced">Next answer, sourced</a>' in second
    assert f'<a href="#post-{3:014}" class="to-sourced">First sourced answer' in page.partition('class="flow"')[0]
    assert "Next answer" not in third


def test_a_thread_of_which_no_level_was_chosen_says_that_all_are_shown(app: Flask) -> None:
    page = page_of(*(AnswerView(post=post(n), number=n, replies=()) for n in (1, 2)))
    with app.test_request_context("/threads/x?level=&order=posted"):
        assert "Nothing was chosen, so all answers are shown." in thread_html(page, Beside(), none_chosen=True).decode()
        assert "Nothing was chosen" not in thread_html(page, Beside()).decode()
    with app.test_request_context("/threads/x?level=&order=posted"):
        assert arguments.chose_nothing("level")
    with app.test_request_context("/threads/x?level=&level=cited"):
        assert not arguments.chose_nothing("level")
    with app.test_request_context("/threads/x?order=posted"):
        assert not arguments.chose_nothing("level")
