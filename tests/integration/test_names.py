"""Who is named as the author of a numbered post, where captures of it differ: it follows from what is published."""

import json
import random
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from archive.domain.batch import Balance
from archive.services.browse import NotFoundError
from archive.services.collections.authors import author_page
from archive.services.ingest import chunks
from archive.services.ingest.differences import ChangeKind, changes_page
from archive.services.ingest.publish import publish, roll_back
from archive.services.search import search
from archive.services.verify import find_faults
from archive.store.namings import Naming
from archive.store.threads import Author
from tests.integration.conftest import BY, COLLECTION, Archive, Content
from tests.integration.contents import contents
from tests.integration.seven_zips import seven_zipped
from tests.integration.test_companions import HISTORY, POSTS, USERS
from tests.integration.test_numbered_threads import Thing, asked, comment, dump
from tests.integration.written import DYKES_FILE

Counts = Callable[[Balance], dict[str, int]]
NAMED: dict[str, Content] = {"Posts.xml": POSTS, "Users.xml": USERS}
MORE = comment(9, at=99)  # so that the bytes of a file are others


def by(name: str | None, *others: Thing) -> str:
    """A capture that names this author of the one answer."""
    return dump(asked(), comment(1) | {"author": name}, *others)


def author(archive: Archive, *, words: str = "Words of number 1.") -> tuple[str | None, str | None]:
    """What readers see of the author of the one answer: name and by-line."""
    (row,) = [row for row in archive.posts(drafts=False) if row.text == words]
    return row.author, row.byline


def names(archive: Archive) -> list[str | None]:
    """Who is shown as the authors of all public posts."""
    return [row.author for row in archive.posts(drafts=False)]


def notes(archive: Archive) -> int:
    archive.session.rollback()
    return archive.session.scalar(select(func.count()).select_from(Naming)) or 0


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def take_back(archive: Archive, batch: int) -> None:
    roll_back(archive.session, batch, reason="", by=BY)


def posts_of(archive: Archive, name: str) -> int | None:
    """How many answers the page of an author has; None where there is no such page."""
    address = archive.session.scalar(select(Author.public_id).where(Author.name == name))
    try:
        return None if address is None else sum(author_page(archive.session, address, before=None).shares.values())
    except NotFoundError:
        return None


@pytest.mark.parametrize("later", [NAMED, {"site.7z": seven_zipped(NAMED)}], ids=["a folder", "a .7z"])
def test_names_that_come_later_are_shown_once_they_are_published(archive: Archive, later: dict[str, Content]) -> None:
    archive.import_({"Posts.xml": POSTS}, public=True)
    draft = archive.import_(later).batch
    assert (names(archive), posts_of(archive, "margriet")) == ([None, None], None)
    publish(archive.session, draft, by=BY)
    assert (names(archive), posts_of(archive, "margriet")) == (["zoe", "margriet"], 1)
    assert [hit.post.author for hit in search(archive.session, "b", author="margriet").hits] == ["margriet"]
    assert faults(archive) == []
    take_back(archive, draft)
    assert (names(archive), posts_of(archive, "margriet")) == ([None, None], None)
    assert search(archive.session, "b", author="margriet").total == 0
    assert faults(archive) == []


def test_what_came_with_names_keeps_them_when_they_come_again_without(archive: Archive, counts: Counts) -> None:
    first = archive.import_(NAMED, public=True)
    again = archive.import_({"Posts.xml": POSTS}, public=True)
    assert counts(again.balance) == {"unchanged": 2}
    assert names(archive) == ["zoe", "margriet"]
    take_back(archive, first.batch)
    assert names(archive) == [None, None], "what is published names nobody"
    assert faults(archive) == []


def test_a_name_of_nothing_but_drafts_is_not_shown(archive: Archive) -> None:
    draft = archive.import_({"a.ndjson": by("zoe")}).batch
    archive.import_({"b.ndjson": by(None)}, public=True)
    assert author(archive) == (None, None)
    publish(archive.session, draft, by=BY)
    assert author(archive) == ("zoe", "zoe")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (("zoe", "zoe_b"), ("zoe_b", "zoe_b")),
        ((None, "zoe"), ("zoe", "zoe")),
        (("[deleted]", "zoe"), ("zoe", "zoe")),
        (("zoe", None), ("zoe", "zoe")),
        (("zoe", "[deleted]"), (None, "[deleted]")),
        (("zoe", "[deleted]", None), (None, "[deleted]")),
        (("zoe", None, "zoe_b", "zoe"), ("zoe", "zoe")),
        ((None, None, "zoe", None), ("zoe", "zoe")),
    ],
)
def test_the_newest_capture_that_says_anything_of_the_author_decides(
    archive: Archive, said: tuple[str | None, ...], shown: tuple[str | None, str | None]
) -> None:
    batches = []
    for number, name in enumerate(said):
        batches.append(archive.import_({"a.ndjson": by(name, comment(10 + number))}, public=True).batch)
    assert author(archive) == shown
    assert faults(archive) == []
    for batch in batches[:0:-1]:
        take_back(archive, batch)
        assert faults(archive) == []
    assert author(archive)[1] == said[0], "as it was first given"


