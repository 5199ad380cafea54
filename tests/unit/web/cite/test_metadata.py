"""What a thread's page says of itself to programs: what Zotero takes, and JSON-LD that search engines take."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from flask import Flask
from pyld import jsonld

from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.domain.sources.verdicts import Verdict
from archive.domain.takedown import ReasonClass
from archive.services.views import AnswerView, PostView, TakenDown
from archive.web.citing import coins, json_ld
from archive.web.threads.pages import Beside, thread
from tests.unit.web.test_thread_pages import html, page_of, post

pytestmark = pytest.mark.database("sqlite")

POSTED = datetime(2019, 3, 9, 14, 2, tzinfo=UTC)
ASKING = {"text": "Who dug it, and when?", "posted_at": POSTED, "depth": 0}
HERE = "http://localhost"
ASKED = post(90, PostKind.QUESTION, **ASKING)
DOWN = TakenDown(reason=ReasonClass.PERSONAL, at=POSTED)
# What each type has to say, by schema.org and by what search engines ask of pages of questions and of forums. Dates and
# authors only where the source gave them.
REQUIRED = {
    "QAPage": {"mainEntity"},
    "Question": {"name", "text", "answerCount", "url"},
    "Answer": {"text", "url"},
    "Comment": {"text", "url"},
    "DiscussionForumPosting": {"headline", "url"},
    "Person": {"name"},
    "Collection": {"name"},
    "Organization": {"name"},
    "Book": {"name"},
    "CreativeWork": {"name"},
}


def answer(number: int, *replies: PostView, **more: object) -> AnswerView:
    return AnswerView(post=post(number, **more), number=number, replies=replies)


def asked(**more: object) -> PostView:
    return post(90, PostKind.QUESTION, **{**ASKING, **more})


def reply(number: int, parent: int, depth: int = 2, **more: object) -> PostView:
    return post(number, PostKind.REPLY, parent=PublicId(f"{parent:014}"), depth=depth, **more)


def told(page: str) -> Mapping[str, object]:
    """The one block of JSON-LD on a page."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert not set(block) & set("<>&\u2028\u2029")
    node: Mapping[str, object] = json.loads(block)
    return node


def nodes(value: object) -> Iterator[Mapping[str, object]]:
    """Every typed node in a value."""
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from nodes(one)


def metas(page: str, key: str = "name") -> dict[str, str]:
    return {name: unescape(content) for name, content in re.findall(rf'<meta {key}="([^"]+)" content="([^"]*)">', page)}


def test_a_question_with_answers_is_told_as_one(app: Flask) -> None:
    page = html(
        app,
        answer(1, reply(2, 1), reply(3, 2, 3), reply(4, 1), facts={"accepted": True, "score": 7}),
        answer(5, posted_at=POSTED),
        question=ASKED,
    )
    node = told(page)
    assert node["@type"] == "QAPage"
    question = node["mainEntity"]
    assert isinstance(question, dict)
    assert (question["answerCount"], question["datePublished"]) == (2, "2019-03-09T14:02:00Z")
    (accepted,), (suggested,) = question["acceptedAnswer"], question["suggestedAnswer"]
    assert accepted["upvoteCount"] == 7
    assert "datePublished" not in accepted
    assert suggested["datePublished"] == "2019-03-09T14:02:00Z"
    first, second = accepted["comment"]
    assert [one["url"] for one in (first, first["comment"][0], second)] == [f"{HERE}/posts/{n:014}" for n in (2, 3, 4)]
    for one in nodes(node):
        assert REQUIRED[str(one["@type"])] <= one.keys(), one["@type"]
        assert not {"author", "datePublished"} & {name for name, value in one.items() if value is None}
    assert "ClaimReview" not in page


