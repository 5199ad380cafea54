"""What is passed on of a collection, read in again."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from archive.cli.exporting import export
from archive.services.browse import NotFoundError
from archive.services.export import export_lines
from archive.services.ingest.publish import publish
from archive.settings import Settings
from archive.store.users import User
from tests.integration.conftest import BY, Archive, NewArchive
from tests.integration.contents import contents
from tests.integration.letters import mbox
from tests.integration.test_items_of_several_files import comment as remark
from tests.integration.test_items_of_several_files import lines as items
from tests.integration.test_items_of_several_files import story
from tests.integration.test_mails_of_several_files import ASKED, DOUBTED, OTHER, PROVED, TOLD
from tests.integration.test_numbered_threads import asked, comment, dump
from tests.integration.test_reattach import Hand
from tests.integration.written import DYKES, DYKES_FILE, ON_DYKES, SALT_FILE, thread

OTHER_DYKES = thread(DYKES, [("dora_5", "Nobody did, for a hundred years."), ("emil_6", "The abbey paid.")])
FILES: dict[str, str | bytes] = {
    "a.jsonl": dump(asked(), comment(1), comment(2, 1), comment(3, 4), comment(4, 3), comment(5, 2, body="[deleted]")),
    "b.mbox": mbox(ASKED, TOLD, OTHER),
    "c.mbox": mbox(DOUBTED, PROVED),
    "d.txt": DYKES_FILE,
    "e.txt": SALT_FILE,
    "f.txt": OTHER_DYKES,
    "g.ndjson": items(story(11), remark(12, 11)),
    "h.ndjson": items(remark(13, 12)),
}


def told(archive: Archive) -> tuple[Any, ...]:
    """Threads, posts and texts, but for the bytes that they came from."""
    archive.session.rollback()
    held = contents(archive.session)
    texts = [text[:1] + text[2:9] for text in held["revisions"] if text[12]]
    shown = [(*row[:2], *row[4:]) for row in held["threads"] if row[6]]
    return shown, held["authors"], held["posts"], texts


def exported(archive: Archive) -> bytes:
    return b"".join(export_lines(archive.session, "history"))


def test_an_export_makes_equal_posts_in_an_empty_archive(archive: Archive, new_archive: NewArchive) -> None:
    archive.import_(FILES, public=True)
    whole = exported(archive)
    with new_archive() as other:
        done = other.import_({"all.jsonl": whole}, public=True)
        assert (done.balance.added, done.balance.quarantined) == (whole.count(b"\n"), 0)
        assert told(other) == told(archive)
        assert exported(other) == whole


def test_what_people_moved_is_passed_on_as_its_source_has_it(
    archive: Archive, new_archive: NewArchive, make_user: Callable[..., User]
) -> None:
    archive.import_(FILES, public=True)
    before = told(archive)
    hand = Hand(archive, make_user("maud", "moderator"))
    hand.move("Words of number 2.", None)
    hand.move(ON_DYKES[0][1], None)
    with new_archive() as other:
        other.import_({"all.jsonl": exported(archive)}, public=True)
        assert told(other) == before


def test_nothing_of_a_draft_is_passed_on(archive: Archive) -> None:
    archive.import_({"a.jsonl": dump(asked(), comment(2, 1))}, public=True)
    shown = exported(archive)
    draft = archive.import_({"b.jsonl": dump(comment(1), comment(2, 1, body="Newer words.")), "d.txt": DYKES_FILE})
    assert exported(archive) == shown
    assert [json.loads(line)["parent"] for line in shown.splitlines()] == [None, None]
    publish(archive.session, draft.batch, by=BY)
    newer = {post["key"]: post for post in map(json.loads, exported(archive).splitlines())}
    assert (newer["t1_2"]["parent"], newer["t1_2"]["text"]) == ("t1_1", "Newer words.")


def test_the_command_prints_lines_alone(archive: Archive, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.import_({"a.jsonl": FILES["a.jsonl"]}, public=True)
    monkeypatch.setattr("archive.cli.output.load_settings", lambda: settings)
    told = CliRunner().invoke(export, ["history"])
    assert (told.exit_code, told.stdout_bytes, told.stderr) == (0, exported(archive), "6 posts exported.\n")


def test_a_collection_that_is_not_there_cannot_be_exported(archive: Archive) -> None:
    with pytest.raises(NotFoundError):
        next(export_lines(archive.session, "nowhere"))