def test_the_order_in_which_drafts_are_published_does_not_matter(archive: Archive) -> None:
    batches = [archive.import_({"a.ndjson": by(name, MORE)}).batch for name in ("zoe", "zoe_b", "zoe_c")]
    shown = []
    for number in (1, 2, 0):
        publish(archive.session, batches[number], by=BY)
        shown.append(author(archive)[0])
    assert shown == ["zoe_b", "zoe_c", "zoe_c"]
    for number in (2, 1):
        take_back(archive, batches[number])
        shown.append(author(archive)[0])
    assert shown[3:] == ["zoe_b", "zoe"]


def test_a_capture_that_agrees_with_another_keeps_the_name_when_that_goes(archive: Archive) -> None:
    archive.import_({"a.ndjson": by("zoe")}, public=True)
    second = archive.import_({"b.ndjson": by("zoe_b")}, public=True).batch
    archive.import_({"c.ndjson": by("zoe_b", MORE)}, public=True)
    take_back(archive, second)
    assert author(archive)[0] == "zoe_b"


def test_a_capture_without_a_row_of_its_own_says_what_the_first_one_said(archive: Archive) -> None:
    first = archive.import_({"a.ndjson": by("zoe")}, public=True).batch
    second = archive.import_({"b.ndjson": by("zoe", MORE)}, public=True).batch
    archive.import_({"c.ndjson": by(None)}, public=True)
    take_back(archive, first)
    assert author(archive)[0] == "zoe"
    assert faults(archive) == []
    assert archive.import_({"d.ndjson": by("zoe", comment(8, at=98))}).balance.changed == 0
    take_back(archive, second)
    assert author(archive)[0] is None
    assert faults(archive) == []


@pytest.mark.seeds(4)
def test_whatever_is_brought_published_and_rolled_back_the_newest_published_name_is_shown(
    archive: Archive, counts: Counts, seed: int
) -> None:
    dice = random.Random(seed)
    captures = [by(dice.choice([None, "zoe", "zoe", "zoe_b", "[deleted]"]), comment(10 + n)) for n in range(6)]
    said = [json.loads(capture.splitlines()[1])["author"] for capture in captures]
    came: list[int] = []  # in this order
    drafts: dict[int, list[int]] = {}
    public: dict[int, list[int]] = {}
    for _ in range(24):
        act = dice.choice(["bring", "publish", "roll back"])
        if act == "bring":
            brought = dice.sample(range(6), dice.choice([1, 1, 2]))
            files: dict[str, Content] = {f"{place}.ndjson": captures[n] for place, n in enumerate(brought)}
            told = archive.preview(files).balance
            imported = archive.import_(files)
            assert counts(told) == counts(imported.balance)
            drafts[imported.batch] = brought
            came += [n for n in brought if n not in came]
        elif act == "publish" and drafts:
            batch = dice.choice([*drafts])
            public[batch] = drafts.pop(batch)
            publish(archive.session, batch, by=BY)
        elif act == "roll back" and (live := drafts | public):
            batch = dice.choice([*live])
            drafts.pop(batch, None), public.pop(batch, None)
            take_back(archive, batch)
        held = {n for brought in public.values() for n in brought}
        names_ = [said[n] for n in came if n in held and said[n] is not None]
        assert not held or author(archive)[1] == (names_[-1] if names_ else None)
        assert faults(archive) == []


def test_captures_that_agree_cost_no_row(archive: Archive) -> None:
    archive.import_(NAMED | {"PostHistory.xml": HISTORY, "a.ndjson": by("zoe"), "b.ndjson": by("zoe", MORE)})
    archive.import_({"c.ndjson": by("zoe", comment(8, at=98)), "d.txt": DYKES_FILE}, public=True)
    assert notes(archive) == 0


def test_the_same_again_adds_nothing(archive: Archive, counts: Counts) -> None:
    archive.import_({"a.ndjson": by(None)}, public=True)
    archive.import_({"b.ndjson": by("zoe")}, public=True)
    before = contents(archive.session)
    for files in ({"a.ndjson": by(None)}, {"b.ndjson": by("zoe")}, {"a.ndjson": by(None), "b.ndjson": by("zoe")}):
        imported = archive.import_({**files, "c.txt": DYKES_FILE}, public=True)
        assert imported.balance.changed == 0
    after = contents(archive.session)
    assert (after["namings"], after["changes"]) == (before["namings"], before["changes"])
    assert len(after["sightings"]) == len(before["sightings"])
    assert author(archive) == ("zoe", "zoe")


def test_what_was_rolled_back_names_its_author_again_when_it_comes_again(archive: Archive, counts: Counts) -> None:
    archive.import_({"a.ndjson": by("zoe")}, public=True)
    take_back(archive, archive.import_({"b.ndjson": by("zoe_b")}, public=True).batch)
    again = archive.import_({"b.ndjson": by("zoe_b"), "c.txt": DYKES_FILE}, public=True)
    assert again.balance.changed == 1
    assert author(archive)[0] == "zoe_b"
    assert faults(archive) == []