def test_a_reply_to_a_post_that_is_missing_is_told_as_no_answer(app: Flask) -> None:
    orphan = post(3, PostKind.REPLY, awaits=PublicId("m" * 14), text="Says who?", facts={"accepted": True})
    page = html(app, answer(1), AnswerView(post=orphan, number=None, replies=[reply(4, 3)]), question=ASKED)
    asked_node = told(page)["mainEntity"]
    assert isinstance(asked_node, dict)
    assert "acceptedAnswer" not in asked_node
    assert [one["url"] for one in asked_node["suggestedAnswer"]] == [f"{HERE}/posts/{1:014}"]
    described = [parse_qs(unescape(title)) for title in re.findall(r'class="Z3988" title="([^"]*)"', page)]
    assert [one["rft.identifier"] for one in described] == [[f"{HERE}/posts/{n:014}"] for n in (90, 1)]
    assert told(html(app, AnswerView(post=orphan, number=None, replies=()), question=ASKED))["@type"] != "QAPage"


@pytest.mark.parametrize("question", [ASKED, None])
def test_a_thread_without_question_or_answers_is_told_as_a_discussion(app: Flask, question: PostView | None) -> None:
    node = told(html(app, *([] if question else [answer(1), answer(2)]), question=question))
    assert node["@type"] == "DiscussionForumPosting"
    assert node["url"] == f"{HERE}/threads/{'t' * 14}"
    assert ("text" in node, "comment" in node) == (question is not None, question is None)
    for one in nodes(node):
        assert REQUIRED[str(one["@type"])] <= one.keys(), one["@type"]


