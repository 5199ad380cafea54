"""Search answers the same on both databases, and nothing typed into it breaks it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.domain.searching.operators import OPERATORS
from archive.domain.source_quality import Level
from archive.services.ingest.publish import roll_back
from archive.services.search import SearchPage, search
from tests.integration.conftest import BY, Archive, Filled
from tests.integration.written import ANNALIST, ASKER, DYKES, RUSTICUS, WEAVER, lines, thread

HOSTILE = Path(__file__).parents[3] / "shared" / "data" / "hostile"

WAR = thread(
    "What did the war of 1941-1945 cost in grain?",
    [
        (ANNALIST, "See the state-of-the-art survey at https://example.com/grain/1941.html, p. 3.14 and 12."),
        (RUSTICUS, "The Café Élysée in Königsberg served naïve guests; a well-known place. It's closed and/or gone."),
        (
            WEAVER,
            "Grain, grain and more grain. Война и мир, 日本語, a_b, e-mail: me@example.org. Große Straße, Gaße.",
        ),
    ],
)
SMALL = thread("Who remembers the harvest?", [(RUSTICUS, "The harvest of wheat failed."), (WEAVER, "Nobody does.")])


def _import(archive: Archive) -> None:
    archive.import_({"a.txt": WAR}, public=True)
    archive.import_({"b.txt": SMALL}, collection="harvests", public=True)


@pytest.fixture
def searched(filled: Filled) -> Archive:
    return filled(_import)


def authors(page: SearchPage) -> set[str | None]:
    assert len(page.hits) == page.total
    return {hit.post.author for hit in page.hits}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grain", {ASKER, ANNALIST, WEAVER}),
        ("GRAIN", {ASKER, ANNALIST, WEAVER}),
        ("grain survey", {ANNALIST}),
        ("grain AND survey", {ANNALIST}),
        ("grain -survey", {ASKER, WEAVER}),
        ("grain NOT survey", {ASKER, WEAVER}),
        ('grain -"more grain"', {ASKER, ANNALIST}),
        ('"grain and more"', {WEAVER}),
        ("“grain and more”", {WEAVER}),
        ('"more and grain"', set()),
        ('"and more grain', {WEAVER}),
        ("gra", set()),
        ("gra*", set()),
        ("1945", {ASKER}),
        ("1941", {ASKER, ANNALIST}),
        ("1941-1945", {ASKER}),
        ("3.14", {ANNALIST}),
        ("14", {ANNALIST}),
        ("example", {ANNALIST, WEAVER}),
        ("example.com", {ANNALIST}),
        ("https", {ANNALIST}),
        ("html", {ANNALIST}),
        ("me", {WEAVER}),
        ("state-of-the-art", {ANNALIST}),
        ('"art survey"', {ANNALIST}),
        ('"a well known place"', {RUSTICUS}),
        ("gone", {RUSTICUS}),
        ("it's", {RUSTICUS}),
        ("cafe", {RUSTICUS}),
        ("café elysee", {RUSTICUS}),
        ("cafe\u0301", {RUSTICUS}),
        ("nai\u0308ve", {RUSTICUS}),
        ("KÖNIGSBERG", {RUSTICUS}),
        ("strasse", {WEAVER}),
        ("=STRAẞE", {WEAVER}),
        ('"große strasse"', {WEAVER}),
        ("gasse", {WEAVER}),
        ("война", {WEAVER}),
        ("ВОЙНА", {WEAVER}),
        ("воина", set()),
        ("日本語", {WEAVER}),
        ("a_b", {WEAVER}),
        ("_", set()),
        ("the", {ASKER, ANNALIST, RUSTICUS}),
        ("nobody", {WEAVER}),
        ("harvest grain", set()),
        ("OR", {RUSTICUS}),
        ('"in grain see"', set()),
        ("NEAR(grain, 2)", set()),
        ("title:grain", set()),
        ("grain & survey | x", set()),
        ("grain:*", {ASKER, ANNALIST, WEAVER}),
        ("!grain", {ASKER, ANNALIST, WEAVER}),
        ("", set()),
        ("-grain", set()),
        ('"', set()),
        ('""', set()),
        ("\0grain\0", {ASKER, ANNALIST, WEAVER}),
    ],
)
def test_both_databases_find_the_same(searched: Archive, query: str, found: set[str]) -> None:
    page = search(searched.session, query)
    assert authors(page) == found


def test_hits_are_marked_and_counted_by_level(searched: Archive) -> None:
    searched.judge(ANNALIST, Level.CITED, searched.add_moderator("maud"))
    page = search(searched.session, "grain")
    assert (page.total, page.counted_all, page.more, page.order) == (3, True, False, "best first")
    assert dict(page.shares) == {Level.CITED: 1, None: 1}
    for hit in page.hits:
        marked = [text for text, is_hit in (*hit.title_parts, *hit.snippet) if is_hit]
        assert marked
        assert {text.lower() for text in marked} == {"grain"}
    assert authors(search(searched.session, "grain", levels=frozenset({Level.CITED}))) == {ANNALIST}
    assert authors(search(searched.session, "grain", levels=frozenset({None}))) == {WEAVER}
    assert authors(search(searched.session, "grain", levels=frozenset({None, Level.CITED}))) == {WEAVER, ANNALIST}
    assert search(searched.session, "grain", levels=frozenset()).total == 0


def test_a_search_can_be_narrowed_to_a_collection_or_an_author(searched: Archive) -> None:
    session = searched.session
    assert authors(search(session, "the", collection="harvests")) == {ASKER, RUSTICUS}
    assert authors(search(session, "the", author=RUSTICUS)) == {RUSTICUS}
    assert search(session, "the", author=RUSTICUS).total == 2
    assert search(session, "the", collection="harvests", author=RUSTICUS).total == 1
    assert search(session, "the", collection="none").total == search(session, "the", author="nobody").total == 0


def test_pages_follow_one_another_without_gap_or_repeat(archive: Archive) -> None:
    texts = [thread(f"Question {number} on grain?", [(RUSTICUS, "Indeed, it was so.")]) for number in range(45)]
    archive.import_({"a.jsonl": lines(*texts)}, public=True)
    pages = [search(archive.session, "grain", page=number) for number in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [20, 20, 5, 0]
    assert [page.more for page in pages] == [True, True, False, False]
    assert len({hit.post.public_id for page in pages for hit in page.hits}) == 45


def test_drafts_rolled_back_posts_and_older_texts_are_not_found(archive: Archive) -> None:
    archive.import_({"a.txt": thread(DYKES, [(RUSTICUS, "An unicorn did.")])})
    assert search(archive.session, "unicorn").total == 0
    batch = archive.import_({"a.txt": thread(DYKES, [(RUSTICUS, "A griffin did.")])}, public=True).batch
    assert search(archive.session, "unicorn").total == 0
    assert search(archive.session, "griffin").total == 1
    roll_back(archive.session, batch, reason="", by=BY)
    assert search(archive.session, "griffin").total == 0


def test_of_an_endless_post_both_databases_search_the_same_part(archive: Archive) -> None:
    long = "unicorn " + "the grain and the chaff of it " * 7_000 + "griffin"
    archive.import_({"a.txt": thread(DYKES, [(ANNALIST, long)])}, public=True)
    assert search(archive.session, "unicorn").total == 1
    assert search(archive.session, "griffin").total == 0


def test_what_was_not_searched_is_said(searched: Archive) -> None:
    assert search(searched.session, "grain").left_out == ()
    assert "name at least one word" in search(searched.session, "-grain").left_out[0]
    assert "first 500 characters" in search(searched.session, "grain " * 100).left_out[0]
    many = " ".join(f"w{number}" for number in range(30))
    assert "first 20 words" in search(searched.session, many).left_out[0]


def _tricks() -> Iterator[str]:
    """What is known to break searches elsewhere: of FTS5, SQL, templates, addresses, headers, logs."""
    for file in sorted(HOSTILE.glob("fts5/*.jsonl")) + sorted(HOSTILE.glob("web/*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            yield from (text for text in json.loads(line).values() if isinstance(text, str))
    yield from (
        "(" * 400,
        ")" * 400,
        "-" * 400,
        "a OR " * 99,
        "NOT " * 99,
        "((a) OR " * 60,
        "=" * 9,
        '="',
        "-=a",
        "a:b:c:d",
    )
    yield from (
        f"{name}:{value}" for name in OPERATORS for value in ("", '"', "..", ",", "\u0301", "9" * 99, "'--", "%_")
    )


def test_no_known_trick_breaks_the_search(searched: Archive) -> None:
    for trick in dict.fromkeys(_tricks()):
        for query in (trick, f"grain OR {trick}", f"author:{trick}", f"cites:{trick}", f"date:{trick}"):
            search(searched.session, query)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.text(st.sampled_from("grain \"'-*:()&|!<>_\\0^é\u0301²日"), max_size=40))
def test_nothing_typed_breaks_the_search(searched: Archive, typed: str) -> None:
    page = search(searched.session, typed, author=typed.replace("\0", ""), collection=None)
    assert page.total >= 0
    page = search(searched.session, typed)
    for hit in page.hits:
        assert "".join(text for text, _ in hit.snippet).strip(" …") in hit.post.text