def test_of_one_file_the_first_word_on_a_post_counts_whatever_comes_again(archive: Archive, counts: Counts) -> None:
    twice = dump(asked(), comment(1), comment(1) | {"author": "somebody_else"})
    archive.import_({"a.ndjson": twice}, public=True)
    archive.import_({"a.ndjson": twice, "b.ndjson": by("zoe")}, public=True)
    archive.import_({"a.ndjson": twice, "b.ndjson": by("zoe"), "c.txt": DYKES_FILE}, public=True)
    assert author(archive)[0] == "zoe"
    assert notes(archive) == 2


def test_the_files_of_one_batch_name_an_author_together(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, Content] = {"a.ndjson": by(None), "b.ndjson": by("zoe"), "c.ndjson": by("zoe", MORE)}
    told = counts(archive.preview(files).balance)
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 1)
    assert told == counts(archive.import_(files, public=True).balance) == {"added": 3, "duplicate": 4}
    assert author(archive) == ("zoe", "zoe")
    assert faults(archive) == []


def test_a_text_and_a_name_that_change_together_are_one_change(archive: Archive) -> None:
    archive.import_({"a.ndjson": by("zoe")}, public=True)
    batch = archive.import_(
        {"b.ndjson": dump(comment(1, body="Other words.") | {"author": "zoe_b"})}, public=True
    ).batch
    (post,) = changes_page(archive.session, batch, kind=ChangeKind.CHANGED, after=0).posts
    assert post.names == ("zoe", "zoe_b")
    assert post.difference is not None
    assert not post.difference.words.is_same
    assert author(archive, words="Other words.")[0] == "zoe_b"
    assert faults(archive) == []


def test_a_name_that_comes_again_with_an_older_text_is_no_change_of_the_text(archive: Archive) -> None:
    archive.import_({"a.ndjson": by("zoe")}, public=True)
    take_back(archive, archive.import_({"b.ndjson": by("zoe_b")}).batch)
    archive.import_({"c.ndjson": dump(comment(1, body="Other words.") | {"author": None})}, public=True)
    batch = archive.import_({"b.ndjson": by("zoe_b"), "d.txt": DYKES_FILE}).batch
    (post,) = changes_page(archive.session, batch, kind=ChangeKind.CHANGED, after=0).posts
    assert post.names == ("zoe", "zoe_b")
    assert post.difference is not None
    assert post.difference.words.is_same


@pytest.mark.parametrize("asker", ["asker_1", "asker_2"])
def test_a_dry_run_foretells_the_names(archive: Archive, counts: Counts, asker: str) -> None:
    archive.import_({"a.ndjson": by(None)}, public=True)
    newer = dump(asked() | {"author": asker}, comment(1) | {"author": "zoe"})
    told = archive.preview({"b.ndjson": newer})
    imported = archive.import_({"b.ndjson": newer})
    assert counts(told.balance) == counts(imported.balance)
    page = changes_page(archive.session, imported.batch, kind=None, after=0)
    assert (page.kind, page.counts[ChangeKind.CHANGED]) == (ChangeKind.CHANGED, 1 + (asker == "asker_2"))
    assert [post.names for post in told.changed] == [post.names for post in page.posts]
    assert (None, "zoe") in [post.names for post in page.posts]


@pytest.mark.database("sqlite")
def test_the_pages_of_a_dry_run_and_of_a_batch_name_both_authors(
    archive: Archive, client: FlaskClient, make_user: Callable, log_in: Callable
) -> None:
    make_user("arno", "archivist")
    log_in(client, "arno")
    archive.import_({"Posts.xml": POSTS}, public=True)
    batch = archive.receive(NAMED)
    words = "<p>Author: <bdi>none</bdi> → <bdi>zoe</bdi></p>"
    page = client.get(f"/imports/{batch}/preview").text
    assert words in page.replace(' class="small"', "")
    assert "Import and publish" in page
    archive.read_in(batch)
    page = client.get(f"/imports/{batch}/changes").text
    assert words in page.replace(' class="small"', "")
    assert "The words are the same." in page


@pytest.mark.database("sqlite")
def test_the_command_tells_both_authors(archive: Archive) -> None:
    archive.import_({"Posts.xml": POSTS}, public=True)
    archive.write(NAMED)
    told = archive.run("import", str(archive.folder), "--collection", COLLECTION, "--dry-run")
    assert "    author: none → zoe\n    (the words are the same)\n" in told.output


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE post SET byline = NULL, author_id = NULL WHERE byline = 'zoe'", "its author is not the one whom"),
        ("DELETE FROM naming WHERE byline = 'zoe'", "its author is not the one whom"),
        ("UPDATE naming SET byline = 'forged' WHERE byline = 'zoe'", "a capture gives the by-line 'forged', and"),
    ],
)
def test_a_name_that_follows_from_no_capture_is_found(archive: Archive, statement: str, sentence: str) -> None:
    archive.import_({"a.ndjson": by(None)}, public=True)
    archive.import_({"b.ndjson": by("zoe")}, public=True)
    archive.session.execute(text(statement))
    archive.session.commit()
    assert any(sentence in fault for fault in faults(archive)), faults(archive)