def test_an_independent_reader_takes_every_word_of_it_for_schema_org(app: Flask) -> None:
    node = told(html(app, answer(1, reply(2, 1)), question=ASKED))

    def load(url: str, _options: object) -> dict[str, object]:
        assert url == "https://schema.org"
        context = {"@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}}}
        return {"contextUrl": None, "documentUrl": url, "document": context, "contentType": "application/ld+json"}

    options = {"documentLoader": load, "base": f"{HERE}/threads/x"}
    (expanded,) = jsonld.expand(node, options)
    assert expanded["@type"] == ["https://schema.org/QAPage"]
    assert all(name.startswith("https://schema.org/") for name in expanded if not name.startswith("@"))
    flat = jsonld.flatten(node, None, options)
    assert {f"{HERE}/posts/{n:014}" for n in (1, 2, 90)} <= {one["@id"] for one in flat}


def test_cited_works_are_told_but_for_those_that_do_not_exist() -> None:
    def cited(title: str, verdict: Verdict | None) -> object:
        row = SimpleNamespace(csl={"type": "book"}, title=title, has_page=True, source="s" * 14, verdict=verdict)
        return SimpleNamespace(cited=SimpleNamespace(**vars(row), start=0, end=0, note=None), words="", wayback=None)

    page = page_of(answer(1), question=ASKED)
    works = [cited("Salt", None), cited("Pepper", Verdict.SUPPORTS), cited("Ghosts", Verdict.FABRICATED)]
    shown = thread(page, Beside(works={1: works}))  # type: ignore[dict-item]
    node = json_ld.json_ld(shown, home="https://a.example", archive="A")
    found = [one for one in nodes(node) if one["@type"] == "Book"]
    assert [(one["name"], one["url"]) for one in found] == [
        ("Salt", f"https://a.example/sources/{'s' * 14}"),
        ("Pepper", f"https://a.example/sources/{'s' * 14}"),
    ]


def test_hostile_words_stay_within_the_block(app: Flask) -> None:
    words = "</script><!--<script>&amp;\u2028\"'{{ 7*7 }}"
    page = html(app, answer(1, text=words, author=words, byline=words), question=asked(text=words))
    node = told(page)
    texts = [one["text"] for one in nodes(node) if "text" in one]
    assert {" ".join(words.split())} == {*texts}
    assert metas(page, "property")["og:description"] == " ".join(words.split())


def test_what_is_down_is_told_to_no_program(app: Flask) -> None:
    secret = "quokka"
    page = html(
        app,
        answer(1, reply(2, 1, text=secret, taken_down=DOWN), text=secret, author=None, byline=None, taken_down=DOWN),
        answer(3, reply(4, 3, text=secret, taken_down=DOWN)),
        question=asked(text=secret, author=secret, taken_down=DOWN),
    )
    head = page.partition("</head>")[0]
    assert secret not in head
    assert secret not in "".join(re.findall(r'class="Z3988" title="([^"]*)"', page))
    assert told(page)["@type"] == "DiscussionForumPosting"
    assert "citation_author" not in metas(page)


def test_a_long_page_is_told_in_part(app: Flask) -> None:
    replies = [reply(1000 + n, 1, text="x" * 5_000) for n in range(100)]
    page = html(app, answer(1, *replies), *(answer(n, text="y" * 5_000) for n in range(2, 200)), question=ASKED)
    found = [one for one in nodes(told(page)) if "text" in one]
    assert len(found) == 1 + json_ld.MOST_ANSWERS + json_ld.MOST_COMMENTS
    assert max(len(str(one["text"])) for one in found) == json_ld.MOST_WORDS + 1
    assert page.count("Z3988") == 1 + coins.MOST


def test_a_reply_that_hangs_very_deep_ends_nothing(app: Flask) -> None:
    deep = [reply(n, n - 1, n) for n in range(2, 400)]
    assert told(html(app, answer(1, *deep), question=ASKED))["@type"] == "QAPage"


def test_the_head_says_what_zotero_takes(app: Flask) -> None:
    """By its translators: z:itemType first, then what Highwire's names say, then Dublin Core."""
    page = html(app, answer(1), question=ASKED)
    assert (
        metas(page).items()
        >= {
            "z:itemType": "forumPost",
            "citation_title": "Who asked?",
            "citation_author": "author_90",
            "citation_date": "2019/03/09",
            "citation_publisher": "Footnote",
            "DC.source": "History",
        }.items()
    )
    assert f'<link rel="cite-as" href="{HERE}/threads/{"t" * 14}">' in page
    nameless = metas(html(app, answer(1), question=asked(author=None, byline=None, posted_at=None)))
    assert {"citation_author", "citation_date"}.isdisjoint(nameless)


def test_each_answer_is_described_for_programs_of_references(app: Flask) -> None:
    page = html(app, answer(1, posted_at=POSTED, byline="a&b", author=None), question=ASKED)
    (of_question, of_answer) = (
        parse_qs(unescape(title), strict_parsing=True) for title in re.findall(r'class="Z3988" title="([^"]*)"', page)
    )
    assert of_question["rft.title"] == ["Who asked?"]
    assert of_answer == {
        "ctx_ver": ["Z39.88-2004"],
        "rft_val_fmt": ["info:ofi/fmt:kev:mtx:dc"],
        "rfr_id": ["info:sid/footnote"],
        "rft.type": ["forumPost"],
        "rft.title": ["Answer to “Who asked?”"],
        "rft.creator": ["a&b"],
        "rft.identifier": [f"{HERE}/posts/{1:014}"],
        "rft.date": ["2019-03-09"],
        "rft.source": ["History"],
        "rft.publisher": ["Footnote"],
    }


def test_addresses_are_whole_and_the_archives_own_where_it_knows_it(app: Flask) -> None:
    page = html(app, answer(1), question=ASKED)
    assert f'<link rel="cite-as" href="{HERE}/threads/{"t" * 14}">' in page
    app.extensions["settings"] = replace(app.extensions["settings"], public_url="https://letters.example")
    page = html(app, answer(1), question=ASKED)
    address = f"https://letters.example/threads/{'t' * 14}"
    assert f'<link rel="cite-as" href="{address}">' in page
    assert metas(page)["citation_public_url"] == metas(page, "property")["og:url"] == told(page)["url"] == address
    assert f"rft.identifier=https%3A%2F%2Fletters.example%2Fposts%2F{1:014}" in page
    assert "localhost" not in page
