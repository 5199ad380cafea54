"""Files that belong together: a reader looks into those in the same folder, and into no others."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from archive.domain.batch import Balance
from archive.domain.records import Markup, PostRecord
from archive.services.ingest.chunks import read_chunks
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.preview import preview_batch, preview_paths
from archive.services.ingest.publish import roll_back
from archive.services.ingest.receive import receive_files, receive_paths
from archive.services.ingest.run import sources_of
from archive.store.batches import RemarkKind, list_inputs, list_remarks
from imports.formats import AUTO
from tests.integration.conftest import BY, COLLECTION, Archive, Content
from tests.integration.seven_zips import seven_zipped
from tests.integration.written import zipped
from tests.unit.imports.conftest import ROOT

Counts = Callable[[Balance], dict[str, int]]
Pack = Callable[[dict[str, Content]], bytes]

POSTS = (
    '<posts>\n<row Id="1" PostTypeId="1" Title="Why weld?" Body="a" OwnerUserId="1" />\n'
    '<row Id="2" PostTypeId="2" ParentId="1" Body="b" OwnerUserId="2" />\n</posts>'
)
COMMENTS = '<comments>\n<row Id="1" PostId="2" Text="c" UserId="1" />\n</comments>'
USERS = '<users>\n<row Id="1" DisplayName="zoe" />\n<row Id="2" DisplayName="margriet" />\n</users>'
BADGES = '<badges>\n<row Id="1" />\n</badges>'
SITE: dict[str, Content] = {"Posts.xml": POSTS, "Users.xml": USERS, "Badges.xml": BADGES}


def _read(archive: Archive, batch: int) -> list[PostRecord]:
    """What an import of a received batch reads."""
    with closing(sources_of(archive.session, archive.vault, batch)) as sources:
        read = read_chunks(sources, format_name=AUTO, markup=Markup.PLAIN)
        return [record for chunk in read for stretch in chunk.stretches for record in stretch.records]


def _bylines(records: list[PostRecord]) -> list[str | None]:
    return [record.byline for record in records]


def test_names_come_from_the_users_in_the_same_folder(archive: Archive) -> None:
    assert _bylines(_read(archive, archive.receive(SITE))) == ["zoe", "margriet"]


def test_users_of_another_folder_are_not_looked_at(archive: Archive) -> None:
    batch = archive.receive({"beer/Posts.xml": POSTS, "wine/Users.xml": USERS})
    assert _bylines(_read(archive, batch)) == [None, None]


def test_each_folder_has_its_own_users(archive: Archive) -> None:
    files = {"a/Posts.xml": POSTS, "a/users.XML": USERS, "b/Posts.xml": POSTS + "\n"}
    batch = archive.receive({**files, "b/Users.xml": USERS.replace("zoe", "anselm")})
    assert _bylines(_read(archive, batch)) == ["zoe", "margriet", "anselm", "margriet"]


@pytest.mark.parametrize("folder", ["", "beer/", "dump/beer/"])
@pytest.mark.parametrize("pack", [zipped, seven_zipped])
def test_names_come_from_the_same_folder_of_an_archive(archive: Archive, folder: str, pack: Pack) -> None:
    members = {folder + name: content for name, content in SITE.items()} | {"elsewhere/Users.xml": "<users></users>"}
    batch = archive.receive({"site": pack(members), "Users.xml": "<users></users>"})
    assert _bylines(_read(archive, batch)) == ["zoe", "margriet"]


def test_sites_in_a_folder_as_they_are_published_have_each_their_own_names(archive: Archive) -> None:
    beer = {"Posts.xml": POSTS, "Users.xml": USERS, "Badges.xml": BADGES, "Comments.xml": COMMENTS}
    wine = {"Users.xml": USERS.replace("zoe", "anselm"), "Posts.xml": POSTS + "\n"}
    archive.write({"sites/beer.7z": seven_zipped(beer), "sites/wine.7z": seven_zipped(wine, method="bzip2")})
    sites = [archive.folder / "sites"]
    batch = receive_paths(archive.session, archive.vault, sites, collection=COLLECTION, by=BY)
    assert _bylines(_read(archive, batch)) == ["zoe", "margriet", "zoe", "anselm", "margriet"]
    assert preview_paths(archive.session, sites, collection=COLLECTION).threads[0].asker == "zoe"


def test_uploads_lie_beside_one_another(archive: Archive) -> None:
    files = [NamedFile(name, _opener(str(content))) for name, content in SITE.items()]
    batch = receive_files(archive.session, archive.vault, files, collection=COLLECTION, by=BY)
    assert _bylines(_read(archive, batch)) == ["zoe", "margriet"]


def _opener(content: str) -> Callable[[], BytesIO]:
    return lambda: BytesIO(content.encode())


def test_comments_find_the_thread_of_the_answer_that_they_are_under(archive: Archive) -> None:
    batch = archive.receive({"Comments.xml": COMMENTS, "Posts.xml": POSTS, "Users.xml": USERS})
    comment = _read(archive, batch)[0]
    assert (comment.thread, comment.parent, comment.byline) == ("p1", "p2", "zoe")


def test_a_file_that_was_read_before_the_import_was_cut_off_is_still_looked_into(archive: Archive) -> None:
    batch = archive.receive({"Users.xml": USERS, "Posts.xml": POSTS})
    users, posts = list_inputs(archive.session, batch)
    users.done = True
    posts.done_bytes = POSTS.index("/>") + 2
    assert _bylines(_read(archive, batch)) == ["margriet"]


def test_companions_are_opened_without_the_session_of_whoever_reads_ahead(archive: Archive) -> None:
    batch = archive.receive({"site.zip": zipped(SITE)})
    sources = sources_of(archive.session, archive.vault, batch)
    archive.session.close()
    archive.session.bind = None
    with closing(sources), ThreadPoolExecutor(1) as thread:
        (chunk,) = thread.submit(lambda: list(read_chunks(sources, format_name=AUTO, markup=Markup.PLAIN))).result()
    assert _bylines(chunk.stretches[0].records) == ["zoe", "margriet"]


def test_a_dry_run_knows_the_names(archive: Archive) -> None:
    assert archive.preview(SITE).threads[0].asker == "zoe"
    batch = archive.receive(SITE)
    assert preview_batch(archive.session, archive.vault, batch).threads[0].asker == "zoe"


def test_a_dry_run_knows_the_names_in_an_archive(archive: Archive) -> None:
    assert archive.preview({"site.zip": zipped(SITE)}).threads[0].asker == "zoe"


def test_a_site_is_imported_with_its_names_and_told_of_what_is_damaged(archive: Archive, counts: Counts) -> None:
    imported = archive.import_({**SITE, "Users.xml": USERS.replace('"1"', "1"), "Comments.xml": COMMENTS})
    assert counts(imported.balance) == {"added": 3, "skipped": 2}
    assert sorted(post.byline or "" for post in archive.posts()) == ["", "", "margriet"]
    notes = [remark.text for remark in list_remarks(archive.session, imported.batch, kind=RemarkKind.NOTE)]
    assert [note.partition(",")[0] for note in notes] == ["Parts of Users.xml"] * 2


def test_readers_see_the_accepted_answer_and_the_licence_of_each_row(archive: Archive, client: FlaskClient) -> None:
    site = "tests/fixtures/imports/stack_exchange/site"
    archive.import_paths([ROOT / site], public=True)
    lists = client.get("/").text + client.get("/collections/history").text
    pages = [client.get(address).text for address in set(re.findall(r'href="(/threads/[^"#?]+)"', lists))]
    (page,) = [page for page in pages if "guild’s book of 1402" in page]
    marked = [part for part in page.split("<article")[1:] if "accepted by the asker" in part]
    assert len(marked) == 1
    assert "guild’s book of 1402" in marked[0]
    assert page.count("licence: CC BY-SA 3.0") == 5  # of the question, two answers and two comments
    assert "accepted answer:" not in page


HISTORY = (
    '<posthistory>\n<row Id="1" PostHistoryTypeId="2" PostId="1" Text="as first typed" />\n'
    '<row Id="2" PostHistoryTypeId="5" PostId="1" Text="a" />\n</posthistory>'
)


def test_the_same_bytes_beside_other_files_are_another_reading_which_holds_nothing_of_the_first(
    archive: Archive, counts: Counts
) -> None:
    draft = archive.import_({"Posts.xml": POSTS, "Users.xml": USERS, "PostHistory.xml": HISTORY})
    assert counts(draft.balance) == {"added": 2, "changed": 1, "skipped": 1}
    alone = archive.import_({"PostHistory.xml": HISTORY}, public=True)
    assert (counts(alone.balance), alone.balance.threads) == ({"skipped": 1}, 0)
    assert archive.posts(drafts=False) == []


def test_texts_that_are_read_beside_other_users_are_known_again_and_stay_when_either_import_goes(
    archive: Archive, counts: Counts
) -> None:
    first = archive.import_({"Posts.xml": POSTS, "Users.xml": USERS}, public=True)
    second = archive.import_({"Posts.xml": POSTS, "Users.xml": USERS.replace("zoe", "anselm")}, public=True)
    assert counts(second.balance) == {"unchanged": 1, "changed": 1, "skipped": 1}  # another name, the same text
    assert {post.revision_number for post in archive.posts()} == {1}
    (posts, _), (again, _) = (list_inputs(archive.session, one.batch) for one in (first, second))
    assert posts.reading_id != again.reading_id
    roll_back(archive.session, first.batch, reason="the names are old", by=BY)
    assert len(archive.posts(drafts=False)) == 2


def test_a_dry_run_knows_the_reading_that_looked_into_the_same_files(archive: Archive, counts: Counts) -> None:
    files: dict[str, Content] = {"Posts.xml": POSTS, "Users.xml": USERS, "PostHistory.xml": HISTORY}
    archive.import_(files)
    assert counts(archive.preview(files).balance) == {"unchanged": 2, "duplicate": 1, "skipped": 1}
